"""What one question denies and another one says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.faq.negation import Denials

SIGNING = Denials(["Comment signer la charte ?", "combien de communes ont signé"])
UNPAID = Denials(["Je ne peux pas payer ma facture", "facture impayée, que faire ?"])


@pytest.mark.parametrize(
    "question",
    [
        "Comment ne pas signer la charte ?",
        "Combien de communes n'ont pas signé ?",
        "Quelles communes n'ont jamais signé la charte ?",
        "quelle commune ne signe plus",
    ],
)
def test_a_word_that_is_said_is_denied(question: str) -> None:
    assert SIGNING.contradict(question)


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
    assert not SIGNING.contradict(question)


def test_a_word_that_is_denied_is_said() -> None:
    assert UNPAID.contradict("Où payer ma facture en espèces ?")
    assert not UNPAID.contradict("ma facture, je ne peux plus la payer")


def test_what_is_denied_in_one_phrasing_and_said_in_another_is_no_matter() -> None:
    both = Denials(["Je ne peux pas payer", "payer plus tard"])
    assert not both.contradict("Comment payer ?")
    assert not both.contradict("je ne peux pas payer")


@given(st.text(max_size=60))
def test_no_text_contradicts_itself(text: str) -> None:
    assert not Denials([text]).contradict(text)
