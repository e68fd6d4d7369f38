"""What one question denies and another one says; another name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.faq.contrast import Contrast

SIGNING = Contrast(["Comment signer la charte ?", "combien de communes ont signé"])
UNPAID = Contrast(["Je ne peux pas payer ma facture", "facture impayée, que faire ?"])


@pytest.mark.parametrize(
    "question",
    [
        "Comment ne pas signer la charte ?",
        "Combien de communes n'ont pas signé ?",
        "Quelles communes n'ont jamais signé la charte ?",
        "quelle commune ne signe plus",
        "quelles communes ont pas signé",
        "qui a jamais signé la charte",
        "aider sans signer la charte",
    ],
)
def test_a_word_that_is_said_is_denied(question: str) -> None:
    assert SIGNING.denies(question)


@pytest.mark.parametrize(
    "question",
    [
        "Comment signer la charte ?",
        "signature de la charte",
        "Je ne comprends pas la charte",
        "pas",
    ],
)
def test_other_words_may_be_denied(question: str) -> None:
    assert not SIGNING.denies(question)


@pytest.mark.parametrize(
    ("asked", "question", "word"),
    [
        ("Pourquoi rejoindre l'alliance ?", "Pourquoi a-t-elle quitté l'alliance ?", "quitté"),
        ("Qui a écrit la charte ?", "Qui a signé la charte ?", "signé"),
        ("Why join the alliance?", "why leave the alliance", "leave"),
        ("Isoler par l'extérieur ?", "Isolation intérieure ?", "intérieure"),
        ("Qui peut signer ?", "qui est signataire", ""),
        ("Comment rejoindre et quitter l'alliance ?", "quitter l'alliance", ""),
        ("Comment rejoindre l'alliance ?", "la rejoindre, puis la quitter ?", ""),
        ("À quelle heure ouvrez-vous ?", "à quelle heure fermez-vous", ""),
    ],
)
def test_the_opposite_of_a_word_is_told(asked: str, question: str, word: str) -> None:
    assert Contrast([asked]).opposes(question) == word


def test_a_phrasing_that_has_both_sides_opposes_nothing() -> None:
    both = Contrast(["Pourquoi rejoindre l'alliance ?", "peut-on la quitter"])
    assert not both.opposes("quitter l'alliance") and not both.opposes("rejoindre l'alliance")


def test_a_word_that_is_denied_is_said() -> None:
    assert UNPAID.denies("Où payer ma facture en espèces ?")
    assert not UNPAID.denies("ma facture, je ne peux plus la payer")


def test_what_is_denied_in_one_phrasing_and_said_in_another_is_no_matter() -> None:
    both = Contrast(["Je ne peux pas payer", "payer plus tard"])
    assert not both.denies("Comment payer ?")
    assert not both.denies("je ne peux pas payer")


JOINING = Contrast(["Pourquoi l'ALEC07 a rejoint la Fabrique ?", "raisons de l'ALEC07"])


@pytest.mark.parametrize("name", ["FLAME", "le Puy-de-Dôme", "l'ALEC26"])
def test_another_name_in_the_place_of_one_is_another_question(name: str) -> None:
    assert JOINING.renames(f"Pourquoi {name} a rejoint la Fabrique ?")


@pytest.mark.parametrize(
    "question",
    [
        "Pourquoi l'agence a rejoint la Fabrique ?",  # no name in its place
        "Pourquoi l'ALEC07 de Privas a rejoint la Fabrique ?",  # one name more
        "pourquoi l'alec07 rejoint FLAME",
        "",
    ],
)
def test_a_name_more_or_less_is_no_matter(question: str) -> None:
    assert not JOINING.renames(question)
    assert not Contrast([]).renames(question)


@given(st.text(max_size=60))
def test_no_text_contradicts_itself(text: str) -> None:
    assert not Contrast([text]).denies(text)
    assert not Contrast([text]).renames(text)
