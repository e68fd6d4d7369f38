"""Orders to a language model, told from what pages say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orders import has_orders
from ingest.settings import shipped
from tests.fakes.injections import Injection, injections

HIDDEN = [one for one in injections() if one.place == "page"]


@pytest.mark.parametrize("injection", HIDDEN, ids=lambda one: one.id)
def test_an_order_hidden_in_a_page_is_seen(injection: Injection) -> None:
    assert has_orders(f"La charte est publique. {injection.text} Toute commune peut la signer.")


@pytest.mark.parametrize(
    "text",
    [
        "La charte recommande d'ignorer les frontières administratives.",
        "Les signataires répondent à l'appel et s'engagent à respecter les règles de l'alliance.",
        "L'agence répond aux habitants du lundi au vendredi, de 9 h à 12 h.",
        "Écrire à l'agence : contact@agence.example, ou https://agence.example/contact?id=12.",
        "La réponse doit venir des territoires, dit la charte [1].",
        "Le document du 12 février 2020 fixe trois objectifs ; chaque phrase compte.",
        "The charter says that each member may leave at any time.",
    ],
)
def test_what_a_page_says_to_people_is_none(text: str) -> None:
    assert not has_orders(text)


def test_hardly_any_paragraph_of_the_starter_sheets_is_taken_for_one() -> None:
    sheets: list[Path] = sorted(shipped("data", "corpus").glob("*.md"))
    paragraphs = [text for file in sheets for text in file.read_text("utf-8").split("\n\n")]
    taken = [text for text in paragraphs if has_orders(text)]
    assert len(taken) <= 0.02 * len(paragraphs), taken


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    assert has_orders(text) in (True, False)
