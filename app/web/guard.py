"""What stands before the routes: how long bodies are, and what of Gradio is reachable."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.policies import BODY, policy_of
from app.web.problems import answer, inner_path, sentence
from app.web.shield import NONCE
from app.web.texts import chosen

BODY_SECONDS = 10.0  # for all of it
# All that the assistant's page asks of Gradio; the rest (files, uploads, API pages) is closed.
_OPEN = re.compile(
    r"/(?:|theme\.css|(?:assets|static)/[\w./-]+|"
    r"gradio_api/(?:queue/(?:join|data)|heartbeat/\w+|reset|cancel|startup-events))\Z",
    re.ASCII,
)
_SCRIPT = re.compile(r"<script\b")
_WITH_BODY = {"POST", "PUT", "PATCH"}


class BodyGuard:
    """Refuses, unparsed, a body that is too long or too slow, and one of the API's not in JSON."""

    def __init__(self, app: ASGIApp, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY:
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                status, body = await _read(scope, receive)
        except TimeoutError:
            status, body = 408, b""
        if status:
            response = answer(Request(scope), status, sentence(status, scope["method"]))
            await response(scope, receive, send)
        else:
            await self._app(scope, _replayed(body, receive), send)


async def _read(scope: Scope, receive: Receive) -> tuple[int, bytes]:
    """The status of a refusal (0 when there is none) and the body."""
    headers, limit = Headers(scope=scope), await _limit(scope)
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:20]) > limit:
        return 413, b""
    if inner_path(scope).startswith("/api/") and not _is_json(headers.get("content-type", "")):
        return 415, b""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return 400, b""
        body += message.get("body", b"")
        if len(body) > limit:
            return 413, b""
        if not message.get("more_body", False):
            return 0, bytes(body)


async def _limit(scope: Scope) -> int:
    """How many bytes are read: of strangers, never more than a question has."""
    policy = policy_of(inner_path(scope))
    if policy.body <= BODY or not policy.private:
        return policy.body
    # What the staff's gate has put there: whether somebody is logged in.
    admits = getattr(scope["app"].state, "admits", None)
    inside = admits is not None and await run_in_threadpool(admits, Request(scope))
    return policy.body if inside else BODY


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and "+json" in kind)


def _replayed(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


class Gate:
    """Lets through to Gradio only what its page needs, and rewrites that page."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute], page: Callable[[str, str], str]):
        self._app = app
        self._routes = tuple(routes)
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = inner_path(scope)
        if not _OPEN.match(path) or ".." in path:
            raise self._refusal(scope)
        if path == "/":
            scope = _uncompressed(scope)
            nonce: str = scope.get(NONCE, "")
            language = chosen(Request(scope).query_params.get("lang"))
            send = Rewriter(send, lambda html: with_nonce(self._page(html, language), nonce))
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> HTTPException:
        methods: set[str] = set()
        for route in self._routes:
            if route.matches(scope)[0] is Match.PARTIAL:
                methods |= getattr(route, "methods", None) or set()
        if not methods:
            return HTTPException(404)
        return HTTPException(405, headers={"Allow": ", ".join(sorted(methods))})


def with_nonce(html: str, nonce: str) -> str:
    """Gradio's page with the nonce of its response on each script.

    What a source or a visitor wrote is not in it but as JSON, in which no ``<`` is left.
    """
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)


def _uncompressed(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}


class Rewriter:
    """Sends a response with its text, when it is HTML, passed through a function."""

    def __init__(self, send: Send, rewrite: Callable[[str], str]) -> None:
        self._send = send
        self._rewrite = rewrite
        self._start: dict[str, Any] | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if kind.startswith("text/html"):
                self._start = dict(message)
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)
            return
        await self._send(message)

    async def _finish(self, start: dict[str, Any]) -> None:
        body = self._rewrite(self._body.decode("utf-8")).encode("utf-8") if self._body else b""
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        headers["cache-control"] = "no-store"
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})
