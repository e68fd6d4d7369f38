import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.confidence import FOREIGN, FRENCH, LEXICAL, Calibration, calibration, features
from app.query import Query
from ingest.embed import E5_SMALL
from tests.app.candidates import UNIT, candidate

CALIBRATIONS = [FRENCH, FOREIGN, LEXICAL]
SIZE = "log_passages"  # the one feature of which more makes an answer less likely
VALUES = st.floats(min_value=0.0, max_value=1.0)
FOUND = st.fixed_dictionaries(
    {"sentence_cosine": VALUES, "passage_cosine": VALUES, "coverage": VALUES, "bm25": VALUES}
    | {SIZE: st.floats(min_value=0.0, max_value=14.0)}
)
QUERY = Query("Qui ?", {"sign": 1.0}, UNIT, "fr")


@pytest.mark.parametrize("scale", CALIBRATIONS)
@given(found=FOUND, more=VALUES)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_a_better_match_never_makes_an_answer_less_likely_nor_a_larger_corpus_more(
    scale: Calibration, found: dict[str, float], more: float
) -> None:
    before = scale.probability(found)
    assert 0.0 < before < 1.0
    for name in scale.weights:
        after = scale.probability({**found, name: found[name] + more})
        assert after <= before if name == SIZE else after >= before


def test_features_far_out_of_range_stay_a_probability() -> None:
    for value in (-1e9, 1e9):
        assert 0.0 <= Calibration(0.0, {"bm25": 1.0}).probability({"bm25": value}) <= 1.0


def test_the_probability_is_that_of_the_logistic_curve() -> None:
    scale = Calibration(-1.0, {"coverage": 2.0})

    assert scale.probability({"coverage": 0.5}) == 0.5
    assert scale.probability({"coverage": 1.0}) == pytest.approx(0.7310586)


@pytest.mark.parametrize("passages", [0, 1, 10**6])
@pytest.mark.parametrize("scale", CALIBRATIONS)
def test_nothing_found_is_neither_an_answer_nor_near_one(scale: Calibration, passages: int) -> None:
    assert scale.probability(features([], passages)) < scale.near < scale.answer


@pytest.mark.parametrize("scale", [FRENCH, FOREIGN])
def test_a_perfect_match_is_an_answer(scale: Calibration) -> None:
    perfect = dict.fromkeys(features([], 1), 1.0) | {SIZE: math.log(200)}

    assert scale.probability(perfect) > 0.95


def test_without_vectors_every_term_found_is_an_answer_and_half_of_them_is_only_near() -> None:
    assert LEXICAL.probability({"coverage": 1.0, "bm25": 1.0}) > LEXICAL.answer
    assert LEXICAL.near < LEXICAL.probability({"coverage": 0.5, "bm25": 0.5}) < LEXICAL.answer


def test_the_features_are_those_of_the_best_passage() -> None:
    best = replace(
        candidate("Une phrase.", cosines=(0.5,)), passage_cosine=0.4, coverage=0.3, bm25=2
    )
    next_best = candidate("Une autre.", cosines=(0.9,))

    assert features([best, next_best], 1) == {
        "sentence_cosine": 0.5, "passage_cosine": 0.4, "coverage": 0.3, "bm25": 2.0,
        SIZE: 0.0,
    }  # fmt: skip


def test_the_calibration_is_that_of_the_language_the_space_and_what_can_be_matched() -> None:
    assert calibration(QUERY, E5_SMALL) is FRENCH
    assert calibration(replace(QUERY, language="en"), E5_SMALL) is FOREIGN
    assert calibration(QUERY, "another-space") is LEXICAL
    assert calibration(replace(QUERY, vector=None), E5_SMALL) is LEXICAL


def test_the_size_of_the_corpus_counts_by_its_logarithm() -> None:
    found = [candidate("Une phrase.", cosines=(0.5,))]

    assert features(found, 1)[SIZE] == 0.0
    assert features(found, 1000)[SIZE] == pytest.approx(6.907755)
