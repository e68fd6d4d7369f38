from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import (
    Block,
    Document,
    Passage,
    Sentence,
    Source,
    content_id,
    legible,
)

SOURCE = Source(title="La charte", publisher="Fabrique", url="https://exemple.fr", name="charte.md")


def test_an_id_is_sixteen_hexadecimal_digits_that_never_change() -> None:
    assert content_id("passage", "texte") == "b807dc6f12f3e6cb"


def test_an_id_tells_where_one_part_ends_and_the_next_begins() -> None:
    assert content_id("ab", "c") != content_id("a", "bc") != content_id("abc")


_PARTS = st.lists(st.text("aé", max_size=2), max_size=3)


@given(_PARTS, _PARTS)
def test_ids_are_equal_when_and_only_when_the_parts_are(one: list[str], other: list[str]) -> None:
    assert (content_id(*one) == content_id(*other)) == (one == other)


def test_an_id_can_be_made_of_a_stray_surrogate() -> None:
    assert content_id("\udce9") != content_id("\udcea")


def test_what_a_terminal_would_obey_is_removed() -> None:
    assert legible("a\x1b[31m\x07b\u202ec\u00add\u200be\n") == "a[31mbcde"


def test_stray_bytes_of_a_file_name_become_question_marks() -> None:
    assert legible("r\udce9union.txt") == "r?union.txt"
    assert legible("réunion 🌱") == "réunion 🌱"


@pytest.mark.parametrize("field", ["title", "publisher", "date", "author", "path"])
def test_a_source_keeps_its_id_when_what_is_said_of_it_or_its_place_changes(field: str) -> None:
    assert dataclasses.replace(SOURCE, **{field: "autre"}).id == SOURCE.id


def test_a_source_without_a_name_has_the_id_of_its_title() -> None:
    assert Source(title="Un").id == Source(title="Un", author="A.").id != Source(title="Deux").id


@pytest.mark.parametrize("field", ["url", "name"])
def test_a_source_has_another_id_under_another_address_or_name(field: str) -> None:
    assert dataclasses.replace(SOURCE, **{field: "autre"}).id != SOURCE.id


def test_a_document_bears_the_id_of_its_source() -> None:
    assert Document(SOURCE, "", ()).id == SOURCE.id


def test_nothing_can_be_changed_in_a_source() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        SOURCE.title = "autre"  # type: ignore[misc]


def _document(*blocks: tuple[str, str, int]) -> Document:
    text, placed = "", []
    for kind, words, level in blocks:
        placed.append(Block(kind, len(text), len(text) + len(words), level))  # type: ignore[arg-type]
        text += words + "\n"
    return Document(SOURCE, text, tuple(placed))


def _sections(document: Document) -> list[tuple[tuple[str, ...], list[str]]]:
    return [
        (heading, [document.text[block.start : block.end] for block in blocks])
        for heading, blocks in document.sections()
    ]


def test_a_section_has_the_path_of_headings_above_it() -> None:
    document = _document(
        ("heading", "Un", 1), ("paragraph", "a", 0), ("heading", "Deux", 2), ("paragraph", "b", 0),
        ("item", "c", 0), ("heading", "Trois", 2), ("paragraph", "d", 0), ("heading", "Quatre", 1),
        ("paragraph", "e", 0),
    )  # fmt: skip
    assert _sections(document) == [
        (("Un",), ["a"]),
        (("Un", "Deux"), ["b", "c"]),
        (("Un", "Trois"), ["d"]),
        (("Quatre",), ["e"]),
    ]


def test_a_heading_that_repeats_the_title_is_not_in_the_path() -> None:
    document = _document(("heading", "La charte", 1), ("heading", "But", 2), ("paragraph", "a", 0))
    assert _sections(document) == [(("But",), ["a"])]


def test_text_before_the_first_heading_is_a_section_without_a_path() -> None:
    document = _document(("paragraph", "a", 0), ("heading", "But", 2), ("paragraph", "b", 0))
    assert _sections(document) == [((), ["a"]), (("But",), ["b"])]


def test_a_heading_without_text_below_it_makes_no_section() -> None:
    assert _sections(_document(("heading", "Seul", 1))) == []


def test_white_space_inside_a_heading_is_folded_in_the_path() -> None:
    document = _document(("heading", "Nos \n  buts", 2), ("paragraph", "a", 0))
    assert _sections(document) == [(("Nos buts",), ["a"])]


def test_title_and_headings_stand_in_front_of_what_is_embedded() -> None:
    sentence = Sentence(0, 5, "Signé")
    passage = Passage("i", "s", "La charte", ("But", "Suite"), 0, 9, "Signé ici", (sentence,))
    assert passage.context == "La charte › But › Suite"
    assert passage.embedded == "La charte › But › Suite\nSigné ici"
    assert passage.embedded_sentence(sentence) == "La charte › But › Suite\nSigné"
