"""DOCX and ODT files written by their libraries, and some made by hand that mean harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import docx
import odfdo
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.documents import Document, Source
from ingest.errors import SourceError
from ingest.parse.docx import parse_docx
from ingest.parse.odt import parse_odt
from ingest.parse.office import MOST_ENTRIES, checked_container
from tests.ingest.texts import blocks_of

SOURCE = Source("Note", name="note")
WHOLE = [
    ("heading", "La note"), ("paragraph", "Un but 🌱 et demi."), ("heading", "Agir"),
    ("item", "isoler les toits"), ("item", "changer les fenêtres"), ("item", "d'abord"),
    ("item", "Poste — Montant"), ("item", "Toits — 3 000 €"), ("paragraph", "Après la table."),
]  # fmt: skip


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word_file() -> Any:
    document = docx.Document()
    document.add_heading("La note", 0)
    paragraph = document.add_paragraph("Un but ")
    paragraph.add_run("🌱").bold = True
    paragraph.add_run(" et demi.")
    document.add_heading("Agir", 2)
    for text in ("isoler les toits", "changer les fenêtres"):
        document.add_paragraph(text, style="List Bullet")
    document.add_paragraph("d'abord", style="List Number")
    table = document.add_table(2, 2)
    for place, text in enumerate(("Poste", "Montant", "Toits", "3 000 €")):
        table.cell(place // 2, place % 2).text = text
    document.add_paragraph("Après la table.")
    return document


def open_file() -> Any:
    document = odfdo.Document("text")
    body = document.body
    body.clear()
    body.append(odfdo.Header(1, "La note"))
    paragraph = odfdo.Paragraph("Un but 🌱 et demi.")
    body.append(paragraph)
    body.append(odfdo.Header(2, "Agir"))
    body.append(odfdo.List(["isoler les toits", "changer les fenêtres", "d'abord"]))
    table = odfdo.Table("Budget", 2, 2)
    table.set_values([["Poste", "Montant"], ["Toits", "3 000 €"]])
    body.append(table)
    body.append(odfdo.Paragraph("Après la table."))
    return document


def read_word(document: Any) -> Document:
    return parse_docx(saved(document), SOURCE)


def test_a_word_file_is_read_in_its_order() -> None:
    document = read_word(word_file())
    assert blocks_of(document) == WHOLE
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2]


def test_an_open_document_is_read_in_its_order() -> None:
    document = parse_odt(saved(open_file()), SOURCE)
    assert blocks_of(document) == WHOLE
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2]


def test_a_word_file_says_what_it_is() -> None:
    document = word_file()
    properties = document.core_properties
    properties.title, properties.author = "Note de cadrage", "Anne"
    properties.modified, properties.language = datetime(2024, 3, 5, 10), "fr-FR"
    source = read_word(document).source
    assert (source.title, source.author, source.date, source.language) == (
        "Note de cadrage", "Anne", "2024-03-05", "fr",
    )  # fmt: skip
    assert parse_docx(saved(word_file()), SOURCE).source.title == "La note"


def test_an_open_document_says_what_it_is() -> None:
    document = open_file()
    document.meta.title, document.meta.language = "Note de cadrage", "en-GB"
    document.meta.creator, document.meta.date = "Anne", datetime(2024, 3, 5, 10)
    source = parse_odt(saved(document), SOURCE).source
    assert (source.title, source.author, source.date, source.language) == (
        "Note de cadrage", "Anne", "2024-03-05", "en",
    )  # fmt: skip


def test_a_style_that_is_based_on_a_heading_is_one() -> None:
    document = docx.Document()
    style = document.styles.add_style("Ma rubrique", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 3"]
    document.add_paragraph("Le budget", style="Ma rubrique")
    document.add_paragraph("Il est voté.")
    [heading, _] = read_word(document).blocks
    assert (heading.kind, heading.level) == ("heading", 3)


def test_deleted_and_hidden_words_stay_out_and_inserted_ones_are_in() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Le prix est de ")
    for xml in (
        "<w:del {}><w:r><w:delText>cent</w:delText></w:r></w:del>",
        "<w:ins {}><w:r><w:t>deux cents</w:t></w:r></w:ins>",
        "<w:r {}><w:rPr><w:vanish/></w:rPr><w:t> caché</w:t></w:r>",
        "<w:r {}><w:instrText> PAGE </w:instrText></w:r>",
        "<w:hyperlink {}><w:r><w:t> euros</w:t></w:r></w:hyperlink>",
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"))))
    document.sections[0].header.paragraphs[0].text = "En-tête"
    assert read_word(document).text == "Le prix est de deux cents euros"


def test_notes_come_after_the_text() -> None:
    document = open_file()
    document.body.clear()
    paragraph = odfdo.Paragraph("Voir la note.")
    paragraph.insert_note(after="Voir", note_id="n1", citation="1", body="Elle est en bas.")
    document.body.append(paragraph)
    document.body.append(odfdo.Paragraph("La suite."))
    assert parse_odt(saved(document), SOURCE).text == (
        "Voir la note.\n\nLa suite.\n\nElle est en bas."
    )


def test_a_merged_cell_is_said_once() -> None:
    document = docx.Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Total"
    table.cell(0, 2).text = "9"
    assert read_word(document).text == "• Total — 9"


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return file.getvalue()


def _with_doctype(data: bytes, part: str, encoding: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    text = parts[part].decode().partition("?>")[2]
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'
    parts[part] = f'<?xml version="1.0" encoding="{encoding}"?>{bomb}{text}'.encode(encoding)
    return zipped(parts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("parse", "data", "part"),
    [
        (parse_docx, saved(word_file()), "word/document.xml"),
        (parse_docx, saved(word_file()), "docProps/core.xml"),
        (parse_odt, saved(open_file()), "content.xml"),
        (parse_odt, saved(open_file()), "meta.xml"),
    ],
    ids=["docx text", "docx properties", "odt text", "odt properties"],
)
def test_a_doctype_in_any_part_is_refused(
    parse: Callable[[bytes, Source], Document], data: bytes, part: str, encoding: str
) -> None:
    with pytest.raises(SourceError, match="contient une DOCTYPE ou une entité"):
        parse(_with_doctype(data, part, encoding), SOURCE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "est endommagé ou incomplet"),
        (b"PK\3\4 rien", "est endommagé ou incomplet"),
        (saved(word_file())[:2_000], "est endommagé ou incomplet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "d'un ancien format, ou protégé par un mot de passe"),
        (zipped({"a.txt": b"x"}), "n'est pas un document .docx"),
        (zipped({"word/document.xml": b"<w" * 600_000}), "bombe de décompression"),
        (
            zipped({"word/document.xml": b"", **{str(n): b"" for n in range(MOST_ENTRIES)}}),
            "bombe de décompression",
        ),
        (zipped({"word/document.xml": b"<a/>"}), "est endommagé ou incomplet"),
    ],
    ids=["empty", "no zip", "cut", "old", "other", "swollen", "entries", "no parts"],
)
def test_what_is_no_word_file_is_refused_with_what_to_do(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        parse_docx(data, SOURCE)


def test_a_zip_inside_is_not_opened_and_a_password_is_said() -> None:
    inner = zipped({"x": b"y" * 1_000_000})
    checked_container(zipped({"content.xml": b"<a/>", "b.zip": inner}), "content.xml", ".odt")
    data = bytearray(zipped({"content.xml": b"<a/>"}, zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    with pytest.raises(SourceError, match="mot de passe"):
        checked_container(bytes(data), "content.xml", ".odt")


@pytest.mark.parametrize("content", [b"<a/>", b"<a", b""], ids=["no parts", "cut", "empty"])
def test_what_is_no_open_document_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"Le fichier \.odt est endommagé ou incomplet"):
        parse_odt(zipped({"content.xml": content}), SOURCE)
