"""The connection of one question to a model's server: what is sent, how much may come, its end.

A read timeout bounds the wait for one byte, not for all of them, and closing a connection does not
wake the thread that reads it. So each connection is kept at hand, and shut down when its time has
passed or when nobody wants the answer any more.

The hooks are those of an httpx client, of either of its generations.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from typing import Any

from ingest.deadline import Deadline

_SENT = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
    "host", "user-agent",
}  # fmt: skip
_CONNECT = 5.0  # seconds

_current: ContextVar[Line | None] = ContextVar("line", default=None)


class TooLong(Exception):
    """More came than a text may hold."""


class Refused(Exception):
    """The server answered with a status or an encoding that brings no text."""


class Line:
    """A question's connections for at most ``seconds``, over which ``limit`` bytes may come.

    ``status`` and ``retry_after`` are what the server answered, once it did. All but
    :meth:`in_use` may be called from any thread.
    """

    def __init__(self, seconds: float, limit: int) -> None:
        self._deadline = Deadline(seconds)
        self._left = limit
        self._lock = threading.Lock()
        self._copies: list[socket.socket] = []
        self.is_cut = False
        self.status: int | None = None
        self.retry_after: str | None = None

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Make it that of this thread's requests; its connections are forgotten at the end."""
        timer = threading.Timer(self._deadline.left, self.cut)
        timer.daemon = True
        timer.start()
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)
            timer.cancel()
            with self._lock:
                for copy in self._copies:
                    copy.close()
                self._copies.clear()

    def cut(self) -> None:
        """End every connection, now and to come: who reads them gets an error at once."""
        with self._lock:
            self.is_cut = True
            for copy in self._copies:
                _shut_down(copy)

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """What the client tells of its progress; a new connection is taken in hand."""
        if event != "connection.connect_tcp.complete":
            return
        # A copy: TLS takes the original over while it greets.
        copy = info["return_value"].get_extra_info("socket").dup()
        with self._lock:
            self._copies.append(copy)
            if self.is_cut:
                _shut_down(copy)

    def timeouts(self) -> dict[str, float]:
        """What is left for each step of a request, in seconds."""
        left = max(self._deadline.left, 0.01)
        return {"connect": min(left, _CONNECT), "read": left, "write": left, "pool": left}

    def count(self, size: int) -> None:
        """Take note of the bytes that came.

        Raises:
            TooLong: they are more than may come.
        """
        self._left -= size
        if self._left < 0:
            raise TooLong


def hooks(key: str) -> dict[str, list[Callable[[Any], None]]]:
    """The ``event_hooks`` of a client whose requests carry ``key`` and go over a line."""

    def sending(request: Any) -> None:
        """Send what the request needs: the libraries add the machine's system and versions, and
        headers from variables that are meant for other programs."""
        for name in [name for name in request.headers if name.lower() not in _SENT]:
            del request.headers[name]
        request.headers["User-Agent"] = "chartiste"
        request.headers["Accept-Encoding"] = "identity"
        # A kept connection would be out of hand when the next question takes it.
        request.headers["Connection"] = "close"
        request.headers["Authorization"] = f"Bearer {key}"
        if not key:
            del request.headers["Authorization"]
        if line := _current.get():
            request.extensions["trace"] = line.trace
            request.extensions["timeout"] = line.timeouts()

    def received(response: Any) -> None:
        line = _current.get()
        if line is None:
            return
        line.status = response.status_code
        line.retry_after = response.headers.get("retry-after")
        encoding = response.headers.get("content-encoding", "identity")
        if response.status_code != 200 or encoding != "identity":
            response.close()
            raise Refused
        response.stream = _counted(_base(response.stream))(response.stream, line)

    return {"request": [sending], "response": [received]}


def _base(stream: Any) -> type:
    """The class that the client wants a stream to be of."""
    return next(kind for kind in type(stream).__mro__ if kind.__name__ == "SyncByteStream")


@cache
def _counted(base: Any) -> Any:
    class Counted(base):  # type: ignore[misc]
        """A stream whose bytes are counted."""

        def __init__(self, stream: Any, line: Line) -> None:
            self._stream, self._line = stream, line

        def __iter__(self) -> Iterator[bytes]:
            for data in self._stream:
                self._line.count(len(data))
                yield data

        def close(self) -> None:
            self._stream.close()

    return Counted


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)
