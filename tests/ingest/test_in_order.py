from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import in_order as module
from ingest.in_order import in_order


def light(result: object) -> int:
    return 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=30))
def test_results_come_in_order_whatever_the_keys(items: list[tuple[str, int]]) -> None:
    doubled = in_order(items, lambda item: item[0], lambda item: item[1] * 2, light)
    assert list(doubled) == [number * 2 for _, number in items]


def test_items_of_one_key_follow_one_another() -> None:
    running: set[str] = set()
    order: list[int] = []

    def do(item: tuple[str, int]) -> int:
        assert item[0] not in running
        running.add(item[0])
        time.sleep(0.002)
        running.discard(item[0])
        order.append(item[1])
        return item[1]

    items = [("ab"[n % 2], n) for n in range(30)]
    assert list(in_order(items, lambda item: item[0], do, light)) == list(range(30))
    assert [n for n in order if n % 2] == list(range(1, 30, 2))


def test_an_error_is_raised_in_its_place() -> None:
    def do(item: int) -> int:
        if item == 2:
            raise RuntimeError("deux")
        return item

    results = in_order(range(4), lambda item: item % 2, do, light)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(RuntimeError, match="deux"):
        next(results)


def test_an_error_may_be_a_result() -> None:
    error = ValueError("un")
    assert list(in_order([1], lambda item: 0, lambda item: error, light)) == [error]


def gate() -> tuple[threading.Event, Callable[[int], int], list[int]]:
    """Work whose item 0 waits until it is let go."""
    released = threading.Event()
    done: list[int] = []

    def do(item: int) -> int:
        if item == 0:
            released.wait(5.0)
        done.append(item)
        return item

    return released, do, done


def test_a_slow_key_holds_up_no_other() -> None:
    released, do, done = gate()
    threading.Timer(0.2, released.set).start()
    assert list(in_order(range(100), lambda item: item and 1, do, light)) == list(range(100))
    assert done[-1] == 0


def test_results_that_wait_weigh_no_more_than_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUDGET", 10)
    released, do, done = gate()
    results = in_order(range(100), lambda item: item and 1, do, light)
    threading.Timer(0.2, lambda: (done.append(-1), released.set())).start()
    assert list(results) == list(range(100))
    assert done.index(-1) == 10


def test_more_keys_than_threads_are_all_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUDGET", 0)
    monkeypatch.setattr(module, "THREADS", 3)
    assert list(in_order(range(50), lambda item: item % 20, int, light)) == list(range(50))


def test_leaving_early_stops_the_work() -> None:
    done: list[int] = []

    def do(item: int) -> int:
        time.sleep(0.01)
        done.append(item)
        return item

    results = in_order(range(1_000), lambda item: 0, do, light)
    next(results)
    results.close()  # type: ignore[attr-defined]
    time.sleep(0.05)
    count = len(done)
    time.sleep(0.05)
    assert len(done) == count < 20
