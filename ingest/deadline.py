"""The time one document may take, and what cuts a server that makes it last."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Deadline:
    """A number of seconds from now on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left; none is zero."""
        return max(0.0, self._end - time.monotonic())

    @property
    def passed(self) -> bool:
        return self.left == 0.0

    def extend(self, seconds: float) -> None:
        """Put it off, by time that was not spent on the document."""
        self._end += seconds

    @contextmanager
    def cutting(self) -> Iterator[Callable[[socket.socket], None]]:
        """Gives a function that takes a connection, which is shut down at the deadline.

        A read timeout bounds the wait for one byte, not for all of them: a server that sends one
        byte a second needs this.
        """
        armed: list[tuple[threading.Timer, socket.socket]] = []

        def cut(connection: socket.socket) -> None:
            # A copy: TLS takes the original over while it greets.
            copy = connection.dup()
            timer = threading.Timer(self.left, _shut_down, [copy])
            timer.daemon = True
            timer.start()
            armed.append((timer, copy))

        try:
            yield cut
        finally:
            for timer, copy in armed:
                timer.cancel()
                timer.join()
                copy.close()


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)
