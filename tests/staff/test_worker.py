"""Who does the tasks: one item after the other, until the end, a stop, or an error."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator

import pytest

from app.records.database import Database
from app.staff import worker as module
from app.staff.person import Person
from app.staff.tasks import AnotherTask, Finding, Task, Tasks
from app.staff.worker import UNEXPECTED, Item, Worker
from ingest.errors import RecordsError, StoreError
from tests.faq.edits import ANA


class Work:
    """Four items; the one of ``failing`` raises ``error``, and ``gate`` holds the second back."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.error: Exception | None = None
        self.gate: threading.Event | None = None
        self.at_second = threading.Event()

    def __call__(self, who: Person) -> Iterable[Item]:
        return [Item(key, lambda key=key: self._do(key)) for key in "abcd"]  # type: ignore[misc]

    def _do(self, key: str) -> Finding:
        if key == "b":
            self.at_second.set()
            if self.gate:
                assert self.gate.wait(10)
        if key == "c" and self.error:
            raise self.error
        self.did.append(key)
        return Finding(key, key.upper(), "Fait.")


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def tasks(database: Database) -> Tasks:
    return Tasks(database)


@pytest.fixture
def worker(tasks: Tasks, work: Work, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(module, "_WRITTEN", 0.0)
    worker = Worker(tasks, {"quatre": work})
    yield worker
    worker.close()


def ended(tasks: Tasks, worker: Worker, task: Task) -> Task:
    worker.wait(10)
    found = tasks.get(task.id)
    assert found is not None
    return found


def keys(task: Task) -> str:
    return "".join(one.key for one in task.findings)


def test_all_items_are_done(worker: Worker, tasks: Tasks) -> None:
    task = ended(tasks, worker, worker.begin("quatre", ANA))
    assert (task.state, task.total, keys(task)) == ("done", 4, "abcd")


def test_one_at_a_time_and_how_far_it_is_can_be_seen(
    worker: Worker, tasks: Tasks, work: Work
) -> None:
    work.gate = threading.Event()
    task = worker.begin("quatre", ANA)
    assert work.at_second.wait(10)
    with pytest.raises(AnotherTask):
        worker.begin("quatre", ANA)
    seen = tasks.get(task.id)
    assert seen is not None and (keys(seen), seen.total) == ("a", 4)
    work.gate.set()
    assert ended(tasks, worker, task).state == "done"


def test_it_stops_after_its_item_and_another_goes_on_from_there(
    worker: Worker, tasks: Tasks, work: Work
) -> None:
    work.gate = threading.Event()
    task = worker.begin("quatre", ANA)
    assert work.at_second.wait(10)
    tasks.stop(task.id)
    work.gate.set()
    stopped = ended(tasks, worker, task)
    assert (stopped.state, keys(stopped)) == ("stopped", "ab")
    rest = ended(tasks, worker, worker.begin("quatre", ANA, stopped))
    assert (rest.state, rest.total, keys(rest)) == ("done", 4, "abcd")
    assert work.did == ["a", "b", "c", "d"], "nothing is done twice"


def test_a_server_that_stops_leaves_what_is_done(worker: Worker, tasks: Tasks, work: Work) -> None:
    work.gate = threading.Event()
    task = worker.begin("quatre", ANA)
    assert work.at_second.wait(10)
    threading.Timer(0.1, work.gate.set).start()
    worker.close()
    left = ended(tasks, worker, task)
    assert (left.state, keys(left), left.can_go_on) == ("stopped", "ab", True)


def test_a_known_error_ends_it_with_its_sentence(worker: Worker, tasks: Tasks, work: Work) -> None:
    work.error = StoreError("L'index ne peut pas être lu.")
    failed = ended(tasks, worker, worker.begin("quatre", ANA))
    assert (failed.state, failed.fault) == ("failed", "L'index ne peut pas être lu.")
    assert keys(failed) == "ab"


def test_an_unknown_one_is_logged_whole_and_told_in_one_sentence(
    worker: Worker, tasks: Tasks, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    work.error = ZeroDivisionError("secret")
    with caplog.at_level(logging.ERROR):
        failed = ended(tasks, worker, worker.begin("quatre", ANA))
    assert (failed.state, failed.fault) == ("failed", UNEXPECTED) and "secret" in caplog.text


def test_a_database_that_goes_away_ends_it_without_a_noise(
    worker: Worker, tasks: Tasks, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.gate = threading.Event()
    worker.begin("quatre", ANA)
    assert work.at_second.wait(10)

    def gone(*_: object) -> bool:
        raise RecordsError("La base ne répond pas.")

    monkeypatch.setattr(tasks, "tell", gone)
    monkeypatch.setattr(tasks, "end", gone)
    work.gate.set()
    worker.wait(10)
    assert work.did == ["a", "b"], "what cannot be written down is not gone on with"


def test_signs_say_that_a_long_item_goes_on(
    worker: Worker, tasks: Tasks, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SIGN", 0.01)
    work.gate = threading.Event()
    told = threading.Event()
    tell = tasks.tell

    def telling(id: int, total: int, findings: list[Finding]) -> bool:
        if threading.current_thread().name == "sign":
            told.set()
        return tell(id, total, findings)

    monkeypatch.setattr(tasks, "tell", telling)
    task = worker.begin("quatre", ANA)
    assert told.wait(10)
    work.gate.set()
    assert ended(tasks, worker, task).state == "done"


def test_a_kind_that_is_not_known_is_a_mistake_of_ours(worker: Worker, tasks: Tasks) -> None:
    with pytest.raises(KeyError):
        worker.begin("autre", ANA)
    assert tasks.recent() == []
