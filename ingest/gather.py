"""From sources to what is parsed: files are read, feeds and sitemaps followed, pages fetched.

:class:`Gatherer` plans what there is to read, and brings it. A page that did not change comes
from its last good copy, and so does one that fails; one that is gone leaves its copy behind.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from ingest.address import normal_url
from ingest.copies import Copies
from ingest.documents import Document, Source, legible
from ingest.errors import FetchError, PageGone, SourceError
from ingest.feeds import parse_feed, parse_sitemap
from ingest.fetch import (
    Fetcher,
    Limits,
    Outcome,
    Page,
    Request,
    Unchanged,
    Validators,
    user_agent,
)
from ingest.folders import Found, found
from ingest.machines import ALONE, Machines
from ingest.parse.files import (
    UnknownFormat,
    format_of_file,
    format_of_page,
    read_file,
    source_of_file,
)
from ingest.parse.pool import Job
from ingest.progress import Step
from ingest.sources import Entry, Sources

State = Literal["failed", "kept", "gone", "ignored", "same"]
_LOST = "La copie de cette page a disparu : recommencez."
SITEMAPS = 50  # read of one source, nested ones included


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that was not read as it should, and why, in French.

    ``state`` is ``failed``; ``kept`` when its last good copy stands in for it; ``gone`` when the
    server says it exists no more; ``ignored`` for a file of a folder that is of no known format;
    ``same`` when another document has its text.
    """

    path: str
    reason: str
    state: State = "failed"

    @property
    def failed(self) -> bool:
        """Whether the source is not what it should be."""
        return self.state in ("failed", "kept", "gone")


@dataclass(frozen=True, slots=True)
class Target:
    """A file or an address to read, with what is known of it."""

    where: str
    fields: dict[str, Any] = field(default_factory=dict)
    file: Found | None = None  # None for an address

    @property
    def is_page(self) -> bool:
        return self.file is None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from, and what its source says of it."""

    where: str
    fields: dict[str, Any] = field(default_factory=dict)
    address: str | None = None  # of a page, once redirects were followed

    def finished(self, document: Document) -> Document:
        """The document with the fields that its source gives, and its address."""
        source = replace(document.source, **self.fields)
        if self.address:
            own = _same_page(source.url, self.address)
            source = replace(source, url=source.url if own else self.address, path=None)
        return replace(document, source=source)


def _same_page(canonical: str | None, address: str) -> bool:
    """Whether the address a page gives itself can be believed: same host, and not its home page."""
    try:
        one, other = urlsplit(canonical or ""), urlsplit(address)
    except ValueError:
        return False
    bare = [(parts.hostname or "").removeprefix("www.") for parts in (one, other)]
    is_home = one.path in ("", "/") and other.path not in ("", "/")
    return bool(bare[0]) and bare[0] == bare[1] and not is_home


def fetcher_for(sources: Sources, contact: str) -> Fetcher:
    """What asks for the pages of sources; they may say another ``contact``."""
    limits = Limits() if sources.delay is None else Limits(delay=sources.delay)
    return Fetcher(sources.access, user_agent(sources.contact or contact), limits)


class Gatherer:
    """Brings the documents of sources.

    A ``dry`` run reads feeds and sitemaps, takes pages from their copies only, and writes none.
    """

    def __init__(
        self, copies: Copies | None, fetcher: Fetcher, max_bytes: int, dry: bool = False
    ) -> None:
        self._copies = copies
        self._fetcher = fetcher
        self._max_bytes = max_bytes
        self._dry = dry
        self.skipped: list[Skipped] = []

    def plan(self, sources: Sources) -> list[Target]:
        """All that the sources name, each address once; feeds and sitemaps are read for it."""
        targets: dict[str, Target] = {}
        for entry in sources.entries:
            for target in self._targets(entry):
                key = _key(target.where) if target.is_page else f"{len(targets)}"
                targets.setdefault(key, target)
        return list(targets.values())

    def _targets(self, entry: Entry) -> Iterator[Target]:
        match entry.way:
            case "files":
                for file in found(entry.where):
                    if file.refused or file.named or entry.wants(file.name):
                        yield Target(str(file.path), entry.fields, file)
            case "page":
                yield Target(entry.where, entry.fields)
            case "feed" | "sitemap":
                yield from self._listed(entry)

    def _listed(self, entry: Entry) -> Iterator[Target]:
        """The wanted pages of a feed or a sitemap, as many as its source allows."""
        count = 0
        for url in self._addresses(entry):
            parts = urlsplit(url)
            name = parts.path + (f"?{parts.query}" if parts.query else "")
            if entry.wants(name or "/"):
                yield Target(url, entry.fields)
                count += 1
                if count == entry.max_pages:
                    return

    def _addresses(self, entry: Entry) -> Iterator[str]:
        waiting, seen = deque([entry.where]), {_key(entry.where)}
        read = 0
        while waiting and read < SITEMAPS:
            where, read = waiting.popleft(), read + 1
            try:
                content = self._content(where)
                if entry.way == "feed":
                    yield from (one.url for one in parse_feed(content.data, content.url))
                    return
                sitemap = parse_sitemap(content.data, content.url)
            except SourceError as error:
                self._note(where, str(error))
                continue
            for nested in sitemap.sitemaps:
                if nested.url not in seen:  # feeds.py spells addresses in the one way
                    seen.add(nested.url)
                    waiting.append(nested.url)
            yield from (page.url for page in sitemap.pages)
        for where in waiting:
            self._note(where, f"Plus de {SITEMAPS} plans de site : celui-ci n'est pas lu.")

    def _content(self, where: str) -> Page:
        """What an address gives, or its last good copy when it gives nothing."""
        if self._dry:
            answer = self._fetcher.fetch(where)
            assert isinstance(answer, Page)  # nothing is known that it could leave unchanged
            return answer
        [got] = self._fetched([Target(where)])
        assert got is not None
        if isinstance(got, SourceError):
            raise got
        return got

    def _note(self, where: str, reason: str, state: State = "failed") -> None:
        self.skipped.append(Skipped(legible(where), reason, state))

    def documents(
        self, targets: Sequence[Target], progress: Step, machines: Machines = ALONE
    ) -> Iterator[tuple[str, Document]]:
        """Each document and where it is from; what cannot be read is in ``skipped``."""
        with contextlib.closing(machines.parse(self._jobs(targets, progress))) as outcomes:
            for origin, outcome in outcomes:
                if isinstance(outcome, SourceError):
                    self._note(origin.where, str(outcome))
                else:
                    yield origin.where, origin.finished(outcome)

    def _jobs(self, targets: Sequence[Target], progress: Step) -> Iterator[Job[Origin]]:
        """What to parse, in the order of the targets."""
        pages = self._fetched([target for target in targets if target.is_page])
        for done, target in enumerate(targets, start=1):
            progress("Lecture", done, len(targets))
            try:
                file = target.file
                if file:
                    yield self._file(target, file)
                elif got := next(pages):
                    yield self._page(target, got)
            except UnknownFormat as error:
                named = file is None or file.named
                self._note(target.where, str(error), "failed" if named else "ignored")
            except PageGone as error:
                self._note(target.where, str(error), "gone")
            except SourceError as error:
                self._note(target.where, str(error))

    def _file(self, target: Target, file: Found) -> Job[Origin]:
        if file.refused:
            raise SourceError(file.refused)
        format = format_of_file(file.path.name)
        data = read_file(file.path, self._max_bytes)
        origin = Origin(target.where, target.fields)
        return Job(origin, data, format, source_of_file(file.path, file.name))

    def _page(self, target: Target, got: Page | SourceError) -> Job[Origin]:
        if isinstance(got, SourceError):
            raise got
        format = format_of_page(got.data, got.content_type or None, urlsplit(got.url).path)
        source = Source(title=legible(got.url), name=got.url)
        origin = Origin(target.where, target.fields, got.url)
        return Job(origin, got.data, format, source, got.charset or None)

    def _fetched(self, targets: Sequence[Target]) -> Iterator[Page | SourceError | None]:
        """For each page what the server gave, else its copy, else why there is none.

        In a dry run None is a page that has no copy yet.
        """
        if self._dry:
            yield from (self._copied(target.where) for target in targets)
            return
        requests = [Request(t.where, self._validators(t.where)) for t in targets]
        outcomes = self._fetcher.fetch_all(requests)
        for target, outcome in zip(targets, outcomes, strict=True):
            yield self._kept(target.where, outcome)

    def _copied(self, where: str) -> Page | SourceError | None:
        try:
            copy = self._copies.get(where) if self._copies else None
        except FetchError as error:  # it is no address
            return error
        return copy.page if copy else None

    def _validators(self, where: str) -> Validators | None:
        with contextlib.suppress(FetchError):  # it is told when it is asked for
            return self._copies.validators(where) if self._copies else None
        return None

    def _kept(self, where: str, outcome: Outcome) -> Page | SourceError:
        """What stands for the page from now on; its copy is kept up to date."""
        copies, now = self._copies, datetime.now(UTC)
        assert copies is not None
        try:
            if isinstance(outcome, Page):
                copies.keep(where, outcome, now)
                return outcome
            if isinstance(outcome, PageGone):
                copies.forget(where)
                return outcome
            copy = copies.get(where)
        except FetchError as error:
            return error
        if isinstance(outcome, Unchanged):
            copies.touch(where, now)
            return copy.page if copy else SourceError(_LOST)
        if copy is None:
            return outcome
        self._note(where, f"{outcome} La copie du {copy.checked:%d/%m/%Y} est gardée.", "kept")
        return copy.page


def _key(where: str) -> str:
    """The one spelling of an address; what is no address stays as it is, and is refused later."""
    try:
        return normal_url(where)
    except FetchError:
        return where
