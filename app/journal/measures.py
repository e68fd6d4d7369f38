"""The numbers of the dashboard, counted by the database: a few queries, whatever the journal holds.

Days are those of the people who look, not of UTC: a line belongs to the last day that began
before it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Subquery,
    Text,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.journal.entry import Filter
from app.journal.journal import Journal
from app.journal.numbers import Day, Numbers, start_of
from app.records.database import Database
from app.records.tables import JournalRow

_CITED = 10  # sources shown
_HALF, _MOST = 50, 95  # percentiles


class Measures:
    """Counts the lines of a journal."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def read(
        self, days: Sequence[date], kind: Filter | None = None, zone: tzinfo | None = None
    ) -> Numbers:
        """The numbers of these days, which follow each other, for the lines of a kind.

        Raises:
            RecordsError: the database cannot be used.
        """
        starts = [start_of(day, zone) for day in days]
        wanted = replace(kind or Filter(), since=starts[0])
        lines = self._journal.conditions(wanted)
        bucket = case(
            *((JournalRow.at >= start, number) for number, start in reversed([*enumerate(starts)])),
            else_=0,
        )
        with self._database.read() as session:
            found = _by_day(session, bucket, lines)
            spent = _percentiles(session, bucket, lines)
            p50, p95 = _both(_percentiles(session, literal(0, Integer), lines).get(0, {}))
            return Numbers(
                days=tuple(
                    Day(day, found.get(n, {}), *_both(spent.get(n, {})))
                    for n, day in enumerate(days)
                ),
                modes=_counted(session, JournalRow.mode, lines),
                **_thumbs(session, lines),
                p50=p50,
                p95=p95,
                sources=_cited(session, lines),
            )


def _both(spent: Mapping[int, float]) -> tuple[float | None, float | None]:
    return spent.get(_HALF), spent.get(_MOST)


def _by_day(
    session: Session, bucket: ColumnElement[int], lines: list[ColumnElement[bool]]
) -> dict[int, dict[str, int]]:
    """Questions by day and outcome."""
    line = _placed(bucket, lines).c
    counted = select(line.day, line.outcome, func.count()).group_by(line.day, line.outcome)
    found: dict[int, dict[str, int]] = {}
    for day, outcome, count in session.execute(counted):
        found.setdefault(day, {})[outcome] = count
    return found


def _placed(bucket: ColumnElement[int], lines: list[ColumnElement[bool]]) -> Subquery:
    """Each line's day, with what is counted of it."""
    spent = JournalRow.elapsed_ms.label("spent")
    return select(bucket.label("day"), JournalRow.outcome, spent).where(*lines).subquery()


def _counted(session: Session, column: Any, lines: list[ColumnElement[bool]]) -> dict[str, int]:
    """Lines by a column's value, those without one left out."""
    counted = select(column, func.count()).where(*lines, column.is_not(None)).group_by(column)
    return {value: count for value, count in session.execute(counted)}


def _thumbs(session: Session, lines: list[ColumnElement[bool]]) -> dict[str, int]:
    found = _counted(session, JournalRow.verdict, lines)
    return {name: found.get(name, 0) for name in ("up", "down")}


def _percentiles(
    session: Session, bucket: ColumnElement[int], lines: list[ColumnElement[bool]]
) -> dict[int, dict[int, float]]:
    """The durations below which a half and most of each day's are (nearest rank)."""
    ranked = _ranked(bucket, lines)
    ranks = {percent: (ranked.c.size * percent + 99) // 100 for percent in (_HALF, _MOST)}
    wanted = or_(*(ranked.c.rank == rank for rank in ranks.values()))
    found: dict[int, dict[int, float]] = {}
    for day, size, rank, spent in session.execute(select(ranked).where(wanted)):
        for percent in ranks:
            if rank == (size * percent + 99) // 100:
                found.setdefault(day, {})[percent] = spent
    return found


def _ranked(bucket: ColumnElement[int], lines: list[ColumnElement[bool]]) -> Subquery:
    """Each line's day, how many that day has, its rank among them, its duration."""
    line = _placed(bucket, lines).c
    size = func.count().over(partition_by=line.day).label("size")
    rank = func.row_number().over(partition_by=line.day, order_by=line.spent).label("rank")
    return select(line.day, size, rank, line.spent).subquery()


def _cited(session: Session, lines: list[ColumnElement[bool]]) -> tuple[tuple[str, int], ...]:
    """The sources that most answers cite, and how many do."""
    told = cast(JournalRow.sources, Text).label("told")
    answered = select(told, func.count()).where(*lines, JournalRow.outcome == "answered")
    cited = Counter[str]()
    for sources, count in session.execute(answered.group_by(told)):
        for source in json.loads(sources):
            cited[source] += count
    return tuple(sorted(cited.items(), key=lambda one: (-one[1], one[0]))[:_CITED])
