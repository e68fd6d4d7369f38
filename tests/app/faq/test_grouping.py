"""Questions that ask the same are grouped, whatever their order and number."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from app.faq.grouping import Group, grouped, linked
from tests.app.faq.made import BY_VECTORS, BY_WORDS, vectors_of

PUMP = [
    "Combien coûte une pompe à chaleur ?",
    "prix pompe à chaleur",
    "PRIX  POMPE A CHALEUR ?",
    "tarif d'une pompe à chaleur",
]
VOUCHER = ["Comment utiliser mon chèque énergie ?", "utiliser le chèque énergie"]
ALONE = ["Quelle est la capitale du Pérou ?"]
QUESTIONS = [PUMP[0], VOUCHER[0], *PUMP[1:], ALONE[0], VOUCHER[1]]


def test_questions_that_ask_the_same_are_together_the_largest_group_first() -> None:
    groups = grouped(QUESTIONS, None, BY_WORDS)
    assert [group.members for group in groups] == [(0, 2, 3, 4), (1, 6), (5,)]


def test_vectors_group_where_they_are_the_measure() -> None:
    groups = grouped(QUESTIONS, vectors_of(QUESTIONS), BY_VECTORS)
    assert [group.members for group in groups] == [(0, 2, 3, 4), (1, 6), (5,)]


def test_the_typical_question_is_like_most_and_is_one_of_the_members() -> None:
    questions = ["prix chaudière neuve", "prix chaudière", "prix chaudière", "coût chaudière"]
    [group] = grouped(questions, None, replace(BY_WORDS, together=-4.5))
    assert group.members == (0, 1, 2, 3) and group.typical == 1


def test_texts_that_differ_in_case_accents_or_points_are_one() -> None:
    [group] = grouped(["Été ?", "ete", "ÉTÉ !!"], None, BY_WORDS)
    assert group.members == (0, 1, 2)


def test_signs_alone_are_kept_apart_by_what_they_are() -> None:
    assert len(grouped(["???", "🙂", "???"], None, BY_WORDS)) == 2


def test_no_question_makes_no_group() -> None:
    assert grouped([], None, BY_WORDS) == []
    assert grouped(["prix"], None, BY_WORDS) == [Group((0,), 0)]


def test_the_order_of_questions_does_not_count() -> None:
    def said(questions: list[str]) -> set[frozenset[str]]:
        groups = grouped(questions, vectors_of(questions), BY_VECTORS)
        return {frozenset(questions[place] for place in group.members) for group in groups}

    shuffled = random.Random(0).sample(QUESTIONS, len(QUESTIONS))
    assert said(shuffled) == said(QUESTIONS)


@pytest.mark.parametrize("tile", [1, 2, 3])
def test_questions_beyond_a_tile_join_the_groups_that_there_are(tile: int) -> None:
    groups = grouped(QUESTIONS, None, BY_WORDS, tile)
    assert {group.members for group in groups} == {(0, 2, 3, 4), (1, 6), (5,)}


def test_average_linkage_is_down_to_the_mean_logit() -> None:
    likes = np.full((4, 4), -5.0, dtype=np.float32)
    likes[0, 1] = likes[1, 0] = 3.0
    likes[2, 3] = likes[3, 2] = 0.5
    one, other, third, fourth = linked(likes, 1.0)
    assert one == other and len({one, third, fourth}) == 3
    one, other, third, fourth = linked(likes, 0.0)
    assert one == other and third == fourth and one != third


def _groups_and_a_stray(to_first: float, to_second: float) -> np.ndarray:
    """Two groups of four that are one each, and one more text, of these logits with them."""
    likes = np.full((9, 9), -8.0, dtype=np.float32)
    likes[:4, :4] = likes[4:8, 4:8] = 4.0
    likes[8, :4] = likes[:4, 8] = to_first
    likes[8, 4:8] = likes[4:8, 8] = to_second
    return likes


def test_a_stray_goes_to_the_group_that_is_far_nearer_than_the_next() -> None:
    labels = linked(_groups_and_a_stray(-2.0, -6.0), 0.0)
    assert labels[8] == labels[0] != labels[4]


@pytest.mark.parametrize(("first", "second"), [(-2.0, -2.5), (-5.0, -8.0)])
def test_a_stray_between_two_groups_or_far_from_all_stays_alone(
    first: float, second: float
) -> None:
    labels = linked(_groups_and_a_stray(first, second), 0.0)
    assert labels[8] not in (labels[0], labels[4])
