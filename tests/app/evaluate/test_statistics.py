import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.evaluate.statistics import (
    auroc,
    calibration_error,
    coverage_at,
    figure,
    mean,
    percentile,
    ratio,
    refusal_curve,
    reliability,
)

PATIENT = settings(deadline=None, derandomize=True, max_examples=80)
# Few different scores, so that ties are common.
SCORED = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=25)


def columns(scored: list[tuple[int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    scores, labels = zip(*scored, strict=True)
    return np.array(scores, dtype=float), np.array(labels, dtype=float)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


@PATIENT
@given(scored=SCORED)
def test_the_auroc_is_the_share_of_pairs_in_the_right_order(
    scored: list[tuple[int, bool]],
) -> None:
    positives = [score for score, label in scored if label]
    negatives = [score for score, label in scored if not label]
    assume(positives and negatives)
    pairs = [(p > n) + (p == n) / 2 for p in positives for n in negatives]

    assert auroc(*columns(scored)) == pytest.approx(sum(pairs) / len(pairs))


def test_scores_that_are_all_alike_tell_nothing_apart() -> None:
    assert auroc(array(3, 3, 3, 3), array(1, 0, 0, 1)) == 0.5


def test_the_auroc_is_one_in_the_right_order_and_zero_in_the_other() -> None:
    assert auroc(array(0.1, 0.2, 0.8, 0.9), array(0, 0, 1, 1)) == 1.0
    assert auroc(array(0.1, 0.2, 0.8, 0.9), array(1, 1, 0, 0)) == 0.0


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_with_one_class_there_is_neither_an_auroc_nor_a_coverage(label: float) -> None:
    assert math.isnan(auroc(array(0.1, 0.2), array(label, label)))
    assert math.isnan(coverage_at(0.05)(array(0.1, 0.2), array(label, label)))


def test_the_interval_holds_the_value_and_counts_the_cases() -> None:
    found = figure(mean, [1.0] * 30 + [0.0] * 10)

    assert found is not None
    assert (found.value, found.cases) == (0.75, 40)
    assert 0.55 < found.low < 0.75 < found.high < 0.95


def test_the_interval_depends_on_the_seed_alone() -> None:
    values = np.random.default_rng(1).random(50)

    assert figure(mean, values, seed=3) == figure(mean, values, seed=3)
    assert figure(mean, values, seed=3) != figure(mean, values, seed=4)


def test_the_interval_shrinks_as_the_root_of_the_number_of_cases() -> None:
    few, many = figure(mean, [0.0, 1.0] * 10), figure(mean, [0.0, 1.0] * 1000)

    assert few is not None and many is not None
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(10, rel=0.2)


def test_cases_that_are_all_alike_leave_no_doubt_and_no_case_gives_no_figure() -> None:
    found = figure(mean, [2.0] * 5)

    assert found is not None
    assert (found.value, found.low, found.high) == (2.0, 2.0, 2.0)
    assert figure(mean, []) is None


def test_the_rows_of_two_columns_are_drawn_together() -> None:
    scores, labels = [0.1, 0.2, 0.8, 0.9], [0.0, 0.0, 1.0, 1.0]
    found = figure(auroc, scores, labels)

    assert found is not None
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("risk", "share"), [(0.0, 0.25), (0.24, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)]
)
def test_the_coverage_is_what_is_answered_when_so_many_negatives_are(
    risk: float, share: float
) -> None:
    positives, negatives = [0.95, 0.6, 0.4, 0.2], [0.9, 0.5, 0.3, 0.1]

    assert coverage_at(risk)(array(*positives, *negatives), array(*[1] * 4, *[0] * 4)) == share


def test_a_positive_that_scores_like_the_last_refused_negative_is_refused_too() -> None:
    assert coverage_at(0.0)(array(0.5, 0.6, 0.5), array(1, 1, 0)) == 0.5


@pytest.mark.parametrize(("negatives", "share"), [(19, 0.0), (20, 1.0), (39, 1.0)])
def test_five_percent_of_twenty_negatives_is_one(negatives: int, share: float) -> None:
    scores, labels = array(0.8, 0.9, *[0.1] * (negatives - 1)), array(1, *[0] * negatives)

    assert coverage_at(0.05)(scores, labels) == share


@PATIENT
@given(scored=SCORED, risk=st.sampled_from([0.0, 0.125, 0.25, 0.5]))
def test_the_coverage_is_that_of_the_best_threshold_allowed(
    scored: list[tuple[int, bool]], risk: float
) -> None:
    scores, labels = columns(scored)
    positives, negatives = scores[labels == 1], scores[labels == 0]
    assume(len(positives) and len(negatives))
    allowed = [t for t in range(-1, 7) if (negatives > t).mean() <= risk]

    assert coverage_at(risk)(scores, labels) == max((positives > t).mean() for t in allowed)


def test_probabilities_that_come_true_have_no_calibration_error() -> None:
    assert calibration_error(array(0, 0, 1, 1), array(0, 0, 1, 1)) == 0.0
    assert calibration_error(array(*[0.8] * 10), array(*[1] * 8, 0, 0)) == pytest.approx(0.0)


def test_certainties_that_are_all_wrong_have_the_worst_one() -> None:
    assert calibration_error(array(0, 0, 1, 1), array(1, 1, 0, 0)) == 1.0


def test_each_bin_weighs_as_many_cases_as_it_holds() -> None:
    # Two cases that are 0.25 off, and one that is 0.05 off.
    found = calibration_error(array(0.25, 0.25, 0.95), array(1, 0, 1))

    assert found == pytest.approx((2 * 0.25 + 0.05) / 3)


def test_reliability_is_told_by_tenths_that_hold_cases_and_one_is_in_the_last() -> None:
    found = reliability(array(0, 0.05, 0.1, 0.95, 1), array(0, 1, 1, 1, 0))

    assert [cases for *_, cases in found] == [2, 1, 2]
    assert [right for _, right, _ in found] == [0.5, 1.0, 0.5]
    assert [shown for shown, *_ in found] == pytest.approx([0.025, 0.1, 0.975])


@PATIENT
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_every_case_is_in_one_bin_and_the_error_is_a_share(
    announced: list[tuple[float, bool]],
) -> None:
    probabilities, outcomes = (array(*column) for column in zip(*announced, strict=True))

    assert sum(n for *_, n in reliability(probabilities, outcomes)) == len(announced)
    assert 0.0 <= calibration_error(probabilities, outcomes) <= 1.0 + 1e-12


def test_a_percentile_is_the_value_below_which_that_share_is() -> None:
    assert percentile(50)(array(30, 10, 20)) == 20.0
    assert percentile(95)(np.arange(101.0)) == 95.0
    assert percentile(50)(array(10, 20)) == 15.0


def test_the_more_is_refused_the_more_of_the_rest_is_right() -> None:
    points = refusal_curve(array(0.21, 0.81), array(0, 1))

    assert list(dict.fromkeys(points)) == [(0.0, 0.5), (0.5, 1.0)]
    assert refusal_curve(array(), array()) == []


def test_a_ratio_is_of_all_parts_to_all_wholes() -> None:
    assert ratio(array(1, 0, 3), array(1, 1, 6)) == 0.5

    found = figure(ratio, [1, 1, 0], [1, 1, 8])
    assert found is not None
    assert (found.value, found.cases) == (0.2, 3)
    assert found.low < 0.2 < found.high == 1.0  # a draw may leave the long one out
