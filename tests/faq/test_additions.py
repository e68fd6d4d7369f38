"""Which questions of a topic an entry may take as further phrasings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.faq.additions import addition, additions
from app.faq.drafts import VARIANTS
from app.faq.entry import Entry
from app.faq.phrasings import by_words
from app.faq.rules import VARIANTS_LIMIT
from tests.faq.asked import line, topic
from tests.faq.edits import NOON, edit


def entry(question: str = "Qui peut signer ?", *variants: str, id: str = "e1") -> Entry:
    return Entry(id, edit(question, variants=variants), "published", 1, "Ana", "Paul", NOON, NOON,
                 NOON, "")  # fmt: skip


def taken(one: Entry, *asked: str, others: tuple[Entry, ...] = ()) -> tuple[str, ...]:
    lines = (line(f"n{n}", text) for n, text in enumerate(asked))
    return additions(one, topic(*lines), by_words((one, *others)))


def test_they_are_those_that_it_has_not_the_most_asked_first() -> None:
    mairie = "Une mairie signe-t-elle ?"
    asked = (
        "Qui peut signer ?",
        "Qui signe ?",
        mairie,
        "une mairie signe t elle",
        mairie,
        "Et moi ?",
    )
    assert taken(entry("Qui peut signer ?", "Qui signe ?"), *asked) == (mairie, "Et moi ?")


def test_what_another_entry_has_is_left_to_it() -> None:
    other = entry("Qui signe ?", id="e2")
    assert taken(entry(), "Qui signe ?", "Qui donc signe ?", others=(other,)) == (
        "Qui donc signe ?",
    )


def test_what_an_entry_answered_needs_no_phrasing() -> None:
    lines = line("a", "Qui signe ?", result="faq"), line("b", "Qui donc ?", result="not_found")
    assert additions(entry(), topic(*lines), {}) == ("Qui donc ?",)
    before = line("z", "qui signe")  # the same, asked before the entry was published
    assert additions(entry(), topic(*lines, before), {}) == ("Qui donc ?",)
    left = replace(line("c", "Qui donc ?"), is_beyond=True)  # its answer was kept for less long
    assert additions(entry(), topic(*lines, left), {}) == ()


@pytest.mark.parametrize("text", ["?", "Je suis [nom], qui signe ?", "Qui " * 90])
def test_what_no_entry_may_hold_is_left_out(text: str) -> None:
    assert taken(entry(), text) == ()


def test_they_are_as_many_as_there_is_room_for() -> None:
    many = [f"Qui signe la page {n} ?" for n in range(40)]
    assert len(taken(entry(), *many)) == VARIANTS
    full = entry("Qui ?", *(f"Variante {n} ?" for n in range(VARIANTS_LIMIT - 2)))
    assert len(taken(full, *many)) == 2
    over = replace(full, edit=replace(full.edit, variants=tuple(many)))
    assert taken(over, "Et qui ?") == ()
    assert addition(entry(), "Et qui ?") == ("Et qui ?",)
    assert addition(over, "Et qui ?") == ()
