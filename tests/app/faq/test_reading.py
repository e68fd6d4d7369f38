"""What is read of a question: the concepts it says, however they are spelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.faq.reading import read


@pytest.mark.parametrize(
    "question",
    [
        "Combien coûte une pompe à chaleur ?",
        "prix pompe à chaleur",
        "une ponpe a chaleur sa vaut combien",
        "How much does a heat pump cost?",
        "Quel est le tarif d'une PAC ?",
    ],
)
def test_a_price_is_a_price_however_it_is_asked(question: str) -> None:
    reading = read(question)
    assert "=cost" in reading.asks
    assert "=pump" in reading.subjects or "p3p" in reading.subjects


def test_the_longest_phrase_counts_alone() -> None:
    reading = read("je n'ai pas reçu mon chèque énergie")
    assert reading.asks == {"=missing"}
    assert reading.named == {"=voucher"}


def test_an_article_typed_with_its_word_is_left_out() -> None:
    assert "=insulation" in read("prime pour lisolation").subjects
    assert read("légende").subjects == {"lej2d"}


@pytest.mark.parametrize(("one", "other"), [("artisan", "artizan"), ("tarif", "tarrif")])
def test_words_that_sound_the_same_are_the_same(one: str, other: str) -> None:
    assert read(one).terms == read(other).terms


@pytest.mark.parametrize("question", ["Comment tailler un olivier ?", "Ma mère a une mare"])
def test_short_words_are_not_taken_for_each_other(question: str) -> None:
    assert not read(question).named


def test_grammar_says_nothing() -> None:
    assert read("est-ce que vous êtes dans le").terms == set()
    assert read("la maison a été isolée").named == {"=home", "=insulation"}


@pytest.mark.parametrize("question", ["tu pars où", "j'ai une idée", "comme ça", "on va où"])
def test_grammar_is_not_taken_for_a_word_of_the_same_stem(question: str) -> None:
    assert not read(question).named & {"=danger", "=robot", "=bike"}
    assert "=commitments" not in read(question).asks


def test_what_is_counted_is_kept() -> None:
    people, members = read("Combien de salariés avez-vous ?"), read("Combien d'adhérents ?")
    assert people.asks == {"=number"} and "=number" in members.asks
    assert people.subjects and people.subjects.isdisjoint(members.terms)
    assert read("Combien de temps faut-il ?").asks == {"=lasting"}


def test_a_negation_is_no_birth() -> None:
    assert "=history" not in read("Comment ne pas signer ?").asks


def test_numbers_and_negations_are_kept() -> None:
    assert read("avec 30 000 euros en 2026").numbers == {"30000", "2026"}
    assert read("je n'ai pas signé").is_negated
    assert not read("j'ai signé").is_negated
    assert not read("Privas, pâte").is_negated


def test_case_accents_and_apostrophes_do_not_count() -> None:
    assert read("L’ISOLATION DES COMBLES") == read("l'isolation des combles")


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    reading = read(text)
    assert reading.asks | reading.subjects == reading.terms
    assert not reading.asks & reading.subjects
    assert "=idle" not in reading.terms


def test_a_long_text_is_read_up_to_where_its_vector_is() -> None:
    assert read("prix " * 300).words == read("prix " * 200).words
