from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import split_sentences
from tests.ingest.texts import TEXTS, without_blanks


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


def test_each_closing_mark_ends_a_sentence() -> None:
    assert sentences("Signer. Oui ! Pourquoi ? Parce que… Voilà") == [
        "Signer.", "Oui !", "Pourquoi ?", "Parce que…", "Voilà",
    ]  # fmt: skip


def test_no_sentence_begins_with_a_lower_case_letter() -> None:
    text = "Des actions (isolation, chauffage, etc. selon le cas) sont aidées… ou non."
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "M. Dupont a signé.",
        "Voir l'art. L. 211-5-1 du code.",
        "J.-F. Caron préside.",
        "Le Dr. Martin et Mme. Roux.",
        "Le prix est de 3.5 euros.",
        "Écrire au tél. 04 75 35 87 34.",
        "Voir p. 12 et fig. 3.",
    ],
)
def test_an_abbreviation_or_an_initial_does_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_a_word_that_ends_like_an_abbreviation_ends_a_sentence() -> None:
    assert sentences("Il longe le rempart. Elle suit.") == ["Il longe le rempart.", "Elle suit."]


def test_an_ellipsis_after_an_abbreviation_ends_a_sentence() -> None:
    assert sentences("Et le ch... Enfin.") == ["Et le ch...", "Enfin."]


def test_a_sentence_may_begin_with_a_figure_a_dash_or_a_guillemet() -> None:
    assert sentences("Fin. 42 élus. — Suite. « Oui » dit-il.") == [
        "Fin.", "42 élus.", "— Suite.", "« Oui » dit-il.",
    ]  # fmt: skip


def test_a_quotation_is_not_cut_inside_guillemets() -> None:
    quoted = "Il a dit : « Signons. Agissons ! Ensemble ? »"
    assert sentences(f"{quoted} Puis il est parti.") == [quoted, "Puis il est parti."]
    assert sentences("Il dit « Oui. » Elle sourit.") == ["Il dit « Oui. »", "Elle sourit."]


def test_a_parenthesis_is_not_cut() -> None:
    text = "La charte (Voir l'annexe. Elle est longue.) engage."
    assert sentences(text) == [text]


def test_a_guillemet_that_is_never_closed_does_not_swallow_the_document() -> None:
    found = sentences("« " + "Une phrase courte. " * 100)
    assert len(found) > 50
    assert len(found[0]) < 700


@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\u202f"])
def test_the_closing_guillemet_belongs_to_the_sentence_it_closes(space: str) -> None:
    text = f"« Signons.{space}» Puis vient la suite."
    assert sentences(text) == [f"« Signons.{space}»", "Puis vient la suite."]


def test_a_wide_gap_between_two_sentences_still_parts_them() -> None:
    assert sentences("Fin.\n" + " " * 40 + "Début.") == ["Fin.", "Début."]


def test_only_the_range_that_is_asked_for_is_read() -> None:
    text = "Un. Deux. Trois. Quatre."
    assert list(split_sentences(text, 4, 16)) == [(4, 9), (10, 16)]


def test_a_blank_range_has_no_sentence() -> None:
    assert sentences(" \n\u00a0\t") == []


@given(TEXTS)
def test_sentences_hold_every_character_that_is_not_blank_once_and_in_order(text: str) -> None:
    spans = list(split_sentences(text, 0, len(text)))
    assert "".join(without_blanks(text[start:end]) for start, end in spans) == without_blanks(text)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


@given(TEXTS)
def test_sentences_are_never_empty_and_have_no_blank_at_their_ends(text: str) -> None:
    for sentence in sentences(text):
        assert sentence == sentence.strip() != ""


@given(TEXTS, st.data())
def test_sentences_stay_inside_the_range(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = list(split_sentences(text, start, end))
    assert all(start <= begin < stop <= end for begin, stop in spans)
    held = "".join(without_blanks(text[begin:stop]) for begin, stop in spans)
    assert held == without_blanks(text[start:end])


# Each of these took minutes, or would never have ended, with a pattern that is not linear.
@pytest.mark.parametrize(
    ("hostile", "count"),
    [
        ("." * 50_000, 1), ("." + "»" * 30_000 + "x", 1), ("«" * 30_000, 1), ("M. " * 15_000, 1),
        ("." + " " * 50_000 + "A", 2), ("A. A" + "b" * 50_000 + ". C", 2), (".»" * 20_000, 1),
    ],
    ids=["dots", "closing", "opening", "abbreviations", "spaces", "letters", "alternating"],
)  # fmt: skip
def test_hostile_text_is_split_in_linear_time(hostile: str, count: int) -> None:
    assert len(sentences(hostile)) == count
