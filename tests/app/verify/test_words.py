"""Words of a text, and which are of one family."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verify.words import Word, are_kin, plain, words


def named(text: str) -> list[str]:
    return [word.text for word in words(text) if word.is_name]


def test_words_are_without_accents_at_their_places() -> None:
    text = "L’État, c'est « l'été » à Œuvre."
    for word in words(text):
        assert text[word.start : word.end] == word.text
    assert [word.plain for word in words(text)] == [
        "l",
        "etat",
        "c",
        "est",
        "l",
        "ete",
        "a",
        "œuvre",
    ]


def test_the_first_word_of_a_sentence_opens_it() -> None:
    found = words("Elle agit. « Oui » : Non !\nPuis rien, Jean.")
    assert [w.text for w in found if w.opens] == ["Elle", "Oui", "Non", "Puis"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Le maire de Privas parle à Jean Dupont.", ["Privas", "Jean", "Dupont"]),
        ("Privas est en Ardèche.", ["Ardèche"]),
        ("ALEC agit avec le CITEGO.", ["ALEC", "CITEGO"]),
        ("L'ALEC07 agit.", ["ALEC07"]),
        ("A. B", []),
    ],
)
def test_names_are_told_by_their_capitals(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_grammar_is_light_and_content_is_not() -> None:
    found: list[Word] = words("Cependant, selon le texte, la charte engage les communes.")
    assert [w.text for w in found if not w.is_light] == ["charte", "engage", "communes"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("signe", "signer"), ("commune", "communes"), ("former", "formation"), ("lance", "lancee"),
     ("national", "nation"), ("cheval", "chevaux"), ("nationale", "nationaux")],
)  # fmt: skip
def test_inflections_and_common_derivations_are_kin(one: str, other: str) -> None:
    assert are_kin(one, other) and are_kin(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("charte", "chartiste"), ("2019", "2018"), ("alec07", "alec26"), ("marche", "marchand"),
     ("elus", "elire"), ("paris", "privas"), ("impose", "importe"), ("agence", "argent")],
)  # fmt: skip
def test_words_that_are_alike_are_not(one: str, other: str) -> None:
    assert not are_kin(one, other) and not are_kin(other, one)


@given(st.text(max_size=80))
def test_any_text_keeps_its_length(text: str) -> None:
    assert len(plain(text)) == len(text)
    last = 0
    for word in words(text):
        assert last <= word.start < word.end <= len(text)
        last = word.end
