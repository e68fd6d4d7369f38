"""Figures of what a language model wrote, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from app.evaluate import statistics
from app.evaluate.cases import Case
from app.evaluate.written import WrittenCase
from app.evaluate.written_figures import LEFT_OUT, mistakes, written_figures
from app.verify.verdicts import FaultKind
from tests.app.evaluate.made import written

NONE = Case("8", "Et quand ?", "", answerable=False)
FREE = Case("9", "Et où ?", "", answerable=True)  # nothing tells whether it is right


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "RESAMPLES", 50)


def values(*rows: WrittenCase) -> dict[str, tuple[float, int]]:
    """By key, the value and the number of cases."""
    return {key: (round(found.value, 6), found.cases) for key, _, found in written_figures(rows)}


def test_each_question_has_one_fate() -> None:
    fates = ("generated", "unwritten", "unanswered", "unconfirmed", "unasked", "not_found",
             "declined")  # fmt: skip
    found = values(written("generated"), *map(written, fates))

    assert found["generated_answered"] == (0.25, 8)
    names = [f"quoted_{fate}" for fate in fates[1:5]] + ["not_found", "declined"]
    assert {found[f"generated_{name}"] for name in names} == {(0.125, 8)}


def test_shares_of_statements_are_of_all_statements() -> None:
    found = values(
        written(supported=4, repaired=1),
        written(supported=1, left_out=("name",)),
        written("unconfirmed", supported=0, left_out=("name", "figure", "figure", "order")),
        written("unwritten", supported=0, failure="timeout"),
        written("not_found"),
    )

    assert found["generated_statements"] == (round(10 / 3, 6), 3)
    assert found["generated_supported"] == (0.5, 3)
    assert found["generated_repaired"] == (0.2, 2)  # of the five that are supported
    assert found["generated_failed"] == (0.25, 4)  # of those that were asked
    assert {key: value for key, value in found.items() if "left_out" in key} == {
        "generated_left_out_figure": (0.2, 3),
        "generated_left_out_name": (0.2, 3),
        "generated_left_out_order": (0.1, 3),
    }


def test_an_answer_is_right_when_what_is_shown_holds_it() -> None:
    found = values(
        written(),
        written(said=False, cited=True),
        written(case=FREE, said=None, cited=None),
        written("unconfirmed", cited=False),  # the quotation holds it
        written("not_found", said=None, cited=None),
    )

    assert found["generated_said"] == (0.5, 2)
    assert found["generated_cited"] == (1.0, 2)
    assert found["generated_right"] == (0.5, 4)  # what cannot be found right is left aside
    assert "generated_unanswerable" not in found


def test_an_answer_to_what_has_none_is_counted_apart() -> None:
    unknown = {"said": None, "cited": None}
    found = values(
        written(case=NONE, **unknown), written("unanswered", case=NONE, **unknown),
        written("not_found", case=NONE, **unknown),
    )  # fmt: skip

    assert found["generated_unanswerable"] == (round(1 / 3, 6), 3)
    assert not {"generated_said", "generated_cited", "generated_right"} & found.keys()


def test_times_are_of_what_the_model_was_asked_and_first_ones_of_what_it_said() -> None:
    found = values(
        written(first=100.0, milliseconds=500.0, tokens=30),
        written(first=300.0, milliseconds=700.0, tokens=None),
        written("unwritten", first=None, milliseconds=900.0, tokens=None),
        written("not_found", first=None, milliseconds=10.0, tokens=None),
    )

    assert (found["generated_first_p50"], found["generated_first_p95"]) == ((200.0, 2), (290.0, 2))
    assert (found["generated_p50"], found["generated_p95"]) == ((700.0, 3), (880.0, 3))
    assert found["generated_tokens"] == (30.0, 1)


def test_figures_have_intervals_that_depend_on_the_seed_alone() -> None:
    rows = [written(supported=n % 3, left_out=("name",)) for n in range(20)]
    first, same, other = (written_figures(rows, seed) for seed in (1, 1, 2))

    assert first == same != other
    [supported] = [found for key, _, found in first if key == "generated_supported"]
    assert supported.low < supported.value < supported.high


def test_nothing_asked_gives_no_figure() -> None:
    assert written_figures([]) == []
    assert "generated_p50" not in values(written("declined"))


def test_each_fault_has_a_french_name_that_fits_the_table() -> None:
    assert set(LEFT_OUT) == set(get_args(FaultKind))
    rows = [written(left_out=(*LEFT_OUT, "new")), written("unwritten"), written(case=NONE)]
    names = [name for _, name, _ in written_figures(rows)]

    assert max(map(len, names)) < 40 and len(set(names)) == len(names)
    assert "écartées : new" in names


def test_mistakes_are_what_the_model_wrote_and_should_not_have() -> None:
    wrong = written(said=False)
    tricked = written(case=NONE, said=None)
    right = [written(), written(case=FREE, said=None), written("unconfirmed", said=False),
             written("unanswered", case=NONE, said=None)]  # fmt: skip

    assert mistakes([*right, wrong, tricked]) == [wrong, tricked]
    assert mistakes([replace(wrong, text=str(n)) for n in range(9)], limit=2) == [
        replace(wrong, text="0"), replace(wrong, text="1"),
    ]  # fmt: skip
