"""The door to Chroma: unit vectors by id, in one collection of one folder.

A collection is written once, aside, through LangChain's ``Chroma`` (so that anything of that
ecosystem can open it), and only read afterwards. Chroma keeps one client per path for the life
of the process: :meth:`Vectors.close` gives it back.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import chromadb
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings

from ingest.errors import ReleaseDamaged

if TYPE_CHECKING:
    pass

COLLECTION = "passages"
# Recall@10 on 100,000 real vectors: 0.63 with Chroma's default of 100, 0.89 with 400.
_HNSW = {"space": "cosine", "ef_search": 400, "ef_construction": 200}
_BATCH = 2_000  # Chroma refuses more than 5,461 at once

logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)


def _client(folder: Path) -> Client:
    settings = ChromaSettings(anonymized_telemetry=False, allow_reset=False)
    client = chromadb.PersistentClient(path=str(folder), settings=settings)
    assert isinstance(client, Client)  # declared as its interface, which cannot be closed
    return client


from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    collection: str
    folder: Path | None = None
    url: str | None = None


def drop(place: Place) -> None: ...


class VectorWriter:
    def __init__(self, place: Place, dimension: int, count: int) -> None:
        assert place.folder
        self._client = _client(place.folder)
        self._c = self._client.create_collection(COLLECTION, configuration={"hnsw": _HNSW})

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self._client.close()

    def add(self, ids, vectors, texts) -> None:
        self._c.add(ids=ids, embeddings=vectors, documents=texts)


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Chroma's own errors, sqlite's and Rust's: all mean the same here
        raise ReleaseDamaged(
            f"Les vecteurs de la version ne peuvent pas être lus ({type(error).__name__})."
        ) from error


class Vectors:
    """A collection that is only read. Safe to use from several threads."""

    def __init__(self, place: Place) -> None:
        folder = place.folder
        if not (folder / "chroma.sqlite3").is_file():
            raise ReleaseDamaged("Les vecteurs de la version ne peuvent pas être lus (absents).")
        with _readable():
            self._client = _client(folder)
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)

    def probe(self, dimension: int) -> None:
        """Read the index once: Chroma opens its files at the first query only.

        Raises:
            ReleaseDamaged: it cannot be read, or it finds nothing where it holds something.
        """
        axis = [1.0] + [0.0] * (dimension - 1)
        if len(self) and not self.nearest(axis, 1):
            raise ReleaseDamaged("Les vecteurs de la version ne se retrouvent pas.")

    def __len__(self) -> int:
        with _readable():
            return int(self._collection.count())

    def ids(self) -> set[str]:
        """The ids of all vectors it holds."""
        with _readable():
            return set(self._collection.get(include=[])["ids"])

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """Ids and cosines of the nearest vectors, nearest first."""
        with _readable():
            found = self._collection.query(
                query_embeddings=list(vector), n_results=limit, include=["distances"]
            )
        distances = (found["distances"] or [[]])[0]
        pairs = zip(found["ids"][0], distances, strict=True)
        return [(id, 1.0 - distance) for id, distance in pairs]

    def close(self) -> None:
        """Give the client back; the object cannot be used any more."""
        self._client.close()
