"""DOCX, to be read, printed and annotated."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.numbering import CT_Num
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
_STYLES = ("Title", "Heading 1", "Heading 2", "List Bullet", "List Number", "Normal")


def as_docx(entries: Sequence[Entry], agency: str) -> bytes:
    """Themes and questions as headings of levels 1 and 2, lists as lists, links as links."""
    paper = _Paper(agency)
    paper.paragraph("Title", TITLE)
    for theme, same in by_theme(entries):
        paper.paragraph("Heading 1", printable(theme))
        for entry in same:
            _entry(paper, entry, agency)
    return timeless(paper.saved(), changed_last(entries))


def _entry(paper: _Paper, entry: Entry, agency: str) -> None:
    edit = entry.edit
    paper.paragraph("Heading 2", printable(edit.question))
    for block in blocks_of(printable(edit.answer)):
        _block(paper, block)
    if edit.variants:
        paper.small(f"{OTHERS} : {' · '.join(map(printable, edit.variants))}")
    if edit.citations:
        paper.small(SOURCES)
    for cited in edit.citations:
        line = paper.small(f"[{cited.number}] {cited_line(cited)} ")
        if url := original_of(cited):
            paper.link(line, url, url)
    if said := validated(entry, agency):
        paper.small(printable(said), is_italic=True)


def _block(paper: _Paper, block: Block) -> None:
    style = {"bullets": "List Bullet", "numbers": "List Number"}.get(block.kind, "Normal")
    numbering = paper.numbering() if block.kind == "numbers" else None
    for line in block.lines:
        paragraph = paper.paragraph(style)
        if numbering is not None:
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
        for run in line:
            _run(paper, paragraph, run)


def _run(paper: _Paper, paragraph: Paragraph, run: Run) -> None:
    if run.href:
        paper.link(paragraph, run.text, run.href, run.is_bold)
    else:
        paragraph.add_run(run.text).bold = run.is_bold or None


class _Paper:
    """A document of Word. What python-docx looks for anew each time is looked for once."""

    def __init__(self, agency: str) -> None:
        self._document = Document()
        properties = self._document.core_properties
        properties.title, properties.author = TITLE, printable(agency)
        properties.language, properties.comments = "fr-FR", ""
        styles = self._document.styles
        for language in styles.element.iter(qn("w:lang")):  # for screen readers and spell checkers
            language.set(qn("w:val"), "fr-FR")
        self._styles = {name: styles[name].style_id for name in _STYLES}
        numbered = styles["List Number"].element.pPr.numPr.numId.val
        self._numbering = self._document.part.numbering_part.numbering_definitions._numbering
        self._abstract = self._numbering.num_having_numId(numbered).abstractNumId.val
        self._last_number: int = max(num.numId for num in self._numbering.num_lst)
        self._end = self._document.element.body.sectPr
        self._links: dict[str, str] = {}

    def saved(self) -> bytes:
        """The file."""
        written = io.BytesIO()
        self._document.save(written)
        return written.getvalue()

    def paragraph(self, style: str, text: str = "") -> Paragraph:
        """A new paragraph at the end."""
        element = OxmlElement("w:p")
        element.style = self._styles[style]
        self._end.addprevious(element)
        paragraph = Paragraph(element, self._document._body)
        if text:
            paragraph.add_run(text)
        return paragraph

    def small(self, text: str, is_italic: bool = False) -> Paragraph:
        """A new paragraph of small letters."""
        paragraph = self.paragraph("Normal")
        run = paragraph.add_run(text)
        run.font.size, run.italic = _SMALL, is_italic or None
        return paragraph

    def link(self, paragraph: Paragraph, text: str, url: str, is_bold: bool = False) -> None:
        """A link at the end of a paragraph, which python-docx can read and not make."""
        if url not in self._links:
            related = self._document.part.relate_to
            self._links[url] = related(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        run = paragraph.add_run(text)
        run.bold, run.underline = is_bold or None, True
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._links[url])
        link.append(run._r)
        paragraph._p.append(link)

    def numbering(self) -> int:
        """Numbers from 1: else each numbered list of a paper goes on with the one before."""
        self._last_number += 1
        made = CT_Num.new(self._last_number, self._abstract)  # type: ignore[no-untyped-call]
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        self._numbering.append(made)
        return self._last_number
