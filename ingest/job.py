"""The whole walk, from files to a release in service; returns a :class:`Report`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.cache import CachedEmbeddings
from ingest.documents import Document, Passage
from ingest.embed import EmbeddingModel
from ingest.errors import NothingToIngest, ReleaseDamaged, StoreError
from ingest.passages import PassageTable
from ingest.release import (
    FORMAT,
    Manifest,
    build_release,
    content_digest,
    publish,
    read_manifest,
    verify,
)
from ingest.settings import IngestSettings
from ingest.sources import Skipped, Step, listed, read_documents, wanted
from ingest.split import split
from ingest.store import Store, in_french


def _silent(step: str, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingestion did.

    ``embedded`` and ``reused`` count vectors, ``removed`` names old releases that were deleted,
    ``gone`` the documents that the release before held and this one does not; ``seconds`` is by
    step.
    """

    release: str
    changed: bool
    read: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    sentences: int
    embedded: int
    reused: int
    removed: tuple[str, ...]
    gone: tuple[str, ...]
    seconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """The object that ``ingest --json`` prints."""
        return asdict(self)


class Clock:
    """Seconds spent in each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """The time since the last lap goes to ``step``."""
        now = time.perf_counter()
        self.seconds[step] = round(self.seconds.get(step, 0.0) + now - self._last, 3)
        self._last = now


def ingest(
    paths: Sequence[str | Path],
    settings: IngestSettings,
    model: EmbeddingModel,
    progress: Step = _silent,
    sources: Path | None = None,
) -> Report:
    """Build a release from files and folders, and from what a ``sources.toml`` lists.

    When nothing changed since the release in service, that one stays and nothing is built.

    Raises:
        NothingToIngest: no document could be read.
        StoreLocked: another process is ingesting.
        StoreError: the store cannot be written.
    """
    job = _Job(settings, model, progress)
    with job.store.writing():
        files = [*wanted(paths), *(listed(sources) if sources else ())]
        documents, skipped = read_documents(files, settings.max_file_bytes, progress)
        job.clock.lap("lecture")
        if not documents:
            raise NothingToIngest(_nothing(skipped))
        return job.run(documents, skipped)


def ingest_documents(
    documents: list[Document],
    settings: IngestSettings,
    model: EmbeddingModel,
    progress: Step = _silent,
) -> Report:
    """The same for documents that are already in memory."""
    job = _Job(settings, model, progress)
    with job.store.writing():
        return job.run(documents, [])


class _Job:
    """One run: where it writes, what it embeds with, how it tells its progress."""

    def __init__(self, settings: IngestSettings, model: EmbeddingModel, progress: Step) -> None:
        self.store = Store(settings.store)
        self.clock = Clock()
        self._settings = settings
        self._model = model
        self._progress = progress

    def run(self, documents: list[Document], skipped: list[Skipped]) -> Report:
        """Put a release of these documents in service, or leave the same one there."""
        content = content_digest(documents, self._model.space)
        if same := _already_served(self.store, content):
            return self._report(same, documents, skipped)
        before = _titles(self.store)
        here = {document.id for document in documents}
        passages = [passage for document in documents for passage in split(document)]
        self.clock.lap("découpage")
        with in_french(self.store.folder):
            embeddings = CachedEmbeddings(self._model, self.store.cache)
            try:
                manifest = self._build(documents, passages, embeddings, content, skipped)
                removed = self.store.prune(self._settings.releases_kept)
                embeddings.forget_unused(self._settings.releases_kept)
            finally:
                embeddings.close()
        report = self._report(manifest, documents, skipped)
        return replace(
            report,
            changed=True,
            embedded=embeddings.embedded,
            reused=report.reused - embeddings.embedded,
            removed=tuple(removed),
            gone=tuple(title for id, title in before.items() if id not in here),
        )

    def _build(
        self,
        documents: list[Document],
        passages: list[Passage],
        embeddings: CachedEmbeddings,
        content: str,
        skipped: list[Skipped],
    ) -> Manifest:
        files = build_release(
            self.store.building, documents, passages, embeddings,
            lambda done, total: self._progress("Calcul des vecteurs", done, total),
        )  # fmt: skip
        self.clock.lap("indexation")
        now = datetime.now(UTC)
        manifest = Manifest(
            id=self.store.new_id(now, content),
            created=now.isoformat(timespec="seconds"),
            format=FORMAT,
            content=content,
            model=self._model.name,
            space=self._model.space,
            dimension=self._model.dimension,
            documents=len(documents),
            passages=len(passages),
            sentences=sum(len(passage.sentences) for passage in passages),
            files=files,
            skipped=tuple((entry.path, entry.reason) for entry in skipped),
        )
        publish(self.store, manifest)
        self.clock.lap("vérification")
        return manifest

    def _report(
        self, manifest: Manifest, documents: list[Document], skipped: list[Skipped]
    ) -> Report:
        """The report of a run that changed nothing."""
        return Report(
            release=manifest.id,
            changed=False,
            read=tuple(d.source.path or d.source.title for d in documents),
            skipped=tuple(skipped),
            documents=manifest.documents,
            passages=manifest.passages,
            sentences=manifest.sentences,
            embedded=0,
            reused=manifest.passages + manifest.sentences,
            removed=(),
            gone=(),
            seconds=self.clock.seconds,
        )


def _already_served(store: Store, content: str) -> Manifest | None:
    current = store.current()
    if current is None or current not in store.ids():
        return None
    try:
        manifest = read_manifest(store.path(current))
        return verify(store.path(current)) if manifest.content == content else None
    except ReleaseDamaged:  # it is built anew: this is what its message tells the reader to do
        return None


def _titles(store: Store) -> dict[str, str]:
    """The titles of the release in service by the ids of their sources; empty without one."""
    try:
        table = PassageTable(store.path(store.serving()) / "passages.sqlite")
    except StoreError:
        return {}
    try:
        return {source.id: source.title for source in table.sources()}
    finally:
        table.close()


def _nothing(skipped: Sequence[Skipped]) -> str:
    lines = ["Aucun document n'a pu être lu."]
    lines += [f"- {entry.path} : {entry.reason}" for entry in skipped[:20]]
    if len(skipped) > 20:
        lines.append(f"- et {len(skipped) - 20} autres.")
    return "\n".join(lines)
