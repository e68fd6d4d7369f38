from __future__ import annotations

import logging
import threading

import pytest

from app.web.staff.tasks import Tasks
from ingest.errors import SettingsError
from ingest.progress import Step


def test_work_is_followed_by_who_started_it_and_nobody_else() -> None:
    tasks, go = Tasks[str](), threading.Event()

    def work(step: Step) -> str:
        step("Lire", 1, 3)
        go.wait(10)
        return "fait"

    id = tasks.start("Ana", work)
    task = tasks.get(id, "Ana")
    assert task is not None and not task.wait(0.0)
    assert tasks.get(id, "Paul") is None and tasks.get("autre", "Ana") is None
    go.set()
    assert task.wait(10)
    assert (task.result, task.error, task.done, task.total) == ("fait", "", 1, 3)


def test_one_work_is_done_after_another() -> None:
    tasks, go, order = Tasks[None](), threading.Event(), list[int]()

    def first(step: Step) -> None:
        go.wait(10)
        order.append(1)

    ids = [tasks.start("Ana", first), tasks.start("Paul", lambda step: order.append(2))]
    second = tasks.get(ids[1], "Paul")
    assert second is not None and not second.wait(0.05) and order == []
    go.set()
    assert second.wait(10) and order == [1, 2]


def test_a_failure_is_a_sentence_and_the_next_work_is_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = Tasks[int]()

    def fail(error: Exception) -> int:
        raise error

    caplog.set_level(logging.WARNING)
    known = tasks.get(tasks.start("Ana", lambda step: fail(SettingsError("Trop long."))), "Ana")
    other = tasks.get(tasks.start("Ana", lambda step: fail(KeyError("secret"))), "Ana")
    last = tasks.get(tasks.start("Ana", lambda step: 1), "Ana")
    assert known and other and last and last.wait(10)
    assert known.error == "Trop long." and last.result == 1
    assert other.error.startswith("Une erreur inattendue") and "secret" not in other.error
    assert "KeyError" in caplog.text


def test_only_the_last_ones_are_kept() -> None:
    tasks = Tasks[int]()
    ids = [tasks.start("Ana", lambda step: 1) for _ in range(51)]
    assert tasks.get(ids[0], "Ana") is None and tasks.get(ids[50], "Ana") is not None
