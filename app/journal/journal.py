"""The journal: what was asked and what came of it, for a number of days at most.

Personal data are masked before anything is written. What is older than its days is never read,
whether it has been purged yet or not.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.faq.rules import one_line
from app.journal.entry import EVERYTHING, Filter, JournalEntry, Opinion
from app.journal.masking import masked
from app.journal.recording import LONGEST
from app.records.database import Database
from app.records.tables import JournalRow

_PAGE = 500  # lines read at once by an export
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

Line = JournalEntry | Opinion


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Journal:
    """The lines of a database; ``days`` is how long they are kept, 0 where nothing is added."""

    def __init__(self, database: Database, days: int, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._days = days or LONGEST  # what was written before it was switched off
        self._clock = clock

    def prepare(self) -> None:
        """Make the tables, or bring them up to date.

        Raises:
            RecordsError: as for everything below, when the database cannot be used.
        """
        self._database.migrate()

    def keep(self, lines: Sequence[Line]) -> None:
        """Keep replies, and opinions on them or on those that are kept: all of them, or none."""
        entries = [_values(line) for line in lines if isinstance(line, JournalEntry)]
        opinions = [line for line in lines if isinstance(line, Opinion)]
        with self._database.begin() as session:
            if entries:
                session.execute(insert(JournalRow), entries)
            for opinion in opinions:
                _judge(session, opinion)

    def purge(self) -> int:
        """Delete what is older than its days; how many lines."""
        return self.erase(before=self._oldest())

    def erase(self, before: datetime | None = None, all: bool = False) -> int:
        """Delete the lines before a time, or all of them; how many.

        Raises:
            ValueError: neither is asked for.
        """
        if before is None and not all:
            raise ValueError("erase what?")
        deleted = delete(JournalRow)
        if not all:
            deleted = deleted.where(JournalRow.at < before)
        with self._database.begin() as session:
            count = int(session.execute(deleted).rowcount)  # type: ignore[attr-defined]
        self._database.settle()
        return count

    def size(self, before: datetime | None = None) -> int:
        """How many lines an erasure would delete: all of them, or those before a time."""
        counted = select(func.count()).select_from(JournalRow)
        if before is not None:
            counted = counted.where(JournalRow.at < before)
        with self._database.read() as session:
            return session.scalar(counted) or 0

    def oldest(self) -> datetime | None:
        """When the oldest line that may be read was kept; None when there is none."""
        first = select(func.min(JournalRow.at)).where(*self.conditions(EVERYTHING))
        with self._database.read() as session:
            return session.scalar(first)

    def count(self, wanted: Filter = EVERYTHING) -> int:
        """How many lines a filter means."""
        with self._database.read() as session:
            counted = select(func.count()).select_from(JournalRow).where(*self.conditions(wanted))
            return session.scalar(counted) or 0

    def rows(
        self, wanted: Filter = EVERYTHING, limit: int = 100, offset: int = 0
    ) -> list[JournalEntry]:
        """The lines that a filter means, the newest first."""
        newest = (JournalRow.at.desc(), JournalRow.id.desc())
        found = select(JournalRow).where(*self.conditions(wanted)).order_by(*newest)
        return self._read(found.limit(limit).offset(offset))

    def export(self, wanted: Filter = EVERYTHING) -> Iterator[dict[str, Any]]:
        """The lines as objects, the oldest first; what is added meanwhile may be among them."""
        found = select(JournalRow).where(*self.conditions(wanted))
        found = found.order_by(JournalRow.at, JournalRow.id).limit(_PAGE)
        page = self._read(found)
        while page:
            yield from (entry.as_json() for entry in page)
            last = page[-1]
            after = or_(JournalRow.at > last.at, JournalRow.id > last.id)
            page = self._read(found.where(JournalRow.at >= last.at, after))

    def conditions(self, wanted: Filter) -> list[ColumnElement[bool]]:
        """What a line must be, in SQL; never older than its days."""
        since = max(filter(None, (self._oldest(), wanted.since)))
        found: list[ColumnElement[bool]] = [JournalRow.at >= since]
        for column, values in (
            (JournalRow.outcome, wanted.outcomes),
            (JournalRow.mode, wanted.modes),
        ):
            if values:
                found.append(column.in_(values))
        if wanted.text:
            found.append(_holds(wanted.text))
        return found

    def _oldest(self) -> datetime:
        return self._clock() - timedelta(days=self._days)

    def _read(self, found: Select[tuple[JournalRow]]) -> list[JournalEntry]:
        with self._database.read() as session:
            return [_entry(row) for row in session.scalars(found)]


def _holds(text: str) -> ColumnElement[bool]:
    """Whether the question holds a text, in any case of its letters.

    Databases lower A to Z, and accented letters only in some languages: those are tried as a word
    writes them, small, after a capital, or all capitals.
    """
    lowered = func.lower(JournalRow.question)
    forms = {form.translate(_LOWER) for form in (text.lower(), text.capitalize(), text.upper())}
    return or_(*(lowered.contains(form, autoescape=True) for form in sorted(forms)))


def _judge(session: Session, opinion: Opinion) -> None:
    """Keep an opinion, in place of one before it; nothing when no reply has its id."""
    reason = masked(one_line(opinion.reason)) or None
    judged = update(JournalRow).where(JournalRow.id == opinion.id)
    session.execute(judged.values(verdict=opinion.verdict, reason=reason))


def _values(entry: JournalEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "question": entry.question,
        "outcome": entry.outcome,
        "mode": entry.mode,
        "confidence": entry.confidence,
        "sources": list(entry.sources),
        "passages": list(entry.passages),
        "release": entry.release,
        "language": entry.language,
        "elapsed_ms": entry.elapsed_ms,
        "verdict": entry.verdict,
        "reason": entry.reason,
    }


def _entry(row: JournalRow) -> JournalEntry:
    return JournalEntry(
        id=row.id,
        at=row.at,
        question=row.question,
        outcome=row.outcome,
        mode=row.mode,
        confidence=row.confidence,
        sources=tuple(row.sources),
        passages=tuple(row.passages),
        release=row.release,
        language=row.language,
        elapsed_ms=row.elapsed_ms,
        verdict=row.verdict,
        reason=row.reason,
    )
