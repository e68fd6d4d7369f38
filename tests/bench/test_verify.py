"""The table of what is verified: what counts as detected, removed, and as the right span."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.bench import verify
from tests.bench.statements import Pair
from tests.bench.verify import Verdict

PASSAGE = "Le pont mesure 120 mètres. La halle date du XVIe siècle."
OTHERS = ("Le moulin est vendu.", "La forêt est protégée.", "L'école est neuve.", "Le lac gèle.")


def pair(kind: str, faithful: bool, statement: str = "Le pont mesure 120 mètres.") -> Pair:
    return Pair(
        statement, PASSAGE, OTHERS, kind, faithful, "Le pont mesure 120 mètres.", place=2, mark=2
    )


class Says:
    """A verifier that gives one verdict, and takes note of what it was asked."""

    def __init__(self, verdict: Verdict) -> None:
        self.said = verdict
        self.known: list[Sequence[str]] = []
        self.marked: list[Sequence[int]] = []

    def know(self, passages: Sequence[str]) -> None:
        self.known.append(passages)

    def verdict(self, statement: str, offered: Sequence[str], marked: Sequence[int]) -> Verdict:
        assert self.known[-1] == offered
        self.marked.append(marked)
        return self.said


def test_rates_are_of_what_is_detected_and_of_what_is_removed() -> None:
    kept, removed = Says(Verdict(True, 3, "Le pont mesure")), Says(Verdict(False))
    judged = [
        *verify.judge(kept, [pair("number", False), pair("verbatim", True)]),
        *verify.judge(removed, [pair("number", False), pair("verbatim", True)]),
    ]
    corrupted, every, faithful = verify.rows(judged)
    assert (corrupted.kind, corrupted.count, corrupted.rate) == ("number", 2, 0.5)
    assert (faithful.kind, faithful.rate, faithful.spans) == ("verbatim", 0.5, 1.0)
    assert every.kind == "all that is faithful" and every.count == 2
    assert not corrupted.is_met and not faithful.is_met
    assert kept.marked == [[3], [3]]


def test_targets_are_met_from_what_was_promised() -> None:
    removed = verify.judge(Says(Verdict(False)), [pair("number", False), pair("opposite", False)])
    assert [row.is_met for row in verify.rows(removed)] == [True, True]
    shown = verify.table(verify.rows(removed))
    assert "(opposite)" in shown and "MISSED" not in shown
    kept = verify.judge(Says(Verdict(True)), [pair("number", False)])
    assert "98% MISSED" in verify.table(verify.rows(kept))


def test_other_words_and_other_languages_count_apart() -> None:
    judged = verify.judge(Says(Verdict(False)), [pair("english", True), pair("reworded", True)])
    assert [row.kind for row in verify.rows(judged)] == ["english", "reworded"]


@pytest.mark.parametrize(
    ("passage", "span", "right"),
    [
        (3, "Le pont mesure 120 mètres.", True),
        (3, "pont  mesure", True),
        (3, "La halle date du XVIe siècle.", False),
        (3, "Le moulin est vendu.", False),
        (3, "", False),
        (1, "Le pont mesure 120 mètres.", False),
    ],
)
def test_a_span_is_right_in_the_right_passage_on_the_right_sentence(
    passage: int, span: str, right: bool
) -> None:
    [one] = verify.judge(Says(Verdict(True, passage, span)), [pair("verbatim", True)])
    assert one.has_right_span is right


def test_the_embedding_is_counted_apart() -> None:
    [one] = verify.judge(Says(Verdict(True, embedding_ms=1000.0)), [pair("verbatim", True)])
    assert one.ms < 0
    [row, _] = verify.rows([one])
    assert row.embedding_ms == 1000.0


def test_the_baseline_asks_for_half_of_the_words() -> None:
    baseline = verify.WordOverlap()
    offered = pair("", True).offered
    assert baseline.verdict("Le pont mesure 95 mètres.", offered, [3]).span.startswith("Le pont")
    assert not baseline.verdict("Le pont mesure 95 mètres.", offered, [1]).supported
    assert not baseline.verdict("Les truites remontent la rivière.", offered, [3]).supported
