"""The tables, the same on SQLite and PostgreSQL.

Times are in UTC and aware of it. A value of JSON that is changed in place is not written: assign
a new one. What no database holds (a zero byte, half of a surrogate pair) is written as ``�``, one
for one, so that offsets stay true.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import JSON as SqlJson
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates

# The last revision of ``migrations/versions``: what these classes are.
REVISION = "0002"
VERSION_TABLE = "chartiste_version"

Role = Literal["redactor", "validator"]
Verdict = Literal["up", "down"]
Status = Literal["draft", "submitted", "published", "review", "archived"]
CitationState = Literal["alive", "changed", "gone"]
TaskState = Literal["running", "done", "stopped", "failed", "interrupted"]

FAQ_COUNTER = "faq"  # grows at each change of what is published

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
# Constraints have names, so that a migration can change them.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def writable(text: str) -> str:
    """The text, with ``�`` for each sign that a database cannot hold."""
    return _UNWRITABLE.sub("�", text)


def folded(name: str) -> str:
    """A name as names are compared: in any case, however its accents are written."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def json_text(value: object) -> str:
    """JSON whose letters are readable, and can be searched."""
    return writable(json.dumps(value, ensure_ascii=False))


class Moment(TypeDecorator[datetime]):
    """A time in UTC. One without a zone is refused: nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the database holds it.

        Raises:
            ValueError: it has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time, aware that it is in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text of any length, without what a database cannot hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as the database holds it."""
        return None if value is None else writable(value)


class Json(TypeDecorator[Any]):
    """A list or an object; ``None`` is no value at all."""

    impl = SqlJson(none_as_null=True)
    cache_ok = True


class Base(DeclarativeBase):
    """What all tables share: how texts, times and constraints are written."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {str: Words, datetime: Moment, dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


def _one_of(column: str, kind: Any) -> CheckConstraint:
    values = ", ".join(f"'{value}'" for value in get_args(kind))
    return CheckConstraint(f"{column} IN ({values})", column)


class AccountRow(Base):
    """Somebody of the staff. ``folded`` follows ``name``: two names that read alike are one."""

    __tablename__ = "account"
    __table_args__ = (_one_of("role", Role),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(Words)
    password_hash: Mapped[str | None]
    subject: Mapped[str | None] = mapped_column(unique=True)
    created: Mapped[datetime]
    disabled: Mapped[bool] = mapped_column(default=False)

    @validates("name")
    def _fold(self, _: str, name: str) -> str:
        self.folded = folded(name)
        return name


class SessionRow(Base):
    """A browser that is logged in, by the digest of what its cookie says."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    csrf: Mapped[str]
    created: Mapped[datetime]
    seen: Mapped[datetime]
    expires: Mapped[datetime]

    account: Mapped[AccountRow] = relationship()


class AttemptRow(Base):
    """Wrong passwords of an account (``account:…``) or from an address (``address:…``)."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime]


class JournalRow(Base):
    """A question that was asked, personal data masked, and what came of it."""

    __tablename__ = "journal"
    __table_args__ = (
        _one_of("verdict", Verdict),
        Index(None, "at"),
        Index(None, "outcome", "at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    question: Mapped[str]
    outcome: Mapped[str]
    mode: Mapped[str | None]
    confidence: Mapped[float | None]
    sources: Mapped[list[Any]]
    passages: Mapped[list[Any]]
    release: Mapped[str | None]
    language: Mapped[str]
    elapsed_ms: Mapped[float]
    verdict: Mapped[Verdict | None] = mapped_column(Words)
    reason: Mapped[str | None]


class CitationRow(Base):
    """A passage that an entry cites, as it was, and what became of it since."""

    __tablename__ = "citation"
    __table_args__ = (_one_of("state", CitationState),)

    entry_id: Mapped[str] = mapped_column(
        ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    passage: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    quote: Mapped[str]
    source: Mapped[dict[str, Any]]
    heading: Mapped[list[Any]]
    release: Mapped[str]
    state: Mapped[CitationState] = mapped_column(Words, default="alive")
    found: Mapped[dict[str, Any] | None] = mapped_column(Json)


class HistoryRow(Base):
    """A change of an entry: who, why, and the entry as it was after it."""

    __tablename__ = "history"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    at: Mapped[datetime]
    who: Mapped[str]
    action: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    snapshot: Mapped[dict[str, Any]]


class CommentRow(Base):
    """What somebody of the staff said of an entry."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    text: Mapped[str]


class EntryRow(Base):
    """An entry of the FAQ. ``version`` grows by one at each change."""

    __tablename__ = "entry"
    __table_args__ = (_one_of("status", Status),)

    id: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str]
    variants: Mapped[list[Any]]
    answer: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(default="")
    status: Mapped[Status] = mapped_column(Words, default="draft", index=True)
    version: Mapped[int] = mapped_column(default=1)
    author: Mapped[str]
    validator: Mapped[str | None]
    created: Mapped[datetime]
    changed: Mapped[datetime]
    published: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")

    citations: Mapped[list[CitationRow]] = relationship(
        order_by=CitationRow.number, cascade="all, delete-orphan", passive_deletes=True
    )
    history: Mapped[list[HistoryRow]] = relationship(
        order_by=HistoryRow.id, cascade="all, delete-orphan", passive_deletes=True
    )
    comments: Mapped[list[CommentRow]] = relationship(
        order_by=CommentRow.id, cascade="all, delete-orphan", passive_deletes=True
    )


class MissingRow(Base):
    """A « source manquante »: what the person who ingests should look for."""

    __tablename__ = "missing"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    text: Mapped[str]
    questions: Mapped[list[Any]]
    done: Mapped[bool] = mapped_column(default=False)


class TaskRow(Base):
    """Work on many entries at once: how far it is, and what it found, one object a line.

    ``seen`` is when it last said that it goes on: one that is long silent was interrupted.
    """

    __tablename__ = "task"
    __table_args__ = (_one_of("state", TaskState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    who: Mapped[str]
    begun: Mapped[datetime]
    seen: Mapped[datetime]
    ended: Mapped[datetime | None]
    state: Mapped[TaskState] = mapped_column(Words, default="running")
    total: Mapped[int] = mapped_column(default=0)
    stopping: Mapped[bool] = mapped_column(default=False)
    fault: Mapped[str] = mapped_column(default="")
    report: Mapped[list[Any]]


class CounterRow(Base):
    """A number that grows, by which a server sees cheaply that something changed."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
