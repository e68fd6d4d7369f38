"""Columns of lines to headings, paragraphs, items and notes, where no tag says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.parse.paper.columns import Column
from ingest.parse.paper.headings import Body, is_heading
from ingest.parse.paper.model import Line, Part, PartKind
from ingest.parse.paper.notes import note_parts, notes_of

_FURTHER = 1.25  # of the leading: lines further apart are of two paragraphs
_INDENT = 0.8  # of the size
_SHORT = 0.12  # of the width of the column: such a gap at the right ends a paragraph
_BULLET = re.compile(r"[•·▪‣◦●○■□▫▸►➢➤→✓✔❖]\s*(?=\S)|[–—*-]\s+(?=\S)")
_NUMBER = re.compile(r"(?:\d{1,2}\s?[.)°]|[a-z]\)|\((?:\d{1,2}|[a-z])\))\s+(?=[^\W\d_]|[«(])")
_ENDED = re.compile(r"[.!?…:;][\s\u00a0\u202f»”\")\]]*\Z")
_OPEN_ENDED = re.compile(r"[!?:;][\s\u00a0\u202f»”\")\]]*\Z")
_CUT = re.compile(r"[^\W\d_][-\u00ad\u2010]\Z")
_LEADERS = re.compile(r"(?:[.…·_]\s?){4,}\s*[\divxlc]{1,6}\Z")  # a line of a table of contents


def parts_of(columns: Sequence[Column], page: int, body: Body) -> list[Part]:
    """The parts of a page, its notes last."""
    notes = notes_of(columns, body)
    parts: list[Part] = []
    for column in columns:
        lines = [line for line in column.lines if id(line) not in notes]
        for rank, group in enumerate(_groups(lines, column, body)):
            part = _part(group, page, body)
            if rank == 0 and parts and continues(parts[-1], part, column):
                parts[-1].lines.extend(part.lines)
            else:
                parts.append(part)
    return parts + list(note_parts(columns, notes, page))


def continues(part: Part, following: Part, column: Column | None = None) -> bool:
    """Whether a part goes on in the first one of the next column or page."""
    last, first = part.lines[-1], following.lines[0]
    if abs(last.size - first.size) > 0.08 * first.size:
        return False
    if part.kind == following.kind == "heading":
        return last.bold is first.bold and first.text[0].islower()
    if following.kind != "paragraph" or part.kind not in ("paragraph", "item"):
        return False
    if _CUT.search(last.text):
        return True
    if first.text[0].islower():
        return not _OPEN_ENDED.search(last.text)
    return column is not None and not _ENDED.search(last.text) and _is_full(part, column)


def _is_full(part: Part, column: Column) -> bool:
    """Whether its last line is as wide as the next column, so that it does not end there."""
    width = column.right - column.left
    return width > 0 and part.lines[-1].right - part.lines[0].left > (1 - _SHORT) * width


def _groups(lines: Sequence[Line], column: Column, body: Body) -> Iterator[list[Line]]:
    """Lines of one block together."""
    group: list[Line] = []
    for line in lines:
        if _LEADERS.search(line.text[-80:]):
            continue
        if group and _parts(group, line, column, body):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _parts(group: Sequence[Line], line: Line, column: Column, body: Body) -> bool:
    """Whether a new block begins with a line."""
    last = group[-1]
    if line.cells or last.cells or line.bullet or _BULLET.match(line.text[:3]):
        return bool(line.cells or last.cells or line.bullet) or _begins_item(group, line)
    size = max(line.size, last.size)
    if abs(line.size - last.size) > 0.08 * size:
        return True
    leading = max(body.leading, 1.2) if size > 1.1 * body.size else body.leading
    if not 0 <= last.base - line.base <= _FURTHER * leading * size + 0.5:
        return True
    return _begins_item(group, line) if _NUMBER.match(line.text) else _turns(group, line, column)


def _begins_item(group: Sequence[Line], line: Line) -> bool:
    """Whether a line that opens with a mark opens an item, and is not the middle of a sentence."""
    return (
        bool(_ENDED.search(group[-1].text))
        or _marker(group[0]) is not None
        or abs(line.left - group[-1].left) > 0.5 * line.size
        or line.text[0] in "•●▪‣◦■"
    )


def _turns(group: Sequence[Line], line: Line, column: Column) -> bool:
    """Whether a paragraph ends before a line, by its end, its weight or its place."""
    last, first = group[-1], group[0]
    ended = bool(_ENDED.search(last.text))
    short = column.right - last.right > _SHORT * (column.right - column.left)
    if line.bold != last.bold and (ended or short):
        return True
    if _marker(first) is not None and line.left < first.left - 0.5 * line.size:
        return True
    indented = line.left > last.left + _INDENT * line.size and line.left < column.left + (
        6 * line.size
    )
    if indented and len(group) > 1 and (ended or short):
        return True
    return short and ended and not line.text[0].islower()


def _marker(line: Line) -> re.Match[str] | bool | None:
    return True if line.bullet else _BULLET.match(line.text) or _NUMBER.match(line.text)


def _part(group: Sequence[Line], page: int, body: Body) -> Part:
    first = group[0]
    kind: PartKind = "paragraph"
    if first.cells:
        kind = "row"
    elif is_heading(group, body):
        kind = "heading"
    elif first.bullet or _BULLET.match(first.text) or _NUMBER.match(first.text):
        kind = "item"
    return Part(kind, page, list(group), cells=list(first.cells))


def item_text(text: str) -> str:
    """The text of an item without the bullet or the number before it."""
    mark = _BULLET.match(text) or _NUMBER.match(text)
    return text[mark.end() :] if mark else text
