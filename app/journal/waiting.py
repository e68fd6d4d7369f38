"""A queue with an end: who puts something in never waits, and is told when it does not fit."""

from __future__ import annotations

import threading
from collections import deque
from itertools import islice
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Waiting(Generic[Thing]):
    """Things on their way from several threads to one; they leave it once they are dealt with."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: deque[Thing] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._refused = 0

    def put(self, thing: Thing) -> bool:
        """Whether it was taken; it is not when the queue is full, or closed."""
        with self._changed:
            taken = not self._closed and len(self._things) < self._size
            if taken:
                self._things.append(thing)
                self._changed.notify_all()
            else:
                self._refused += 1
            return taken

    def next(self, most: int, seconds: float) -> list[Thing]:
        """The first things, waited for; none when the time is up or the queue closed empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._things or self._closed, max(seconds, 0.0))
            return list(islice(self._things, most))

    def done(self, count: int) -> None:
        """The first things are dealt with."""
        with self._changed:
            for _ in range(min(count, len(self._things))):
                self._things.popleft()
            self._changed.notify_all()

    def rest(self, seconds: float) -> None:
        """Wait, less long if it is closed meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, seconds)

    def flush(self, seconds: float) -> bool:
        """Wait until it is empty; False when it is not in that time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._things, seconds)

    def close(self) -> None:
        """Take nothing more; what is in it stays to be dealt with."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether nothing more is taken."""
        return self._closed

    @property
    def refused(self) -> int:
        """How many things were not taken."""
        return self._refused

    def __len__(self) -> int:
        return len(self._things)
