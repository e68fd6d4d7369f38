from collections.abc import Sequence

import pytest

from app.expectation import expectation
from app.query import Query
from app.quotable import GROUP_LENGTH, PASSAGES, Quotable, quotables
from app.retrieve import Candidate
from tests.app.calibrations import MIX
from tests.app.candidates import UNIT, candidate

QUERY = Query("", {}, UNIT, "fr")
LEAD = "La charte fixe trois objectifs :"
ITEMS = ("• relier les territoires ;", "• former les élus ;", "• raconter les transitions.")


def parts(*candidates: Candidate, query: Query = QUERY) -> list[Quotable]:
    return quotables(query, candidates, MIX)


def said(*candidates: Candidate, query: Query = QUERY) -> list[str]:
    """The text of each part, the likeliest first."""
    return [" ".join(s.text for s in part.sentences) for part in parts(*candidates, query=query)]


def test_the_shares_of_all_parts_sum_to_one_and_the_likeliest_comes_first() -> None:
    found = parts(
        candidate("Le siège est à Privas.", "La charte est libre.", cosines=(0.7, 0.8)),
        candidate("Une phrase d’un autre.", cosines=(0.75,), id="o"),
    )

    assert sum(part.share for part in found) == pytest.approx(1.0)
    assert [part.features["cosine"] for part in found] == [0.8, 0.75, 0.7]
    assert found[0].share / found[1].share == pytest.approx(4.4817, rel=1e-3)  # exp(30 × 0.05)


def test_the_passage_weighs_with_its_sentence() -> None:
    better = candidate("La phrase du bon passage.", cosines=(0.7,), score=1.2, id="b")
    other = candidate("La phrase du moins bon.", cosines=(0.8,), score=1.0, id="o")

    assert said(better, other)[0] == "La phrase du bon passage."


def test_a_sentence_that_meets_what_is_expected_comes_before_a_nearer_one() -> None:
    query = Query("Quand ?", {}, UNIT, "fr", expectation("Quand ?"))
    found = candidate("Elle a été créée.", "Elle date de l’année 2017.", cosines=(0.82, 0.79))

    assert said(found)[0] == "Elle a été créée."
    assert said(found, query=query)[0] == "Elle date de l’année 2017."


def test_what_is_said_twice_is_there_once_from_the_better_passage() -> None:
    one = candidate("La charte est un texte.", cosines=(0.8,), id="1")
    other = candidate("La charte est  un Texte.", cosines=(0.8,), id="2")
    [part] = parts(one, other)

    assert part.candidate is one


def test_only_the_first_passages_may_be_quoted() -> None:
    found = [
        candidate(f"La phrase du passage {n}.", cosines=(0.1,), id=str(n)) for n in range(PASSAGES)
    ]
    late = candidate("La meilleure phrase, trop tard.", cosines=(0.9,), id="late")

    assert "La meilleure phrase, trop tard." not in said(*found, late)


@pytest.mark.parametrize("cosines", [(0.8, 0.1, 0.1, 0.1), (0.1, 0.1, 0.8, 0.1)])
def test_a_list_is_one_part_with_the_sentence_that_introduces_it(cosines: Sequence[float]) -> None:
    [part] = parts(candidate(LEAD, *ITEMS, cosines=cosines))

    assert (part.first, part.last, part.features["cosine"]) == (0, 3, 0.8)


def test_what_follows_a_list_is_not_part_of_it() -> None:
    found = candidate(LEAD, *ITEMS, "Ensuite vient le bilan.", cosines=(0.8, 0.1, 0.1, 0.1, 0.1))

    assert said(found)[1] == "Ensuite vient le bilan."


def test_a_list_longer_than_a_passage_is_quoted_by_its_items() -> None:
    items = ["• " + "point long " * 20 + "." for _ in range(GROUP_LENGTH // 200)]
    found = candidate(LEAD, *items, cosines=[0.8] * (len(items) + 1))

    assert LEAD not in " ".join(said(found))


@pytest.mark.parametrize(
    "unfit",
    [
        "La charte fixe trois objectifs :",
        "Objectifs",
        "12/2019",
        "(voir la page 12 du texte)",
        "Présentation de la charte ............ 12",
        "Introduction générale . . . . . . . 3",
        "Accueil | Nos actions | Actualités | Contact",
        "Accueil › Actualités › Fabrique › Charte",
        "la suite d’une phrase coupée avant.",
    ],
)
def test_what_says_nothing_by_itself_is_never_quoted(unfit: str) -> None:
    found = candidate(unfit, "La charte est libre.", cosines=(0.9, 0.2))

    assert said(found) == ["La charte est libre."]


@pytest.mark.parametrize(
    "fit", ["Elle attend… puis elle signe.", "Oui, signer se peut : il suffit de le dire."]
)
def test_ordinary_marks_are_no_menu(fit: str) -> None:
    assert said(candidate(fit, cosines=(0.9,))) == [fit]


def test_a_text_typed_without_capitals_can_be_quoted() -> None:
    assert said(candidate("la charte est libre.", cosines=(0.9,))) == ["la charte est libre."]


def test_parts_overlap_when_they_share_a_character_of_one_text() -> None:
    first, second = parts(candidate("Une phrase entière.", "Une autre phrase.", cosines=(0.8, 0.8)))
    [other] = parts(candidate("Une phrase entière.", cosines=(0.8,), id="o"))

    assert first.overlaps(first)
    assert not first.overlaps(second)
    assert not first.overlaps(other)


def test_without_vectors_parts_are_still_found() -> None:
    assert said(candidate("La charte est libre.", "Elle est courte ici.", cosines=()))
