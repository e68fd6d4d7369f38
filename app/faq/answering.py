"""Published entries answer first: the FAQ is kept in memory, and read anew when it changes.

A question waits for the database a moment at most, and once a second: its counter tells whether
anything was published or withdrawn. When it does not answer in time, or at all, the question is
answered as it is without a FAQ. An entry is read with its first state at once; its phrasings are
embedded beside, and meanwhile those entries answer whose vectors are known.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from app.answers import UNKNOWN, Answer, Known
from app.faq.anchors import Texts
from app.faq.book import Book
from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.likeness import WORDS, load_likeness
from app.faq.matching import Match
from app.faq.vectors import FILE, Rows, question_vectors
from ingest.engines.base import EmbeddingModel
from ingest.errors import ChartisteError, ModelError

log = logging.getLogger("chartiste.faq")

_EVERY = 1.0  # seconds between two looks at the counter
_PATIENCE = 0.3  # seconds that a question waits for one
_END = 5.0  # seconds given to what works beside, when the server stops
_REST = 10.0  # seconds before a model that failed is asked for vectors again
_BATCH = 64  # phrasings embedded before they are of use


class Answering:
    """The published entries of a database, for an embedding model. Safe to use from threads.

    ``store`` is where vectors are kept and where what was fitted may lie.

    Raises:
        SettingsError: what the store holds of it cannot be read.
    """

    def __init__(
        self,
        entries: Entries,
        model: EmbeddingModel,
        agency: str,
        store: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entries = entries
        self._model = model
        self._agency = agency
        self._file = store / FILE if store else None
        self._fitted = load_likeness(model.space, store), load_likeness(WORDS)
        self._clock = clock
        self._book: Book | None = None
        self._versions: dict[str, int] = {}  # of what questions are compared with
        self._vectors: dict[str, Rows] = {}
        self._seen = -math.inf  # when the counter was last read
        self._rests_until = -math.inf
        self._starting = threading.Lock()
        self._reading = threading.Lock()
        self._looking: threading.Thread | None = None
        self._embedding: threading.Thread | None = None
        self._closed = threading.Event()
        self._told = ""

    def known(self, question: str, vector: Rows | None, texts: Texts, release: str) -> Known:
        """What the published entries have for a question; nothing when they cannot be read."""
        try:
            book = self._current()
            if book is None or not book.entries:
                return UNKNOWN
            known = book.known(question, vector, texts, release, self._agency)
            return known if known.answer is None or self._stands(known.answer, book) else UNKNOWN
        except ChartisteError as error:
            self._tell(str(error))
        except Exception:
            log.exception("the FAQ could not be asked")
        return UNKNOWN

    def _stands(self, answer: Answer, book: Book) -> bool:
        """Whether the entry is published as it is in a book that a newer one is to replace."""
        known = answer.validated.entry if answer.validated else ""
        return self._versions.get(known) == book.entries[known].version

    def ranked(self, question: str, limit: int = 5) -> list[Match]:
        """The entries nearest to a question, and why each does not answer it.

        Raises:
            RecordsError: the entries cannot be read.
            ModelError: the model fails.
        """
        vector = np.asarray(self._model.embed_query(question), dtype=np.float32)
        return self.prepare().ranked(question, vector, limit)

    def prepare(self) -> Book:
        """The FAQ as it is, read and embedded now.

        Raises:
            RecordsError: the entries cannot be read.
            ModelError: the model fails.
        """
        book = self._looked()
        if not book.lacking(self._vectors):
            return book
        while book.lacking(self._vectors):
            self._embed(book)
        return self._made(book.counter, list(book.entries.values()))

    def begin(self) -> None:
        """Have it read and embedded beside, so that the first question does not wait."""
        self._look()

    def close(self) -> None:
        """End what works beside, and close the connections to the database."""
        self._closed.set()
        for thread in (self._looking, self._embedding):
            if thread is not None:
                thread.join(_END)
        self._entries.close()

    def _tell(self, error: str) -> None:
        if error != self._told:  # once, and not every second
            log.error("questions are answered without the FAQ: %s", error)
        self._told = error

    # Looking: is it the same as it was?

    def _current(self) -> Book | None:
        """The FAQ as it is, or was a moment ago; None when nobody knows."""
        if self._clock() - self._seen >= _EVERY:
            self._look().join(_PATIENCE)
        return self._book if self._clock() - self._seen < 2 * _EVERY else None

    def _look(self) -> threading.Thread:
        with self._starting:
            if self._looking is None or not self._looking.is_alive():
                self._looking = _started(self._look_beside)
            return self._looking

    def _look_beside(self) -> None:
        try:
            book = self._looked()
            self._told = ""
            if book.lacking(self._vectors) and self._clock() >= self._rests_until:
                self._embed_all()
        except ChartisteError as error:
            self._tell(str(error))
        except Exception:
            log.exception("the FAQ could not be read")

    def _looked(self) -> Book:
        """The FAQ as it is now, with the vectors that are known."""
        with self._reading:
            counter = self._entries.counter()
            book = self._book
            if book is None or book.counter != counter:
                # What changes between the two is seen at the next look.
                asked = self._entries.asked()
                self._versions = {entry.id: entry.version for entry in asked}
                self._seen = self._clock()  # from now on, the old book knows what it may say
                return self._made(counter, asked)
            self._seen = self._clock()
            return book

    def _made(self, counter: int, entries: Sequence[Entry]) -> Book:
        book = Book(counter, entries, dict(self._vectors), *self._fitted)
        self._book = book
        return book

    # Embedding, which takes some milliseconds a phrasing

    def _embed_all(self) -> None:
        with self._starting:
            if self._embedding is None or not self._embedding.is_alive():
                self._embedding = _started(self._embed_beside)

    def _embed_beside(self) -> None:
        try:
            while (book := self._book) and book.lacking(self._vectors):
                if self._closed.is_set():
                    return
                self._embed(book)
                if not book.lacking(self._vectors):
                    self._renewed(book)
        except ModelError as error:
            self._rests_until = self._clock() + _REST
            self._tell(str(error))
        except Exception:
            log.exception("the FAQ could not be embedded")

    def _embed(self, book: Book) -> None:
        """Some more vectors; those of texts that are no longer asked go."""
        texts = book.lacking(self._vectors)[:_BATCH]
        rows = question_vectors(texts, self._model, self._file)
        kept = {text: self._vectors[text] for text in book.phrasings if text in self._vectors}
        self._vectors = kept | dict(zip(texts, rows, strict=True))

    def _renewed(self, book: Book) -> None:
        with self._reading:
            if self._book is book:  # else a newer one is there, which is made from them
                self._made(book.counter, list(book.entries.values()))


def _started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, name="faq", daemon=True)
    thread.start()
    return thread
