"""Running headers, running footers and page numbers, which are no part of the text.

They stand at the outer edge of pages, apart from the text, and repeat: the same words, or words
whose only change is a number that grows with the pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from ingest.parse.paper.lines import rows_of
from ingest.parse.paper.model import Sheet

_OUTER = 0.17  # of the height of a page
_ROWS = 4  # rows that a header may have
_NEAR = 4.0  # points between places that are the same
_APART = 1.7  # of the size: the distance to the text
_MOSTLY = 0.6  # of the pages: a place that so many keep for a header is one on the others too
_MARGIN = 0.05  # of the height of a page: small print so near its edge is no text
_SMALL, _FAR = 0.85, 2.0  # of the size of the text
_NUMBER = re.compile(r"\d+")
_OF = r"(?:\s*(?:/|sur|de|of|-|–|\|)\s*\d{1,4})?"
_PAGE_NUMBER = re.compile(
    rf"\W{{0,3}}(?:pages?|p\.?)?\s*(?:\d{{1,4}}|[ivxlc]{{1,7}}){_OF}\W{{0,3}}\Z", re.IGNORECASE
)


class _Place(NamedTuple):
    """Where a row of a page stands: at its head or its foot, and how far from its edge."""

    sheet: int
    head: bool
    offset: float
    row: tuple[int, ...]  # the lines, by their rank on the page
    numbers: tuple[int, ...]


def without_running(sheets: Sequence[Sheet]) -> None:
    """Take out of the sheets the lines that run from page to page, and page numbers."""
    outer = [list(_outer_rows(index, sheet)) for index, sheet in enumerate(sheets)]
    running = _repeated([place for rows in outer for place in rows], sheets)
    running |= _kept_places(running, outer, sheets)
    for index, (sheet, rows) in enumerate(zip(sheets, outer, strict=True)):
        dropped: set[int] = set()
        for head in (True, False):
            dropped |= _dropped(sheet, [row for row in rows if row.head is head], running)
        if dropped:
            sheet.lines = [line for rank, line in enumerate(sheet.lines) if rank not in dropped]
        outer[index] = []


def _outer_rows(index: int, sheet: Sheet) -> Iterator[_Place]:
    """The rows at the edges of a page, from the edge inwards."""
    ranks = {id(line): rank for rank, line in enumerate(sheet.lines)}
    rows = rows_of(sheet.lines)
    zone = _OUTER * sheet.frame.height
    for head, ordered in ((True, rows), (False, rows[::-1])):
        for row in ordered[:_ROWS]:
            edge = sheet.frame.top - row[0].base if head else row[0].base - sheet.frame.bottom
            if edge > zone:
                break
            numbers = tuple(int(n) for line in row for n in _NUMBER.findall(line.text)[:9])
            yield _Place(index, head, edge, tuple(ranks[id(line)] for line in row), numbers)


def _words(place: _Place, sheets: Sequence[Sheet]) -> str:
    """The words of a row, digits masked."""
    lines = sheets[place.sheet].lines
    return " ".join(_NUMBER.sub("#", lines[rank].text) for rank in sorted(place.row))


def _repeated(places: Sequence[_Place], sheets: Sequence[Sheet]) -> set[_Place]:
    groups: dict[tuple[bool, str, int], list[_Place]] = defaultdict(list)
    for place in places:
        line = sheets[place.sheet].lines[place.row[0]]
        groups[place.head, _words(place, sheets), round(line.size)].append(place)
    least = 2 if len(sheets) <= 4 else 3
    found: set[_Place] = set()
    for group in groups.values():
        middle = median(place.offset for place in group)
        near = [place for place in group if abs(place.offset - middle) <= _NEAR]
        if len({place.sheet for place in near}) >= least and _counts_pages(near):
            found.update(near)
    return found


def _counts_pages(places: Sequence[_Place]) -> bool:
    """Whether each number stays the same from page to page, or grows with them."""
    first = places[0]
    return all(
        len({place.numbers[rank] for place in places}) == 1
        or len({place.numbers[rank] - place.sheet for place in places}) == 1
        for rank in range(min(len(place.numbers) for place in places))
    ) and all(len(place.numbers) == len(first.numbers) for place in places)


def _kept_places(
    running: set[_Place], outer: Sequence[list[_Place]], sheets: Sequence[Sheet]
) -> set[_Place]:
    """Rows where most pages have a header: that of a chapter may stand on one page alone."""
    slots: dict[tuple[bool, int, int], set[int]] = defaultdict(set)
    for place in running:
        slots[_slot(place, sheets)].add(place.sheet)
    kept = {slot for slot, on in slots.items() if len(on) > max(3, _MOSTLY * len(sheets))}
    return {place for rows in outer for place in rows if kept and _slot(place, sheets) in kept}


def _slot(place: _Place, sheets: Sequence[Sheet]) -> tuple[bool, int, int]:
    size = sheets[place.sheet].lines[place.row[0]].size
    return place.head, round(place.offset / _NEAR), round(2 * size)


def _dropped(sheet: Sheet, rows: Sequence[_Place], running: set[_Place]) -> set[int]:
    """The lines of the outermost rows that run, where they stand apart from the text."""
    taken: list[_Place] = []
    for row in rows:
        if not (row in running or _is_number(sheet, row) or _is_marginal(sheet, row)):
            break
        taken.append(row)
    while taken and not _is_apart(sheet, taken):
        taken.pop()
    return {rank for row in taken for rank in row.row}


def _is_marginal(sheet: Sheet, row: _Place) -> bool:
    """Whether a row is small and deep in the margin, as on pages that a browser prints."""
    lines = [sheet.lines[rank] for rank in row.row]
    if row.offset > _MARGIN * sheet.frame.height:
        return False
    others = [line for rank, line in enumerate(sheet.lines) if rank not in row.row]
    text = median(line.size for line in others) if others else 0.0
    return all(line.size <= _SMALL * text for line in lines) and all(
        abs(line.base - lines[0].base) > _FAR * text for line in others
    )


def _is_number(sheet: Sheet, row: _Place) -> bool:
    return len(row.row) == 1 and bool(_PAGE_NUMBER.match(sheet.lines[row.row[0]].text))


def _is_apart(sheet: Sheet, taken: Sequence[_Place]) -> bool:
    last = taken[-1]
    ranks = {rank for row in taken for rank in row.row}
    line = sheet.lines[last.row[0]]
    inner = [
        (other, abs(other.base - line.base))
        for rank, other in enumerate(sheet.lines)
        if rank not in ranks
    ]
    if not inner:
        return all(_is_number(sheet, row) for row in taken)
    nearest, distance = min(inner, key=lambda pair: pair[1])
    size = max(line.size, nearest.size)
    return distance > _APART * size or line.size < 0.9 * nearest.size
