"""Surveys of the journal: behind the pages, kept until it has changed enough."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from app.faq.likeness import Rows
from app.faq.survey import UNEXPECTED, State, Surveyor
from app.journal.journal import Journal
from app.records.database import Database
from ingest.errors import ModelError, RecordsError
from tests.app.journal.replies import NOON, Clock
from tests.fakes import FakeModel
from tests.faq.asked import QUESTIONS, journal_line
from tests.faq.likeness import ALIKE


class Embedding:
    """Gives vectors; waits at a gate, raises an error, or has none to give."""

    def __init__(self) -> None:
        self.model = FakeModel()
        self.asked: list[str] = []
        self.gate: threading.Event | None = None
        self.error: Exception | None = None
        self.silent = False

    def question_vector(self, question: str, /) -> Rows | None:
        self.asked.append(question)
        if self.gate:
            assert self.gate.wait(10)
        if self.error:
            raise self.error
        return None if self.silent else np.array(self.model.embed_query(question), dtype=np.float32)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def journal(database: Database, clock: Clock) -> Journal:
    """The journal of the questions."""
    journal = Journal(database, 30, clock)
    journal.keep([journal_line(n, text) for n, text in enumerate(QUESTIONS)])
    return journal


@pytest.fixture
def embedding() -> Embedding:
    return Embedding()


@pytest.fixture
def surveyor(journal: Journal, embedding: Embedding, clock: Clock) -> Iterator[Surveyor]:
    surveyor = Surveyor(journal, embedding, lambda: ALIKE, clock)
    yield surveyor
    surveyor.close()


def made(surveyor: Surveyor, anew: bool = False) -> State:
    """What is known once it is made."""
    surveyor.look(anew)
    state = surveyor.wait(20)
    assert state.progress is None
    return state


def test_questions_that_ask_the_same_are_one_topic(surveyor: Surveyor) -> None:
    state = made(surveyor)
    assert state.survey is not None and not state.fault
    sizes = [len(topic.lines) for topic in state.survey.topics]
    assert sizes == [3, 2, 1] and state.survey.size == 6
    topic = state.survey.topics[1]
    assert state.survey.topic(topic.key) is topic and state.survey.topic("inconnu") is None


def test_nobody_waits_and_how_far_it_is_can_be_seen(
    surveyor: Surveyor, embedding: Embedding
) -> None:
    embedding.gate = threading.Event()
    state = surveyor.look()
    assert state.progress is not None and state.survey is None
    while not embedding.asked:
        threading.Event().wait(0.01)
    progress = surveyor.look().progress
    assert progress is not None
    assert (progress.step, progress.done, progress.total) == ("vectors", 0, 6)
    embedding.gate.set()
    assert surveyor.wait(20).survey is not None


def test_a_survey_is_kept_until_the_journal_has_changed_enough(
    surveyor: Surveyor, journal: Journal, clock: Clock, embedding: Embedding
) -> None:
    first = made(surveyor).survey
    journal.keep([journal_line(n, f"Autre {n} ?") for n in range(10, 30)])
    assert surveyor.look().survey is first
    clock.move(minutes=61)
    second = made(surveyor).survey
    assert second is not None and second.size == 26
    clock.move(minutes=61)
    assert surveyor.look().survey is second, "nothing has changed"
    journal.keep([journal_line(n, f"Encore {n} ?") for n in range(40, 61)])
    embedding.asked.clear()
    third = made(surveyor).survey
    assert third is not None and third.size == 47
    assert len(embedding.asked) == 21, "vectors of known questions are kept"


def test_it_is_made_anew_as_soon_as_lines_were_erased(
    surveyor: Surveyor, journal: Journal, clock: Clock
) -> None:
    made(surveyor)
    journal.erase(all=True)
    later = [journal_line(n, f"Autre {n} ?") for n in range(10, 10 + len(QUESTIONS))]
    journal.keep([replace(line, at=NOON + timedelta(seconds=1)) for line in later])
    anew = made(surveyor).survey
    assert anew is not None
    assert {line.question for topic in anew.topics for line in topic.lines}.isdisjoint(QUESTIONS)


def test_it_is_made_anew_when_it_is_asked_for(surveyor: Surveyor) -> None:
    first = made(surveyor).survey
    second = made(surveyor, anew=True).survey
    assert second is not None and second is not first


def test_without_vectors_words_alone_are_compared(surveyor: Surveyor, embedding: Embedding) -> None:
    embedding.silent = True
    state = made(surveyor)
    assert state.survey is not None and len(state.survey.topics) == 3
    assert len(embedding.asked) == 1


def test_an_empty_journal_has_no_topic(database: Database, embedding: Embedding) -> None:
    state = made(Surveyor(Journal(database, 30), embedding, lambda: ALIKE))
    assert state.survey is not None and state.survey.topics == ()


def test_a_known_failure_is_told_and_the_last_survey_stays(
    surveyor: Surveyor, embedding: Embedding
) -> None:
    kept = made(surveyor).survey
    embedding.error = ModelError("Le modèle se tait.")
    surveyor._vectors.clear()
    state = made(surveyor, anew=True)
    assert state.survey is kept and state.fault == "Le modèle se tait."


def test_an_unknown_failure_is_logged_whole_and_told_in_one_sentence(
    surveyor: Surveyor, embedding: Embedding, caplog: pytest.LogCaptureFixture
) -> None:
    embedding.error = ZeroDivisionError("secret")
    with caplog.at_level(logging.ERROR):
        state = made(surveyor)
    assert state.fault == UNEXPECTED and "secret" in caplog.text
    assert surveyor.look().progress is None, "it is not tried again by itself"


def test_a_journal_that_cannot_be_read_is_told_to_who_looks(
    surveyor: Surveyor, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(surveyor)

    def unreachable(*_: object) -> int:
        raise RecordsError("La base ne répond pas.")

    monkeypatch.setattr(journal, "count", unreachable)
    with pytest.raises(RecordsError):
        surveyor.look()


def test_what_is_left_half_way_leaves_no_thread(surveyor: Surveyor, embedding: Embedding) -> None:
    embedding.gate = threading.Event()
    surveyor.look()
    threading.Timer(0.1, embedding.gate.set).start()
    surveyor.close()
    assert surveyor.wait(10).survey is None
    assert surveyor.look().progress is None, "it is closed"
