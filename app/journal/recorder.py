"""The journal of a server: written behind the answers, purged by itself.

An answer waits for nothing and fails of nothing here: it leaves a line in a queue that has an end.
What does not fit in it, or cannot be written, is lost, and the log counts it. Nothing of what was
asked reaches the log: of a library's errors it has the kind alone, as their words may quote a line.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.answers import Reply
from app.journal.entry import Opinion, entry_of, new_id
from app.journal.journal import Journal, Line, now
from app.journal.recording import Verdict
from app.journal.waiting import Waiting
from ingest.errors import ChartisteError

logger = logging.getLogger("chartiste.journal")

_WAITING = 2_000  # lines in the queue: minutes of a busy server
_TOGETHER = 200  # lines written in one transaction
_HOUR = 3_600.0  # seconds between two purges
_PAUSES = (1.0, 5.0, 30.0)  # seconds before a database that failed is tried again
_PATIENCE = 3.0  # seconds given to what is still to be written when the server stops
_TOLD_EVERY = 60.0  # seconds between two lines of the log on what is lost


@dataclass(frozen=True, slots=True)
class _Asked:
    """A reply on its way to the journal, masked by the thread that writes it."""

    id: str
    at: datetime
    reply: Reply


class Recorder:
    """Writes to a journal from a thread of its own; safe to use from several threads.

    One that does not ``keep`` only purges what is left of a journal that was switched off.
    """

    def __init__(
        self,
        journal: Journal,
        keep: bool = True,
        size: int = _WAITING,
        pauses: Sequence[float] = _PAUSES,
        every: float = _HOUR,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._journal = journal
        self._keep = keep
        self._queue = Waiting[_Asked | Opinion](size)
        self._pauses = tuple(pauses)
        self._every = every
        self._clock = clock
        self._ready = not keep  # the tables of a journal that is off are others' to make
        self._failures = self._alone = 0
        self._unwritten = self._told = 0
        self._told_at = -_TOLD_EVERY
        self._purge_at = time.monotonic()
        self._thread = threading.Thread(target=self._work, name="chartiste-journal", daemon=True)
        self._thread.start()

    def reply(self, reply: Reply) -> str:
        """Keep a reply; its id, empty when it is not taken."""
        if not self._keep:
            return ""
        asked = _Asked(new_id(), self._clock(), reply)
        return asked.id if self._queue.put(asked) else ""

    def opinion(self, id: str, verdict: Verdict, reason: str) -> None:
        """Keep an opinion on the reply of that id."""
        if self._keep:
            self._queue.put(Opinion(id, verdict, reason))

    @property
    def lost(self) -> int:
        """How many lines are lost since the start."""
        return self._unwritten + self._queue.refused

    def flush(self, seconds: float = _PATIENCE) -> bool:
        """Wait until what was taken is written; False when it is not in that time."""
        return self._queue.flush(seconds)

    def close(self, seconds: float = _PATIENCE) -> None:
        """Write what is left, for a while, and stop; what is not written then is lost."""
        self._queue.close()
        self._thread.join(seconds)
        self._unwritten += len(self._queue)
        self._tell_losses(at_once=True)

    # What follows runs in the thread.

    def _work(self) -> None:
        while True:
            if time.monotonic() >= self._purge_at:
                self._purge()
            most = 1 if self._alone else _TOGETHER
            lines = self._queue.next(most, self._purge_at - time.monotonic())
            try:
                self._queue.done(self._written(lines))
                self._failures = 0
                if self._queue.closed and not lines:
                    return
            except ChartisteError as error:
                if self._queue.closed:
                    return
                self._rest(error)
            self._tell_losses()

    def _written(self, lines: list[_Asked | Opinion]) -> int:
        """How many of the first lines are dealt with, for good or ill.

        None when the database takes all but one of them: they come again, one by one.

        Raises:
            RecordsError: the database cannot be used for now.
        """
        if not lines:
            return 0
        self._prepare()
        try:
            self._journal.keep([_line(one) for one in lines])
        except ChartisteError:
            raise
        except Exception as error:
            if len(lines) > 1:
                self._alone = len(lines)
                return 0
            self._unwritten += 1
            _tell("a line of the journal could not be written", error)
        self._alone = max(0, self._alone - 1)
        return len(lines)

    def _rest(self, error: ChartisteError) -> None:
        """Leave a database that failed alone, longer each time; its file may have been deleted."""
        if not self._failures:
            _tell("the journal cannot be written", error)
        self._ready = not self._keep
        self._failures += 1
        self._queue.rest(self._pauses[min(self._failures, len(self._pauses)) - 1])

    def _purge(self) -> None:
        self._purge_at = time.monotonic() + self._every
        try:
            self._prepare()
            self._journal.purge()
        except Exception as error:
            self._purge_at = time.monotonic() + min(self._every, _TOLD_EVERY)
            self._ready = not self._keep
            _tell("the journal could not be purged", error)

    def _prepare(self) -> None:
        if not self._ready:
            self._journal.prepare()
            self._ready = True

    def _tell_losses(self, at_once: bool = False) -> None:
        lost = self.lost
        if lost > self._told and (at_once or time.monotonic() - self._told_at >= _TOLD_EVERY):
            logger.error("lines of the journal lost since the start: %d", lost)
            self._told, self._told_at = lost, time.monotonic()


def _line(one: _Asked | Opinion) -> Line:
    return entry_of(one.reply, one.id, one.at) if isinstance(one, _Asked) else one


def _tell(what: str, error: Exception) -> None:
    """A line of the log; an error's own sentence only where it is ours."""
    ours = isinstance(error, ChartisteError)
    logger.error("%s: %s", what, error if ours else type(error).__name__)
