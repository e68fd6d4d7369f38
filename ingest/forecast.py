"""What an ingestion would do: which pages it would ask for, how many vectors it would compute."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.cache import CachedEmbeddings
from ingest.copies import Copies
from ingest.documents import Document, content_id, legible
from ingest.embed import EmbeddingModel
from ingest.gather import Gatherer, Skipped, fetcher_for
from ingest.machines import ALONE, Machines
from ingest.passages import units
from ingest.progress import Step
from ingest.settings import IngestSettings
from ingest.sources import sources_of
from ingest.split import split
from ingest.store import Store


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would be read, fetched and embedded; nothing was written.

    ``fetch`` are the addresses that would be asked for; documents, passages, sentences and
    vectors count files and the copies of pages that were fetched before.
    """

    read: tuple[str, ...]
    fetch: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    sentences: int
    to_embed: int
    reused: int

    def as_json(self) -> dict[str, Any]:
        """The object that ``ingest --dry-run --json`` prints."""
        return {"dry_run": True, **asdict(self)}


def forecast(
    places: Sequence[str | Path],
    settings: IngestSettings,
    model: EmbeddingModel,
    progress: Step,
    sources: Path | None = None,
    machines: Machines = ALONE,
) -> Forecast:
    """What ``ingest`` would do with the same arguments; feeds and sitemaps are read to know it.

    Raises:
        SettingsError: the ``sources.toml`` is wrong.
        ClusterError: the machines that share the work stopped.
    """
    wanted = sources_of(places, sources)
    store = Store.of(settings)
    with contextlib.ExitStack() as stack:
        copies = embeddings = None
        if store.pages.exists():
            copies = stack.enter_context(contextlib.closing(Copies(store.pages)))
        if store.cache.exists():
            opened = CachedEmbeddings(model, store.cache)
            embeddings = stack.enter_context(contextlib.closing(opened))
        fetcher = stack.enter_context(fetcher_for(wanted, settings.contact))
        gatherer = Gatherer(copies, fetcher, settings.max_file_bytes, dry=True)
        targets = gatherer.plan(wanted)
        counts = _Counts(embeddings)
        for where, document in gatherer.documents(targets, progress, machines):
            counts.add(where, document)
    return Forecast(
        read=tuple(counts.read),
        fetch=tuple(legible(target.where) for target in targets if target.is_page),
        skipped=tuple(gatherer.skipped),
        documents=len(counts.read),
        passages=counts.passages,
        sentences=counts.sentences,
        to_embed=counts.missing,
        reused=counts.passages + counts.sentences - counts.missing,
    )


class _Counts:
    """What a release would hold, and how many of its vectors are not known yet."""

    def __init__(self, embeddings: CachedEmbeddings | None) -> None:
        self.read: list[str] = []
        self.passages = self.sentences = self.missing = 0
        self._embeddings = embeddings
        self._seen: set[str] = set()

    def add(self, where: str, document: Document) -> None:
        """Count a document, unless its text was counted already."""
        if not self._is_new(document.text):
            return
        self.read.append(legible(where))
        for passage in split(document):
            self.passages += 1
            self.sentences += len(passage.sentences)
            texts = [text for _, text in units(passage) if self._is_new(text)]
            known = self._embeddings
            self.missing += known.missing(texts) if known else len(texts)

    def _is_new(self, text: str) -> bool:
        before = len(self._seen)
        self._seen.add(content_id(text))
        return len(self._seen) > before
