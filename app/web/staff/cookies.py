"""The cookies of the staff: which name and flags a browser takes at this address.

Where the assistant has the whole site, names begin with ``__Host-``: no other site, not even a
neighbour, can have set them. Below a prefix they begin with ``__Secure-`` and are sent there alone.
They are ``Secure``, but for a browser that opens ``http://localhost`` or ``127.0.0.1`` to try the
server on its own machine. The browser itself says so, by the ``Origin`` of the form: what a proxy
makes of the request does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of a server below ``prefix``, which is empty where it has the whole site."""

    prefix: str

    def read(self, request: Request, name: str) -> str:
        """What the browser sent, empty for nothing."""
        found = request.cookies.get(self._secure(name), "")
        return found or (request.cookies.get(name, "") if _looks_tried(request) else "")

    def write(
        self,
        response: Response,
        name: str,
        value: str,
        tried: bool,
        same_site: Literal["strict", "lax"] = "strict",
        seconds: int | None = None,
    ) -> None:
        """Have the browser keep it, until it is closed or for some ``seconds``.

        ``tried`` is :func:`is_tried`: over plain http, on this machine.
        """
        response.set_cookie(
            name if tried else self._secure(name),
            value,
            max_age=seconds,
            path=self.prefix or "/",
            secure=not tried,
            httponly=True,
            samesite=same_site,
        )

    def forget(self, response: Response, name: str) -> None:
        """Have the browser drop it."""
        for shown in (self._secure(name), name):
            secure = shown != name
            response.delete_cookie(
                shown, self.prefix or "/", secure=secure, httponly=True, samesite="strict"
            )

    def _secure(self, name: str) -> str:
        return f"{'__Secure-' if self.prefix else '__Host-'}{name}"


def is_own_machine(origin: str) -> bool:
    """Whether it is plain http to this very machine, where nobody is in between."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme == "http" and _is_loopback(parts.hostname or "")


def is_open_http(origin: str) -> bool:
    """Whether it is plain http to another machine: browsers drop secure cookies there."""
    return origin.startswith("http://") and not is_own_machine(origin)


def is_tried(request: Request) -> bool:
    """Whether the browser opens the server on its own machine, over plain http.

    Its origin says so, where it is sent; else the address, when no proxy was in between.
    """
    origin = request.headers.get("origin", "null")
    if origin != "null":
        return is_own_machine(origin)
    return _looks_tried(request)


def _looks_tried(request: Request) -> bool:
    passed = any(name in request.headers for name in _FORWARDED)
    return not passed and is_own_machine(f"{request.url.scheme}://{request.headers.get('host')}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
