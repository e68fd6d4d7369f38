"""Whose turn it is to ask: one request at a time per host, a pause between two, few in all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: float = float("-inf")  # when its last request ended


class Turns:
    """Shared by all the threads that ask; waiting for a host takes no place from the others."""

    def __init__(self, at_once: int) -> None:
        self._places = threading.Semaphore(at_once)
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, pause: float) -> Iterator[float]:
        """Hold a turn of ``host``, ``pause`` seconds after its last; gives the seconds waited."""
        begun = time.monotonic()
        with self._lock:
            state = self._hosts.setdefault(host, _Host())
        with state.lock:
            time.sleep(max(0.0, state.last + pause - time.monotonic()))
            with self._places:
                try:
                    yield time.monotonic() - begun
                finally:
                    state.last = time.monotonic()
