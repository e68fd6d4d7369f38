"""The one fetcher: everything that ingestion asks of another machine is asked here.

Each address is checked, redirects and ``robots.txt`` included; a site is asked one thing at a
time, with a pause between two, and never for what its ``robots.txt`` withholds.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Self

from ingest import robots
from ingest.address import Access, Target, checked_url
from ingest.deadline import Deadline
from ingest.errors import FetchError, PageGone
from ingest.exchange import Answer, Exchange, Reader, Response, Unreachable
from ingest.headers import (
    READABLE,
    check_readable,
    conditions,
    content_encoding,
    content_length,
    location,
    media_type,
    retry_after,
    validators,
)
from ingest.in_order import in_order
from ingest.inflate import Inflater
from ingest.page import Limits, Page, Request, Unchanged, Validators
from ingest.robots import Robots
from ingest.turns import Turns

__all__ = ["Fetcher", "Limits", "Outcome", "Page", "Request", "Unchanged", "Validators"]

Outcome = Page | Unchanged | FetchError

_GIVES_A_PAGE = (200, 203)
_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_COME_BACK = (429, 503)


@dataclass(slots=True)
class _Site:
    """What was learnt of one origin: its rules, or why it may not be asked."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Robots | FetchError | None = None


def user_agent(contact: str = "") -> str:
    """How we present ourselves: ``Chartiste/0.1.0 (+contact)``; the contact may be left out."""
    try:
        release = version("chartiste")
    except PackageNotFoundError:  # run from a checkout that was never installed
        release = "0"
    shown = "".join(sign for sign in contact if " " <= sign <= "~" and sign not in "()\\").strip()
    return f"Chartiste/{release}" + (f" (+{shown})" if shown else "")


class Fetcher:
    """Asks for pages, within ``limits``, of the hosts that ``access`` names; threads may share it.

    ``agent`` is what :func:`user_agent` gives. ``tls`` says which certificates are trusted, by
    default those of certifi.
    """

    def __init__(
        self,
        access: Access,
        agent: str | None = None,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._access = access
        self._limits = limits or Limits()
        self._headers = {
            "User-Agent": agent or user_agent(),
            "Accept": ", ".join([*READABLE, "*/*;q=0.1"]),
            "Accept-Encoding": "gzip, deflate",
        }
        self._exchange = Exchange(self._limits.connect, tls, self._limits.at_once)
        self._turns = Turns(self._limits.at_once)
        self._sites: dict[str, _Site] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask for nothing any more."""
        self._exchange.close()

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[Outcome]:
        """The outcome of each request, in their order; a slow host holds up no other."""
        return in_order(list(requests), self._host, self._outcome, _weight)

    def _host(self, request: Request) -> str:
        try:
            return checked_url(request.url, self._access).host
        except FetchError:
            return ""

    def _outcome(self, request: Request) -> Outcome:
        try:
            return self.fetch(request.url, request.known)
        except FetchError as error:
            return error

    def fetch(self, url: str, known: Validators | None = None) -> Page | Unchanged:
        """The page at an address, or that it did not change since ``known``.

        Raises:
            PageGone: the site says it no longer exists.
            FetchError: it may not be asked, or does not answer with a page that can be read.
        """
        deadline = Deadline(self._limits.deadline)
        first = checked_url(url, self._access)
        asked_if = conditions(known)
        kept_at = known.url if known and known.url else first.url

        def ask(target: Target) -> Answer:
            pause = self._allowed(target, deadline)
            extra = asked_if if target.url == kept_at else {}
            return self._ask(target, pause, deadline, self._page_reader(target), extra)

        target, answer, for_good = self._follow(first, ask)
        if answer.status == 304 and asked_if and target.url == kept_at:
            return Unchanged(target.url, url, for_good)
        if answer.status not in _GIVES_A_PAGE:
            raise _refusal(answer.status)
        kind, charset = media_type(answer.headers)
        etag, modified = validators(answer.headers)
        return Page(target.url, url, for_good, answer.data, kind, charset, etag, modified)

    def _follow(
        self, target: Target, ask: Callable[[Target], Answer]
    ) -> tuple[Target, Answer, bool]:
        """Where redirects lead, the answer there, and whether there are some, all for good."""
        seen = {target.url}
        for_good = True
        answer = ask(target)
        while answer.status in _REDIRECTS:
            for_good = for_good and answer.status in _FOR_GOOD
            target = checked_url(location(answer.headers, target.url), self._access)
            if target.url in seen:
                raise FetchError("Les redirections de la page tournent en rond.")
            if len(seen) > self._limits.redirects:
                raise FetchError(f"La page est redirigée plus de {self._limits.redirects} fois.")
            seen.add(target.url)
            answer = ask(target)
        return target, answer, for_good and len(seen) > 1

    def _allowed(self, target: Target, deadline: Deadline) -> float:
        """The pause that a site wants between two requests, if it lets this page be asked."""
        with self._lock:
            site = self._sites.setdefault(target.origin, _Site())
        with site.lock:
            if site.rules is None:
                site.rules = self._robots(target, deadline)
        if isinstance(site.rules, FetchError):
            raise FetchError(str(site.rules)) from site.rules
        if not site.rules.allows(target.url):
            raise FetchError(
                "Le site demande, par son robots.txt, que cette page ne soit pas lue par un robot."
            )
        return max(self._limits.delay, min(site.rules.delay, self._limits.max_delay))

    def _robots(self, target: Target, deadline: Deadline) -> Robots | FetchError:
        """The rules of a site; none when it has no ``robots.txt``; or why they cannot be read."""

        def ask(target: Target) -> Answer:
            return self._ask(target, self._limits.delay, deadline, _read_robots, {})

        try:
            first = checked_url(f"{target.origin}/robots.txt", self._access)
            _, answer, _ = self._follow(first, ask)
        except FetchError as error:
            return FetchError(f"{error} (C'était pour robots.txt, à lire avant toute page.)")
        if answer.status in _GIVES_A_PAGE:
            return Robots(answer.data)
        if 400 <= answer.status < 500:
            return Robots()
        return FetchError(
            f"Le robots.txt du site répond par une erreur ({answer.status}) : tant qu'on ne sait "
            "pas ce que le site permet, aucune de ses pages n'est demandée."
        )

    def _ask(
        self,
        target: Target,
        pause: float,
        deadline: Deadline,
        read: Reader,
        extra: dict[str, str],
    ) -> Answer:
        """The answer of a site, asked again when none came or when it says to come back."""
        wait = self._limits.back_off
        for tries_left in range(self._limits.retries, -1, -1):
            try:
                with self._turns.turn(target.host, pause) as waited:
                    deadline.extend(waited)
                    headers = self._headers | extra
                    answer = self._exchange.ask(target, headers, deadline, read)
            except Unreachable:
                if not tries_left or wait >= deadline.left:
                    raise
            else:
                if answer.status not in _COME_BACK or not tries_left:
                    return answer
                wait = max(wait, retry_after(answer.headers, datetime.now(UTC)))
                if wait >= deadline.left:
                    return answer
            time.sleep(wait)
            wait *= 2
        raise AssertionError("the last try returns or raises")

    def _page_reader(self, target: Target) -> Reader:
        def read(response: Response) -> bytes:
            if response.status not in _GIVES_A_PAGE:
                return b""
            check_readable(media_type(response.headers)[0], target.path)
            encoding = content_encoding(response.headers)
            inflater = Inflater(encoding, self._limits.max_bytes, self._limits.max_ratio)
            inflater.expect(content_length(response.headers))
            for piece in response.pieces:
                inflater.feed(piece)
            return inflater.finish()

        return read


def _read_robots(response: Response) -> bytes:
    """The beginning of a ``robots.txt``: what is beyond its cap is not read."""
    if response.status not in _GIVES_A_PAGE:
        return b""
    inflater = Inflater(content_encoding(response.headers))
    for piece in response.pieces:
        inflater.feed(piece)
        if inflater.held >= robots.MAX_BYTES:
            return inflater.so_far()
    return inflater.finish()


def _refusal(status: int) -> FetchError:
    match status:
        case 404 | 410:
            return PageGone(f"La page n'existe plus sur le site ({status}).")
        case 401 | 402 | 403 | 407 | 451:
            return FetchError(f"Le site refuse l'accès à la page ({status}).")
        case 429:
            return FetchError("Le site demande d'aller moins vite (429) : relancez plus tard.")
        case 500 | 502 | 503 | 504:
            return FetchError(f"Le site est en panne ({status}) : relancez plus tard.")
        case _:
            return FetchError(f"Le site répond par le code {status}, qui ne donne pas de page.")


def _weight(outcome: Outcome) -> int:
    return len(outcome.data) if isinstance(outcome, Page) else 0
