"""What may be written of an entry."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.faq.entry import Cited, Edit, Status
from app.faq.faults import InvalidEdit
from app.faq.rules import counted, require_complete, require_valid, tidied
from tests.faq.edits import cited, edit


def faults(check: object, written: Edit) -> tuple[str, ...]:
    with pytest.raises(InvalidEdit) as refused:
        check(written)  # type: ignore[operator]
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_white_space_control_signs_and_what_is_said_twice_go() -> None:
    written = tidied(
        edit(
            " Qui\u00ad  peut\tsigner\x07 ?\n",
            "Une\u0301 ligne  \r\n\r\n- point\x00 \r",
            ["qui peut signer ?", "", "Et nous ?", "ET NOUS ?", " Et eux ? "],
            theme=" La\ncharte ",
        )
    )
    assert written.question == "Qui peut signer ?"
    assert written.answer == "Uné ligne\n\n- point"
    assert written.variants == ("Et nous ?", "Et eux ?")
    assert written.theme == "La charte"
    assert tidied(written) == written


def test_quotations_stay_as_they_are() -> None:
    odd = cited(quote=" Deux  blancs\u00ad\n")
    assert tidied(edit(citations=[odd])).citations == (odd,)


LONG = "La réponse a 4\u202f000 caractères au plus (4\u202f001 ici) : 1 de trop."


@pytest.mark.parametrize("length", [3, 300])
def test_a_question_of_the_shortest_and_of_the_longest_kind_may_be_written(length: int) -> None:
    require_valid(edit("q" * length, "a" * 4000, [f"{n:03}" for n in range(30)]))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (edit("ab"), "La question a de 3 à 300 caractères (2 ici)."),
        (edit("q" * 301), "La question a de 3 à 300 caractères (301 ici)."),
        (edit(answer="a" * 4001), LONG),
        (edit(variants=[f"{n:03}" for n in range(31)]), "30 autres formulations au plus (31 ici)"),
        (edit(variants=["ab"]), "« ab » en a 2."),
        (edit(theme="t" * 81), "Le thème a 80 caractères au plus (81 ici)."),
        (edit(citations=[cited(n) for n in range(1, 22)]), "20 citations au plus (21 ici)"),
        (edit(citations=[cited(1), cited(1)]), "son propre numéro"),
        (edit(citations=[cited(0)]), "son propre numéro"),
        (edit(citations=[cited(end=3)]), "La citation [1] n'a pas la longueur"),
        (edit(citations=[cited(quote=" ")]), "La citation [1] n'a pas la longueur"),
        (edit(citations=[cited(start=-1, end=25)]), "La citation [1] n'a pas la longueur"),
    ],
)
def test_what_breaks_a_rule_is_told_in_a_line(written: Edit, told: str) -> None:
    [line] = faults(require_valid, written)
    assert told in line


def test_every_rule_that_is_broken_is_told() -> None:
    assert len(faults(require_valid, edit("", "a" * 5000, ["b"], [cited(end=1)]))) == 4


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (edit(answer=""), "La réponse est vide."),
        (edit(citations=[], answer="Oui."), "La fiche ne cite aucune source"),
        (edit(citations=[cited(state="gone")]), "La citation [1] n'est plus dans sa source"),
        (edit(answer="Oui [1] [3]."), "La réponse renvoie à [3]"),
    ],
)
def test_what_lacks_something_is_not_for_citizens(written: Edit, told: str) -> None:
    require_valid(written)
    [line] = faults(require_complete, written)
    assert told in line


def test_an_entry_goes_through_json_and_back() -> None:
    found = {"quote": "Une autre", "ranks": [1, 2]}
    written = edit(citations=[cited(), cited(2, state="changed", found=found)])
    assert Edit.from_json({**written.as_json(), "status": "draft"}) == written
    one = replace(cited(), heading=("A", "B"))
    assert Cited.from_json(one.as_json()) == one
    assert (one.source_id, written.is_alive) == ("s1", False)


def test_the_markers_of_an_answer_are_named_once() -> None:
    assert edit(answer="Oui [2], non [1] et [2] ; [x] [12345]").markers == (2, 1)
    assert edit().phrasings == ("Qui peut signer ?", "Une commune signe-t-elle ?")


@pytest.mark.parametrize(
    ("count", "status", "said"),
    [
        (1, "draft", "1 brouillon"),
        (17, "draft", "17 brouillons"),
        (1, "published", "1 publiée"),
        (2, "published", "2 publiées"),
        (2, "submitted", "2 à valider"),
        (3, "archived", "3 archivées"),
    ],
)
def test_counts_of_entries_agree_with_their_number(count: int, status: Status, said: str) -> None:
    assert counted(count, status) == said
