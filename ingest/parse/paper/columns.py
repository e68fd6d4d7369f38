"""The lines of a page in reading order: one column after the other, each from top to bottom.

A gutter is a place where many lines begin and that no line beside them crosses. Lines that cross
it (titles, tables, notes over the whole width) cut the page into bands, which are read in turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.parse.paper.lines import rows_of
from ingest.parse.paper.model import Line
from ingest.parse.paper.tables import Row, with_tables

_GAP = 3.0  # points: the narrowest gutter
_DEEPEST = 3  # times that a page is cut: eight columns
_CANDIDATES = 6
_STEP = 3.0  # points between two candidates
_LEAST = 3  # lines on each side of a gutter that no page had before
_PROSE = 14  # characters of a line, on average: those of cells are fewer
_MOST = 1_500  # lines of a page among which columns are looked for


@dataclass(slots=True)
class Column:
    """Lines that are read one after the other, and the edges they are set between."""

    lines: list[Line]
    left: float
    right: float


class Columns:
    """Puts pages in reading order; the gutters of a page are looked for on the next ones too."""

    def __init__(self) -> None:
        self._known: list[float] = []

    def read(self, lines: Sequence[Line]) -> list[Column]:
        """The columns of a page, in reading order; rows of tables are one line each."""
        columns = [_column(part) for part in self._cut(list(lines), _DEEPEST)]
        return [column for column in columns if column.lines]

    def _cut(self, lines: list[Line], deep: int) -> Iterator[list[Line]]:
        rows = rows_of(lines) if deep and 1 < len(lines) <= _MOST else []
        gutter = self._gutter(lines, rows) if rows else None
        if gutter is None:
            yield lines
            return
        for band in _bands(rows, gutter, known=self._is_known(gutter)):
            if len(band) == 1:
                yield band[0]
                continue
            for side in band:
                yield from self._cut(side, deep - 1)
        if not self._is_known(gutter) and len(self._known) < _CANDIDATES:
            self._known.append(gutter)

    def _gutter(self, lines: Sequence[Line], rows: Sequence[Row]) -> float | None:
        """The place that parts the most lines into columns."""
        begins = Counter(round(line.left / _STEP) for line in lines)
        first = min(begins)
        frequent = [step for step, count in begins.most_common(_CANDIDATES) if count >= _LEAST]
        places = {
            min(line.left for line in lines if round(line.left / _STEP) == step)
            for step in frequent
            if step > first + 1
        }
        places.update(self._known)
        scored = [(self._parted(rows, place), -place) for place in places]
        best, place = max(scored, default=(0, 0.0))
        return -place if best else None

    def _parted(self, rows: Sequence[Row], gutter: float) -> int:
        known = self._is_known(gutter)
        return sum(
            sum(map(len, band)) for band in _bands(rows, gutter, known=known) if len(band) == 2
        )

    def _is_known(self, gutter: float) -> bool:
        return any(abs(gutter - place) <= _STEP for place in self._known)


def _bands(rows: Sequence[Row], gutter: float, *, known: bool) -> list[list[list[Line]]]:
    """From the top: lists of two columns, or of one where lines cross the gutter."""
    bands: list[list[list[Line]]] = []
    beside: list[Line] = []
    for row in rows:
        if any(_crosses(line, gutter) for line in row) or _is_title(row, beside, rows, gutter):
            _close(bands, beside, gutter, known)
            beside = []
            _append(bands, row)
        else:
            beside.extend(row)
    _close(bands, beside, gutter, known)
    return bands


def _crosses(line: Line, gutter: float) -> bool:
    return line.left < gutter - 1 and line.right > gutter - _GAP


def _is_title(row: Row, beside: Sequence[Line], rows: Sequence[Row], gutter: float) -> bool:
    """Whether a short line on the left is a title over both columns: none is beside it."""
    if len(row) != 1 or row[0].left >= gutter - 1:
        return False
    title = row[0]
    largest = median(line.size for line in beside) if beside else 0.0
    if title.size < 1.1 * largest and not title.bold:
        return False
    right = [line.base for row in rows for line in row if line.left >= gutter - 1]
    above = min((base for base in right if base > title.base), default=None)
    below = max((base for base in right if base <= title.base), default=None)
    if above is None or below is None:
        return False
    return above - title.base > 1.1 * title.size and title.base - below > 1.1 * title.size


def _close(
    bands: list[list[list[Line]]], beside: Sequence[Line], gutter: float, known: bool
) -> None:
    if not beside:
        return
    right = [line for line in beside if line.left >= gutter - 1]
    under = _under(beside, right) if right else []
    lower = {id(line) for line in under}
    left = [line for line in beside if line.left < gutter - 1 and id(line) not in lower]
    if left and right and _are_columns(left, right, known):
        bands.extend([[left, right], [under]] if under else [[left, right]])
    else:
        _append(bands, list(beside))


def _under(lines: Sequence[Line], right: Sequence[Line]) -> list[Line]:
    """Short lines under both columns, which the file writes after them."""
    foot, size = min(line.base for line in right), median(line.size for line in right)
    last = max(line.order for line in right)
    return [line for line in lines if line.order > last and line.base < foot - 1.5 * size]


def _append(bands: list[list[list[Line]]], row: list[Line]) -> None:
    if bands and len(bands[-1]) == 1:
        bands[-1][0].extend(row)
    else:
        bands.append([list(row)])


def _are_columns(left: Sequence[Line], right: Sequence[Line], known: bool) -> bool:
    """Whether two sides are columns of text and not of a table.

    A file writes a table row by row, and a column whole before the next.
    """
    least = min(len(rows_of(left)), len(rows_of(right)))
    if least < (1 if known else _LEAST):
        return False
    if min(line.base for line in left) > max(line.base for line in right):
        return False
    sides = sorted([(line.order, 0) for line in left] + [(line.order, 1) for line in right])
    turns = sum(one[1] != other[1] for one, other in pairwise(sides))
    letters = min(_mean(left), _mean(right))
    if turns <= max(1, least // 4):
        return letters >= _PROSE / 2
    return letters >= 1.5 * _PROSE and _are_full(left) and _are_full(right)


def _mean(lines: Sequence[Line]) -> float:
    return sum(len(line.text) for line in lines) / len(rows_of(lines))


def _are_full(lines: Sequence[Line]) -> bool:
    """Whether most lines reach the edge of their column, as those of a text do."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    full = sum(line.right > right - 0.15 * (right - left) for line in lines)
    return full >= 0.6 * len(rows_of(lines))


def _column(lines: Sequence[Line]) -> Column:
    left = min((line.left for line in lines), default=0.0)
    right = max((line.right for line in lines), default=left)
    return Column(with_tables(rows_of(lines), _margin(lines, right)), left, right)


def _margin(lines: Sequence[Line], right: float) -> float:
    """Where most lines end, if many end at one place; a title may go further."""
    ends = Counter(round(line.right) for line in lines).most_common(1)
    return ends[0][0] if ends and ends[0][1] >= _LEAST else right
