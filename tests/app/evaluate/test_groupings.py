"""What groups are worth, against scikit-learn's own figures."""

from __future__ import annotations

import random

import pytest
from sklearn.metrics import adjusted_rand_score

from app.evaluate.groupings import adjusted_rand, groups_of, pairwise


def test_the_same_groups_are_worth_one() -> None:
    assert adjusted_rand("aabbc", groups_of([3, 3, 1, 1, 7])) == 1.0
    assert pairwise("aabbc", groups_of([3, 3, 1, 1, 7])) == (1.0, 1.0)


def test_all_together_has_full_recall_and_little_precision() -> None:
    assert pairwise("aabb", groups_of([0, 0, 0, 0])) == (2 / 6, 1.0)


def test_all_apart_has_no_recall() -> None:
    assert pairwise("aab", groups_of([0, 1, 2])) == (1.0, 0.0)
    assert adjusted_rand("abc", groups_of([0, 1, 2])) == 1.0
    assert adjusted_rand("a", groups_of([0])) == 1.0


@pytest.mark.parametrize("seed", range(5))
def test_the_index_is_scikit_learn_s(seed: int) -> None:
    luck = random.Random(seed)
    truth, found = ([luck.randrange(6) for _ in range(40)] for _ in range(2))
    assert adjusted_rand(truth, groups_of(found)) == pytest.approx(
        adjusted_rand_score(truth, found)
    )
