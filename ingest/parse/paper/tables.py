"""Rows of tables, told from lines of text by cells that stand under one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.parse.paper.lines import merged
from ingest.parse.paper.model import Line

_ALIGNED = 2.5  # points
_MOST_LINES = 12  # of a cell
_MOST_CELLS = 40  # of a row
_LEADING = 1.35  # of the size: lines further apart are not of one cell

Row = list[Line]


def with_tables(rows: Sequence[Row], right: float) -> list[Line]:
    """The rows of a column as lines; those of tables know their cells.

    ``right`` is the edge that the lines of the column are spread to.
    """
    lines: list[Line] = []
    start = 0
    while start < len(rows):
        end = _end_of_table(rows, start, right)
        if end > start:
            lines.extend(_table([cell for row in rows[start:end] for cell in row]))
            start = end
        else:
            lines.append(merged(rows[start]))
            start += 1
    return lines


def _end_of_table(rows: Sequence[Row], start: int, right: float) -> int:
    """The row after the table that begins there; ``start`` where there is none."""
    if not 1 < len(rows[start]) <= _MOST_CELLS:
        return start
    last = end = start  # the last row of several cells, the row after the table
    for index in range(start + 1, len(rows)):
        row = rows[index]
        if len(row) > _MOST_CELLS:
            break
        if len(row) > 1 and _are_aligned(rows[last], row, right):
            last, end = index, index + 1
        elif index - last > _MOST_LINES or not _goes_on(rows[last : index + 1]):
            break
        elif end > start:
            end = index + 1
    return end


def _goes_on(rows: Sequence[Row]) -> bool:
    """Whether the last of these rows is the next line of cells of the first."""
    before, row = rows[-2], rows[-1]
    if before[0].base - row[0].base > _LEADING * max(before[0].size, row[0].size):
        return False
    cells = rows[0]
    edges = [*(cell.left for cell in cells[1:]), float("inf")]
    return all(
        any(_is_below(piece, cell, edge) for cell, edge in zip(cells, edges, strict=True))
        for piece in row
    )


def _is_below(piece: Line, cell: Line, edge: float) -> bool:
    """Whether a piece is set like a cell, to the left of ``edge`` where the next one begins."""
    middle = abs(piece.left + piece.right - cell.left - cell.right) <= 2 * _ALIGNED
    return (abs(piece.left - cell.left) <= _ALIGNED or middle) and piece.right < edge


def _are_aligned(row: Row, other: Row, right: float) -> bool:
    """Whether cells stand under one another; those of a bold row may be centred on its column."""
    if row[0].bold and not other[0].bold and len(row) == len(other):
        edges = [*(min(one.left, two.left) for one, two in zip(row, other, strict=True))]
        ends = [*(max(one.right, two.right) for one, two in zip(row, other, strict=True))]
        return all(end < edge for end, edge in zip(ends, edges[1:], strict=False))
    if _may_be_spread(row, right) or _may_be_spread(other, right):
        return len(row) == len(other) and all(
            abs(one.left - two.left) <= _ALIGNED for one, two in zip(row, other, strict=True)
        )
    return any(
        abs(one.left - two.left) <= _ALIGNED
        or abs(one.right - two.right) <= _ALIGNED
        or abs(one.left + one.right - two.left - two.right) <= 2 * _ALIGNED
        for one in row[1:]
        for two in other[1:]
    )


def _may_be_spread(row: Row, right: float) -> bool:
    """Whether a row may be a line that is spread to the margins: gaps part all of its words."""
    if any(" " in piece.text for piece in row):
        return False
    gaps = [after.left - before.right for before, after in pairwise(row)]
    return row[-1].right > right - _ALIGNED or (len(row) > 2 and max(gaps) < 1.3 * min(gaps))


def _table(pieces: Sequence[Line]) -> Iterator[Line]:
    """Its rows, read in the order of the file, in which a cell comes whole before the next."""
    row: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda line: line.order):
        if row and _is_wrapped(row[-1], piece):
            row[-1].append(piece)
        elif row and piece.left > row[-1][0].left + _ALIGNED:
            row.append([piece])
        else:
            if row:
                yield _as_line(row)
            row = [[piece]]
    if row:
        yield _as_line(row)


def _is_wrapped(cell: Sequence[Line], piece: Line) -> bool:
    """Whether a piece is the next line of a cell."""
    fall = cell[-1].base - piece.base
    beside = piece.left < cell[-1].right and piece.right > cell[-1].left
    return 0.5 * piece.size < fall <= _LEADING * piece.size and beside


def _as_line(row: list[list[Line]]) -> Line:
    line = merged([piece for cell in row for piece in cell])
    line.cells = row
    return line
