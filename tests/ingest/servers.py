"""Real servers on loopback for the tests: Chroma's own, and proxies that get in its way."""

from __future__ import annotations

import http.client
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ChromaServer:
    """``chroma run`` on a folder, always at one address; it can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--host", "127.0.0.1"]
        self._process = subprocess.Popen(
            [*command, "--path", str(self.folder), "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("chroma run did not start")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@contextmanager
def serving(handler: type[Any], context: Any = None) -> Iterator[str]:
    """A server of such requests, in a thread: its host and port. ``context``: TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def proxy(port: int, prefix: str = "", password: str = "") -> type[BaseHTTPRequestHandler]:
    """A proxy to a port that strips a prefix, and asks for ``password`` where one is given."""

    class Proxy(BaseHTTPRequestHandler):
        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if password and self.headers.get("authorization") != f"Basic {password}":
                return self.reply(401, b"")
            if not self.path.startswith(prefix):
                return self.reply(404, b"<h1>404</h1>")
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            path = self.path.removeprefix(prefix)
            connection.request(self.command, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            self.reply(answer.status, answer.read())
            connection.close()

        do_GET = do_POST = do_DELETE = forward

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    return Proxy


def always(status: int, body: bytes) -> type[BaseHTTPRequestHandler]:
    """What answers the same to everything."""

    class Always(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *_: object) -> None: ...

    return Always


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word: its host and port."""

    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            gone.wait(20)

    gone = threading.Event()
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        gone.set()
        server.shutdown()
        thread.join()
        server.server_close()
