"""Where a quotation stands in the release in service.

It is there when the source has its words, in any lines, as whole sentences of one passage: words
inside a longer sentence may say the contrary of what they said alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from app.answers import Citation, source_as_json
from app.faq.entry import Cited
from app.faq.faults import InvalidEdit
from ingest.documents import Document, Passage, Source


class Texts(Protocol):
    """Documents and their passages: an assistant's, or a release's own table."""

    def document(self, id: str, /) -> Document | None:
        """A document by its source's id, or None."""

    def passages_of(self, document: str, /) -> list[Passage]:
        """Its passages, in reading order."""


class Served(Texts, Protocol):
    """The texts of the release in service, whose id is known."""

    def release(self) -> str:
        """The id of the release in service."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whole sentences of a passage, at ``start:end`` of the text of ``source``."""

    source: Source
    passage: Passage
    start: int
    end: int

    @property
    def quote(self) -> str:
        """What stands there."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    @property
    def page(self) -> int | None:
        """The page on which it begins; None where the document has none."""
        return next((s.page for s in self.passage.sentences if s.start == self.start), 0) or None

    def cited(self, number: int, release: str) -> Cited:
        """Its citation by an entry, under a number."""
        return Cited(
            number, self.passage.id, self.start, self.end, self.quote, source_shown(self.source),
            self.passage.heading, release,
        )  # fmt: skip

    def citation(self, number: int) -> Citation:
        """Its citation by an answer, under a number."""
        return Citation(
            number, self.passage.id, self.quote, self.start, self.end, self.passage.heading,
            self.source, self.page,
        )  # fmt: skip


class Anchors:
    """Puts citations in their place in what is served, for :class:`app.faq.entries.Entries`."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def __call__(self, citations: Sequence[Cited]) -> tuple[Cited, ...]:
        """The citations, each where it stands now.

        Raises:
            InvalidEdit: with a line for each that is not in its source as whole sentences.
            StoreError: no release can be read.
        """
        return anchored(citations, self._served, self._served.release())


def anchored(citations: Sequence[Cited], texts: Texts, release: str) -> tuple[Cited, ...]:
    """The citations, each where it stands in a release.

    Raises:
        InvalidEdit: with a line for each that is not in its source as whole sentences.
    """
    faults: list[str] = []
    placed: list[Cited] = []
    for one in citations:
        place = place_of(one, texts)
        if place is None:
            faults.append(fault_of(one, texts))
        else:
            placed.append(place.cited(one.number, release))
    if faults:
        raise InvalidEdit(faults)
    return tuple(placed)


def place_of(cited: Cited, texts: Texts) -> Place | None:
    """Where a quotation stands: in its passage where it still does, else the nearest to it.

    None when its source is not there, or has not these words as whole sentences.
    """
    document = texts.document(cited.source_id)
    if document is None or not cited.quote.strip():
        return None
    places = list(_places(cited.quote, document, texts.passages_of(document.id)))
    return min(
        places,
        key=lambda one: (one.passage.id != cited.passage, abs(one.start - cited.start)),
        default=None,
    )


def _places(quote: str, document: Document, passages: Sequence[Passage]) -> Iterator[Place]:
    spans = [match.span() for match in _in_any_lines(quote).finditer(document.text)]
    for passage in passages:
        starts = {sentence.start for sentence in passage.sentences}
        ends = {sentence.end for sentence in passage.sentences}
        for start, end in spans:
            if start in starts and end in ends:
                yield Place(document.source, passage, start, end)


def _in_any_lines(quote: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, quote.split())))


def fault_of(cited: Cited, texts: Texts) -> str:
    """Why a quotation that has no place has none, in French."""
    title = cited.source.get("title", "")
    document = texts.document(cited.source_id)
    if document is None:
        return f"La source de la citation [{cited.number}], « {title} », n'est pas en service."
    if _in_any_lines(cited.quote).search(document.text) and cited.quote.strip():
        return (
            f"La citation [{cited.number}] doit reprendre des phrases entières d'un même passage "
            f"de « {title} »."
        )
    return f"La citation [{cited.number}] n'est pas dans le texte de « {title} »."


def source_shown(source: Source) -> dict[str, Any]:
    """A source as an entry keeps it: without the place of its file on the server's disk."""
    return {name: value for name, value in source_as_json(source).items() if name != "path"}


def cited_of(citation: Citation, release: str) -> Cited:
    """An answer's citation as an entry cites it."""
    return Cited(
        citation.number, citation.passage, citation.start, citation.end, citation.quote,
        source_shown(citation.source), citation.heading, release,
    )  # fmt: skip


def renumbered(citations: Sequence[Cited]) -> tuple[Cited, ...]:
    """The citations under 1, 2, 3."""
    return tuple(replace(one, number=number) for number, one in enumerate(citations, start=1))
