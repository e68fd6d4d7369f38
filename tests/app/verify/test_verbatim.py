"""The very words of sentences, and what is other words."""

from __future__ import annotations

import pytest

from app.verify.reading import read
from app.verify.verbatim import is_word_for_word

FIRST = "En 2017, l'alliance, qui compte 30 communes, a été lancée à Loos (Pas-de-Calais)."
SECOND = "Elle recommande de former les élus parce que la charte engage."


@pytest.mark.parametrize(
    "statement",
    [
        FIRST,
        "L'alliance, qui compte 30 communes, a été lancée à Loos (Pas-de-Calais) en 2017.",
        "En 2017, l'alliance a été lancée à Loos (Pas-de-Calais).",
        "En 2017, l'alliance, qui compte trente communes, a été lancée à Loos.",
        "Au cours de l'année 2017, l'alliance a été lancée à Loos.",
        "Selon le texte, en 2017, une alliance a été lancée à Loos.",
    ],
)
def test_one_sentence_with_asides_left_out_or_a_circumstance_moved(statement: str) -> None:
    assert is_word_for_word(read(statement), [read(FIRST)])


@pytest.mark.parametrize("joined", [" et elle", " ; elle", ". Elle"])
def test_two_sentences_in_a_row_may_be_joined(joined: str) -> None:
    statement = f"{FIRST[:-1]}{joined}{SECOND[4:]}"
    assert is_word_for_word(read(statement), [read(FIRST), read(SECOND)])
    assert not is_word_for_word(read(statement), [read(SECOND), read(FIRST)])


@pytest.mark.parametrize(
    "statement",
    [
        "L'alliance a été lancée à Loos.",  # when is not said
        "En 2017, l'alliance, qui compte 31 communes, a été lancée à Loos.",
        "En 2017, l'alliance a été lancée par Loos.",
        "En 2017, Loos a été lancée à l'alliance.",
        "En 2017, l'alliance compte 30 communes.",
        "En 2017, l'alliance sera lancée à Loos.",
        "",
    ],
)
def test_anything_else_is_other_words(statement: str) -> None:
    assert not is_word_for_word(read(statement), [read(FIRST)])


def test_a_function_word_of_the_same_meaning_is_the_same_word() -> None:
    assert is_word_for_word(read(SECOND.replace("parce que", "car")), [read(SECOND)])
    assert not is_word_for_word(read(SECOND.replace("parce que", "pour que")), [read(SECOND)])
