"""How much the server takes on: questions a minute, questions at once, requests left open.

What is too much gets a French 429 that says when to come back; ``/healthz`` is never refused.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import RATE
from app.web import texts
from app.web.buckets import Buckets
from app.web.policies import Policy, policy_of
from app.web.problems import answer, inner_path

_PAGES = 20  # other requests for one question: a first visit of the page makes about 55
AT_ONCE = 256  # questions being answered or waiting: about five seconds of work of two cores
# Answered together; the others wait their turn without a thread, in the order they came. More
# threads than cores keep the event loop from its turn (docs/load.md tells how long), but an
# answer that a language model writes is mostly waited for.
QUOTED, WRITTEN = 2 * (os.cpu_count() or 1), 32
OPEN, OPEN_EACH = 800, 100  # requests, open pages included: in all, and of one visitor
_SOON = 2.0  # seconds

Refused = tuple[texts.Text, float]  # the sentence and the seconds to wait


class Limits:
    """Refuses what is too much, before anything of it is read."""

    def __init__(
        self,
        app: ASGIApp,
        per_minute: int | None,
        total: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        rate = RATE if per_minute is None else per_minute
        self._app = app
        self._spare_own = per_minute is None
        self._questions = Buckets(rate, clock=clock)
        self._pages = Buckets(rate * _PAGES, clock=clock)
        self._total = Buckets(total, known=1, clock=clock)
        self._limited = rate > 0
        self._open: Counter[str] = Counter()
        self._asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        policy = policy_of(inner_path(scope)) if scope["type"] == "http" else None
        if policy is None or policy.rate == "free":
            await self._app(scope, receive, send)
            return
        visitor = visitor_of(scope)
        refused = self._refused("" if self._spare_own and is_own(visitor) else visitor, policy)
        if refused:
            text, wait = refused
            seconds = max(1, math.ceil(wait))
            told = texts.filled(text, seconds=seconds)
            response = answer(Request(scope), 429, told, {"Retry-After": str(seconds)})
            await response(scope, receive, send)
            return
        with self._counted(visitor, policy):
            await self._app(scope, receive, send)

    def _refused(self, visitor: str, policy: Policy) -> Refused | None:
        """Why a request is refused, the visitor's own limits first; an empty one has none."""
        asks = policy.rate == "question"
        if visitor and self._limited:
            if self._open[visitor] >= OPEN_EACH:
                return texts.TOO_OFTEN, _SOON
            if wait := (self._questions if asks else self._pages).wait(visitor):
                return texts.TOO_OFTEN, wait
        if self._open.total() >= OPEN or (asks and self._asked >= AT_ONCE):
            return texts.BUSY, _SOON
        if asks and (wait := self._total.wait("")):
            return texts.BUSY, wait
        return None

    @contextmanager
    def _counted(self, visitor: str, policy: Policy) -> Iterator[None]:
        asks = policy.rate == "question"
        self._open[visitor] += 1
        self._asked += asks
        try:
            yield
        finally:
            self._asked -= asks
            self._open[visitor] -= 1
            if not self._open[visitor]:
                del self._open[visitor]


class Turns:
    """Has a few questions answered together, the others waiting; what a body holds is read before.

    Otherwise whoever sends one byte a second would keep the turn of everyone.
    """

    def __init__(self, app: ASGIApp, together: int = QUOTED) -> None:
        self._app = app
        self._turns = asyncio.Semaphore(together)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and policy_of(inner_path(scope)).rate == "question":
            async with self._turns:
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def visitor_of(scope: Scope) -> str:
    """The address that counts: an IPv4 one, or the /64 of an IPv6 one, which is one household's.

    ``-`` where there is none: a Unix socket's client.
    """
    try:
        address = ip_address((scope.get("client") or ("",))[0].partition("%")[0])
    except ValueError:
        return "-"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return "::1" if address.is_loopback else f"{IPv6Address(int(address) >> 64 << 64)}/64"


def is_own(visitor: str) -> bool:
    """Whether it is this machine's: who runs it, or a proxy that no setting names.

    Limiting the latter like one visitor would refuse everyone who comes through it.
    """
    return visitor == "-" or ("/" not in visitor and ip_address(visitor).is_loopback)
