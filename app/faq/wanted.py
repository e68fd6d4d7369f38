"""« Source manquante »: what the staff ask of the person who ingests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.faq.faults import EntryError, EntryMissing, InvalidEdit
from app.faq.rules import one_line, thousands
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


class NoteChanged(EntryError):
    """Somebody changed the note since it was read: nothing is written over it."""

    def __init__(self, current: Want) -> None:
        self.current = current
        super().__init__(
            f"Cette note a été changée depuis que vous l'avez ouverte : « {current.text} ». Rien "
            "n'a été enregistré."
        )


def _now() -> datetime:
    return datetime.now(UTC)


class Wanted:
    """The notes of a database. Safe to use from several threads and processes."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._clock = clock

    def add(self, text: str, questions: Sequence[str], who: Person) -> Want:
        """A new note; or the one that says the same and is not done, with these questions too.

        It keeps the newest QUESTIONS_LIMIT of them.

        Raises:
            InvalidEdit: it says nothing, or too much.
        """
        said = _checked(text)
        with self._database.begin() as session:
            same = select(MissingRow).where(MissingRow.text == said, ~MissingRow.done)
            row = session.scalars(same.with_for_update()).first()
            if row is None:
                row = MissingRow(at=self._clock(), who=who.name, text=said, done=False)
                row.questions = []
                session.add(row)
            new = list(dict.fromkeys(map(one_line, questions)))[:QUESTIONS_LIMIT]
            old = [question for question in row.questions if question not in new]
            row.questions = [*old, *new][-QUESTIONS_LIMIT:]
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

    def write(self, id: int, read: str, text: str) -> Want:
        """The note with another text in the place of the one that was ``read``.

        Raises:
            NoteMissing: there is no such note.
            NoteChanged: it says something else by now.
            InvalidEdit: it says nothing, or too much.
        """
        said = _checked(text)
        with self._database.begin() as session:
            row = _held(session, id, read)
            row.text = said
            return _want(row)

    def mark(self, id: int, read: str, done: bool) -> Want:
        """The note whose text was ``read``, done or not.

        Raises:
            NoteMissing: there is no such note.
            NoteChanged: it says something else by now.
        """
        with self._database.begin() as session:
            row = _held(session, id, read)
            row.done = done
            return _want(row)


def _held(session: Session, id: int, read: str) -> MissingRow:
    row = session.get(MissingRow, id, with_for_update=True)
    if row is None:
        raise NoteMissing
    if row.text != read:
        raise NoteChanged(_want(row))
    return row


def _checked(text: str) -> str:
    said = one_line(text)
    if not said:
        raise InvalidEdit(["Dites ce que la source manquante devrait dire."])
    if len(said) > TEXT_LIMIT:
        here = thousands(len(said))
        raise InvalidEdit([f"La note a {TEXT_LIMIT} caractères au plus ({here} ici)."])
    return said


def _want(row: MissingRow) -> Want:
    return Want(row.id, row.at, row.who, row.text, tuple(row.questions), row.done)
