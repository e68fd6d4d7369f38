"""Rows of tables, told from lines of text by cells that stand under one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.parse.paper.lines import merged
from ingest.parse.paper.model import Line

_ALIGNED = 2.5  # points
_BETWEEN = 3  # lines of one cell alone between two rows of several
_LEADING = 1.35  # of the size: lines further apart are not of one cell

Row = list[Line]


def with_tables(rows: Sequence[Row], right: float) -> list[Line]:
    """The rows of a column as lines; the cells of a row of a table are parted by a dash.

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
    if not _has_cells(rows[start], right):
        return start
    last, end, cells = start, start, [cell.left for cell in rows[start]]
    for index in range(start + 1, len(rows)):
        row = rows[index]
        if _has_cells(row, right):
            if not _are_aligned(rows[last], row):
                break
            last, end = index, index + 1
            cells.extend(cell.left for cell in row)
        elif index - last > _BETWEEN or not _is_near(row[0].left, cells):
            break
    return end


def _has_cells(row: Row, right: float) -> bool:
    """Whether gaps part cells, and not the words of a line that is spread to the margins."""
    if len(row) < 2:
        return False
    gaps = [after.left - before.right for before, after in pairwise(row)]
    if any(" " in cell.text for cell in row):
        return True
    return row[-1].right < right - _ALIGNED and (len(row) == 2 or max(gaps) > 1.3 * min(gaps))


def _are_aligned(row: Row, other: Row) -> bool:
    return any(
        abs(one.left - two.left) <= _ALIGNED
        or abs(one.right - two.right) <= _ALIGNED
        or abs(one.left + one.right - two.left - two.right) <= 2 * _ALIGNED
        for one in row[1:]
        for two in other[1:]
    )


def _is_near(place: float, places: Sequence[float]) -> bool:
    return any(abs(place - one) <= _ALIGNED for one in places)


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


def _as_line(row: Sequence[Sequence[Line]]) -> Line:
    line = merged([piece for cell in row for piece in cell])
    line.text = " — ".join(" ".join(piece.text for piece in cell) for cell in row)
    line.base = min(piece.base for cell in row for piece in cell)
    line.row = True
    return line
