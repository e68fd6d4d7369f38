"""The sheets of a document to its parts, in reading order, each whole over columns and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest.parse.paper.blocks import continues, parts_of
from ingest.parse.paper.columns import Column, Columns
from ingest.parse.paper.headings import Body, body_of, is_heading, set_levels
from ingest.parse.paper.model import Line, Part, Sheet
from ingest.parse.paper.running import without_running


def parts_of_sheets(sheets: Sequence[Sheet]) -> list[Part]:
    """The parts of all sheets; the notes of a page come after what begins on it."""
    bare = [sheet for sheet in sheets if sheet.parts is None]
    without_running(bare)
    columns, reader = {}, Columns()
    for sheet in bare:
        columns[sheet.number] = reader.read(sheet.lines)
    body = body_of(_all_lines(sheets, columns))
    _find_headings(sheets, body)
    parts = _Whole()
    for sheet in sheets:
        if sheet.parts is not None:
            parts.add_tagged(list(_set(sheet.parts, body)))
        else:
            read = columns.pop(sheet.number)
            parts.add(parts_of(read, sheet.number, body), read[0] if read else None)
        sheet.lines, sheet.parts = [], None
    set_levels(parts.parts)
    return parts.parts


def _all_lines(sheets: Sequence[Sheet], columns: dict[int, list[Column]]) -> Iterable[Line]:
    for sheet in sheets:
        for part in sheet.parts or ():
            yield from part.lines
        for column in columns.get(sheet.number, ()):
            yield from column.lines


def _find_headings(sheets: Sequence[Sheet], body: Body) -> None:
    """Where no tag names a heading, the paragraphs that look like one are headings."""
    tagged = [part for sheet in sheets for part in sheet.parts or ()]
    if any(part.kind == "heading" for part in tagged):
        return
    for part in tagged:
        if part.kind == "paragraph" and is_heading(part.lines, body):
            part.kind = "heading"


def _set(parts: Sequence[Part], body: Body) -> Iterator[Part]:
    """The parts, those that loose text makes included."""
    for part in parts:
        if part.kind == "loose":
            yield from parts_of(Columns().read(part.lines), part.page, body)
        else:
            yield part


class _Whole:
    """Parts so far; the notes of a page wait until all that begins on it has come."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._last: Part | None = None  # the last one that is no note
        self._by_path: dict[tuple[int, ...], Part] = {}

    def add(self, parts: Sequence[Part], column: Column | None) -> None:
        """Add the parts of a page, the first of which may go on with the last page's."""
        main = [part for part in parts if part.kind != "note"]
        if main and self._last is not None and continues(self._last, main[0], column):
            self._last.lines.extend(main.pop(0).lines)
        self._extend(main, [part for part in parts if part.kind == "note"])

    def add_tagged(self, parts: Sequence[Part]) -> None:
        """Add the parts of a page with tags; those that a page before began go on."""
        new: list[Part] = []
        for part in parts:
            begun = self._by_path.get(part.path) if part.path else self._begun(part, new)
            if begun is None or begun.kind != part.kind:
                new.append(part)
            elif part.cells:
                _add_cells(begun, part)
            else:
                begun.lines.extend(part.lines)
        self._by_path = {
            part.path: self._by_path.get(part.path, part) for part in parts if part.path
        }
        self._extend(
            [part for part in new if part.kind != "note"],
            [part for part in new if part.kind == "note"],
        )

    def _begun(self, part: Part, new: Sequence[Part]) -> Part | None:
        """The last part, where loose text at the top of a page goes on with it."""
        if new or self._last is None or self._last.path or not continues(self._last, part):
            return None
        return self._last

    def _extend(self, main: Sequence[Part], notes: Sequence[Part]) -> None:
        self.parts.extend(main)
        self.parts.extend(notes)
        if main:
            self._last = main[-1]


def _add_cells(row: Part, rest: Part) -> None:
    """Go on with a row that the end of a page cuts, cell by cell where it has as many."""
    if len(row.cells) == len(rest.cells):
        for cell, more in zip(row.cells, rest.cells, strict=True):
            cell.extend(more)
    else:
        row.cells.extend(rest.cells)
    row.lines.extend(rest.lines)
