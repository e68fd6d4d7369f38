from __future__ import annotations

from collections.abc import Callable

import pytest

from app.assistant import Assistant
from app.faq.anchors import place_of
from app.faq.imports.support import Supported, said, supported, without_markers
from app.faq.rules import CITATIONS_LIMIT

Support = Callable[..., Supported]

SIGN = "Toute collectivité peut signer la charte."
FREE = "La signature est gratuite et ne crée aucune obligation."


@pytest.fixture
def support(assistant: Assistant) -> Support:
    """What the charter says of an answer to « Qui peut signer ? »."""

    def support(answer: str, question: str = "Qui peut signer la charte ?") -> Supported:
        return supported(question, answer, assistant.search)

    return support


def test_each_sentence_gets_the_number_of_what_supports_it(
    support: Support, assistant: Assistant
) -> None:
    found = support(f"{SIGN} {FREE}\n\nL’adhésion annuelle coûte cinquante euros.")
    assert found.answer == (
        f"{SIGN} [1] {FREE} [2]\n\nL’adhésion annuelle coûte cinquante euros. [3]"
    )
    assert [one.quote for one in found.citations] == [
        SIGN, FREE, "L’adhésion annuelle coûte cinquante euros.",
    ]  # fmt: skip
    assert found.lacking == ()
    for one in found.citations:
        document = assistant.document(one.source_id)
        assert document is not None and document.text[one.start : one.end] == one.quote
        assert place_of(one, assistant) and one.release == assistant.release()


def test_the_same_sentences_are_cited_once(support: Support) -> None:
    found = support(f"{SIGN}\n\n- {SIGN}")
    assert found.answer == f"{SIGN} [1]\n\n- {SIGN} [1]" and len(found.citations) == 1


def test_what_no_source_says_has_no_number_and_a_reason(support: Support) -> None:
    found = support(f"{SIGN} La signature coûte douze mille euros.")
    assert found.answer == f"{SIGN} [1] La signature coûte douze mille euros."
    [lacking] = found.lacking
    assert lacking.startswith("« La signature coûte douze mille euros. » : ")
    assert "sources" in lacking


def test_the_contrary_of_what_a_source_says_is_not_supported(support: Support) -> None:
    found = support("Toute collectivité ne peut pas signer la charte.")
    assert found.citations == () and len(found.lacking) == 1


def test_marks_stay_and_are_not_read_as_words(support: Support) -> None:
    written = "**Toute collectivité** peut [signer](https://exemple.fr/charte) la charte."
    assert support(written).answer == f"{written} [1]"
    assert said(f"1. {written}") == SIGN


def test_numbers_of_another_file_are_taken_out(support: Support) -> None:
    assert support(f"{SIGN} [7] [12]").answer == f"{SIGN} [1]"
    assert without_markers("Un [1](https://e.org) [2].") == "Un [1](https://e.org)."


def test_what_only_announces_needs_no_support(support: Support) -> None:
    found = support(f"Voici ce qu'il faut retenir :\n\n- {SIGN}")
    assert found.answer.startswith("Voici ce qu'il faut retenir :\n\n- Toute")
    assert found.lacking == ()


@pytest.mark.parametrize("short", ["Oui.", "Les chats aussi.", "C'est gratuit."])
def test_a_short_sentence_that_no_source_says_is_told(support: Support, short: str) -> None:
    [lacking] = support(f"{SIGN} {short}").lacking
    assert lacking.startswith(f"« {short} » : ")


def test_an_answer_cites_no_more_than_an_entry_holds(
    support: Support, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.faq.imports.support.CITATIONS_LIMIT", 1)
    found = support(f"{SIGN} {FREE} {SIGN}")
    assert CITATIONS_LIMIT > 1 and len(found.citations) == 1
    assert found.answer == f"{SIGN} [1] {FREE} {SIGN} [1]" and len(found.lacking) == 1
