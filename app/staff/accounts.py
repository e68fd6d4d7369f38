"""The accounts of the staff: who they are, what they may do, and how they prove who they are.

An account has a password, or the identity of a single sign-on. Of the latter, ``subject`` is
``issuer|sub``; until its first log-in it may be ``mailto:`` and the address that was invited.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.records.database import Database
from app.records.tables import AccountRow, folded
from app.staff.hashing import Hashing
from app.staff.passwords import fault_of
from app.staff.person import IMPORT, INGESTION, Role
from app.staff.sessions import Clock, end_sessions, now
from ingest.errors import SettingsError

NAME_LIMIT = 80  # characters
INVITED = "mailto:"


class AccountError(SettingsError):
    """An account cannot be made, found or changed as asked."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account, without its secrets."""

    id: int
    name: str
    role: Role
    has_password: bool
    subject: str | None
    disabled: bool
    created: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """An account whose password, or identity, has just been verified: what a session opens with."""

    account: int
    name: str
    password_hash: str | None


class Accounts:
    """The accounts of a database. ``repr`` and errors never show a password."""

    def __init__(self, database: Database, hashing: Hashing, clock: Clock = now) -> None:
        self._database = database
        self._hashing = hashing
        self._clock = clock

    def add(
        self, name: str, role: Role, password: str | None = None, subject: str | None = None
    ) -> Account:
        """Make an account, with a password or with a subject.

        Raises:
            AccountError: the name, the password or the subject is not taken, or is another's.
        """
        name = checked_name(name)
        row = AccountRow(
            name=name,
            role=role,
            password_hash=None if password is None else self._hashed(password, name),
            subject=subject,
            created=self._clock(),
        )
        try:
            with self._database.begin() as session:
                session.add(row)
        except IntegrityError as error:
            raise AccountError(self._taken(name)) from error
        return _account(row)

    def check_free(self, name: str) -> None:
        """Raise what :meth:`add` would say of the name, before anything else is asked.

        Raises:
            AccountError: it cannot be a name, or is another account's.
        """
        name = checked_name(name)
        with self._database.read() as session:
            if session.scalar(_named(name)) is not None:
                raise AccountError(_exists(name))

    def check_there(self, name: str) -> None:
        """Raise what the changes would say of the name, before anything else is asked.

        Raises:
            AccountError: there is none of that name.
        """
        with self._database.read() as session:
            if session.scalar(_named(name)) is None:
                raise AccountError(_absent(name))

    def all(self) -> list[Account]:
        """All accounts, by name."""
        with self._database.read() as session:
            return [_account(row) for row in session.scalars(_BY_NAME)]

    def get(self, id: int) -> Account | None:
        """The account of that number."""
        with self._database.read() as session:
            row = session.get(AccountRow, id)
        return None if row is None else _account(row)

    def are_none(self) -> bool:
        """Whether there is no account at all yet."""
        with self._database.read() as session:
            return session.scalar(select(AccountRow.id).limit(1)) is None

    def set_role(self, name: str, role: Role) -> Account:
        """Give an account another role, from its next page on.

        Raises:
            AccountError: there is none of that name.
        """
        with self._changing(name) as (_, row):
            row.role = role
        return _account(row)

    def set_disabled(self, name: str, disabled: bool) -> Account:
        """Let an account enter no more, which ends its sessions; or let it again.

        Raises:
            AccountError: there is none of that name.
        """
        with self._changing(name) as (session, row):
            row.disabled = disabled
            if disabled:
                end_sessions(session, row.id)
        return _account(row)

    def set_password(self, name: str, password: str) -> Account:
        """Give an account a new password, which ends its sessions.

        Raises:
            AccountError: there is none of that name, or the password is not taken.
        """
        hashed = self._hashed(password, name)
        with self._changing(name) as (session, row):
            row.password_hash = hashed
            end_sessions(session, row.id)
        return _account(row)

    def verified(self, name: str, password: str) -> Proof | None:
        """The account, when that is its password and it may enter.

        One hash is computed in any case: whoever waits for the answer does not learn whether the
        name exists.

        Raises:
            TooManyLogins: too many passwords are being verified.
        """
        with self._database.read() as session:
            row = session.scalar(_named(name))
        kept = None if row is None or row.disabled else row.password_hash
        if not self._hashing.verify(kept, password) or row is None or kept is None:
            return None
        if self._hashing.is_outdated(kept):
            kept = self._rehashed(row.id, kept, password)
        return Proof(row.id, row.name, kept)

    def identified(self, subject: str, email: str | None) -> Proof | None:
        """The account of somebody whom the single sign-on has identified, if it may enter.

        One that was invited by ``email``, which the single sign-on has verified, is bound to the
        ``subject`` from now on: another person with that address later does not get it.
        """
        with self._database.begin() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.subject == subject))
            if row is None and email:
                row = session.scalar(select(AccountRow).where(AccountRow.subject == invited(email)))
            if row is None or row.disabled:
                return None
            row.subject = subject
        return Proof(row.id, row.name, row.password_hash)

    def _hashed(self, password: str, name: str) -> str:
        if fault := fault_of(password, name):
            raise AccountError(fault)
        return self._hashing.hash(password)

    def _rehashed(self, id: int, kept: str, password: str) -> str:
        """The hash with the parameters in use, unless another has changed it meanwhile."""
        made = self._hashing.hash(password)
        with self._database.begin() as session:
            row = session.get(AccountRow, id, with_for_update=True)
            if row is None or row.password_hash != kept:
                return kept
            row.password_hash = made
        return made

    @contextmanager
    def _changing(self, name: str) -> Iterator[tuple[Session, AccountRow]]:
        with self._database.begin() as session:
            row = session.scalar(_named(name).with_for_update())
            if row is None:
                raise AccountError(_absent(name))
            yield session, row

    def _taken(self, name: str) -> str:
        with self._database.read() as session:
            if session.scalar(_named(name)) is not None:
                return _exists(name)
        return "Un autre compte a déjà cette identité (--subject ou --email)."


_BY_NAME = select(AccountRow).order_by(AccountRow.folded)


def _named(name: str) -> Select[tuple[AccountRow]]:
    return select(AccountRow).where(AccountRow.folded == folded(name))


def invited(email: str) -> str:
    """The subject of an account that is invited by an address, until its first log-in."""
    return INVITED + email.strip().lower()  # not folded: look-alike letters are other addresses


def _exists(name: str) -> str:
    return f"Un compte « {name} » existe déjà."


def _absent(name: str) -> str:
    return f"Il n'y a pas de compte « {name} » : voyez chartiste staff list."


def checked_name(name: str) -> str:
    """The name as it is kept.

    Raises:
        AccountError: it cannot be one.
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME_LIMIT or not name.isprintable():
        raise AccountError(f"Un nom de compte a de 1 à {NAME_LIMIT} caractères, sans contrôle.")
    if folded(name) in (INGESTION.name, IMPORT.name):
        raise AccountError(
            f"« {name} » est le nom sous lequel l'historique note ce que fait le programme : "
            "choisissez-en un autre."
        )
    return name


def _account(row: AccountRow) -> Account:
    return Account(
        row.id,
        row.name,
        row.role,
        row.password_hash is not None,
        row.subject,
        row.disabled,
        row.created,
    )
