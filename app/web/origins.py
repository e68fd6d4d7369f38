"""Pages of other sites: those of the allowed origins may ask the API, and nobody else may."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.policies import policy_of
from app.web.problems import answer, inner_path, sentence

_ASKED_BEFORE = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "600",
}


class OriginGuard:
    """Lets the allowed origins read what is shared; refuses the others, in French, all they ask.

    Neither cookies nor credentials are ever allowed.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        shared = policy_of(inner_path(scope)).shared
        origin = headers.get("origin", "")
        let_in = shared and origin in self._allowed
        if shared:
            send = _told(send, origin if let_in else "")
        if scope["method"] == "OPTIONS" and origin and "access-control-request-method" in headers:
            response = Response(None, 204, _ASKED_BEFORE) if let_in else _refusal(scope)
            await response(scope, receive, send)
        elif origin and not let_in and _asks(scope) and is_foreign(headers):
            await _refusal(scope)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _asks(scope: Scope) -> bool:
    """Whether it is work to answer; loading a page or a file of ours is not."""
    return scope["method"] not in ("GET", "HEAD") or inner_path(scope).startswith("/api/")


def is_foreign(headers: Headers) -> bool:
    """Whether a browser asks for another site's page, as it says itself, or as names tell."""
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    host = headers.get("origin", "").partition("://")[2]
    return host not in (headers.get("host"), headers.get("x-forwarded-host"))


def _refusal(scope: Scope) -> Response:
    return answer(Request(scope), 403, sentence(403, scope["method"]))


def _told(send: Send, origin: str) -> Send:
    """``send``, with what lets a page of ``origin`` read the response; of none when it is empty."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            headers.add_vary_header("Origin")
            if origin:
                headers["access-control-allow-origin"] = origin
                headers["access-control-expose-headers"] = "Retry-After"
            message = {**message, "headers": headers.raw}
        await send(message)

    return told
