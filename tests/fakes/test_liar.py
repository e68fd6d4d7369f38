"""The model that lies: its ledger says what each of its sentences is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from tests.bench.test_statements import PASSAGES
from tests.fakes.liar import NOTHING, Liar, Told, inventions

FENCE = "5f0c5f0c5f0c5f0c"


@dataclass(frozen=True)
class Asked:
    prompt: str


def prompt_of(*passages: str) -> str:
    texts = [f"Titre : Fiche\n\n{text}" for text in passages]
    blocks = [(f"passage {n}", text) for n, text in enumerate(texts, start=1)]
    shown = [
        f"=== {FENCE} {name} ===\n{text}\n=== {FENCE} fin ==="
        for name, text in [*blocks, ("question", "Où est le pont ?")]
    ]
    return "\n\n".join(["Réponds.", *shown])


PROMPT = prompt_of(*PASSAGES[:4])


@pytest.fixture(scope="module")
def ledger() -> list[Told]:
    """What it told in three hundred answers."""
    liar = Liar(PASSAGES, seed=1)
    for _ in range(300):
        liar.answer(PROMPT)
    return liar.take()


def test_the_same_seed_tells_the_same_lies() -> None:
    answers = [Liar(PASSAGES, seed).answer(PROMPT) for seed in (1, 1, 2)]
    assert answers[0] == answers[1] != answers[2]


def test_what_it_says_is_what_its_ledger_holds_once() -> None:
    liar = Liar(PASSAGES)
    said = liar(Asked(PROMPT))
    assert said == " ".join(one.written for one in liar.take())
    assert liar.take() == []


def test_without_passages_it_says_that_there_is_nothing() -> None:
    liar = Liar(PASSAGES)
    assert liar.answer("Bonjour") == NOTHING
    assert liar.take() == []


def test_it_mixes_truths_lies_and_inventions(ledger: list[Told]) -> None:
    sorts = Counter(one.sort for one in ledger)
    assert set(sorts) == {"true", "altered", "invented"}
    assert min(sorts.values()) > 0.08 * len(ledger)
    assert {"number", "date", "negation"} <= {one.change for one in ledger}


def test_what_is_true_is_restated_from_its_passage(ledger: list[Told]) -> None:
    for one in ledger:
        if one.sort != "invented":
            assert all(origin in PASSAGES[one.passage - 1] for origin in one.origins)
        if one.change == "verbatim":
            assert (one.sort, one.text) == ("true", one.origins[0])


def test_what_is_false_stands_in_no_passage(ledger: list[Told]) -> None:
    offered = " ".join(PASSAGES[:4])
    false = [one for one in ledger if one.sort != "true"]
    assert false and all(one.text not in offered for one in false)
    assert all(one.origins == () for one in false if one.sort == "invented")


def test_its_markers_are_right_wrong_not_offered_or_missing(ledger: list[Told]) -> None:
    assert {one.marking for one in ledger} == {"right", "wrong", "not offered", "none"}
    for one in ledger:
        assert (one.marking == "right") == (one.marked == one.passage and "[" in one.written)
        assert (one.marking == "wrong") <= (one.marked in range(1, 5))
        assert (one.marking == "not offered") == (one.marked > 4)
        assert one.written.endswith(".") and one.written.count("[") <= 1


def test_with_one_passage_no_marker_is_wrong() -> None:
    liar = Liar(PASSAGES)
    for _ in range(100):
        liar.answer(prompt_of(PASSAGES[0]))
    assert "wrong" not in {one.marking for one in liar.take()}


def test_inventions_are_sentences() -> None:
    assert len(inventions()) >= 20
    assert all(one[0].isupper() and one.endswith(".") for one in inventions())
