"""Fitting finds what parts questions, publishing asks what it says, and both are repeatable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.evaluate.fit_likeness import fitted_likeness
from app.evaluate.fit_view import _slope, fitted_view
from app.evaluate.groupings import adjusted_rand
from app.evaluate.labelled import Labelled, NearMiss, labels_of, vectors_of
from app.evaluate.publishing import asked_of, publications, small_publications
from app.faq.grouping import grouped
from app.faq.likeness import as_text
from tests.app.evaluate.alike import SUBJECTS, alike
from tests.app.faq.made import vectors_of as embedded

ROWS = alike()


@pytest.mark.parametrize("words_alone", [False, True])
def test_what_is_fitted_groups_what_it_was_fitted_on(words_alone: bool) -> None:
    fitted = fitted_likeness("fake", ROWS, ["made up"], words_alone)
    groups = grouped([row.question for row in ROWS], vectors_of(ROWS), fitted)
    assert adjusted_rand(labels_of(ROWS), groups) > 0.9
    assert (fitted.view is None) is words_alone
    asked = [one for each in publications(ROWS) for one in asked_of(each, fitted)]
    assert np.mean([one.answers and one.is_right for one in asked if one.has_entry]) > 0.8
    assert not any(one.answers for one in asked if one.is_off_topic)


def test_near_misses_are_learnt() -> None:
    questions = [(row.question, row.intent) for row in ROWS if row.intent.endswith("/prix")]
    said = [f"{question} à deux étages" for question, _ in questions]
    misses = [
        NearMiss(Labelled(question, "", "near", "dev", vector), intent)
        for question, vector, (_, intent) in zip(said, embedded(said), questions, strict=True)
    ]
    held = []
    for known in ((), misses):
        fitted = fitted_likeness("fake", ROWS, ["made up"], words_alone=True, misses=known)
        few = small_publications(ROWS, misses, 1)
        asked = [one for each in few for one in asked_of(each, fitted) if not one.has_entry]
        held.append(np.mean([fitted.entry.probability(one.features) for one in asked]))
    assert held[1] < held[0]  # how probable it is that one is what the entry answers


def test_a_fit_says_how_far_it_is() -> None:
    told: list[tuple[str, int, int]] = []
    fitted_likeness("fake", ROWS, ["made up"], step=lambda *step: told.append(step))
    assert told == [("Calibrage", done, 14) for done in range(1, 15)]


def test_what_is_held_out_is_not_fitted_on() -> None:
    others = [replace(row, question=f"et {row.question}", half="held-out") for row in ROWS[:8]]
    held = [NearMiss(replace(ROWS[0], intent="", half="held-out"), ROWS[0].intent)]
    alone, beside = (
        fitted_likeness("fake", rows, ["made up"], misses=misses)
        for rows, misses in ((ROWS, []), ([*others, *ROWS], held))
    )
    assert as_text(alone) == as_text(beside)


def test_a_fit_can_be_repeated_exactly() -> None:
    first, second = (fitted_likeness("fake", ROWS, ["made up"]) for _ in range(2))
    assert as_text(first) == as_text(second)


def test_a_view_brings_questions_of_one_intent_together() -> None:
    labels = np.array(labels_of(ROWS))
    same = labels[:, None] == labels[None]
    before = vectors_of(ROWS) @ vectors_of(ROWS).T
    seen = fitted_view(ROWS).of(vectors_of(ROWS))
    after = seen @ seen.T
    assert after[same].mean() - after[~same].mean() > before[same].mean() - before[~same].mean()


def test_the_slope_is_that_of_the_loss() -> None:
    luck = np.random.default_rng(0)
    seen, turned = luck.standard_normal((6, 4)), luck.standard_normal((4, 4))
    same = np.array([0, 0, 1, 1, 1, 2])[:, None] == np.array([0, 0, 1, 1, 1, 2])[None]

    def loss(by: np.ndarray) -> float:
        unit = seen @ by
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        likes = unit @ unit.T / 0.1
        total = 0.0
        for row in range(5):  # the sixth is alone
            others = [one for one in range(6) if one != row]
            whole = np.log(np.exp(likes[row, others]).sum())
            mates = [one for one in others if same[row, one]]
            total += np.mean([whole - likes[row, one] for one in mates])
        return total / 5

    slope = _slope(seen, same, turned)
    for place in ((0, 0), (1, 3), (3, 2)):
        step = np.zeros((4, 4))
        step[place] = 1e-5
        found = (loss(turned + step) - loss(turned - step)) / 2e-5
        assert slope[place] == pytest.approx(found, rel=1e-3, abs=1e-6)


def test_a_publication_asks_all_but_what_it_publishes() -> None:
    for each in publications(ROWS):
        published = {row.question for rows in each.entries.values() for row in rows}
        assert len(published) == each.phrasings * len(each.entries)
        assert {row.question for row in each.asked} == {row.question for row in ROWS} - published
        assert len(each.entries) == round(0.7 * 2 * len(SUBJECTS))
    some = {row.question for row in ROWS[:5]}
    for each in publications(ROWS, ROWS[:5]):
        assert {row.question for row in each.asked} <= some
