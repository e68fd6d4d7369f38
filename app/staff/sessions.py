"""Browsers that are logged in: what their cookie says is kept as a digest alone.

A session ends after two hours without a page, after twelve hours in any case, when it is closed,
and with all the others of its account when its password changes or it is disabled.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, joinedload

from app.records.database import Database
from app.records.tables import AccountRow, SessionRow
from app.staff.person import Person
from ingest.errors import RecordsError

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
_SEEN = timedelta(minutes=1)  # how often at most a session's last page is written down
_TOKEN = 32  # bytes

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Login:
    """A session that is open: whose it is, and the token that its forms send back."""

    person: Person
    account: int
    csrf: str
    key: str  # the digest of its cookie's token


class Sessions:
    """The sessions that are open. Safe to use from several threads and processes."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def open(self, account: int, password_hash: str | None) -> str | None:
        """The token of a new session, shown this once; None when it may not be opened any more.

        ``password_hash`` is what was verified: an account whose password has changed since, or
        that was disabled or deleted, gets none.
        """
        at = self._clock()
        token = secrets.token_urlsafe(_TOKEN)
        with self._database.begin() as session:
            _purge(session, at)
            row = session.get(AccountRow, account, with_for_update=True)
            if row is None or row.disabled or row.password_hash != password_hash:
                return None
            session.add(
                SessionRow(
                    token_hash=digest(token),
                    account_id=account,
                    csrf=secrets.token_urlsafe(_TOKEN),
                    created=at,
                    seen=at,
                    expires=at + LONGEST,
                )
            )
        return token

    def find(self, token: str) -> Login | None:
        """The session of a token, if it is open and its account may still enter."""
        at, key = self._clock(), digest(token)
        with self._database.read() as session:
            row = session.scalar(
                select(SessionRow)
                .where(SessionRow.token_hash == key)
                .options(joinedload(SessionRow.account))
            )
        if row is None or row.expires <= at or row.seen + IDLE <= at or row.account.disabled:
            return None
        if row.seen + _SEEN <= at:
            self._touch(key, at)
        return Login(Person(row.account.name, row.account.role), row.account_id, row.csrf, key)

    def close(self, login: Login) -> None:
        """End this session."""
        with self._database.begin() as session:
            session.execute(delete(SessionRow).where(SessionRow.token_hash == login.key))

    def close_all(self, account: int) -> None:
        """End every session of an account."""
        with self._database.begin() as session:
            end_sessions(session, account)

    def _touch(self, key: str, at: datetime) -> None:
        try:
            with self._database.begin() as session:
                row = session.get(SessionRow, key)
                if row is not None:
                    row.seen = at
        except RecordsError:  # a database that is busy keeps nobody from a page
            pass


def end_sessions(session: Session, account: int) -> None:
    """End every session of an account, in the transaction that changes it."""
    session.execute(delete(SessionRow).where(SessionRow.account_id == account))


def digest(token: str) -> str:
    """What is kept of a token. It is random, so that a plain digest cannot be undone."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _purge(session: Session, at: datetime) -> None:
    over = or_(SessionRow.expires <= at, SessionRow.seen <= at - IDLE)
    session.execute(delete(SessionRow).where(over))
