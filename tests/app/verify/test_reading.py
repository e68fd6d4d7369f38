"""A text as verification reads it: content, and cues with the word that they bear on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verify.reading import read


def cues(text: str) -> list[tuple[str, str | None]]:
    """The classes of the cues, and the word that each bears on."""
    found = read(text)
    return [
        (cue.kind, None if cue.governed is None else found.tokens[cue.governed].key)
        for cue in found.cues
    ]


def content(text: str) -> list[str]:
    return [token.key for token in read(text).tokens if token.is_content]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La charte n'impose pas de créer un poste.", [("must", "creer"), ("not", "impose")]),
        ("Il ne vient plus.", [("not", "vient")]),
        ("Elle est plus grande.", [("more", "grande")]),
        ("Aucune commune ne paie.", [("none", "commune")]),
        ("Elle vient sans payer.", [("without", "payer")]),
        ("Elle ne coûte que dix euros.", [("only", "dix")]),
        ("Elle ne sert jamais.", [("never", "sert")]),
        ("Certaines communes peuvent adhérer.", [("some", "communes"), ("possible", "adherer")]),
        ("La plupart des élus votent.", [("mostly", "elus")]),
        ("Tous votent, sauf le maire.", [("all", "votent"), ("except", "votent")]),
        ("Elle recommande de former.", [("advised", "former")]),
        ("Il est interdit de fumer.", [("forbidden", "fumer")]),
        ("They must sign.", [("must", "sign")]),
        ("La charte engage les communes.", []),
    ],
)
def test_a_cue_bears_on_a_word(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert cues(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Un pas de plus.",  # « pas » without « ne », « de plus »
        "Le point de vue des élus.",
        "Elle est tout à fait gratuite.",
        "Non seulement les communes.",
        "Au moins trente communes.",  # the bound of a figure
        "Peu à peu, elle agit.",
    ],
)
def test_homonyms_and_phrases_are_no_cues(text: str) -> None:
    assert cues(text) == []


def test_figures_and_words_are_tokens_in_order() -> None:
    found = read("Le 3 mars 2024, 25 € et 3 km à Privas.")
    assert content("Le 3 mars 2024, 25 € et 3 km à Privas.") == [
        "3 mars 2024", "25", "euro", "3", "kilometre", "privas",
    ]  # fmt: skip
    assert [token.figure.kind for token in found.tokens if token.figure] == [
        "date", "number", "number",
    ]  # fmt: skip
    assert [token.key for token in found.tokens if token.is_name] == ["privas"]


def test_tokens_know_their_sentence() -> None:
    found = read("Elle agit. Il lie ! Oui")
    assert found.sentences == (0, 0, 1, 1, 2)


@pytest.mark.parametrize(
    ("mine", "theirs", "says"),
    [("signe", "signer", True), ("trente", "30", True), ("Privas", "Paris", False),
     ("30", "charte", False), ("km", "kilomètres", True)],
)  # fmt: skip
def test_a_token_says_what_another_one_says(mine: str, theirs: str, says: bool) -> None:
    [one], [other] = read(mine).tokens, read(theirs).tokens
    assert one.says(other) == other.says(one) == says


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    found = read(text)
    assert len(found.sentences) == len(found.tokens)
    assert all(0 <= cue.at < len(found.tokens) for cue in found.cues)
    last = 0
    for token in found.tokens:
        assert last <= token.start < token.end <= len(text)
        last = token.end
