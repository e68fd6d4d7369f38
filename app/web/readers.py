"""Who still reads an answer: what writes it is told when its visitor has left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Readers:
    """The answers being written, by the session of their visitor. Safe to use from threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._written: dict[str, set[Event]] = {}

    def __len__(self) -> int:
        return len(self._written)

    @contextmanager
    def reading(self, session: str) -> Iterator[Event]:
        """While an answer is written; what it gives is set when the session's visitor leaves."""
        left = Event()
        with self._lock:
            self._written.setdefault(session, set()).add(left)
        try:
            yield left
        finally:
            with self._lock:
                self._written[session].discard(left)
                if not self._written[session]:
                    del self._written[session]

    def leave(self, session: str) -> None:
        """Nobody reads the answers of this session any more."""
        with self._lock:
            for left in self._written.get(session, ()):
                left.set()
