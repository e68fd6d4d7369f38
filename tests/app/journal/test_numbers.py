"""What follows from the dashboard's numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.journal.numbers import Day, Numbers, last_days, share, start_of

PARIS = ZoneInfo("Europe/Paris")


def test_a_refusal_is_a_search_in_vain_and_no_greeting() -> None:
    numbers = Numbers((Day(date(2026, 1, 1), {"answered": 3, "not_found": 1, "declined": 6}),))
    assert (numbers.total, numbers.refusal) == (10, 0.25)


def test_a_share_of_nothing_is_none() -> None:
    assert share(0, 0) is None and share(0, 4) == 0 and share(4, 4) == 1


def test_the_last_days_end_with_that_of_the_time() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert last_days(2, late) == [date(2026, 2, 28), date(2026, 3, 1)]
    assert last_days(1, late.astimezone(PARIS)) == [date(2026, 3, 2)]


def test_a_day_begins_at_midnight_in_summer_and_in_winter() -> None:
    assert start_of(date(2026, 7, 1), PARIS).isoformat() == "2026-07-01T00:00:00+02:00"
    assert start_of(date(2026, 1, 1), PARIS).isoformat() == "2026-01-01T00:00:00+01:00"
    assert start_of(date(2026, 1, 1)).tzinfo is not None
