"""« Source manquante »: what the staff ask of the person who ingests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from app.faq.faults import EntryError, EntryMissing, InvalidEdit
from app.faq.rules import one_line
from app.records.database import Database
from app.records.tables import MissingRow
from app.staff.person import Person

TEXT_LIMIT = 500  # characters
QUESTIONS_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Want:
    """A source that is missing: what it should say, and the questions that ask for it."""

    id: int
    at: datetime
    who: str
    text: str
    questions: tuple[str, ...]
    done: bool


class NoteMissing(EntryMissing):
    """There is no note of that id."""

    def __init__(self) -> None:
        EntryError.__init__(self, "Cette note n'existe pas, ou n'existe plus.")


def _now() -> datetime:
    return datetime.now(UTC)


class Wanted:
    """The notes of a database. Safe to use from several threads and processes."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._clock = clock

    def add(self, text: str, questions: Sequence[str], who: Person) -> Want:
        """A new note. One that is not done and says the same is given back instead.

        Raises:
            InvalidEdit: it says nothing, or too much.
        """
        said = _checked(text)
        kept = list(dict.fromkeys(map(one_line, questions)))[:QUESTIONS_LIMIT]
        with self._database.begin() as session:
            same = select(MissingRow).where(MissingRow.text == said, ~MissingRow.done)
            row = session.scalars(same).first()
            if row is None:
                row = MissingRow(at=self._clock(), who=who.name, text=said, done=False)
                row.questions = kept
                session.add(row)
                session.flush()
            return _want(row)

    def open(self) -> int:
        """How many notes are not done."""
        wanted = select(func.count()).select_from(MissingRow).where(~MissingRow.done)
        with self._database.read() as session:
            return session.scalar(wanted) or 0

    def all(self) -> list[Want]:
        """The notes: those that are not done first, then the newest first."""
        wanted = select(MissingRow).order_by(
            MissingRow.done, MissingRow.at.desc(), MissingRow.id.desc()
        )
        with self._database.read() as session:
            return [_want(row) for row in session.scalars(wanted)]

    def write(self, id: int, text: str) -> Want:
        """The note with another text.

        Raises:
            NoteMissing: there is no such note.
            InvalidEdit: it says nothing, or too much.
        """
        said = _checked(text)
        with self._database.begin() as session:
            row = _held(session.get(MissingRow, id))
            row.text = said
            return _want(row)

    def mark(self, id: int, done: bool) -> Want:
        """The note, done or not.

        Raises:
            NoteMissing: there is no such note.
        """
        with self._database.begin() as session:
            row = _held(session.get(MissingRow, id))
            row.done = done
            return _want(row)


def _held(row: MissingRow | None) -> MissingRow:
    if row is None:
        raise NoteMissing
    return row


def _checked(text: str) -> str:
    said = one_line(text)
    if not said:
        raise InvalidEdit(["Dites ce que la source manquante devrait dire."])
    if len(said) > TEXT_LIMIT:
        raise InvalidEdit([f"La note a {TEXT_LIMIT} caractères au plus ({len(said)} ici)."])
    return said


def _want(row: MissingRow) -> Want:
    return Want(row.id, row.at, row.who, row.text, tuple(row.questions), row.done)
