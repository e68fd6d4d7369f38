"""What a line of the journal keeps of a reply."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.answers import Outcome
from app.journal.entry import entry_of, new_id
from tests.app.journal.replies import (
    ANSWER,
    ARTICLE,
    CHARTER,
    DECLINED,
    NOON,
    NOT_FOUND,
    RELEASE,
    reply,
)


def test_a_line_says_what_was_asked_and_what_came_of_it() -> None:
    entry = entry_of(reply("Quand ?", asked="De quand date la charte ?"), "n1", NOON)
    assert entry.as_json() == {
        "id": "n1",
        "at": "2026-11-20T12:00:00.000+00:00",
        "question": "De quand date la charte ?",
        "outcome": "answered",
        "mode": "quoted",
        "confidence": 0.9123,
        "sources": [CHARTER.id, ARTICLE.id],
        "passages": ["p1", "p2"],
        "release": RELEASE,
        "language": "fr",
        "elapsed_ms": 12.3,
        "verdict": None,
        "reason": None,
    }
    json.dumps(entry.as_json())


@pytest.mark.parametrize(
    ("outcome", "name", "mode", "sources"),
    [
        (replace(ANSWER, mode="faq"), "answered", "faq", (CHARTER.id, ARTICLE.id)),
        (NOT_FOUND, "not_found", None, (ARTICLE.id,)),
        (DECLINED, "declined", None, ()),
    ],
)
def test_each_outcome_has_its_name(
    outcome: Outcome, name: str, mode: str | None, sources: tuple[str, ...]
) -> None:
    entry = entry_of(reply("Quand ?", outcome), "n1", NOON)
    assert (entry.outcome, entry.mode, entry.sources) == (name, mode, sources)


@pytest.mark.parametrize(
    ("typed", "asked", "kept", "language"),
    [
        ("Chercher  dans les sources : Quand ?", "Quand ?",
         "Chercher dans les sources : Quand ?", "fr"),
        ("chercher dans les sources : Et moi ?", "Je suis Jean Dupont. Et moi ?",
         "Chercher dans les sources : Je suis [nom]. Et moi ?", "fr"),
        ("Search the sources: What is the charter?", "What is the charter?",
         "Search the sources: What is the charter?", "en"),
        ("Chercher dans les sources : Bonjour", "", "Chercher dans les sources : Bonjour", "fr"),
    ],
)  # fmt: skip
def test_what_is_asked_of_the_sources_alone_is_kept_as_such(
    typed: str, asked: str, kept: str, language: str
) -> None:
    entry = entry_of(reply(typed, asked=asked), "n1", NOON)
    assert (entry.question, entry.language) == (kept, language)


def test_personal_data_are_masked_in_the_question_as_it_was_searched_for() -> None:
    asked = reply("Et moi ?", asked="Je m'appelle Jean Dupont, 06 39 98 12 34. Et moi ?")
    question = entry_of(asked, "n1", NOON).question
    assert question == "Je m'appelle [nom], [téléphone]. Et moi ?"


def test_the_language_is_that_of_the_question() -> None:
    assert entry_of(reply("Who can sign the charter?"), "n1", NOON).language == "en"


def test_ids_are_not_to_be_guessed() -> None:
    ids = {new_id() for _ in range(1_000)}
    assert len(ids) == 1_000 and min(map(len, ids)) >= 22
