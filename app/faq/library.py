"""The texts of one release, and what its search finds: one in service, or one not yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from app.calibration import load_calibration
from app.faq.anchors import Served
from app.finding import search
from app.query import Speller
from app.shelf import Volume
from ingest.documents import Document, Passage, Source
from ingest.embed import EmbeddingModel
from ingest.release import Release
from ingest.store import Store


class Library(Served, Protocol):
    """A release: its texts, its id, and the passages that are nearest to some words."""

    def near(self, text: str, limit: int) -> Sequence[tuple[Source, Passage]]:
        """Passages, the nearest first."""


class ReleaseLibrary:
    """An open release, searched with a model."""

    def __init__(self, volume: Volume, model: EmbeddingModel) -> None:
        self._volume = volume
        self._model = model

    def release(self) -> str:
        """Its id."""
        return self._volume.release.id

    def document(self, id: str) -> Document | None:
        """A document by its source's id, or None."""
        return self._volume.release.table.document(id)

    def passages_of(self, document: str) -> list[Passage]:
        """Its passages, in reading order."""
        return self._volume.release.table.passages_of(document)

    def near(self, text: str, limit: int) -> list[tuple[Source, Passage]]:
        """Passages, the nearest first."""
        _, found = search(text, self._volume, self._model, limit)
        return [(one.entry.source, one.entry.passage) for one in found]


@contextmanager
def opened_library(folder: Path, store: Store, model: EmbeddingModel) -> Iterator[ReleaseLibrary]:
    """The release of a folder, in service or not, for as long as it is read.

    Raises:
        StoreError: it cannot be read, or was built with another model.
    """
    release = Release(folder, store.server)
    try:
        release.require_space(model.space, model.name)
        calibration = load_calibration(model.space, store.folder)
        yield ReleaseLibrary(Volume(release, Speller(release), calibration), model)
    finally:
        release.close()
