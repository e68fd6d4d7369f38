"""Sentences of a model in other words than the passages', put to a model of inference."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import pytest
from langchain_core.messages import BaseMessage

from app.answers import Answer, Piece
from app.generate import Writer
from app.query import Query
from ingest.errors import ModelError
from tests.app.candidates import candidate

TEXTS = ("La région paie le transport des élèves.", "Elle a 300 vélos.", "Rome vainquit Carthage.")
REWORDED = "La région finance le transport des élèves [1]."
QUOTED = Answer("", (), (), 0.9)


class Saying:
    """A language model that says one thing."""

    def __init__(self, text: str) -> None:
        self._text = text

    def stream(self, messages: Sequence[BaseMessage]) -> Iterator[str]:
        yield self._text

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        return self._text


class Scripted:
    """A model of inference that gives one probability, and remembers what it was asked."""

    def __init__(self, probability: float | ModelError) -> None:
        self._probability = probability
        self.asked: list[tuple[str, str]] = []

    def probability(self, premise: str, hypothesis: str) -> float:
        self.asked.append((premise, hypothesis))
        if isinstance(self._probability, ModelError):
            raise self._probability
        return self._probability


def pieces(text: str, judge: Scripted | None, **options: float) -> list[Piece]:
    writer = Writer(Saying(text), None, False, judge, **options)
    found = candidate(*TEXTS, cosines=(0.9,) * len(TEXTS))
    writing = writer.begin(Query("Qui ?", {}, None, "fr"), [found])
    assert writing is not None
    return list(writing)


def test_a_sentence_in_other_words_is_shown_and_cited_when_a_passage_entails_it() -> None:
    judge = Scripted(0.9)
    [piece] = pieces(REWORDED, judge)

    assert judge.asked == [
        (f"Fiche p\n{TEXTS[0]}", "La région finance le transport des élèves."),
    ]
    assert (piece.statement.supported, piece.statement.citations) == (True, (1,))
    [citation] = piece.citations
    assert (citation.quote, citation.start, citation.end) == (TEXTS[0], 0, len(TEXTS[0]))


@pytest.mark.parametrize("probability", [0.0, 0.89, float("nan")])
def test_it_is_left_out_when_the_model_is_not_sure(probability: float) -> None:
    judge = Scripted(probability)
    assert pieces(REWORDED, judge) == []
    assert len(judge.asked) == 1


def test_the_threshold_is_that_of_the_settings() -> None:
    assert len(pieces(REWORDED, Scripted(0.6), threshold=0.6)) == 1
    assert pieces(REWORDED, Scripted(0.95), threshold=0.96) == []


def test_without_a_model_of_inference_it_is_left_out() -> None:
    assert pieces(REWORDED, None) == []


def test_a_model_that_fails_vouches_for_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "app.generate"):
        shown = pieces(f"{REWORDED} {TEXTS[0]} [1]", Scripted(ModelError("en panne")))
    assert [piece.statement.text for piece in shown] == [TEXTS[0]]
    assert "en panne" in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "Elle a 301 vélos [1].",
        "Lyon paie le transport des élèves [1].",
        "La région ne paie pas le transport des élèves [1].",
        "La région doit payer le transport des élèves [1].",
        "La région paie tout le transport des élèves [1].",
        "Carthage vainquit Rome [1].",
        "La région [finance](https://x.example) le transport des élèves [1].",
        "Rome [1].",
    ],
)
def test_it_is_asked_of_common_words_alone(text: str) -> None:
    judge = Scripted(1.0)
    assert pieces(text, judge) == []
    assert judge.asked == []


def test_it_is_not_asked_of_what_has_the_words_of_a_passage() -> None:
    judge = Scripted(0.0)
    assert len(pieces(f"{TEXTS[0]} [1]", judge)) == 1
    assert judge.asked == []


def test_passages_of_another_language_are_refused_before_it_is_asked() -> None:
    judge = Scripted(1.0)
    writer = Writer(Saying(REWORDED), None, False, judge)
    found = candidate(*TEXTS, cosines=(0.9,) * len(TEXTS))
    assert writer.begin(Query("Who?", {}, None, "en"), [found]) is None
    assert judge.asked == []


def test_sentences_that_it_vouches_for_make_an_answer() -> None:
    writer = Writer(Saying(REWORDED), None, False, Scripted(1.0))
    found = candidate(*TEXTS, cosines=(0.9,) * len(TEXTS))
    writing = writer.begin(Query("Qui ?", {}, None, "fr"), [found])
    assert writing is not None
    list(writing)
    assert writing.answer(QUOTED, sure=True).mode == "generated"
