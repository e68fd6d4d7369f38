"""How alike questions are, for all pairs at once."""

from __future__ import annotations

import numpy as np
import pytest

from app.calibration import Logistic
from app.faq.pairs import FEATURES, WORD_FEATURES, Scale, Side, features, logits
from app.faq.reading import read
from tests.app.faq.made import VIEW, vectors_of

QUESTIONS = [
    "Combien coûte une pompe à chaleur ?",
    "Quel est le prix d'une pompe à chaleur ?",
    "Quelles aides pour une pompe à chaleur ?",
    "Je n'ai pas reçu mon chèque énergie",
    "bonjour",
]


def side(questions: list[str], with_vectors: bool = True, least: int = 1) -> Side:
    scale = Scale([read(question) for question in QUESTIONS], least)
    made = scale.side(questions, vectors_of(questions) if with_vectors else None, VIEW)
    return made.part(range(len(questions)))


def test_there_are_all_features_each_of_all_pairs() -> None:
    found = dict(features(side(QUESTIONS), side(QUESTIONS[:2])))
    assert set(found) == set(FEATURES)
    assert {values.shape for values in found.values()} == {(5, 2)}
    assert all(np.isfinite(values).all() for values in found.values())


def test_without_vectors_there_are_those_of_words() -> None:
    found = dict(features(side(QUESTIONS, False), side(QUESTIONS)))
    assert set(found) == set(WORD_FEATURES)


def test_the_same_question_shares_everything() -> None:
    found = {name: values[0, 0] for name, values in features(side(QUESTIONS[:1]), side(QUESTIONS))}
    for name in ("cosine", "terms", "covered", "asks", "sounds"):
        assert found[name] == pytest.approx(1.0, abs=2e-3)
    for name in ("lacking", "named_apart", "asks_lacking", "asks_apart", "denied"):
        assert found[name] == pytest.approx(0.0, abs=5e-2)


def test_another_thing_asked_of_the_same_parts_two_questions() -> None:
    found = dict(features(side(QUESTIONS), side(QUESTIONS)))
    assert found["asks_apart"][0].tolist()[:3] == [0.0, 0.0, 1.0]
    assert found["terms"][0, 1] > found["terms"][0, 2] > found["terms"][0, 3]
    assert found["denied"][0, 3] == 1.0


def test_a_question_without_a_word_has_no_subject() -> None:
    found = dict(features(side(["", "bonjour"]), side(["", "bonjour"])))
    assert found["no_subject"].min() == 1.0
    assert found["terms"].max() == 0.0


def test_the_rarest_word_weighs_most() -> None:
    scale = Scale([read(text) for text in ("prix gaz", "prix fioul", "prix bois", "gaz fioul")])
    values = dict(features(*[scale.side(["prix gaz"], None, None)] * 2))
    other = dict(
        features(scale.side(["prix gaz"], None, None), scale.side(["prix fioul"], None, None))
    )
    assert values["terms"][0, 0] == pytest.approx(1.0, abs=2e-3)
    assert 0 < other["terms"][0, 0] < 0.34


def test_words_that_one_question_holds_are_no_columns_when_none_else_is_compared() -> None:
    assert side(QUESTIONS, least=2).subjects.shape[1] < side(QUESTIONS).subjects.shape[1]
    pair = Logistic(0.0, {"terms": 1.0, "lacking": -1.0})
    some, every = side(QUESTIONS, least=2), side(QUESTIONS)
    apart = ~np.eye(len(QUESTIONS), dtype=bool)
    assert np.allclose(
        logits(some, some, pair)[apart], logits(every, every, pair)[apart], atol=1e-6
    )


def test_logits_weigh_the_features_and_forget_the_unknown() -> None:
    found = logits(side(QUESTIONS), side(QUESTIONS), Logistic(-1.0, {"terms": 2.0, "cosine": 0.0}))
    assert found[0, 0] == pytest.approx(1.0, abs=5e-3)
    assert found[0, 3] == pytest.approx(-1.0)
    assert np.allclose(found, found.T, atol=1e-6)


def test_more_rows_than_a_block_give_the_same() -> None:
    many = QUESTIONS * 60
    pair = Logistic(0.0, {"terms": 1.0, "cosine": 1.0})
    found = logits(side(many), side(QUESTIONS), pair)
    assert np.allclose(found[295:], logits(side(QUESTIONS), side(QUESTIONS), pair), atol=1e-6)


def test_nothing_is_compared_with_nothing() -> None:
    empty = Scale([]).side([], None, None)
    assert logits(empty, empty, Logistic(0.0, {"terms": 1.0})).shape == (0, 0)
