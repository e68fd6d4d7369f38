"""Footnotes of pages that no tag describes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.parse.paper.columns import Column
from ingest.parse.paper.headings import Body
from ingest.parse.paper.model import Line, Part

_SMALLER = 0.93  # of the body's size
_NOTE = re.compile(r"[\[(]?(?:\d{1,3}|\*{1,3}|[†‡])[\])]?[.)]?\s*(?=[^\W\d_]|[«(“\"])")


def notes_of(columns: Sequence[Column], body: Body) -> set[int]:
    """The lines, by their identity, of the notes at the foot of the page.

    They are smaller than the text, begin with a mark, and have no text below them.
    """
    found: set[int] = set()
    for column in columns:
        tail: list[Line] = []
        for line in reversed(column.lines):
            if line.cells or line.size > _SMALLER * body.size:
                break
            tail.insert(0, line)
        start = next((n for n, line in enumerate(tail) if _NOTE.match(line.text)), None)
        if start is not None and not _has_text_below(tail[start], columns, body):
            found.update(id(line) for line in tail[start:])
    return found


def _has_text_below(note: Line, columns: Sequence[Column], body: Body) -> bool:
    return any(
        line.base < note.base
        and line.left < note.right
        and line.right > note.left
        and line.size > _SMALLER * body.size
        for column in columns
        for line in column.lines
    )


def note_parts(columns: Sequence[Column], notes: set[int], page: int) -> Iterator[Part]:
    """The notes of a page, each one part."""
    for column in columns:
        part: Part | None = None
        for line in column.lines:
            if id(line) not in notes:
                continue
            if part is None or _NOTE.match(line.text):
                if part is not None:
                    yield part
                part = Part("note", page)
            part.lines.append(line)
        if part is not None:
            yield part
