"""Vectors that were computed once, kept by the text they stand for.

The cache lies beside the releases. Each batch is committed as soon as it is computed, so that a
process that is killed loses one batch at most, and the next one embeds only what is missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest.documents import content_id
from ingest.engines.base import EmbeddingModel, checked, unexpected
from ingest.errors import StoreError

_CHUNK = 500  # parameters of one SELECT

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Halves = np.ndarray[tuple[int, int], np.dtype[np.float16]]
Keys = np.ndarray[tuple[int], np.dtype[np.uint64]]
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None: ...


def key_of(space: str, text: str) -> int:
    """The number under which the vector of a text is kept."""
    return int(content_id(space, text), 16)


def half_vectors(model: EmbeddingModel, texts: list[str]) -> Halves:
    """The vectors of one batch as they are kept, a row a text.

    Raises:
        ModelError: the model gave vectors of another shape than it said, or not finite.
    """
    rows = checked(model.embed_documents(texts), len(texts), model.dimension, model.name)
    return rows.astype(np.float16)


class CachedEmbeddings(Embeddings):
    """A model's ``embed_documents`` with a memory on disk; ``embed_query`` is the model's own.

    Vectors are kept at half precision (a cosine changes by less than 0.001) and come back the
    same whether they were just computed or read, so that a build can be repeated exactly.
    """

    def __init__(self, model: EmbeddingModel, path: Path) -> None:
        self.model = model
        self.embedded = 0
        self.reused = 0
        try:
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute("PRAGMA journal_mode=WAL")
            # A kill loses nothing; a power cut may lose the last batches, which are computed again.
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL,"
                " build INTEGER NOT NULL) WITHOUT ROWID"
            )
            last = self._database.execute("SELECT coalesce(max(build), 0) FROM vectors")
            self._build = int(last.fetchone()[0]) + 1
        except sqlite3.Error as error:
            raise StoreError(
                f"Le cache des vecteurs ne peut pas être ouvert ({error}). "
                f"S'il est abîmé, supprimez « {path} » : il sera recalculé."
            ) from error

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return self.model.embed_query(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The unit vectors of ``texts``, in their order."""
        vectors: list[list[float]] = self.vectors(texts).tolist()
        return vectors

    def vectors(self, texts: Sequence[str], progress: Progress = _silent) -> Vectors:
        """The unit vectors of ``texts``: shape (number of texts, dimension), float32.

        ``progress`` is told how many of the missing ones are done, and how many there are.

        Raises:
            ModelError: the model gave vectors of another shape than it said, or not finite.
        """
        keys = [content_id(self.model.space, text) for text in texts]
        known = dict(self._read(set(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        self._mark(known)
        self.reused += len(known)
        progress(0, len(missing))
        todo = list(missing.items())
        done = 0
        for batch in self.model.batches(list(missing.values())):
            known.update(self._compute([todo[position] for position in batch]))
            done += len(batch)
            progress(done, len(todo))
        dimension = self.model.dimension
        return np.array([known[key] for key in keys], dtype=np.float32).reshape(-1, dimension)

    def _mark(self, keys: Iterable[str]) -> None:
        """Note that this build uses vectors that an earlier one computed."""
        with self._database:
            self._database.execute("BEGIN")
            self._database.executemany(
                "UPDATE vectors SET build = ? WHERE key = ? AND build <> ?",
                [(self._build, key, self._build) for key in keys],
            )

    def missing(self, texts: Sequence[str]) -> int:
        """How many of ``texts`` it holds no vector of; each is counted once."""
        keys = {content_id(self.model.space, text) for text in texts}
        sizes = [size for (size,) in self._rows("SELECT length(vector)", keys)]
        return len(keys) - sizes.count(2 * self.model.dimension)

    def _compute(self, batch: list[tuple[str, str]]) -> dict[str, np.ndarray]:
        half = half_vectors(self.model, [text for _, text in batch])
        rows = [(key, row) for (key, _), row in zip(batch, half, strict=True)]
        self._write([(key, row.tobytes()) for key, row in rows])
        return {key: row.astype(np.float32) for key, row in rows}

    def _write(self, rows: Sequence[tuple[str, bytes]]) -> None:
        with self._database:
            self._database.execute("BEGIN")
            self._database.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(key, vector, self._build) for key, vector in rows],
            )
        self.embedded += len(rows)

    def keys(self) -> Keys:
        """The keys (see :func:`key_of`) of all vectors of the model's dimension, sorted."""
        rows = self._database.execute(
            "SELECT key FROM vectors WHERE length(vector) = ? ORDER BY key",
            [2 * self.model.dimension],
        )
        return np.fromiter((int(key, 16) for (key,) in rows), dtype=np.uint64)

    def keep(self, vectors: Mapping[int, bytes]) -> None:
        """Keep what :func:`half_vectors` gave elsewhere, by :func:`key_of` the texts.

        Raises:
            ModelError: a vector is of another dimension than the model's.
        """
        size = 2 * self.model.dimension
        if any(len(vector) != size for vector in vectors.values()):
            raise unexpected(self.model.name)
        self._write([(f"{key:016x}", vector) for key, vector in vectors.items()])

    def _read(self, keys: Iterable[str]) -> Iterator[tuple[str, np.ndarray]]:
        for key, blob in self._rows("SELECT key, vector", keys):
            if len(blob) == 2 * self.model.dimension:
                yield key, np.frombuffer(blob, dtype=np.float16).astype(np.float32)

    def _rows(self, select: str, keys: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """What is selected of the vectors of these keys, those that are there."""
        wanted = list(keys)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            yield from self._database.execute(
                f"{select} FROM vectors WHERE key IN ({marks})", chunk
            )

    def forget_unused(self, builds: int) -> None:
        """Forget what none of the last ``builds`` builds used; called once a release serves."""
        self._database.execute(
            "DELETE FROM vectors WHERE build <= (SELECT max(build) FROM vectors) - ?", [builds]
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()
