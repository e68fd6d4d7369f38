"""A circuit breaker: a server that keeps failing is left alone, and then tried by one question.

::

    closed --3 failures in a row--> open --its time passes--> one probe --success--> closed
                                     ^-----------failure, twice the time-----'
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 3  # in a row
REST = 30.0  # seconds, doubled after each probe that fails
LONGEST_REST = 600.0


class Breaker:
    """Says who may ask. Safe to use from several threads; ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rest = REST
        self._until: float | None = None  # when a probe may go; None while closed
        self._probing = False

    def admits(self) -> bool:
        """Whether to ask now. Who is admitted says what came of it, by one of the three below."""
        with self._lock:
            if self._until is None:
                return True
            if self._probing or self._clock() < self._until:
                return False
            self._probing = True
            return True

    def succeeded(self) -> None:
        """The server answered: all may ask it."""
        with self._lock:
            self._failures, self._rest = 0, REST
            self._until, self._probing = None, False

    def failed(self, wait: float | None = None) -> None:
        """The server failed; ``wait`` is how many seconds it asks to be left alone, if it does."""
        with self._lock:
            probed, self._probing = self._probing, False
            if self._until is not None and not probed:
                return  # asked before it opened: nothing new
            self._failures += 1
            if probed:
                self._rest = min(2 * self._rest, LONGEST_REST)
            opens = probed or self._failures >= FAILURES
            pause = max(self._rest if opens else 0.0, min(wait or 0.0, LONGEST_REST))
            if pause:
                self._until = self._clock() + pause

    def abandoned(self) -> None:
        """The question was given up before the server had shown anything: another may probe."""
        with self._lock:
            self._probing = False
