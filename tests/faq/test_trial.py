"""Phrasings tried on the published entries."""

from __future__ import annotations

import numpy as np
import pytest

from app.faq.entries import Entries
from app.faq.likeness import Rows
from app.faq.trial import Trial
from app.records.database import Database
from tests.fakes import FakeModel
from tests.faq.edits import ANA, PAUL, Clock, edit
from tests.faq.likeness import ALIKE


class Embedding:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def question_vector(self, question: str, /) -> Rows | None:
        self.asked.append(question)
        return np.array(FakeModel().embed_query(question), dtype=np.float32)


@pytest.fixture
def entries(database: Database) -> Entries:
    return Entries(database, Clock())


@pytest.fixture
def embedding() -> Embedding:
    return Embedding()


@pytest.fixture
def trial(entries: Entries, embedding: Embedding) -> Trial:
    return Trial(entries, embedding, lambda: ALIKE)


def published(entries: Entries, question: str, *variants: str) -> str:
    entry = entries.create(edit(question, variants=variants), ANA)
    return entries.publish(entry.id, entry.version, PAUL).id


def test_the_nearest_entry_says_whether_it_would_answer_and_through_what(
    entries: Entries, trial: Trial
) -> None:
    signing = published(entries, "Qui peut signer ?", "Une commune signe-t-elle la charte ?")
    price = published(entries, "Combien coûte une adhésion ?")
    entries.create(edit("Une commune signe-t-elle une charte ?"), ANA)  # a draft answers nobody
    first, second = trial.of("une commune signe t elle la charte")
    assert first.match.answers and (first.entry.id, second.entry.id) == (signing, price)
    assert first.match.phrasing == "Une commune signe-t-elle la charte ?"
    assert not second.match.answers and second.match.why_not
    assert trial.threshold() == ALIKE.threshold


def test_a_question_that_is_near_nothing_is_told_why(entries: Entries, trial: Trial) -> None:
    published(entries, "Combien coûte une adhésion ?")
    (found,) = trial.of("Où se gare-t-on ?")
    assert not found.match.answers and "trop loin" in found.match.why_not


def test_without_a_published_entry_there_is_nothing_to_try(trial: Trial) -> None:
    assert trial.of("Qui ?") == []


def test_entries_are_read_again_when_what_is_published_changes(
    entries: Entries, trial: Trial, embedding: Embedding
) -> None:
    id = published(entries, "Qui peut signer ?")
    assert len(trial.of("Qui peut signer ?")) == 1
    embedding.asked.clear()
    published(entries, "Combien coûte une adhésion ?")
    assert len(trial.of("Qui peut signer ?")) == 2
    assert embedding.asked == ["Combien coûte une adhésion ?", "Qui peut signer ?"]
    entries.archive(id, 2, PAUL)
    assert len(trial.of("Qui peut signer ?")) == 1
