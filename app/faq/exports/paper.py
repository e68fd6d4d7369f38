"""DOCX, to be read, printed and annotated."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from app.faq.entry import Entry
from app.faq.exports.order import (
    by_theme,
    changed_last,
    cited_line,
    original_of,
    printable,
    validated,
)
from app.faq.exports.words import OTHERS, SOURCES, TITLE
from app.faq.exports.zipped import timeless
from app.faq.markdown import Block, Run, blocks_of

_SMALL = Pt(9)


def as_docx(entries: Sequence[Entry], agency: str) -> bytes:
    """Themes and questions as headings of levels 1 and 2, lists as lists, links as links."""
    paper = Document()
    properties = paper.core_properties
    properties.title, properties.author, properties.language = TITLE, printable(agency), "fr-FR"
    properties.comments = ""
    _speak_french(paper)
    paper.add_heading(TITLE, 0)
    for theme, same in by_theme(entries):
        paper.add_heading(printable(theme), 1)
        for entry in same:
            _entry(paper, entry, agency)
    written = io.BytesIO()
    paper.save(written)
    return timeless(written.getvalue(), changed_last(entries))


def _entry(paper: Paper, entry: Entry, agency: str) -> None:
    edit = entry.edit
    paper.add_heading(printable(edit.question), 2)
    for block in blocks_of(printable(edit.answer)):
        _block(paper, block)
    if edit.variants:
        _small(paper.add_paragraph(), f"{OTHERS} : {' · '.join(map(printable, edit.variants))}")
    if edit.citations:
        _small(paper.add_paragraph(), SOURCES)
    for cited in edit.citations:
        line = paper.add_paragraph()
        _small(line, f"[{cited.number}] {cited_line(cited)} ")
        if url := original_of(cited):
            _link(line, url, url)
    if said := validated(entry, agency):
        _small(paper.add_paragraph(), printable(said)).italic = True


def _block(paper: Paper, block: Block) -> None:
    style = {"bullets": "List Bullet", "numbers": "List Number"}.get(block.kind)
    numbering = _restarted(paper) if block.kind == "numbers" else None
    for line in block.lines:
        paragraph = paper.add_paragraph(style=style)
        if numbering is not None:
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
        for run in line:
            _run(paragraph, run)


def _run(paragraph: Paragraph, run: Run) -> None:
    if run.href:
        _link(paragraph, run.text, run.href, run.is_bold)
    else:
        paragraph.add_run(run.text).bold = run.is_bold or None


def _small(paragraph: Paragraph, text: str) -> Any:
    run = paragraph.add_run(text)
    run.font.size = _SMALL
    return run


def _link(paragraph: Paragraph, text: str, url: str, is_bold: bool = False) -> None:
    """A link, which python-docx can read and not make."""
    id = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    run = paragraph.add_run(text)
    run.bold, run.underline = is_bold or None, True
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), id)
    link.append(run._r)
    paragraph._p.append(link)


def _restarted(paper: Paper) -> int:
    """A numbering of its own: else each numbered list of a paper goes on with the one before."""
    style = paper.styles["List Number"].element.pPr.numPr.numId.val
    numbering = paper.part.numbering_part.numbering_definitions._numbering
    abstract = numbering.num_having_numId(style).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _speak_french(paper: Paper) -> None:
    """The language by which a screen reader and a spell checker read it."""
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
