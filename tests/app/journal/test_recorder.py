"""The journal of a server: nothing waits for it, and what it loses is told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.journal.journal import Journal, Line
from app.journal.recorder import Recorder
from app.records.database import Database
from ingest.errors import RecordsError
from tests.app.journal.replies import NOON, Clock, entry, reply


class Broken(Journal):
    """A journal that fails as often as it is told to; ``gate`` holds its writer until it is set."""

    def __init__(self, database: Database, failures: Sequence[Exception] = ()) -> None:
        super().__init__(database, 7, Clock())
        self.failures = list(failures)
        self.gate = threading.Event()
        self.gate.set()
        self.tried = threading.Event()

    def keep(self, lines: Sequence[Line]) -> None:
        self.tried.set()
        assert self.gate.wait(10)
        if self.failures:
            raise self.failures.pop(0)
        super().keep(lines)


@contextmanager
def recording(journal: Journal, **options: Any) -> Iterator[Recorder]:
    recorder = Recorder(journal, clock=Clock(), **{"pauses": (0.01,), **options})
    try:
        yield recorder
    finally:
        recorder.close()


def questions(journal: Journal) -> list[str]:
    return sorted(one.question for one in journal.rows())


def test_a_reply_is_written_behind_the_answer_under_the_id_that_was_given(
    database: Database,
) -> None:
    journal = Journal(database, 7, Clock())
    with recording(journal) as recorder:
        id = recorder.reply(reply("Écrivez à jean@exemple.fr"))
        recorder.opinion(id, "down", "06 39 98 12 34")
        assert recorder.flush(10)
        [kept] = journal.rows()
    assert (kept.id, kept.at, kept.question) == (id, NOON, "Écrivez à [e-mail]")
    assert (kept.verdict, kept.reason) == ("down", "[téléphone]")


def test_the_tables_are_made_when_there_are_none(empty_url: str) -> None:
    with closing(Database(empty_url)) as database:
        journal = Journal(database, 7, Clock())
        with recording(journal) as recorder:
            recorder.reply(reply("Qui ?"))
            assert recorder.flush(10)
        assert questions(journal) == ["Qui ?"]


def test_an_answer_does_not_wait_and_what_no_longer_fits_is_counted(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Broken(database)
    journal.gate.clear()
    with recording(journal, size=3) as recorder:
        ids = [recorder.reply(reply(f"Question {n} ?")) for n in range(5)]
        assert [bool(id) for id in ids] == [True, True, True, False, False]
        recorder.opinion(ids[0], "up", "")
        assert recorder.lost == 3
        journal.gate.set()
        assert recorder.flush(10)
    assert questions(journal) == ["Question 0 ?", "Question 1 ?", "Question 2 ?"]
    assert "lines of the journal lost since the start: 3" in caplog.text
    assert "Question" not in caplog.text


def test_a_database_that_comes_back_gets_what_waited(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Broken(database, [RecordsError("Le serveur ne répond pas.")] * 3)
    with recording(journal) as recorder:
        recorder.reply(reply("Qui ?"))
        assert recorder.flush(10)
        assert recorder.lost == 0
    assert questions(journal) == ["Qui ?"]
    told = [record.getMessage() for record in caplog.records if record.name == "chartiste.journal"]
    assert told == ["the journal cannot be written: Le serveur ne répond pas."]  # once


def test_a_line_that_the_database_refuses_does_not_take_the_others_with_it(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Broken(database)
    journal.gate.clear()
    with recording(journal) as recorder:
        recorder.reply(reply("Première ?"))
        assert journal.tried.wait(10)  # it is being written; the others go together after it
        recorder.reply(reply("Deuxième ?"))
        recorder.reply(reply("Troisième ?"))
        wrong = IntegrityError("INSERT", None, Exception("Failing row contains (Deuxième ?)"))
        original = journal.keep

        def keep(lines: Sequence[Line]) -> None:
            if any(getattr(line, "question", "") == "Deuxième ?" for line in lines):
                raise wrong
            original(lines)

        journal.keep = keep  # type: ignore[method-assign]
        journal.gate.set()
        assert recorder.flush(10)
        assert recorder.lost == 1
    assert questions(journal) == ["Première ?", "Troisième ?"]
    assert "could not be written: IntegrityError" in caplog.text
    assert "Deuxième" not in caplog.text


def test_a_question_that_cannot_be_masked_is_lost_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def masked(text: str) -> str:
        if "piège" in text:
            raise RecursionError(text)
        return text

    monkeypatch.setattr("app.journal.entry.masked", masked)
    journal = Journal(database, 7, Clock())
    with recording(journal) as recorder:
        for question in ("Qui ?", "Un piège ?", "Quand ?"):
            assert recorder.reply(reply(question))
        assert recorder.flush(10) and recorder.lost == 1
    assert questions(journal) == ["Quand ?", "Qui ?"]
    assert "RecursionError" in caplog.text and "piège" not in caplog.text


def test_what_waits_is_written_before_the_server_stops(database: Database) -> None:
    journal = Broken(database)
    journal.gate.clear()
    recorder = Recorder(journal, clock=Clock())
    for n in range(500):
        recorder.reply(reply(f"Question {n} ?"))
    threading.Timer(0.05, journal.gate.set).start()
    recorder.close(30)
    assert journal.count() == 500 and recorder.lost == 0
    assert recorder.reply(reply("Trop tard ?")) == ""


def test_a_stop_does_not_wait_for_a_database_that_is_down(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Broken(database, [RecordsError("Le serveur ne répond pas.")] * 99)
    recorder = Recorder(journal, clock=Clock(), pauses=(600,))
    for n in range(3):
        recorder.reply(reply(f"Question {n} ?"))
    assert journal.tried.wait(10)
    recorder.close()
    assert recorder.lost == 3
    assert "lines of the journal lost since the start: 3" in caplog.text


def test_what_is_too_old_is_purged_at_the_start_and_then_by_itself(database: Database) -> None:
    clock = Clock()
    journal = Journal(database, 7, clock)
    journal.keep([entry(1, NOON - timedelta(days=8)), entry(2)])
    with recording(journal, every=0.02):
        wait_until(lambda: lines_of(database) == 1)
        clock.move(days=8)
        wait_until(lambda: lines_of(database) == 0)


def test_a_purge_that_fails_is_tried_again_and_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal, tries = Journal(database, 7, Clock()), list[int]()

    def purge() -> int:
        tries.append(1)
        raise RecordsError("La base est occupée.")

    monkeypatch.setattr(journal, "purge", purge)
    with recording(journal, every=0.01):
        wait_until(lambda: len(tries) > 2)
    assert "the journal could not be purged: La base est occupée." in caplog.text


def test_a_journal_that_is_off_keeps_nothing_new_but_purges(database: Database) -> None:
    journal = Journal(database, 0, Clock())
    journal.keep([entry(1, NOON - timedelta(days=31)), entry(2)])
    with recording(journal, keep=False) as recorder:
        assert recorder.reply(reply("Qui ?")) == ""
        recorder.opinion("n00002", "up", "")
        wait_until(lambda: lines_of(database) == 1)
    assert [(one.id, one.verdict) for one in journal.rows()] == [("n00002", None)]
    assert recorder.lost == 0


def test_a_journal_that_is_off_never_makes_a_database(tmp_path: Path) -> None:
    journal = Journal(Database(f"sqlite:///{tmp_path / 'base.db'}"), 0, Clock())
    with recording(journal, keep=False):
        pass
    assert list(tmp_path.iterdir()) == []


def test_many_threads_lose_nothing(database: Database) -> None:
    journal = Journal(database, 7, Clock())
    with recording(journal) as recorder:
        threads = [
            threading.Thread(target=lambda: [recorder.reply(reply("Qui ?")) for _ in range(50)])
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert recorder.flush(30)
    assert journal.count() == 400 and recorder.lost == 0


def lines_of(database: Database) -> int:
    """How many lines there are, however old."""
    from sqlalchemy import func, select

    from app.records.tables import JournalRow

    with database.read() as session:
        return session.scalar(select(func.count()).select_from(JournalRow)) or 0


def wait_until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1_000):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("it never came")


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
