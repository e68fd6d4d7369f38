from __future__ import annotations

import pytest
from hypothesis import given

from ingest.french import FUNCTION_WORDS, Analysis, prepared
from tests.ingest.texts import TEXTS

ANALYSIS = Analysis()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("signataires", "signataire"),
        ("énergie", "energie"),
        ("énergétique", "ENERGETIQUES"),
        ("e\u0301nergie", "énergie"),
        ("l'énergie", "l’énergie"),
        ("cœur", "coeur"),
        ("char\u00adte", "charte"),
        ("éner\u200bgie\ufeff", "énergie"),
        ("e\u00ad\u0301nergie", "énergie"),
        ("engagements", "engagement"),
    ],
)
def test_two_spellings_of_a_word_have_one_term(one: str, other: str) -> None:
    assert ANALYSIS.terms(one) == ANALYSIS.terms(other) != []


def test_words_are_neither_stemmed_nor_accented() -> None:
    assert ANALYSIS.words("Les Énergies renouvelées") == ["energies", "renouvelees"]


def test_terms_keep_their_order_and_repetitions() -> None:
    assert ANALYSIS.terms("charte, climat, charte") == ["chart", "climat", "chart"]


def test_function_words_carry_no_term() -> None:
    assert ANALYSIS.terms("Bonjour, est-ce que vous pouvez m'expliquer ce qu'est l'ALEC ?") == [
        *ANALYSIS.terms("expliquer"), "alec",
    ]  # fmt: skip
    assert [word for word in FUNCTION_WORDS if ANALYSIS.terms(word)] == []


def test_function_words_are_listed_as_the_analyser_sees_them() -> None:
    assert [word for word in FUNCTION_WORDS if word != word.lower() or not word.isascii()] == []


def test_elision_hyphens_and_articles_of_law_are_parted() -> None:
    assert ANALYSIS.words("d'Ardèche arc-en-ciel L. 211-5-1") == [
        "ardeche", "arc", "ciel", "211", "5", "1",
    ]  # fmt: skip


def test_a_name_of_letters_and_digits_is_found_whole_and_by_its_parts() -> None:
    assert prepared("L'ALEC07 agit") == "L'ALEC07 ALEC 07 agit"
    assert ANALYSIS.terms("ALEC07") == ["alec07", "alec", "07"]


def test_one_letter_before_a_figure_is_left_alone() -> None:
    assert prepared("A7 et 3e") == "A7 et 3e"


def test_a_word_of_more_than_sixty_letters_is_left_out() -> None:
    assert ANALYSIS.terms("a" * 61 + " charte") == ["chart"]


@given(TEXTS)
def test_there_are_as_many_words_as_terms_and_none_holds_a_blank(text: str) -> None:
    terms, words = ANALYSIS.terms(text), ANALYSIS.words(text)
    assert len(terms) == len(words)
    assert [term for term in terms + words if not term or term != "".join(term.split())] == []
