"""DOCX to a document: headings, paragraphs, lists and tables in their order, then the notes.

What was deleted under tracked changes, hidden text, comments, headers and footers stay out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from ingest.documents import Document, Source
from ingest.parse.builder import TextBuilder
from ingest.parse.office import checked_container, damaged, described

_HEADING = re.compile(r"(?:heading|titre|überschrift)\s*(\d)", re.IGNORECASE)
_TITLE = re.compile(r"title|titre|titel", re.IGNORECASE)
_OUT = {qn(f"w:{name}") for name in ("del", "moveFrom", "instrText", "delText", "txbxContent")}
_SPACES = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NOTES = ("footnotes", "endnotes")


def parse_docx(data: bytes, source: Source) -> Document:
    """The document of a DOCX file; its properties complete ``source``.

    Raises:
        SourceError: it is damaged, has a password, or could exhaust a reader.
    """
    checked_container(data, "word/document.xml", ".docx")
    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError) as error:
        raise damaged(".docx") from error
    builder = TextBuilder()
    for block in document.iter_inner_content():
        _add(block, builder)
    for note in _notes(document):
        builder.add("paragraph", note)
    said = document.core_properties
    return described(
        builder.document(source), said.title, said.author, said.modified or said.created,
        said.language,
    )  # fmt: skip


def _add(block: Paragraph | Table, builder: TextBuilder) -> None:
    if isinstance(block, Table):
        _add_table(block, builder)
        return
    text = _text(block._p)
    if level := _level(block):
        builder.add("heading", text, level)
    else:
        builder.add("item" if _is_item(block) else "paragraph", text)


def _add_table(table: Table, builder: TextBuilder) -> None:
    for row in table.rows:
        cells = dict.fromkeys(cell._tc for cell in row.cells)  # a merged cell is there twice
        texts = [" ".join(map(_text, cell.iter(qn("w:p")))).strip() for cell in cells]
        builder.add("item", " — ".join(filter(None, texts)))


def _level(paragraph: Paragraph) -> int:
    """The level of a heading, 0 for other paragraphs; a style may be based on a heading's."""
    outline = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    if outline is not None:
        return _outline(outline)
    style: Any = paragraph.style
    while style is not None:
        if found := _HEADING.match(style.name or ""):
            return min(6, max(1, int(found[1])))
        if _TITLE.fullmatch(style.name or ""):
            return 1
        outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None:
            return _outline(outline)
        style = style.base_style
    return 0


def _outline(element: Any) -> int:
    level = int(element.get(qn("w:val"), "9"))
    return level + 1 if level < 6 else 0


def _is_item(paragraph: Paragraph) -> bool:
    """Whether it is numbered or has a bullet, by itself or by its style."""
    properties = [paragraph._p.pPr]
    style: Any = paragraph.style
    while style is not None:
        properties.append(style.element.find(qn("w:pPr")))
        style = style.base_style
    for one in properties:
        number = None if one is None else one.find(f"{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None:
            return bool(number.get(qn("w:val")) != "0")
    return False


def _text(element: Any) -> str:
    return "".join(_strings(element))


def _strings(element: Any) -> Iterator[str]:
    """The text as it is read: what is inserted is in, what is deleted or hidden is out."""
    for child in element:
        if child.tag in _OUT or (child.tag == qn("w:r") and _is_hidden(child)):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _SPACES:
            yield _SPACES[child.tag]
        elif child.tag not in (qn("w:pPr"), qn("w:rPr")):
            yield from _strings(child)


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return vanish is not None and vanish.get(qn("w:val"), "1") not in ("0", "false")


def _notes(document: Any) -> Iterator[str]:
    """The texts of footnotes, then of endnotes; separators between them are no notes."""
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(_NOTES):
            continue
        root = parse_xml(relation.target_part.blob)
        for note in root:
            if note.get(qn("w:type")) is None:
                yield " ".join(map(_text, note.iter(qn("w:p")))).strip()
