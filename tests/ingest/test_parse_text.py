from __future__ import annotations

import re

import pytest
from hypothesis import given

from ingest.documents import Source
from ingest.parse.text import parse_text
from tests.ingest.texts import TEXTS, blocks_of, text_document

MARKER = re.compile(r"(?:[•·▪‣◦*–—-]|\d{1,2}[.)°]|[a-z]\))?")


def test_the_text_of_the_document_is_the_file_s_own() -> None:
    text = "La charte\r\n\r\n  Un but.\r\nSuite.  \n\n"
    assert text_document(text).text == text


def test_blank_lines_part_paragraphs_and_single_newlines_do_not() -> None:
    assert blocks_of(text_document("Un but.\nSuite.\n \n\nAutre but.\n")) == [
        ("paragraph", "Un but.\nSuite."), ("paragraph", "Autre but."),
    ]  # fmt: skip


@pytest.mark.parametrize("blank", ["\r\n\r\n", "\n\t\n", "\n\u00a0\n", "\n\n\n\n"])
def test_any_line_without_ink_is_blank(blank: str) -> None:
    assert [text for _, text in blocks_of(text_document(f"Un but.{blank}Autre but."))] == [
        "Un but.", "Autre but.",
    ]  # fmt: skip


def test_a_short_line_that_stands_alone_is_a_heading() -> None:
    document = text_document("Nos engagements\n\nAgir ensemble.")
    assert blocks_of(document) == [("heading", "Nos engagements"), ("paragraph", "Agir ensemble.")]
    assert document.blocks[0].level == 2


@pytest.mark.parametrize(
    "line", ["Agir ensemble.", "Agir ?!", "Voici :", "(Annexe)", "« Agir »", "12", "x" * 121]
)
def test_a_line_that_ends_like_a_sentence_or_is_long_or_has_no_letter_is_no_heading(
    line: str,
) -> None:
    assert blocks_of(text_document(f"{line}\n\nSuite."))[0] == ("paragraph", line)


def test_the_last_line_is_never_a_heading() -> None:
    assert blocks_of(text_document("Agir.\n\nLa présidente")) == [
        ("paragraph", "Agir."), ("paragraph", "La présidente"),
    ]  # fmt: skip


def test_bullets_numbers_and_letters_open_items() -> None:
    text = "Il faut :\n- agir\n• signer\n  1. relire,\n  encore\n12) voter\na) partir"
    assert blocks_of(text_document(text)) == [
        ("paragraph", "Il faut :"), ("item", "agir"), ("item", "signer"),
        ("item", "relire,\n  encore"), ("item", "voter"), ("item", "partir"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["-agir", "2019. Année", "- ", "A) partir"])
def test_what_only_looks_like_a_marker_opens_no_item(line: str) -> None:
    assert [kind for kind, _ in blocks_of(text_document(f"{line}\nsuite."))] == ["paragraph"]


def test_the_title_is_the_first_heading_of_three_words_at_the_top() -> None:
    text = "Actualités\n\nLa charte signée\n\nOui."
    assert text_document(text).source.title == "La charte signée"
    assert text_document("Actualités\n\nOui.").source.title == "Actualités"


def test_without_a_heading_at_the_top_the_title_stays() -> None:
    assert text_document("Oui.\n\nNos trois buts\n\nFin.").source.title == "Charte"


def test_everything_else_said_of_the_source_stays() -> None:
    source = Source(title="a", publisher="ALEC07", date="2020", name="a.txt")
    parsed = parse_text("Oui.", source)
    assert parsed.source == source


@given(TEXTS)
def test_parsing_never_changes_the_text(text: str) -> None:
    assert text_document(text).text == text


@given(TEXTS)
def test_blocks_hold_everything_but_blanks_and_the_markers_of_lists(text: str) -> None:
    place = 0
    for block in text_document(text).blocks:
        assert MARKER.fullmatch(text[place : block.start].strip())
        assert text[block.start : block.end] == text[block.start : block.end].strip() != ""
        place = block.end
    assert text[place:].strip() == ""


@pytest.mark.parametrize(
    ("hostile", "count"),
    [
        (" " * 50_000, 0), ("\u00a0" * 50_000, 0), ("\n" * 20_000, 0), (" \n" * 20_000, 0),
        ("a\n" + "\t" * 50_000, 1), ("\r" * 20_000 + "a", 1), ("a\r\n\r\n" * 10_000, 10_000),
        ("«" * 30_000, 1), ("- a\n" * 10_000, 10_000), ("- " * 20_000, 1),
    ],
    ids=["spaces", "nbsp", "newlines", "lines", "tabs", "cr", "crlf", "opening", "items", "dashes"],
)  # fmt: skip
def test_hostile_text_is_parsed_in_linear_time(hostile: str, count: int) -> None:
    assert len(text_document(hostile).blocks) == count
