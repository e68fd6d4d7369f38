"""A language model's server on loopback that speaks OpenAI's protocol, and Ollama's, on order.

::

    with ChatServer() as server:
        server.enqueue("Elle a deux objectifs [1].", "500", lambda asked: asked.last[:20])
        ...                       # CHARTISTE_MODEL=openai:faux CHARTISTE_MODEL_URL=<server.url>
        server.asked              # what was asked, in order

Each request takes the next thing in the queue, then ``server.answer`` again and again: a text, one
of ``FAULTS``, or a function of what was asked that gives one of them. ``server.url`` with a fault
gives the address that shows it: three of them are in the address.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

# What goes wrong before a request comes.
ADDRESSES = ("refused", "dns", "tls")
FAULTS = (
    *ADDRESSES,
    "hang",  # takes the connection, and never says a word
    "401",
    "404",
    "429",
    "429-later",  # with Retry-After
    "500",
    "503",
    "html",
    "malformed",
    "no-choices",
    "cut",
    "slow",  # one byte a second
    "endless",
    "token",  # of ten megabytes
    "encoding",
    "null",
)
# Not in the list, and seen all the same.
RARER = ("unfinished", "surrogate", "redirect", "gzip", "headers", "error-event", "empty-json")


@dataclass(frozen=True)
class Asked:
    """A request that came: when (monotonic seconds), for what, with which headers and body."""

    at: float
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def prompt(self) -> str:
        """All messages, one after the other."""
        return "\n".join(str(one["content"]) for one in self.body["messages"])

    @property
    def last(self) -> str:
        """The last message."""
        return str(self.body["messages"][-1]["content"])


Answer = str | Callable[[Asked], str]


class ChatServer:
    """The server, running while in use.

    ``delay`` is the seconds before the first piece of a text, ``pause`` those before each other,
    ``piece`` its characters, or 0 for a word; ``sent`` is when each piece of the last text was
    about to leave (monotonic seconds), with all of the text up to its end; ``retry_after`` what
    429-later asks for; ``elsewhere`` where a redirect leads.
    """

    def __init__(self, answer: Answer = "Bonjour [1].") -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.delay = self.pause = 0.0
        self.piece = 4
        self.sent: list[tuple[float, str]] = []
        self.retry_after = "60"
        self.elsewhere = ""
        self.open_connections = 0
        self.gone = threading.Event()
        self._queue: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.chat = self
        self.port: int = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gone.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, fault: str = "") -> str:
        """The address of the API, or the one that shows a fault; all requests then do."""
        if fault and fault not in ADDRESSES:
            self.answer = fault
        match fault:
            case "refused":
                return f"http://127.0.0.1:{_closed_port()}/v1"
            case "dns":
                return "http://modele.invalid/v1"
            case "tls":
                return f"https://127.0.0.1:{self.port}/v1"
            case _:
                return f"http://127.0.0.1:{self.port}/v1"

    def enqueue(self, *answers: Answer) -> None:
        """What the next requests get, one each."""
        self._queue.extend(answers)

    def next(self, asked: Asked) -> str:
        """The text or the fault of a request, which is taken note of."""
        with self._lock:
            self.asked.append(asked)
            answer = self._queue.popleft() if self._queue else self.answer
        return answer if isinstance(answer, str) else answer(asked)

    def count(self, change: int) -> None:
        """One connection more, or less."""
        with self._lock:
            self.open_connections += change

    def wait_until_left(self, seconds: float = 5.0) -> bool:
        """Whether every client has gone within that time."""
        end = time.monotonic() + seconds
        while self.open_connections and time.monotonic() < end:
            time.sleep(0.01)
        return not self.open_connections


def _cut(text: str, size: int) -> list[str]:
    """Pieces of so many characters; words with the spaces in front of them when it is 0."""
    if not size:
        return re.findall(r"\s*\S+|\s+\Z", text)
    return [text[start : start + size] for start in range(0, len(text), size)]


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    chat: ChatServer

    def handle_error(self, request: Any, client_address: Any) -> None: ...


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle(self) -> None:
        self.server.chat.count(1)
        with contextlib.suppress(OSError):  # the client left
            super().handle()
        self.server.chat.count(-1)

    def do_GET(self) -> None:
        models = [{"id": "faux", "object": "model", "owned_by": "tests"}]
        self._json({"object": "list", "data": models} if self.path == "/v1/models" else {}, 200)

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(size) or b"{}")
        asked = Asked(time.monotonic(), self.path, dict(self.headers.items()), body)
        answer = self.server.chat.next(asked)
        self.close_connection = True
        if fault := getattr(self, f"_fault_{answer.replace('-', '_')}", None):
            fault(asked)
        elif answer.isdecimal() and len(answer) == 3:
            self._json({"error": {"message": f"no, {asked.headers}"}}, int(answer))
        elif self.path == "/api/chat":
            self._ollama(answer)
        elif not body.get("stream"):
            self._json(_completion(answer), 200)
        else:
            self._stream(_events(self._pieces(answer), asked))

    # Texts

    def _pieces(self, text: str) -> Iterator[str]:
        chat = self.server.chat
        chat.gone.wait(chat.delay)
        sent = chat.sent = []
        end = 0
        for piece in _cut(text, chat.piece):
            if end and chat.pause:
                chat.gone.wait(chat.pause)
            end += len(piece)
            sent.append((time.monotonic(), text[:end]))
            yield piece

    def _ollama(self, text: str) -> None:
        self._head("application/x-ndjson")
        for piece in self._pieces(text):
            self._line({"message": {"role": "assistant", "content": piece}, "done": False})
        self._line({
            "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop",
            "prompt_eval_count": 10, "eval_count": 5,
        })  # fmt: skip
        self._chunk(b"")

    def _line(self, value: dict[str, Any]) -> None:
        self._chunk(json.dumps({"model": "faux", "created_at": "", **value}).encode() + b"\n")

    def _stream(self, events: Iterator[bytes], end: bool = True) -> None:
        self._head("text/event-stream")
        for event in events:
            self._chunk(event)
        if end:
            self._chunk(_DONE)
            self._chunk(b"")

    def _head(self, kind: str, **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _json(self, value: Any, status: int, **headers: str) -> None:
        self._whole(json.dumps(value).encode(), "application/json", status, **headers)

    def _whole(self, data: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    # Faults

    def _fault_hang(self, asked: Asked) -> None:
        self._until_left()

    def _fault_429_later(self, asked: Asked) -> None:
        self._json({"error": {}}, 429, Retry_After=self.server.chat.retry_after)

    def _fault_html(self, asked: Asked) -> None:
        self._whole(b"<!doctype html><title>Portail</title><p>Identifiez-vous.", "text/html")

    def _fault_malformed(self, asked: Asked) -> None:
        self._stream(iter([b'data: {"choices": [{"delta": {"content": "Bon\n\n']))

    def _fault_no_choices(self, asked: Asked) -> None:
        self._stream(iter([_event({"choices": []})] * 3))

    def _fault_cut(self, asked: Asked) -> None:
        self._stream(iter([*_events(iter(["Elle a ", "deux"]), asked)][:2]), end=False)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _fault_unfinished(self, asked: Asked) -> None:
        self._stream(iter([*_events(iter(["Elle a ", "deux"]), asked)][:2]), end=False)
        self._chunk(b"")

    def _fault_slow(self, asked: Asked) -> None:
        self._head("text/event-stream")
        for byte in b"".join(_events(iter(["Bonjour"] * 99), asked)):
            self._chunk(bytes([byte]))
            if self.server.chat.gone.wait(1.0):
                return

    def _fault_headers(self, asked: Asked) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 999:
            self.wfile.write(bytes([byte]))
            if self.server.chat.gone.wait(0.05):
                return

    def _fault_endless(self, asked: Asked) -> None:
        self._head("text/event-stream")
        while not self.server.chat.gone.is_set():
            self._chunk(_event({"choices": [_choice("encore ")]}) * 20)

    def _fault_token(self, asked: Asked) -> None:
        self._stream(iter([_event({"choices": [_choice("a" * 10_000_000)]})]))

    def _fault_encoding(self, asked: Asked) -> None:
        told = json.dumps({"choices": [_choice("déjà créé")]}, ensure_ascii=False)
        self._stream(iter([f"data: {told}\n\n".encode("latin-1")]))

    def _fault_surrogate(self, asked: Asked) -> None:
        self._stream(_events(iter(["Bon\ud83d", "jour\x00 [1]."]), asked))

    def _fault_null(self, asked: Asked) -> None:
        self._stream(iter([_event({"choices": [_choice(None, "stop")]})]))

    def _fault_redirect(self, asked: Asked) -> None:
        self._whole(b"", "text/plain", 307, Location=self.server.chat.elsewhere)

    def _fault_gzip(self, asked: Asked) -> None:
        self._whole(b"", "text/event-stream", Content_Encoding="gzip")

    def _fault_error_event(self, asked: Asked) -> None:
        self._stream(iter([_event({"error": {"message": f"out of memory, {asked.headers}"}})]))

    def _fault_empty_json(self, asked: Asked) -> None:
        self._json({}, 200)

    def _until_left(self) -> None:
        """Wait for the client to go, or for the end."""
        self.connection.settimeout(0.02)
        while not self.server.chat.gone.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue

    def log_message(self, format: str, *args: Any) -> None: ...


_DONE = b"data: [DONE]\n\n"


def _choice(text: str | None, finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}


def _event(value: dict[str, Any]) -> bytes:
    whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "faux", **value}
    return f"data: {json.dumps(whole)}\n\n".encode()


def _events(pieces: Iterator[str], asked: Asked) -> Iterator[bytes]:
    count = 0
    for piece in pieces:
        count += 1
        yield _event({"choices": [_choice(piece)]})
    usage = {"prompt_tokens": 10, "completion_tokens": count, "total_tokens": 10 + count}
    if (asked.body.get("stream_options") or {}).get("include_usage"):
        yield _event({"choices": [_choice("", "stop")]})
        yield _event({"choices": [], "usage": usage})
    else:  # as Mistral's does
        yield _event({"choices": [_choice("", "stop")], "usage": usage})


def _completion(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return {"id": "1", "object": "chat.completion", "model": "faux", "choices": [choice],
            "usage": usage}  # fmt: skip
