"""Tasks of the database: one at a time, and what they found stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from app.records.database import Database
from app.staff.tasks import SILENCE, AnotherTask, Finding, Tasks
from tests.app.journal.replies import Clock
from tests.faq.edits import ANA, PAUL

ONE, TWO = Finding("a", "Un ?", "Fait."), Finding("b", "Deux ?", "Non.", "e2", False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tasks(database: Database, clock: Clock) -> Iterator[Tasks]:
    yield Tasks(database, clock)


def test_a_task_says_who_began_it_how_far_it_is_and_what_it_found(tasks: Tasks) -> None:
    task = tasks.begin("verifier", ANA)
    assert (task.state, task.who, task.done, task.total) == ("running", "Ana", 0, 0)
    assert tasks.tell(task.id, 5, [ONE])
    seen = tasks.get(task.id)
    assert seen is not None and (seen.done, seen.total, seen.findings) == (1, 5, (ONE,))
    tasks.end(task.id, "done", [ONE, TWO])
    ended = tasks.get(task.id)
    assert ended is not None and (ended.state, ended.findings) == ("done", (ONE, TWO))
    assert ended.ended is not None and not ended.can_go_on
    assert tasks.get(task.id + 1) is None


def test_there_is_one_at_a_time(tasks: Tasks) -> None:
    first = tasks.begin("verifier", ANA)
    with pytest.raises(AnotherTask, match="déjà en cours"):
        tasks.begin("brouillons", PAUL)
    tasks.end(first.id, "done", [])
    assert tasks.begin("brouillons", PAUL).id > first.id


def test_of_many_that_begin_at_once_one_does(database: Database) -> None:
    begun: list[int] = []

    def begin() -> None:
        try:
            begun.append(Tasks(database).begin("verifier", ANA).id)
        except AnotherTask:
            pass

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == 1


def test_one_that_is_asked_to_stop_is_told_so(tasks: Tasks) -> None:
    task = tasks.begin("verifier", ANA)
    tasks.stop(task.id)
    assert not tasks.tell(task.id, 2, [ONE])
    seen = tasks.get(task.id)
    assert seen is not None and seen.stopping and seen.findings == (ONE,)


def test_one_that_is_silent_was_interrupted_and_another_goes_on_from_it(
    tasks: Tasks, clock: Clock
) -> None:
    task = tasks.begin("verifier", ANA)
    tasks.tell(task.id, 2, [ONE])
    clock.move(seconds=SILENCE.total_seconds() + 1)
    (seen,) = tasks.recent()
    assert seen.state == "interrupted" and seen.can_go_on and seen.findings == (ONE,)
    after = tasks.begin("verifier", PAUL, seen)
    assert (after.findings, after.who) == ((ONE,), "Paul")
    assert not tasks.tell(task.id, 2, [ONE, TWO]), "who wakes up again is told to stop"
    tasks.end(task.id, "done", [ONE, TWO])
    assert [one.state for one in tasks.recent()] == ["running", "interrupted"]


def test_a_sign_keeps_it_going(tasks: Tasks, clock: Clock) -> None:
    task = tasks.begin("verifier", ANA)
    for _ in range(3):
        clock.move(seconds=SILENCE.total_seconds() - 1)
        assert tasks.tell(task.id, 2, [])
    with pytest.raises(AnotherTask):
        tasks.begin("verifier", ANA)


def test_only_the_last_tasks_are_kept(tasks: Tasks) -> None:
    for _ in range(23):
        tasks.end(tasks.begin("verifier", ANA).id, "done", [])
    assert len(tasks.recent()) == 20
    assert tasks.get(1) is None
