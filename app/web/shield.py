"""The headers of every response: what a browser may do with it, errors included.

A page's policy names a nonce of its own. Only the Gate writes it, in Gradio's page: a script that
came with a source's text has none, and the policy stops it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.policies import Policy, policy_of
from app.web.problems import inner_path

NONCE = "chartiste.nonce"  # its name in the scope of a request
# Of these, none is of use to a page that shows text; copying to the clipboard stays allowed.
_NO_USE = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
)  # fmt: skip
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": ", ".join(f"{name}=()" for name in _NO_USE),
}


class Shield:
    """Adds the headers, and gives each request its nonce, as ``scope["chartiste.nonce"]``."""

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        self._origins = tuple(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy, nonce = policy_of(inner_path(scope)), secrets.token_urlsafe(16)

        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                html = headers.get("content-type", "").startswith("text/html")
                headers.update(dict(self._headers(policy, html, nonce)))
                if message["status"] == 304:  # what the browser kept has its own policy
                    del headers["content-security-policy"]
                message = {**message, "headers": headers.raw}
            await send(message)

        await self._app({**scope, NONCE: nonce}, receive, shielded)

    def _headers(self, policy: Policy, html: bool, nonce: str) -> Iterator[tuple[str, str]]:
        yield from _ALWAYS.items()
        if policy.private:
            yield "cache-control", "no-store"
            # With no referrer at all, browsers do not say from which of our pages a form comes.
            yield "referrer-policy", "same-origin"
        # Without allowed origins, what is framed is framed by our own pages alone.
        framers = " ".join(("'self'", *self._origins)) if policy.framed else "'none'"
        yield "content-security-policy", page_csp(nonce, framers) if html else DATA_CSP
        if not policy.framed:
            yield "x-frame-options", "DENY"
            if html:
                yield "cross-origin-opener-policy", "same-origin"
        elsewhere = policy.embedded or policy.framed
        yield "cross-origin-resource-policy", "cross-origin" if elsewhere else "same-origin"


DATA_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"


def page_csp(nonce: str, framers: str) -> str:
    """The policy of a page: scripts of ours by file or by nonce, and nothing of a third party.

    Styles may stand in the page: Gradio's components write theirs there.
    """
    rules = (
        "default-src 'none'",
        f"script-src 'self' 'nonce-{nonce}'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        f"frame-ancestors {framers}",
    )
    return "; ".join(rules)
