"""The door to Chroma: unit vectors by id, in one collection of a folder or of a server.

A collection is written once, aside, and only read afterwards. Anything of LangChain's ecosystem
can open it: each vector has its text as its document.

Each object here has a Chroma system of its own. The clients of ``chromadb`` share theirs through
a table of the process, which keeps what a failed opening leaves and never closes a connection.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import shutil
import ssl
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
from chromadb.api import ServerAPI
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.fastapi import FastAPI
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings
from chromadb.config import System
from chromadb.errors import ChromaError, NotFoundError

from ingest.errors import ReleaseDamaged, StoreError, VectorsUnreachable, reason
from ingest.place import Place
from ingest.seal import broken, seal

__all__ = ["COLLECTION", "PREFIX", "Place", "VectorWriter", "Vectors", "collections", "drop"]

COLLECTION = "passages"  # its name in a folder
PREFIX = "chartiste-"  # what its name begins with in a server
_DATABASE = "chroma.sqlite3"
_MANY = 20_000  # vectors; docs/index.md has the recall and the speed on both sides
_REQUEST = 8 << 20  # bytes of vectors in one request: a server refuses 40 MB of JSON
_SYNCS = 16  # times the growing index is put on disk
_QUICK = 1.5  # seconds a question waits for a server
_PATIENT = 30.0  # seconds for an index to be loaded, or a batch to be written
_REST = 2.0  # seconds a server that failed is left alone

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Told = Callable[[Place, BaseException], StoreError]
T = TypeVar("T")

logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)


def drop(place: Place) -> None:
    """Remove a collection, whole or half written; one that is not there is no error.

    Raises:
        VectorsUnreachable: the server does not answer.
    """
    if place.folder is not None:
        if (place.folder / _DATABASE).exists():
            shutil.rmtree(place.folder)
        return
    with _connected(place, _QUICK) as api, _told(place, _unwritable):
        api.heartbeat()
        _wait(api, _PATIENT)
        with contextlib.suppress(NotFoundError):
            api.delete_collection(place.collection)


def collections(url: str) -> list[str]:
    """The names of the collections that Chartiste has written in a server, sorted.

    Raises:
        VectorsUnreachable: it does not answer.
    """
    place = Place("", url=url)
    with _connected(place, _QUICK) as api, _told(place, _unreadable):
        names = [collection.name for collection in api.list_collections()]
    return sorted(name for name in names if name.startswith(PREFIX))


class VectorWriter:
    """Writes a fresh collection within a ``with`` block; a leftover of its name is dropped.

    ``count`` says how many vectors will come: it decides how closely the index is knit, and when
    it is put on disk. What a block that ends with an error leaves is not sealed, and cannot be
    opened in a folder; in a server it can, and is told by its ids.
    """

    def __init__(self, place: Place, dimension: int, count: int) -> None:
        self._place = place
        self._dimension = dimension
        self._count = count
        self._open = contextlib.ExitStack()
        self._ids: list[str] = []
        self._texts: list[str] = []
        self._rows: list[Matrix] = []
        self._sizes: deque[int] = deque()

    def __enter__(self) -> Self:
        drop(self._place)
        with contextlib.ExitStack() as stack:
            api = stack.enter_context(_connected(self._place, _PATIENT))
            with _told(self._place, _unwritable):
                at_once = min(api.get_max_batch_size(), _REQUEST // (4 * self._dimension))
                sizes, synced = batches(self._count, max(1, at_once))
                model = api.create_collection(
                    self._place.collection, configuration=_configuration(self._count, synced)
                )
            self._collection = Collection(api, model, embedding_function=None)
            self._sizes = deque(sizes)
            self._open = stack.pop_all()
        return self

    def add(self, ids: Sequence[str], vectors: Matrix, texts: Sequence[str]) -> None:
        """Add unit vectors, shape (number of ids, dimension), with the texts they stand for.

        They are written in batches about as large as Chroma takes.

        Raises:
            StoreError: they cannot be written.
            VectorsUnreachable: the server does not answer.
        """
        if vectors.shape != (len(ids), self._dimension) or len(texts) != len(ids):
            raise ValueError(f"{len(ids)} ids, {len(texts)} texts, vectors of {vectors.shape}")
        self._ids += ids
        self._texts += texts
        self._rows.append(np.array(vectors, dtype=np.float32))  # the caller may use its own again
        while self._sizes and len(self._ids) >= self._sizes[0]:
            self._write(self._sizes.popleft())

    def _write(self, count: int) -> None:
        rows = np.concatenate(self._rows)
        with _told(self._place, _unwritable):
            self._collection.add(
                self._ids[:count], embeddings=rows[:count], documents=self._texts[:count]
            )
        self._ids, self._texts, self._rows = self._ids[count:], self._texts[count:], [rows[count:]]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        with self._open:
            if kind is None and (self._ids or self._sizes):
                raise ValueError(f"more or less than {self._count} vectors came")
        if kind is None and self._place.folder is not None:
            with _told(self._place, _unwritable):
                seal(self._place.folder)


class Vectors:
    """A collection that is only read. Safe to use from several threads.

    One in a folder is opened at once. One in a server is looked for at the first call: a server
    that is away may come back, and the same object then answers again. Until then each call raises
    :class:`VectorsUnreachable`, within two seconds and mostly at once.

    Raises:
        ReleaseDamaged: the folder holds no collection, or not as it was written.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._collection: Collection | None = None
        self._rests_until = 0.0
        if place.folder is not None:
            _check(place.folder)
        with contextlib.ExitStack() as stack:
            self._api = stack.enter_context(_connected(_writable(place, stack), _QUICK))
            if place.folder is not None:
                self._ask(lambda collection: None)
            self._open = stack.pop_all()

    def probe(self, dimension: int) -> None:
        """Read the index once: Chroma loads it at the first query only.

        Raises:
            ReleaseDamaged: it cannot be read, or it finds nothing where it holds something.
            VectorsUnreachable: the server does not answer.
        """
        axis = [1.0] + [0.0] * (dimension - 1)
        with self._patient() as patient:
            if len(patient) and not patient.nearest(axis, 1):
                raise ReleaseDamaged("Les vecteurs de la version ne se retrouvent pas.")

    def __len__(self) -> int:
        return self._ask(lambda collection: int(collection.count()))

    def holds(self, pages: Iterable[Sequence[str]]) -> bool:
        """Whether its ids are those of ``pages``, which name each of them once.

        Pages are asked for one by one, so that no more of the ids is ever held.
        """
        count = 0
        with self._patient() as patient:
            for page in pages:
                count += len(page)
                if patient._count(page) != len(page):
                    return False
            return count == len(patient)

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """Ids and cosines of the nearest vectors, nearest first.

        Raises:
            ReleaseDamaged: they cannot be read, and never will.
            VectorsUnreachable: the server does not answer now.
        """
        asked = np.asarray([vector], dtype=np.float32)
        found = self._ask(
            lambda collection: collection.query(
                query_embeddings=asked, n_results=limit, include=["distances"]
            )
        )
        distances = (found["distances"] or [[]])[0]
        pairs = zip(found["ids"][0], distances, strict=True)
        return [(id, 1.0 - distance) for id, distance in pairs]

    def close(self) -> None:
        """Free its files and connections; the object cannot be used any more."""
        self._open.close()

    def _ask(self, question: Callable[[Collection], T]) -> T:
        if time.monotonic() < self._rests_until:
            raise VectorsUnreachable(_away(self._place, "il ne répondait pas à l'instant"))
        try:
            with _told(self._place, _unreadable):
                return self._asked(question)
        except VectorsUnreachable:
            self._rests_until = time.monotonic() + _REST
            raise

    def _asked(self, question: Callable[[Collection], T]) -> T:
        known = self._collection
        if known is not None:
            with contextlib.suppress(NotFoundError):  # a restored server gives it another id
                return question(known)
        model = self._api.get_collection(self._place.collection)
        self._collection = Collection(self._api, model, embedding_function=None)
        return question(self._collection)

    def _count(self, ids: Sequence[str]) -> int:
        """How many of these it holds."""
        return self._ask(lambda collection: len(collection.get(ids=list(ids), include=[])["ids"]))

    @contextlib.contextmanager
    def _patient(self) -> Iterator[Vectors]:
        """Itself, or the same with more time when a server has to load what is asked for."""
        if self._place.folder is not None:
            yield self
            return
        self._ask(lambda collection: None)
        patient = Vectors(self._place)
        try:
            _wait(patient._api, _PATIENT)
            yield patient
        finally:
            patient.close()


def _check(folder: Path) -> None:
    if not (folder / _DATABASE).is_file():
        raise ReleaseDamaged("Les vecteurs de la version ne peuvent pas être lus (absents).")
    if (name := broken(folder)) is not None:
        raise ReleaseDamaged(
            f"Les vecteurs de la version ne peuvent pas être lus ({name} a changé)."
        )


def _writable(place: Place, stack: contextlib.ExitStack) -> Place:
    """The place; where it is read-only, a copy of its table beside links to its index.

    Chroma writes to its table whenever it opens it.
    """
    folder = place.folder
    if folder is None or all(os.access(one, os.W_OK) for one in (folder, folder / _DATABASE)):
        return place
    with _told(place, _unreadable):
        copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chartiste-")))
        shutil.copyfile(folder / _DATABASE, copy / _DATABASE)
        for index in filter(Path.is_dir, folder.iterdir()):
            (copy / index.name).symlink_to(index.absolute())
    return replace(place, folder=copy)


def batches(count: int, largest: int) -> tuple[list[int], int]:
    """The sizes of the batches in which vectors are written, and Chroma's ``sync_threshold``.

    When as many vectors as the threshold were added, Chroma puts the whole index on disk: after
    each batch, that would take the square of their number. It happens ``_SYNCS`` times at most, the
    last time after the last batch: batches are alike within one vector, and go by groups of as
    many.
    """
    if not count:
        return [], 1
    number = math.ceil(count / largest)
    # Of batches smaller than their number, one vector more might count for a batch.
    group = math.ceil(number / _SYNCS) if number < largest else 1
    number = group * math.ceil(number / group)
    least, longer = divmod(count, number)
    sizes = [least + 1] * longer + [least] * (number - longer)
    return sizes, group * least


def _configuration(count: int, synced: int) -> CreateCollectionConfiguration:
    return {
        "hnsw": {
            "space": "cosine",
            "ef_construction": 200,
            "ef_search": 400,
            "max_neighbors": 16 if count <= _MANY else 32,
            # All is on disk at the end. Otherwise up to a thousand vectors are put into the index
            # again at each opening (up to 1.5 s), and its files are never final.
            "batch_size": 1,
            "sync_threshold": synced,
        }
    }


@contextlib.contextmanager
def _connected(place: Place, patience: float) -> Iterator[ServerAPI]:
    """Chroma's own interface to a folder or a server, alone in its system."""
    with _told(place, _unreadable):
        system = System(_settings(place))
        api = system.instance(ServerAPI)  # type: ignore[type-abstract]
        if isinstance(api, FastAPI):
            _renew(api)
            _wait(api, patience)
        system.start()
    try:
        yield api
    finally:
        system.stop()
        if isinstance(api, FastAPI):
            api._session.close()


def _settings(place: Place) -> ChromaSettings:
    common: dict[str, Any] = {"anonymized_telemetry": False, "allow_reset": False}
    if place.folder is not None:
        return ChromaSettings(
            chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
            is_persistent=True,
            persist_directory=str(place.folder),
            **common,
        )
    return ChromaSettings(
        chroma_api_impl="chromadb.api.fastapi.FastAPI",
        chroma_server_host=place.address,
        chroma_server_http_port=8000,  # asked for, and not used beside a whole address
        chroma_server_headers=place.headers,
        chroma_server_ssl_verify=None if place.address.startswith("https:") else False,
        **common,
    )


def _renew(api: FastAPI) -> None:
    """Ask the server itself: not a proxy of the environment, which would see every question."""
    secure = api.get_api_url().startswith("https:")
    session = api._session
    api._session = type(session)(
        headers=session.headers,
        verify=ssl.create_default_context() if secure else False,
        trust_env=False,
    )
    session.close()


def _wait(api: ServerAPI, seconds: float) -> None:
    if isinstance(api, FastAPI):
        api._session.timeout = seconds


@contextlib.contextmanager
def _told(place: Place, told: Told) -> Iterator[None]:
    """Say in French what Chroma, SQLite, Rust or the network raise in their own words."""
    try:
        yield
    except StoreError:
        raise
    except BaseException as error:
        # Rust's panics are no Exception, and their class cannot be imported.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise told(place, error) from error


def _unreadable(place: Place, error: BaseException) -> StoreError:
    if isinstance(error, NotFoundError):
        return ReleaseDamaged(
            f"La collection « {place.collection} » des vecteurs n'existe pas : "
            "relancez chartiste ingest."
        )
    if place.folder is not None or isinstance(error, ChromaError):
        name = type(error).__name__
        return ReleaseDamaged(f"Les vecteurs de la version ne peuvent pas être lus ({name}).")
    return VectorsUnreachable(_away(place, _why(error)))


def _unwritable(place: Place, error: BaseException) -> StoreError:
    if place.folder is not None or isinstance(error, ChromaError):
        why = reason(error) if isinstance(error, OSError) else type(error).__name__
        return StoreError(
            f"Les vecteurs ne peuvent pas être écrits ({why}) : "
            "vérifiez la place et les droits, puis relancez chartiste ingest."
        )
    return VectorsUnreachable(_away(place, _why(error)))


def _away(place: Place, why: str) -> str:
    return (
        f"Le serveur Chroma {place.address} ne peut pas être utilisé ({why}) : "
        "vérifiez qu'il est lancé et que son adresse est la bonne."
    )


def _why(error: BaseException) -> str:
    """The phrase for what stands behind an error of the HTTP client, which is not imported here."""
    kinds = [kind for cause in _causes(error) for kind in type(cause).__mro__]
    names = {kind.__name__ for kind in kinds}
    statuses = [getattr(getattr(c, "response", None), "status_code", 0) for c in _causes(error)]
    if "SSLError" in names:
        return "son certificat n'est pas reconnu"
    if "gaierror" in names:
        return "son nom n'est pas connu"
    if "TimeoutException" in names:
        return "il ne répond pas à temps"
    if "ConnectError" in names:
        return "la connexion est refusée"
    if "TransportError" in names:
        return "la connexion a été coupée"
    if {401, 403, 407}.intersection(statuses):
        return "le nom ou le mot de passe n'est pas accepté"
    if any(500 <= status < 600 for status in statuses):
        return f"il répond par l'erreur {max(statuses)}"
    return "ce qui répond n'est pas un serveur Chroma"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
