"""XLSX: a sheet of the entries and one of their citations."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from app.faq.entry import Entry
from app.faq.exports.cells import cited_rows, rows
from app.faq.exports.order import changed_last
from app.faq.exports.words import SOURCES, TITLE
from app.faq.exports.zipped import timeless

_WIDTHS = (40, 40, 70, 20, 12, 30, 20, 70)  # characters
_CITED_WIDTHS = (40, 9, 70, 40, 20, 16, 40)


def as_xlsx(entries: Sequence[Entry], agency: str) -> bytes:
    """The workbook; all of its cells are text."""
    book = Workbook(write_only=True)
    _fill(book, TITLE, rows(entries, agency), _WIDTHS)
    _fill(book, SOURCES, cited_rows(entries), _CITED_WIDTHS)
    written = io.BytesIO()
    book.save(written)
    return timeless(written.getvalue(), changed_last(entries))


def _fill(
    book: Workbook, title: str, written: Sequence[Sequence[str]], widths: Sequence[int]
) -> None:
    sheet = book.create_sheet(title)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for position, texts in enumerate(written):
        cells = [WriteOnlyCell(sheet, value=text) for text in texts]
        for cell in cells:
            cell.data_type = "s"  # whatever it looks like
            cell.alignment = wrapped
            if position == 0:
                cell.font = bold
        sheet.append(cells)
