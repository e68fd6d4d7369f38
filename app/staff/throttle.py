"""What slows guessing down: after a few wrong passwords, waits that grow to a quarter of an hour.

A try is counted before its password is looked at, so that a hundred at once are a hundred, and
one that comes too early is refused whatever it says, and not counted. Counted are the account (a
name that exists or not), the address, and neither for a browser in which this account has logged
in before: it has a count of its own. So a stranger cannot lock an account for good: a wait ends,
at most fifteen minutes later; the person's own browser does not wait at all; and
``chartiste staff password`` forgets the wait.

Names and addresses are kept as keyed digests, and forgotten a day after the last wrong password.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.records.database import Database
from app.records.tables import AttemptRow, folded
from app.staff.sessions import Clock, now

_FREE = {"account": 5, "address": 20, "browser": 5, "session": 5}  # wrong ones without a wait
FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=15)
REMEMBERED = timedelta(days=1)
_KEPT = 20_000  # counts; those that nobody waits for are forgotten first


@dataclass(frozen=True, slots=True)
class Try:
    """One try to log in, by the keys that it counts for."""

    keys: tuple[str, ...]


class Throttle:
    """The counts of wrong passwords. Safe to use from several threads and processes."""

    def __init__(self, database: Database, secret: bytes, clock: Clock = now) -> None:
        self._database = database
        self._secret = secret
        self._clock = clock

    def login(self, name: str, address: str | None, browser: str = "") -> Try:
        """A try to log in as ``name`` from an ``address``, by a ``browser`` that has its mark.

        Without an address (that of a proxy which no setting names) the account alone counts.
        """
        if self._is_marked(name, browser):
            return Try((f"browser:{self._digest('browser', browser)}",))
        keys: tuple[str, ...] = (self._account(name),)
        if address is not None:
            keys += (f"address:{self._digest('address', address)}",)
        return Try(keys)

    def within(self, session: str) -> Try:
        """A try to say one's own password within a session."""
        return Try((f"session:{session}",))

    def begin(self, attempt: Try) -> int:
        """0 when the try may be made, which is counted as a wrong one; else the seconds to wait."""
        for _ in attempt.keys:
            with suppress(IntegrityError):  # another's first try, at the same time
                return self._begin(attempt)
        return self._begin(attempt)

    def succeeded(self, attempt: Try) -> None:
        """Forget the wrong ones of the account, and this one of the address."""
        self._uncount(attempt, one_of="address:")

    def given_up(self, attempt: Try) -> None:
        """Forget this one alone: nobody could look at its password."""
        self._uncount(attempt, one_of="")

    def _uncount(self, attempt: Try, one_of: str) -> None:
        """Forget the tries of the keys; one try alone of those that begin so."""
        with self._database.begin() as session:
            for key in attempt.keys:
                row = session.get(AttemptRow, key, with_for_update=True)
                if row is None:
                    continue
                if not key.startswith(one_of) or row.failures <= 1:
                    session.delete(row)
                else:
                    row.failures -= 1
                    row.until = self._clock()

    def forget(self, name: str) -> None:
        """Let the account of ``name`` try again at once."""
        with self._database.begin() as session:
            session.execute(delete(AttemptRow).where(AttemptRow.key == self._account(name)))

    def mark(self, name: str) -> str:
        """What a browser keeps once ``name`` has logged in by it: it counts on its own."""
        number = secrets.token_urlsafe(16)
        return f"{number}.{self._digest('mark', folded(name), number)}"

    def _begin(self, attempt: Try) -> int:
        at = self._clock()
        with self._database.begin() as session:
            _purge(session, at)
            rows = [_row(session, key, at) for key in attempt.keys]
            wait = max((row.until - at for row in rows), default=timedelta())
            if wait > timedelta():
                return math.ceil(wait.total_seconds())
            for row in rows:
                row.failures += 1
                row.until = at + _wait(row.failures - _FREE[row.key.partition(":")[0]])
        return 0

    def _is_marked(self, name: str, browser: str) -> bool:
        number, _, given = browser.partition(".")
        wanted = self._digest("mark", folded(name), number)
        return hmac.compare_digest(given.encode(), wanted.encode())

    def _account(self, name: str) -> str:
        return f"account:{self._digest('account', folded(name))}"

    def _digest(self, *parts: str) -> str:
        said = "\0".join(parts).encode("utf-8", "replace")
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()


def _wait(beyond: int) -> timedelta:
    """How long to wait after that many wrong ones ``beyond`` the free ones: each doubles it."""
    if beyond <= 0:
        return timedelta()
    return min(FIRST * (1 << min(beyond - 1, 20)), LONGEST)


def _row(session: Session, key: str, at: datetime) -> AttemptRow:
    row = session.get(AttemptRow, key, with_for_update=True)
    if row is None:
        row = AttemptRow(key=key, failures=0, until=at)
        session.add(row)
        session.flush()
    return row


def _purge(session: Session, at: datetime) -> None:
    """Forget what is a day old, and the oldest where there is too much."""
    session.execute(delete(AttemptRow).where(AttemptRow.until < at - REMEMBERED))
    count = session.scalar(select(func.count()).select_from(AttemptRow)) or 0
    if count > _KEPT:
        oldest: Iterable[str] = session.scalars(
            select(AttemptRow.key).order_by(AttemptRow.until).limit(count - _KEPT)
        ).all()
        session.execute(delete(AttemptRow).where(AttemptRow.key.in_(oldest)))
