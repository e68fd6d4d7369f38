from collections.abc import Callable
from dataclasses import replace

import pytest

from app.expectation import expectation
from app.missing import Missing, missing
from app.query import Query
from app.retrieve import Candidate, retrieve
from ingest.release import Release

Analysed = Callable[[str], Query]


def nearest(query: Query, release: Release) -> list[Candidate]:
    return retrieve(query, release, 1)


def test_the_words_that_the_nearest_passage_lacks_are_named_as_typed(
    release: Release, analysed: Analysed
) -> None:
    query = analysed("Qui a Dessiné le logo de la Fabrique ?")

    assert missing(query, nearest(query, release)).words == ("Dessiné", "logo")


def test_at_most_two_words_are_named(release: Release, analysed: Analysed) -> None:
    query = analysed("la Fabrique dessine peint sculpte chante")

    assert len(missing(query, nearest(query, release)).words) == 2


def test_nothing_is_named_when_the_passage_says_it_all(
    release: Release, analysed: Analysed
) -> None:
    query = analysed("l’adhésion")

    assert missing(query, nearest(query, release)) == Missing()


def test_the_kind_of_answer_that_is_not_there_is_named_but_not_a_name(
    release: Release, analysed: Analysed
) -> None:
    query = analysed("les territoires")
    best = nearest(query, release)
    asked = replace(query, expectation=expectation("Qui, et en quelle année ?"))

    assert missing(asked, best).kinds in ((), ("date",))
    assert missing(replace(query, expectation=expectation("Qui ?")), best).kinds == ()


def test_words_of_another_language_are_not_said_to_be_missing(
    release: Release, analysed: Analysed
) -> None:
    query = replace(analysed("the logo of the Fabrique"), language="en")

    assert missing(query, nearest(query, release)).words == ()


def test_a_misspelt_word_is_not_said_to_be_missing(release: Release, analysed: Analysed) -> None:
    query = analysed("le logo de la Fabriqe")

    assert missing(query, nearest(query, release)).words == ("logo",)


@pytest.mark.parametrize(
    "private",
    ["jean.dupont@voisin.fr", "https://www.voisin.fr/dupont?p=jean", "[nom]", "06 39 98", "FR"],
)
def test_no_piece_of_an_address_is_said_to_be_missing(
    release: Release, analysed: Analysed, private: str
) -> None:
    query = analysed(f"{private}, le logo de la Fabrique")

    assert missing(query, nearest(query, release)).words == ("logo",)
