"""What is asked, worked out behind the pages and kept until the journal has changed enough.

Vectors of questions are kept in memory alone, and go with their questions: nothing of what
citizens ask outlives the journal.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

import numpy as np

from app.faq.grouping import grouped
from app.faq.likeness import Likeness, Rows
from app.faq.topics import Line, Topic, line_of, topics_of
from app.journal.journal import Journal
from ingest.errors import ChartisteError

log = logging.getLogger(__name__)

Step = Literal["reading", "vectors", "grouping"]

MOST = 20_000  # questions, the newest
_PAGE = 2_000  # read at once
_FEW = 20  # questions more or less that change nothing
_SHARE = 0.05  # of the questions, likewise
_OLD = timedelta(hours=1)  # after which any change counts
UNEXPECTED = "Une erreur inattendue a arrêté le regroupement : elle est dans le journal du serveur."


class Embeds(Protocol):
    """What gives questions their vectors."""

    def question_vector(self, question: str, /) -> Rows | None:
        """The unit vector of a question, or None where words alone are compared."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is; ``total`` is 0 while nobody knows."""

    step: Step
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """The topics of the journal as it was ``at`` a time, when it held ``size`` questions, the
    ``oldest`` of that time.
    """

    topics: tuple[Topic, ...]
    at: datetime
    size: int
    oldest: datetime | None = None

    def topic(self, key: str) -> Topic | None:
        """The topic of a key, if there is one."""
        return next((topic for topic in self.topics if topic.key == key), None)


@dataclass(frozen=True, slots=True)
class State:
    """What is known now: the last survey, how far the next one is, why the last try failed."""

    survey: Survey | None = None
    progress: Progress | None = None
    fault: str = ""


def _now() -> datetime:
    return datetime.now(UTC)


class Surveyor:
    """Makes surveys of a journal, one at a time, in a thread. Safe to use from several threads."""

    def __init__(
        self,
        journal: Journal,
        embeds: Embeds,
        likeness: Callable[[], Likeness],
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._journal = journal
        self._embeds = embeds
        self._likeness = likeness
        self._clock = clock
        self._lock = threading.Lock()
        self._state = State()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._vectors: dict[str, Rows] = {}

    def look(self, anew: bool = False) -> State:
        """What is known; begins a survey when there is none, the last is old, or ``anew``.

        Raises:
            RecordsError: the journal cannot be read.
        """
        state = self._state
        if state.progress is None and (anew or self._is_old(state)):
            self._begin()
        return self._state

    def wait(self, seconds: float) -> State:
        """What is known once no survey is in the making, or after some seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self._state

    def close(self) -> None:
        """Leave the survey that is in the making."""
        self._closing.set()
        self.wait(10)

    def _is_old(self, state: State) -> bool:
        if state.survey is None:
            return not state.fault
        if self._journal.oldest() != state.survey.oldest:
            return True  # some were purged or erased, and must not show any more
        changed = abs(self._journal.count() - state.survey.size)
        aged = self._clock() - state.survey.at >= _OLD
        return changed > max(_FEW, _SHARE * state.survey.size) or (aged and changed > 0)

    def _begin(self) -> None:
        with self._lock:
            if self._state.progress is not None or self._closing.is_set():
                return
            self._state = State(self._state.survey, Progress("reading"))
            self._thread = threading.Thread(target=self._run, name="survey", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        kept = self._state.survey
        try:
            self._state = State(self._made() or kept)
        except ChartisteError as error:
            self._state = State(kept, fault=str(error))
        except Exception:
            log.exception("the survey of the journal failed")
            self._state = State(kept, fault=UNEXPECTED)

    def _made(self) -> Survey | None:
        """A new survey; None when it is to be left."""
        at, size, oldest = self._clock(), self._journal.count(), self._journal.oldest()
        lines = self._read(size)
        vectors = self._embedded([line.question for line in lines])
        if self._closing.is_set():
            return None
        self._tell("grouping", 0, 0)
        groups = grouped([line.question for line in lines], vectors, self._likeness())
        return Survey(topics_of(lines, groups), at, size, oldest)

    def _read(self, size: int) -> list[Line]:
        lines: dict[str, Line] = {}  # by id: what is added meanwhile moves the others down
        for offset in range(0, min(size, MOST), _PAGE):
            self._tell("reading", offset, size)
            page = self._journal.rows(limit=_PAGE, offset=offset)
            lines |= {entry.id: line_of(entry) for entry in page if entry.question.strip()}
        return list(lines.values())

    def _embedded(self, questions: list[str]) -> Rows | None:
        """A row a question; None when one of them has no vector."""
        asked = list(dict.fromkeys(questions))
        known = {text: row for text in asked if (row := self._vectors.get(text)) is not None}
        for done, text in enumerate(asked):
            if self._closing.is_set():
                return None
            if text not in known:
                self._tell("vectors", done, len(asked))
                row = self._embeds.question_vector(text)
                if row is None:
                    return None
                known[text] = row
        self._vectors = known
        return np.stack([known[text] for text in questions]) if questions else None

    def _tell(self, step: Step, done: int, total: int) -> None:
        self._state = State(self._state.survey, Progress(step, done, total))
