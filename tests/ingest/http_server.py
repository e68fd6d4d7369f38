"""A real web server on loopback whose pages a test writes, and a socket nobody may reach.

::

    with Site() as site:
        site.pages["/"] = Reply("<p>Bonjour</p>")
        site.pages["/ici"] = Reply(status=301, headers={"Location": "/"})
        site.pages["/lent"] = lambda request: request.wfile.write(b"...")
        fetcher.fetch(site.url("/"))      # http://site.example:PORT/
        site.asked                        # what was asked, in order

``site.example`` and its like lead to loopback once :func:`lead_to_loopback` was called.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

from ingest.address import Access

HOST = "site.example"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Reply:
    """A canned answer; the type is HTML and the length is told unless ``headers`` say otherwise.

    A header that is None is not sent.
    """

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A request that came: when (monotonic seconds), for what, with which headers."""

    at: float
    path: str
    headers: Mapping[str, str]


Answer = Reply | Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the page of its path; 404 when there is none."""

    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        site.asked.append(Asked(time.monotonic(), self.path, dict(self.headers.items())))
        answer = site.pages.get(self.path, Reply("absent", 404))
        with contextlib.suppress(OSError):  # the client left
            if isinstance(answer, Reply):
                self.reply(answer)
            else:
                answer(self)

    def reply(self, reply: Reply) -> None:
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        headers: dict[str, str | None] = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
        }
        self.head(reply.status, headers | dict(reply.headers))
        self.wfile.write(body)

    def head(self, status: int, headers: Mapping[str, str | None]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None: ...


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None: ...


class Site:
    """The server, running while in use; ``asked`` and ``pages`` may be read and written.

    ``tls`` is the path of a file with a certificate and its key; ``names`` are those that clients
    ask for in TLS.
    """

    def __init__(self, host: str = HOST, tls: Path | None = None) -> None:
        self.host = host
        self.pages: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.names: list[str | None] = []
        self._scheme = "http"
        self._server = _Server((LOOPBACK, 0), Handler)
        self._server.site = self
        if tls:
            self._scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            context.sni_callback = lambda _, name, __: self.names.append(name)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str = "/") -> str:
        return f"{self._scheme}://{self.host}:{self.port}{path}"

    @property
    def access(self) -> Access:
        """What lets a fetcher ask this site, and it alone."""
        return Access.of(self.host, private=True, ports={self.port})

    @property
    def paths(self) -> list[str]:
        """What was asked but ``robots.txt``."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]


class Canary:
    """A listening socket of loopback that counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server((LOOPBACK, 0), backlog=64)
        self._socket.settimeout(0.01)
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def visits(self) -> int:
        """How many connections came since it was last asked."""
        count = 0
        with contextlib.suppress(TimeoutError):
            while True:
                self._socket.accept()[0].close()
                count += 1
        return count


def lead_to_loopback(patch: pytest.MonkeyPatch, **elsewhere: str) -> list[str]:
    """Names ending in ``.example`` lead to loopback, the others nowhere; gives those looked up.

    ``elsewhere`` gives the address of some names, with ``_`` for a dot.
    """
    known = {name.replace("_", "."): address for name, address in elsewhere.items()}
    looked_up: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        looked_up.append(host)
        if host in known:
            return [known[host]]
        if host.endswith(".example") or host == LOOPBACK:
            return [LOOPBACK]
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    patch.setattr("ingest.address.look_up", look_up)
    return looked_up
