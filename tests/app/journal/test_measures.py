"""The dashboard's numbers, on SQLite and on PostgreSQL."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.journal.entry import Filter, JournalEntry
from app.journal.journal import Journal
from app.journal.measures import Measures
from app.journal.numbers import last_days
from app.records.database import Database
from tests.app.journal.replies import NOON, Clock, entry

PARIS = ZoneInfo("Europe/Paris")
DAYS = last_days(3, NOON)


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database, 30, Clock())


@pytest.fixture
def measures(database: Database, journal: Journal) -> Measures:
    return Measures(database, journal)


def test_nothing_asked_is_zero_every_day(measures: Measures) -> None:
    numbers = measures.read(DAYS, zone=UTC)
    assert [day.day for day in numbers.days] == DAYS
    assert numbers.total == 0 and numbers.p50 is None and numbers.days[0].p95 is None
    assert numbers.outcomes == {"answered": 0, "not_found": 0, "declined": 0}
    assert (numbers.modes, numbers.sources, numbers.up) == ({}, (), 0)
    assert numbers.refusal is None and numbers.approval is None


def test_questions_are_counted_by_day_outcome_mode_and_opinion(
    journal: Journal, measures: Measures
) -> None:
    journal.keep(
        [
            entry(1, verdict="up"),
            entry(2, mode="faq", verdict="down"),
            entry(3, outcome="not_found", mode=None),
            entry(4, NOON - timedelta(days=1), outcome="declined", mode=None, verdict="up"),
            entry(5, NOON - timedelta(days=1)),
            entry(6, NOON - timedelta(days=3)),
        ]
    )
    numbers = measures.read(DAYS, zone=UTC)
    assert [day.outcomes for day in numbers.days] == [
        {}, {"answered": 1, "declined": 1}, {"answered": 2, "not_found": 1},
    ]  # fmt: skip
    assert numbers.outcomes == {"answered": 3, "not_found": 1, "declined": 1}
    assert numbers.modes == {"quoted": 2, "faq": 1}
    assert (numbers.up, numbers.down) == (2, 1)
    assert numbers.refusal == 0.25 and numbers.approval == pytest.approx(2 / 3)


def test_a_kind_keeps_to_its_lines(journal: Journal, measures: Measures) -> None:
    journal.keep([entry(1), entry(2, mode="faq"), entry(3, outcome="not_found", mode=None)])
    assert measures.read(DAYS, Filter(modes=("faq",)), UTC).total == 1
    only = measures.read(DAYS, Filter(outcomes=("not_found",)), UTC)
    assert (only.total, only.sources) == (1, ())


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 19), "2026-11-18T23:00:00", "2026-11-19T22:59:59"),  # winter
        (date(2026, 10, 25), "2026-10-24T22:00:00", "2026-10-25T22:59:59"),  # 25 hours
    ],
)
def test_a_day_is_that_of_the_people_who_look(
    database: Database, day: date, first: str, last: str
) -> None:
    journal = Journal(database, 30, Clock(datetime(2026, 11, 20, tzinfo=UTC)))
    within = [datetime.fromisoformat(time).replace(tzinfo=UTC) for time in (first, last)]
    outside = [within[0] - timedelta(seconds=1), within[1] + timedelta(seconds=1)]
    journal.keep([entry(n, at) for n, at in enumerate(within + outside)])
    days = [day - timedelta(days=1), day, day + timedelta(days=1)]
    numbers = Measures(database, journal).read(days, zone=PARIS)
    assert [day.total for day in numbers.days] == [1, 2, 1]


@pytest.mark.parametrize("size", [1, 2, 3, 19, 20, 21, 100])
def test_percentiles_are_those_of_the_nearest_rank(
    journal: Journal, measures: Measures, size: int
) -> None:
    spent = [float(n) for n in random.Random(size).sample(range(1, 5_000), size)]
    before = NOON - timedelta(days=1)
    journal.keep([entry(n, elapsed_ms=ms) for n, ms in enumerate(spent)])
    journal.keep([entry(n, before, elapsed_ms=9_000.0) for n in range(1_000, 1_003)])
    numbers = measures.read(DAYS, zone=UTC)
    assert numbers.days[2].p50 == nearest(spent, 0.50)
    assert numbers.days[2].p95 == nearest(spent, 0.95)
    assert (numbers.days[1].p50, numbers.days[0].p50) == (9_000.0, None)
    assert numbers.p95 == nearest([*spent, 9_000.0, 9_000.0, 9_000.0], 0.95)


def nearest(values: list[float], part: float) -> float:
    return sorted(values)[math.ceil(part * len(values)) - 1]


def test_durations_that_are_equal_have_percentiles_too(
    journal: Journal, measures: Measures
) -> None:
    journal.keep([entry(n, elapsed_ms=7.5) for n in range(10)])
    numbers = measures.read(DAYS, zone=UTC)
    assert (numbers.p50, numbers.p95) == (7.5, 7.5)


def test_the_most_cited_sources_come_first_and_near_passages_do_not_count(
    journal: Journal, measures: Measures
) -> None:
    cited: list[JournalEntry] = [
        entry(1, sources=("a", "b")),
        entry(2, sources=("b",)),
        entry(3, sources=("b", "a")),
        entry(4, sources=()),
        entry(5, sources=("é\"'",)),
        entry(6, sources=("c",), outcome="not_found"),
    ]
    journal.keep([*cited, *(entry(n, sources=(f"z{n}",)) for n in range(10, 25))])
    found = measures.read(DAYS, zone=UTC).sources
    assert found[:3] == (("b", 3), ("a", 2), ("z10", 1)) and len(found) == 10


def test_what_is_older_than_its_days_is_not_counted(
    database: Database,
) -> None:
    journal = Journal(database, 1, Clock())
    journal.keep([entry(1), entry(2, NOON - timedelta(days=1, seconds=1))])
    numbers = Measures(database, journal).read(DAYS, zone=UTC)
    assert [day.total for day in numbers.days] == [0, 0, 1]
