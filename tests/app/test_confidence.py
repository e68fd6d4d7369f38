from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.calibration import ANSWER_FEATURES
from app.confidence import LARGE, features, judge
from app.expectation import expectation
from app.query import Query
from app.retrieve import Candidate
from tests.app.calibrations import CALIBRATION
from tests.app.candidates import UNIT, candidate

QUERY = Query("Quand ?", {"sign": 1.5, "chart": 0.5}, UNIT, "fr", expectation("Quand ?"))


def found(*texts: str, cosines: Sequence[float], passage: float = 0.8) -> Candidate:
    return replace(candidate(*texts, cosines=cosines), passage_cosine=passage)


def test_the_features_are_those_of_the_best_passage() -> None:
    best = replace(found("Une phrase.", cosines=(0.5,), passage=0.4), coverage=0.3, bm25=2)
    next_best = candidate("Signée en 2019.", cosines=(0.9,))

    assert features(QUERY, [best, next_best], 1) == {
        "sentence_cosine": 0.5, "passage_cosine": 0.4, "coverage": 0.3, "bm25": 2.0,
        "log_passages": 0.0, "question_weight": 2.0, "unmet": 1.0,
    }  # fmt: skip


def test_they_have_the_names_that_a_calibration_may_use() -> None:
    best = found("Une phrase.", cosines=(0.5,))

    assert tuple(features(QUERY, [best], 1)) == ANSWER_FEATURES


@pytest.mark.parametrize(
    ("question", "text", "unmet"),
    [
        ("Quand la charte a-t-elle été signée ?", "Elle est signée en mars.", 0),
        ("Quand la charte a-t-elle été signée ?", "Elle est signée par des villes.", 1),
        ("Combien de villes ?", "Douze ou 13 villes.", 0),
        ("Qui préside ?", "personne ne préside.", 0),  # names are not counted
        ("Que dit le bilan de 2025 ?", "Le bilan de 2023 est bon.", 1),
        ("Pourquoi en 2025 ?", "Le bilan de 2023.", 2),
    ],
)
def test_what_the_best_sentence_lacks_of_what_is_expected_is_counted(
    question: str, text: str, unmet: int
) -> None:
    query = replace(QUERY, expectation=expectation(question))
    best = found("Une phrase du 3 mars 2025, car 12.", text, cosines=(0.1, 0.9))
    if "2025" in question:
        best = found(text, cosines=(0.9,))

    assert features(query, [best], 1)["unmet"] == unmet


def test_the_size_of_the_corpus_counts_by_its_logarithm_as_long_as_it_is_small() -> None:
    best = found("Une phrase.", cosines=(0.5,))
    sizes = [features(QUERY, [best], size)["log_passages"] for size in (1, 10, LARGE, 10**6)]

    assert sizes == pytest.approx([0.0, 2.302585, 4.605170, 4.605170])


@pytest.mark.parametrize(
    ("cosine", "answers", "sure"), [(0.95, True, True), (0.88, True, False), (0.8, False, False)]
)
def test_the_nearer_the_surer(cosine: float, answers: bool, sure: bool) -> None:
    query = replace(QUERY, expectation=expectation(""))
    thought = judge(query, [found("Une phrase.", cosines=(cosine,))], 200, CALIBRATION)

    assert (thought.answers, thought.is_sure) == (answers, sure)


def test_a_question_far_from_every_passage_is_off_topic_unless_it_is_answered() -> None:
    query = replace(QUERY, expectation=expectation(""))
    near, far = (found("Une phrase.", cosines=(0.1,), passage=p) for p in (0.85, 0.75))
    answered = found("Une phrase.", cosines=(0.95,), passage=0.75)

    assert judge(query, [near], 200, CALIBRATION).is_on_topic
    assert not judge(query, [far], 200, CALIBRATION).is_on_topic
    assert judge(query, [answered], 200, CALIBRATION).is_on_topic


def test_nothing_found_is_neither_an_answer_nor_on_topic() -> None:
    thought = judge(QUERY, [], 0, CALIBRATION)

    assert not thought.answers
    assert not thought.is_on_topic


def test_without_vectors_words_decide() -> None:
    query = replace(QUERY, vector=None)
    covered = replace(found("Une phrase.", cosines=()), coverage=1.0)

    assert judge(query, [covered], 200, CALIBRATION).answers
    assert not judge(query, [replace(covered, coverage=0.5)], 200, CALIBRATION).answers
