"""Work on many entries at once, kept in the database: one at a time, whatever happens to servers.

A task writes down what it found of each item, and says every few seconds that it goes on. One that
is silent was interrupted: what it did stays done, and another goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.records.database import Database
from app.records.tables import FAQ_COUNTER, CounterRow, TaskRow
from app.staff.person import Person
from ingest.errors import ChartisteError

State = Literal["running", "done", "stopped", "failed", "interrupted"]
Clock = Callable[[], datetime]

SILENCE = timedelta(seconds=30)  # without a sign, after which a task was interrupted
_KEPT = 20  # tasks


class AnotherTask(ChartisteError):
    """A task is running: there is one at a time."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__(
            "Un travail est déjà en cours : attendez sa fin, ou arrêtez-le, puis recommencez."
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of an item: ``key`` names it, ``entry`` is the id of its entry, if any.

    ``is_fine`` is false where somebody should look.
    """

    key: str
    label: str
    said: str
    entry: str = ""
    is_fine: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it is: ``findings`` has a line for each item that is done."""

    id: int
    kind: str
    who: str
    begun: datetime
    ended: datetime | None
    state: State
    total: int
    stopping: bool
    fault: str
    findings: tuple[Finding, ...]

    @property
    def done(self) -> int:
        """How many items are done."""
        return len(self.findings)

    @property
    def can_go_on(self) -> bool:
        """Whether another task could do what it left."""
        return self.state in ("stopped", "failed", "interrupted")


def _now() -> datetime:
    return datetime.now(UTC)


class Tasks:
    """The tasks of a database. Safe to use from several threads and processes."""

    def __init__(self, database: Database, clock: Clock = _now) -> None:
        self._database = database
        self._clock = clock

    def begin(self, kind: str, who: Person, after: Task | None = None) -> Task:
        """A new task; ``after`` is one of its kind that it goes on from.

        Raises:
            AnotherTask: one is running.
        """
        now = self._clock()
        done = [asdict(one) for one in after.findings] if after else []
        with self._database.begin() as session:
            # Two that begin at once wait for one another here.
            session.get(CounterRow, FAQ_COUNTER, with_for_update=True)
            self._interrupt(session, now)
            if session.scalars(select(TaskRow).where(TaskRow.state == "running")).first():
                raise AnotherTask
            row = TaskRow(
                kind=kind, who=who.name, begun=now, seen=now, state="running", total=len(done),
                stopping=False, fault="", report=done,
            )  # fmt: skip
            session.add(row)
            session.flush()
            _purge(session)
            return self._task(row)

    def get(self, id: int) -> Task | None:
        """A task, or None."""
        with self._database.read() as session:
            row = session.get(TaskRow, id)
            return self._task(row) if row else None

    def recent(self) -> list[Task]:
        """The last tasks, the newest first."""
        wanted = select(TaskRow).order_by(TaskRow.id.desc()).limit(_KEPT)
        with self._database.read() as session:
            return [self._task(row) for row in session.scalars(wanted)]

    def stop(self, id: int) -> None:
        """Ask a task to stop after the item it is at; one that has ended stays as it is."""
        asked = update(TaskRow).where(TaskRow.id == id, TaskRow.state == "running")
        with self._database.begin() as session:
            session.execute(asked.values(stopping=True))

    def tell(self, id: int, total: int, findings: Sequence[Finding]) -> bool:
        """Say that a task goes on, and what it found so far; False when it must stop."""
        with self._database.begin() as session:
            row = session.get(TaskRow, id, with_for_update=True)
            if row is None or row.state != "running":
                return False
            row.seen, row.total = self._clock(), total
            if len(row.report) != len(findings):
                row.report = [asdict(one) for one in findings]
            return not row.stopping

    def end(self, id: int, state: State, findings: Sequence[Finding], fault: str = "") -> None:
        """Write down how a task ended."""
        with self._database.begin() as session:
            row = session.get(TaskRow, id, with_for_update=True)
            if row is not None and row.state == "running":
                row.state, row.fault, row.ended = state, fault, self._clock()
                row.report = [asdict(one) for one in findings]

    def _interrupt(self, session: Session, now: datetime) -> None:
        silent = update(TaskRow).where(TaskRow.state == "running", TaskRow.seen < now - SILENCE)
        session.execute(silent.values(state="interrupted"))

    def _task(self, row: TaskRow) -> Task:
        silent = row.state == "running" and row.seen < self._clock() - SILENCE
        state: State = "interrupted" if silent else row.state
        return Task(
            row.id, row.kind, row.who, row.begun, row.ended, state, row.total, row.stopping,
            row.fault, tuple(map(_finding, row.report)),
        )  # fmt: skip


def _finding(values: dict[str, Any]) -> Finding:
    return Finding(**values)


def _purge(session: Session) -> None:
    """Forget all but the last tasks."""
    ids = list(session.scalars(select(TaskRow.id).order_by(TaskRow.id.desc()).offset(_KEPT)))
    for row in session.scalars(select(TaskRow).where(TaskRow.id.in_(ids))):
        session.delete(row)
