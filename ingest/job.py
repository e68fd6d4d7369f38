"""The whole walk, from sources to a release in service; returns a :class:`Report`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.build import Accept, Build, anything
from ingest.cache import CachedEmbeddings
from ingest.copies import Copies
from ingest.documents import Document, Source, legible
from ingest.embed import EmbeddingModel
from ingest.errors import NothingToIngest, StoreError
from ingest.gather import Gatherer, Skipped, State, fetcher_for
from ingest.intake import Intake
from ingest.machines import ALONE, Machines
from ingest.passages import PassageTable
from ingest.progress import Step, silent
from ingest.release import Manifest, content_salt, drop_release, read_manifest, verify
from ingest.report import Clock, Report, keep_report
from ingest.settings import IngestSettings
from ingest.sources import Sources, sources_of
from ingest.store import Store, in_french

_SHOWN = 20  # reasons told when nothing could be read


def ingest(
    places: Sequence[str | Path],
    settings: IngestSettings,
    model: EmbeddingModel,
    progress: Step = silent,
    sources: Path | None = None,
    machines: Machines = ALONE,
    accept: Accept = anything,
) -> Report:
    """Build a release from files, folders, addresses, and from what a ``sources.toml`` lists.

    When nothing changed since the release in service, that one stays and nothing is built. The
    release is the same whichever ``machines`` parse and embed. ``accept`` is called with the folder
    of a release before it is put in service; what it raises leaves the old one there.

    Raises:
        SettingsError: the ``sources.toml`` is wrong.
        NothingToIngest: no document could be read.
        StoreLocked: another process is ingesting.
        StoreError: the store cannot be written.
        ClusterError: the machines that share the work stopped; what they computed is kept.
    """
    wanted = sources_of(places, sources)
    job = _Job(settings, model, progress, machines, accept)
    with job.store.writing(), in_french(settings.store):
        return job.run(job.gathered(wanted))


def ingest_documents(
    documents: Iterable[Document],
    settings: IngestSettings,
    model: EmbeddingModel,
    progress: Step = silent,
    machines: Machines = ALONE,
) -> Report:
    """The same for documents that are already in memory."""
    job = _Job(settings, model, progress, machines)
    with job.store.writing(), in_french(settings.store):
        return job.run((document.source.title, document) for document in documents)


class _Job:
    """One run: where it writes, what it embeds with and where, how it tells its progress."""

    def __init__(
        self,
        settings: IngestSettings,
        model: EmbeddingModel,
        progress: Step,
        machines: Machines,
        accept: Accept = anything,
    ) -> None:
        self.store = Store.of(settings)
        self._clock = Clock()
        self._settings = settings
        self._model = model
        self._progress = progress
        self._machines = machines
        self._accept = accept
        self._skipped: list[Skipped] = []
        self._read: list[str] = []

    def gathered(self, sources: Sources) -> Iterator[tuple[str, Document]]:
        """Each document of the sources, and where it is from; what fails is noted."""
        settings = self._settings
        with (
            contextlib.closing(Copies(self.store.pages)) as copies,
            fetcher_for(sources, settings.contact) as fetcher,
        ):
            gatherer = Gatherer(copies, fetcher, settings.max_file_bytes)
            self._skipped = gatherer.skipped
            targets = gatherer.plan(sources)
            yield from gatherer.documents(targets, self._progress, self._machines)

    def _skip(self, where: str, reason: str, state: State = "failed") -> None:
        self._skipped.append(Skipped(legible(where), reason, state))

    def run(self, documents: Iterable[tuple[str, Document]]) -> Report:
        """Put a release of these documents in service, or leave the same one there.

        Raises:
            NothingToIngest: there is none.
        """
        content = self._taken_in(documents)
        before = _titles(self.store)
        if manifest := self._known(content):
            self.store.incoming.unlink()
            embedded = 0
        else:
            build = Build(
                self._settings, self.store, self._model, self._machines, self._progress,
                self._clock.lap, self._accept,
            )  # fmt: skip
            told = tuple((entry.path, entry.reason) for entry in self._skipped)
            manifest = build.run(self.store.incoming, content, told)
            embedded = build.embedded
        report = self._report(manifest, before, embedded)
        keep_report(self.store.report, report)
        return report

    def _taken_in(self, documents: Iterable[tuple[str, Document]]) -> str:
        """The digest of the documents, once they are written aside."""
        with contextlib.closing(Intake(self.store.incoming)) as intake:
            for where, document in documents:
                if same := intake.add(document):
                    self._skip(where, _already_in(same, document.source), "same")
                else:
                    self._read.append(document.source.path or where)
            content, counts = intake.finish(content_salt(self._model.space, self.store.server))
        self._clock.lap("lecture")
        if not counts.documents:
            self.store.incoming.unlink()
            raise NothingToIngest(_nothing(self._skipped))
        return content

    def _known(self, content: str) -> Manifest | None:
        """The release that has this content already, in service from now on."""
        current = self.store.current()
        for id in sorted(self.store.ids(), key=lambda id: (id == current, id), reverse=True):
            try:
                if read_manifest(self.store.path(id)).content == content:
                    manifest = verify(self.store.path(id), self.store.server)
                    break
            except StoreError:  # it is built anew: this is what its message tells to do
                continue
        else:
            return None
        if id != current:
            self._accept(self.store.path(id))
            self.store.switch(id)
        return manifest

    def _pruned(self) -> tuple[str, ...]:
        """Delete what is kept for nothing any more; the ids of the releases that are gone."""
        kept, removed = self._settings.releases_kept, []
        with contextlib.closing(CachedEmbeddings(self._model, self.store.cache)) as embeddings:
            embeddings.forget_unused(kept)
        for id in self.store.surplus(kept):
            drop_release(self.store, id)
            removed.append(id)
        return tuple(removed)

    def _report(self, manifest: Manifest, before: _Before, embedded: int) -> Report:
        changed = manifest.id != before.release
        here = _titles(self.store).titles if changed else before.titles
        return Report(
            release=manifest.id,
            changed=changed,
            read=tuple(self._read),
            skipped=tuple(self._skipped),
            documents=manifest.documents,
            passages=manifest.passages,
            sentences=manifest.sentences,
            embedded=embedded,
            reused=manifest.passages + manifest.sentences - embedded,
            removed=self._pruned() if changed else (),
            gone=tuple(title for id, title in before.titles.items() if id not in here),
            seconds=self._clock.seconds,
        )


@dataclass(frozen=True, slots=True)
class _Before:
    """The release in service, and the titles of its documents by the ids of their sources."""

    release: str | None
    titles: dict[str, str]


def _titles(store: Store) -> _Before:
    try:
        id = store.serving()
        table = PassageTable(store.path(id) / "passages.sqlite")
    except StoreError:
        return _Before(None, {})
    with contextlib.closing(table):
        return _Before(id, {source.id: source.title for source in table.sources()})


def _already_in(same: Source, source: Source) -> str:
    both = " : les deux adresses sont citées" if source.url and source.url != same.url else ""
    return f"Le même texte est déjà dans « {same.name or same.title} »{both}."


def _nothing(skipped: Sequence[Skipped]) -> str:
    lines = ["Aucun document n'a pu être lu."]
    lines += [f"- {entry.path} : {entry.reason}" for entry in skipped[:_SHOWN]]
    if len(skipped) > _SHOWN:
        lines.append(f"- et {len(skipped) - _SHOWN} autres.")
    return "\n".join(lines)
