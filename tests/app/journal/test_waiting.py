"""A queue with an end."""

from __future__ import annotations

import threading

from app.journal.waiting import Waiting


def test_things_come_in_order_and_stay_until_they_are_dealt_with() -> None:
    waiting = Waiting[int](5)
    assert all(waiting.put(n) for n in range(3))
    assert waiting.next(2, 0) == [0, 1] == waiting.next(2, 0)
    waiting.done(2)
    assert waiting.next(2, 0) == [2] and len(waiting) == 1


def test_what_does_not_fit_is_refused_at_once_and_counted() -> None:
    waiting = Waiting[int](2)
    assert [waiting.put(n) for n in range(4)] == [True, True, False, False]
    assert waiting.refused == 2
    waiting.done(1)
    assert waiting.put(9) and waiting.next(9, 0) == [1, 9]


def test_nothing_comes_when_the_time_is_up() -> None:
    assert Waiting[int](1).next(1, 0.01) == []


def test_a_closed_queue_keeps_what_it_has_and_takes_nothing_more() -> None:
    waiting = Waiting[int](5)
    waiting.put(1)
    waiting.close()
    assert waiting.closed and not waiting.put(2)
    assert waiting.next(5, 60) == [1]
    waiting.done(1)
    assert waiting.next(5, 60) == []  # at once: nothing will come


def test_who_waits_is_woken() -> None:
    waiting = Waiting[int](5)
    got: list[int] = []

    def take() -> None:
        got.extend(waiting.next(5, 60))
        waiting.done(len(got))

    thread = threading.Thread(target=take)
    thread.start()
    waiting.put(1)
    assert waiting.flush(10)
    thread.join(10)
    assert got == [1]


def test_a_rest_ends_when_the_queue_closes() -> None:
    waiting = Waiting[int](5)
    thread = threading.Thread(target=waiting.rest, args=[600])
    thread.start()
    waiting.close()
    thread.join(10)
    assert not thread.is_alive()


def test_a_flush_says_that_the_time_is_up() -> None:
    waiting = Waiting[int](5)
    waiting.put(1)
    assert not waiting.flush(0.01)
