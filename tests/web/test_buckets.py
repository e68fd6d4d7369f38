"""Buckets hold a minute's worth of questions, fill again evenly, and stay few."""

from __future__ import annotations

import pytest

from app.web.buckets import Buckets


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_s_worth_is_given_at_once_then_one_at_a_time() -> None:
    clock = Clock()
    buckets = Buckets(6, clock=clock)
    assert [buckets.wait("a") for _ in range(6)] == [0] * 6
    assert buckets.wait("a") == pytest.approx(10)
    clock.now += 9
    assert buckets.wait("a") == pytest.approx(1)
    clock.now += 1.001
    assert buckets.wait("a") == 0 and buckets.wait("a") > 9


def test_being_refused_costs_nothing_and_resting_gives_no_more_than_a_minute_s_worth() -> None:
    clock = Clock()
    buckets = Buckets(2, clock=clock)
    waits = [buckets.wait("a") for _ in range(50)]
    assert waits[:2] == [0, 0] and set(waits[2:]) == {30}
    clock.now += 3_600
    assert [bool(buckets.wait("a")) for _ in range(3)] == [False, False, True]


def test_visitors_do_not_share() -> None:
    buckets = Buckets(1, clock=Clock())
    assert (buckets.wait("a"), buckets.wait("b")) == (0, 0)
    assert buckets.wait("a") and buckets.wait("b")


def test_no_more_visitors_than_known_are_kept_and_the_quietest_goes() -> None:
    buckets = Buckets(1, known=3, clock=Clock())
    for visitor in "abcabdd":
        buckets.wait(visitor)
    assert len(buckets) == 3
    assert buckets.wait("a") > 0  # it has just been refused: it is kept
    assert buckets.wait("c") == 0  # forgotten: as new
    for number in range(10_000):
        buckets.wait(number)
    assert len(buckets) == 3


def test_zero_is_no_limit_and_keeps_nobody() -> None:
    buckets = Buckets(0)
    assert {buckets.wait("a") for _ in range(1_000)} == {0} and len(buckets) == 0
