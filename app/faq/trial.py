"""A phrasing tried on the published entries: which would answer, how surely, or why none."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.likeness import Likeness
from app.faq.matching import Candidate, Match, Published
from app.faq.survey import Embeds

NEAREST = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """An entry near a phrasing, and how near."""

    entry: Entry
    match: Match


class Trial:
    """Tries phrasings. What is published is read again when it changes; safe for several threads.

    The questions of entries keep their vectors in memory.
    """

    def __init__(self, entries: Entries, embeds: Embeds, likeness: Callable[[], Likeness]) -> None:
        self._entries = entries
        self._embeds = embeds
        self._likeness = likeness
        self._lock = threading.Lock()
        self._counter = -1
        self._shown: dict[str, Entry] = {}
        self._published: Published | None = None
        self._vectors: dict[str, np.ndarray | None] = {}

    def threshold(self) -> float:
        """The probability from which an entry answers."""
        return self._likeness().threshold

    def of(self, question: str) -> list[Tried]:
        """The published entries nearest to a question, best first; only the first may answer.

        Raises:
            RecordsError: the database cannot be read.
            SettingsError: what was fitted for the model cannot be read.
        """
        with self._lock:
            published, shown = self._read()
        vector = self._embeds.question_vector(question)
        ranked = published.ranked(question, vector, NEAREST)
        return [Tried(shown[one.entry], one) for one in ranked]

    def _read(self) -> tuple[Published, dict[str, Entry]]:
        counter = self._entries.counter()
        if self._published is None or counter != self._counter:
            self._shown = {one.id: one for one in self._entries.published()}
            candidates = [self._candidate(one) for one in self._shown.values()]
            self._published = Published(candidates, self._likeness())
            self._counter = counter
        return self._published, self._shown

    def _candidate(self, entry: Entry) -> Candidate:
        rows = [self._vector(phrasing) for phrasing in entry.edit.phrasings]
        known = [row for row in rows if row is not None]
        vectors = np.stack(known) if len(known) == len(rows) else None
        return Candidate(entry.id, entry.edit.phrasings, vectors)

    def _vector(self, phrasing: str) -> np.ndarray | None:
        if self._vectors.get(phrasing) is None:
            self._vectors[phrasing] = self._embeds.question_vector(phrasing)
        return self._vectors[phrasing]
