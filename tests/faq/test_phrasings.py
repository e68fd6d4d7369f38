"""When two phrasings are the same question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.faq.entry import Edit, Entry, Status
from app.faq.phrasings import by_words, words_of
from app.faq.rules import tidied
from tests.faq.edits import NOON, edit


def entry(id: str, question: str, *variants: str, status: Status = "draft") -> Entry:
    written = edit(question, variants=variants)
    return Entry(id, written, status, 1, "Ana", None, NOON, NOON, None, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Où ?", "ou"),
        ("L’été est-il là ?", "l'ete  est il la"),
        ("« Qui » ?", "Qui"),
        ("Puis-je signer ?", "puis je signer !"),
        ("Le cœur", "LE CŒUR"),
    ],
)
def test_two_ways_to_write_a_question_are_one(one: str, other: str) -> None:
    assert words_of(one) == words_of(other) != words_of(f"{one} a")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Le C", "Le C++"),
        ("10 % de quoi ?", "10 € de quoi ?"),
        ("À -5 °C ?", "À 5 °C ?"),
        ("À \u22125 °C ?", "À 5 °C ?"),
        ("Moins de < 20 000 habitants", "Moins de > 20 000 habitants"),
    ],
)
def test_signs_that_say_something_part_two_questions(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10% ?", "10 %"),
        ("100€", "100 €."),
        ("Il fait \u22125 °C", "il fait -5 °C ?"),
        ("Le plan 2024-2025", "le plan 2024 2025"),
        ("Qui - et quand ?", "Qui et quand ?"),
    ],
)
def test_signs_that_say_nothing_or_stand_otherwise_do_not(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_what_has_no_word_is_itself() -> None:
    assert (words_of("?!"), words_of("…")) == ("?!", "...")
    assert words_of("1,5 t ?") != words_of("15 t ?")


def test_an_entry_has_no_question_twice() -> None:
    written = Edit("Où ?", ("ou", "Qui ?", "« QUI »", "Quoi ?"), "", "", ())
    assert tidied(written) == replace(written, variants=("Qui ?", "Quoi ?"))


def test_entries_are_known_by_each_of_their_phrasings() -> None:
    one = entry("a", "Qui peut signer ?", "Une commune signe ?")
    assert by_words([one]) == {"qui peut signer": one, "une commune signe": one}


def test_a_question_goes_before_a_variant_and_both_before_what_is_archived() -> None:
    archived = entry("a", "Qui ?", "Quoi ?", status="archived")
    variant, question = entry("b", "Où ?", "Qui ?"), entry("c", "Qui ?")
    assert by_words([archived, variant, question])["qui"] == question
    assert by_words([archived, variant])["qui"] == variant
    assert by_words([archived, variant])["quoi"] == archived
