"""Each export opened again by another reader than the one that wrote it, or by the same library."""

from __future__ import annotations

import csv
import io
import json
import time
from html.parser import HTMLParser
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.text.paragraph import Paragraph
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from app.faq.entry import Edit
from app.faq.exports.formats import FORMATS, Format, format_named, format_of
from app.faq.exports.formulas import natural
from app.faq.imports.apart import read_apart
from app.faq.imports.row import Reading, UnreadableFaq, kind_of
from tests.faq.edits import cited, edit
from tests.faq.exports.made import AGENCY, ENTRIES, FORMULAS, HOSTILE, RICH, entry, hostile


def made(name: str, *entries: object) -> bytes:
    """The file of entries in the format of that name."""
    found = format_named(name)
    assert found is not None
    return found.made(entries or ENTRIES, AGENCY)  # type: ignore[arg-type]


class Reader(HTMLParser):
    """The elements of a page, the targets of its links, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        assert not any(name.startswith("on") for name in values)
        self.links += [values["href"] or ""] if "href" in values else []
        self.ids += [values["id"] or ""] if "id" in values else []

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("format", FORMATS, ids=lambda one: one.name)
def test_the_same_entries_give_the_same_bytes_whenever_they_are_made(
    format: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = format.made(ENTRIES, AGENCY)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert format.made(ENTRIES[::-1], AGENCY) == before
    assert format.made((), AGENCY)


def test_a_format_is_found_by_its_name_or_by_a_file_s() -> None:
    assert format_of("Ma FAQ.XLSX") is format_named("xlsx")
    assert format_of("faq.htm") is format_named("html")
    assert format_of("faq.pdf") is None and format_named("pdf") is None
    assert [one.file_name for one in FORMATS] == [
        "faq.md", "faq.html", "faq.csv", "faq.xlsx", "faq.docx", "faq.json",
    ]  # fmt: skip


# CSV and XLSX


def test_a_table_has_a_row_for_each_entry_and_its_texts_whole() -> None:
    data = made("csv")
    assert data.startswith("\ufeffQuestion;Variantes;Réponse;".encode())
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row["Question"] for row in rows] == [
        "Où ?", "Qui peut signer ?", "Combien cela coûte-t-il ?",
    ]  # fmt: skip
    assert rows[0]["Réponse"] == RICH
    assert rows[0]["Variantes"].split("\n") == ["À quel endroit ?", "En quel lieu ?"]
    assert (rows[0]["Statut"], rows[0]["Validé par"]) == ("publiée", "Paul")
    assert rows[1]["Sources"] == (
        "[1] « Toute commune peut signer. » — « La charte », Fabrique, décembre 2019 "
        "https://example.org/charte"
    )


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_spreadsheet_is_a_formula(text: str) -> None:
    quoted = cited(quote=text, source={"title": text, "publisher": text, "url": None, "id": "s"})
    harmful = entry(edit=Edit(text, (text,), text, text, (quoted,)), validator=text)
    table = made("csv", harmful).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table, newline=""), delimiter=";"))
    book = load_workbook(io.BytesIO(made("xlsx", harmful)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    for shown in [*rows[1], *(cell.value for cell in cells)]:
        assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert {cell.data_type for cell in cells} == {"s"}
    assert natural(rows[1][0]) == text


def test_a_workbook_has_the_entries_and_their_citations() -> None:
    book = load_workbook(io.BytesIO(made("xlsx")))
    assert book.sheetnames == ["Foire aux questions", "Sources"]
    entries, sources = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    assert entries[0][:3] == ("Question", "Variantes", "Réponse")
    assert [row[0] for row in entries[1:]] == [
        "Où ?", "Qui peut signer ?", "Combien cela coûte-t-il ?",
    ]  # fmt: skip
    assert entries[1][2] == RICH
    assert sources[2] == (
        "Qui peut signer ?", "1", "Toute commune peut signer.", "La charte", "Fabrique",
        "décembre 2019", "https://example.org/charte",
    )  # fmt: skip
    assert book.properties.modified.year == 2026


def test_what_no_office_can_hold_is_left_out() -> None:
    [_, row] = load_workbook(io.BytesIO(made("xlsx", hostile())))["Sources"].iter_rows(
        values_only=True
    )
    assert "\x0b" not in row[2] and row[2].startswith("<script>") and row[6] is None


# JSON


def test_the_json_holds_whole_entries_with_their_citations() -> None:
    shown = json.loads(made("json"))
    assert shown["agency"] == AGENCY
    assert [one["id"] for one in shown["entries"]] == ["c3", "a1", "b2"]
    assert Edit.from_json(_with_found(shown["entries"][1])) == edit()
    assert shown["entries"][0]["published"] == "2026-03-12T12:01:00+00:00"


def _with_found(values: dict[str, Any]) -> dict[str, Any]:
    """The entry with the field that is not exported."""
    return {**values, "citations": [{**one, "found": None} for one in values["citations"]]}


# HTML


def test_the_fragment_has_themes_questions_and_answers_with_their_sources() -> None:
    page = Reader(made("html").decode())
    assert page.tags.count("h2") == page.tags.count("h3") == page.tags.count("article") == 3
    assert {"fiche-a1", "fiche-a1-1"} <= set(page.ids) and len(page.ids) == len(set(page.ids))
    assert "#fiche-a1-1" in page.links and "https://example.org/charte_(1)" in page.links
    assert "Validé le 12 mars 2026 par l'ALEC07" in page.text
    assert page.tags.count("ol") == 2 and page.tags.count("strong") == 1


def test_nothing_of_an_entry_is_markup_of_its_own() -> None:
    page = Reader(made("html", hostile()).decode())
    assert not {"script", "img", "style", "iframe", "svg"} & set(page.tags)
    assert page.links == ["#fiche-z9-1"]
    assert "<script>alert(1)</script>" in page.text and "[2]" in page.text


# Markdown


def test_the_markdown_shows_as_the_answer_is_written() -> None:
    shown = MarkdownIt("commonmark").render(made("markdown").decode())
    assert "<h1>Foire aux questions</h1>" in shown and "<h2>Agence</h2>" in shown
    assert "<p>Toute <strong>commune</strong> peut signer. [1] Voyez " in shown
    assert '<a href="https://example.org/charte_(1)">la charte</a>' in shown
    assert "<li>le maire signe ;</li>" in shown and shown.count("<ol>") == 2
    assert "<em>Validé le 12 mars 2026 par l'ALEC07.</em>" in shown


def test_what_is_only_text_in_an_answer_is_only_text_in_markdown() -> None:
    shown = MarkdownIt("commonmark").render(made("markdown", hostile()).decode())
    tags = set(Reader(shown).tags)
    assert tags <= {"h1", "h2", "h3", "p", "ul", "li", "strong", "em"}
    assert "&lt;script&gt;" in shown and "# titre" in shown


def test_a_text_that_looks_like_a_list_or_an_underline_is_none() -> None:
    odd = entry(edit=edit("1. Un ?", "===\n\n#a", ("- deux", "+ trois", "4) quatre"), ()))
    shown = MarkdownIt("commonmark").render(made("markdown", odd).decode())
    assert "<h3>1. Un ?</h3>" in shown and "<h1>#a" not in shown and "<p>===</p>" in shown
    assert shown.count("<ul>") == 1 and shown.count("<li>") == 3 and "<ol" not in shown


# DOCX


def _shown(paragraph: Paragraph) -> tuple[str, str]:
    assert paragraph.style is not None
    return str(paragraph.style.name), paragraph.text


def test_the_document_has_headings_lists_and_links() -> None:
    paper = Document(io.BytesIO(made("docx")))
    shown = [_shown(paragraph) for paragraph in paper.paragraphs]
    assert shown[:3] == [
        ("Title", "Foire aux questions"), ("Heading 1", "Agence"), ("Heading 2", "Où ?"),
    ]  # fmt: skip
    assert ("List Bullet", "le maire signe ;") in shown
    links = [link.address for one in paper.paragraphs for link in one.hyperlinks]
    assert links[0] == "https://example.org/charte_(1)" and "https://example.org/charte" in links
    assert ("Normal", "Validé le 12 mars 2026 par l'ALEC07") in shown
    assert paper.core_properties.author == AGENCY and paper.core_properties.language == "fr-FR"


def test_each_numbered_list_begins_at_one() -> None:
    paper = Document(io.BytesIO(made("docx")))
    numbered = [one for one in paper.paragraphs if _shown(one)[0] == "List Number"]
    ids = [one._p.pPr.numPr.numId.val for one in numbered]
    assert [one.text for one in numbered] == ["d'abord", "ensuite", "enfin"]
    assert ids[0] == ids[1] != ids[2]


def test_a_document_holds_hostile_text_as_text() -> None:
    paper = Document(io.BytesIO(made("docx", hostile())))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert HOSTILE.replace("\x0b", "") in text
    assert [link for one in paper.paragraphs for link in one.hyperlinks] == []


@pytest.mark.parametrize("name", ["xlsx", "docx"])
def test_an_office_file_says_nothing_of_when_or_by_what_it_was_zipped(name: str) -> None:
    with ZipFile(io.BytesIO(made(name))) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.namelist()[0] == "[Content_Types].xml" and file.testzip() is None
        assert b"2026-03-12T12:02:00Z" in file.read("docProps/core.xml")


@pytest.mark.parametrize("format", FORMATS, ids=lambda one: one.name)
def test_a_file_is_read_again_where_its_format_says_so(format: Format) -> None:
    data = format.made([entry()], AGENCY)

    def read() -> Reading:
        return read_apart(data, kind_of(format.file_name))

    if not format.returns:
        with pytest.raises(UnreadableFaq):
            read()
        return
    (row,) = read().rows
    assert (row.question, row.theme) == (entry().edit.question, entry().edit.theme)
    assert row.answer == entry().edit.answer and row.variants == entry().edit.variants
