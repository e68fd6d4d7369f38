from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.paper.words import Vocabulary, plain
from tests.ingest.texts import without_blanks


def joined(*lines: str, elsewhere: str = "") -> str:
    return Vocabulary([[elsewhere], lines]).joined(lines)


def test_ligatures_are_letters_and_unseen_signs_are_gone() -> None:
    assert plain("ﬁn oﬃce eﬀet\u200b co\u00adpie e\u0301te\u0301") == "fin office effet copie été"


def test_a_bullet_of_a_font_of_signs_is_a_bullet() -> None:
    assert plain("\uf0b7 agir") == "• agir"


def test_lines_are_parted_by_a_space() -> None:
    assert joined("La charte", "", "engage.") == "La charte engage."


@pytest.mark.parametrize("hyphen", ["-", "\u00ad", "\u2010"])
def test_a_word_that_the_end_of_a_line_cuts_is_whole_again(hyphen: str) -> None:
    assert joined(f"la transi{hyphen}", "tion juste") == "la transition juste"


def test_a_cut_word_that_is_met_whole_is_joined() -> None:
    text = joined("l’éco-", "système", elsewhere="un écosystème, éco, système, éco système")
    assert text == "l’écosystème"


@pytest.mark.parametrize("hyphen", ["-", "\u00ad"])
def test_a_compound_that_is_met_with_its_hyphen_keeps_it(hyphen: str) -> None:
    text = joined(f"la porte{hyphen}", "parole élue", elsewhere="une porte-parole")
    assert text == "la porte-parole élue"


@pytest.mark.parametrize(
    ("first", "last"),
    [("rendez-", "vous"), ("celle-", "ci"), ("eux-", "mêmes"), ("vice-", "présidente"),
     ("c’est-à-", "dire"), ("Auvergne-", "Rhône-Alpes"), ("Jean-", "François")],
)  # fmt: skip
def test_a_compound_is_known_by_its_parts(first: str, last: str) -> None:
    assert joined(first, last) == first + last


def test_two_known_words_make_a_compound() -> None:
    text = joined("le bilan énergie-", "climat", elsewhere="le climat et l’énergie")
    assert text == "le bilan énergie-climat"


def test_a_word_in_capitals_is_joined() -> None:
    assert joined("TRANSI-", "TION") == "TRANSITION"


def test_where_most_cuts_are_compounds_an_unknown_one_is_too() -> None:
    known = "porte-parole bien-être"
    blocks = [[known], ["un porte-", "parole"], ["le bien-", "être"], ["pensent-", "ils"]]
    words = Vocabulary(blocks)
    assert words.joined(["pensent-", "ils ?"]) == "pensent-ils ?"


def test_hyphens_stay_in_a_text_whose_cuts_have_a_sign_of_their_own() -> None:
    blocks = [["la transi\u2010", "tion"], ["les com\u2010", "munes"], ["pensent-", "ils"]]
    assert Vocabulary(blocks).joined(["pensent-", "ils"]) == "pensent-ils"
    assert Vocabulary(blocks).joined(["la transi\u2010", "tion"]) == "la transition"


def test_a_range_of_years_has_no_space() -> None:
    assert joined("de 2009-", "2010") == "de 2009-2010"


def test_a_dash_is_no_hyphen() -> None:
    assert joined("la charte –", "dite d’alliance -", "engage") == (
        "la charte – dite d’alliance - engage"
    )


@given(st.lists(st.text(st.sampled_from("ab -é\u00ad’A.1"), max_size=12), max_size=8))
def test_no_letter_is_lost(lines: list[str]) -> None:
    text = Vocabulary([lines]).joined(lines)
    kept = [sign for sign in without_blanks("".join(lines)) if sign not in "-\u00ad"]
    assert [sign for sign in without_blanks(text) if sign != "-"] == kept
