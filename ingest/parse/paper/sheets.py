"""Pages of a PDF to sheets: the parts that tags declare where they cover the text, else lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from ingest.parse.paper.lines import lines_of
from ingest.parse.paper.model import Frame, Line, Part, Sheet, Tag, Word
from ingest.parse.paper.page import Dot, OpenPage
from ingest.parse.paper.tags import read_tags

_UNCOVERED = 0.2  # of the tagged letters: more without a tag and tags are not to be trusted
_EDGE = 0.12  # of the height of a page: headers and footers stand there, which bear no tag
_REACH = 2.6  # of the size: how far from its line a bullet is drawn


def read_sheet(document: Any, index: int, *, tagged: bool) -> Sheet:
    """The page of that index of an open document of pdfium.

    Raises:
        pypdfium2.PdfiumError: the page is damaged.
    """
    page = OpenPage(document, index, marked=tagged)
    try:
        words = list(page.words())
        tags = read_tags(page.raw) if tagged else []
        if tags and _are_covering(tags, words, page.frame):
            return Sheet(index + 1, page.frame, parts=_tagged_parts(tags, words, index + 1))
        lines = lines_of(words)
        _set_bullets(lines, list(page.dots()) if lines else [])
        return Sheet(index + 1, page.frame, lines)
    finally:
        page.close()


def _are_covering(tags: Sequence[Tag], words: Sequence[Word], frame: Frame) -> bool:
    marks = _marks(tags)
    covered = sum(len(word.text) for word in words if word.mark in marks)
    inner = _EDGE * frame.height
    bare = sum(
        len(word.text)
        for word in words
        if word.mark not in marks and frame.bottom + inner < word.base < frame.top - inner
    )
    return covered > 0 and bare <= _UNCOVERED * covered


def _marks(tags: Sequence[Tag]) -> set[int]:
    return {mark for tag in tags for cell in tag.cells for mark in cell}


def _tagged_parts(tags: Sequence[Tag], words: Sequence[Word], page: int) -> list[Part]:
    by_mark: dict[int, list[Word]] = {}
    for word in words:
        by_mark.setdefault(word.mark, []).append(word)
    parts: list[Part] = []
    for tag in tags:
        cells = [
            lines_of(
                chain.from_iterable(by_mark.pop(mark, ()) for mark in cell),
                whole=tag.kind != "loose",
            )
            for cell in tag.cells
        ]
        cells = [cell for cell in cells if cell]
        if cells:
            lines = [line for cell in cells for line in cell]
            row = cells if tag.kind == "row" else []
            parts.append(Part(tag.kind, page, lines, tag.level, tag.path, row))
    return parts


def _set_bullets(lines: Sequence[Line], dots: Sequence[Dot]) -> None:
    """Say of each line that a small shape stands just before that it is an item."""
    if not dots:
        return
    by_height: dict[int, list[Dot]] = {}
    for dot in dots:
        by_height.setdefault(round(dot.bottom / 4), []).append(dot)
    for line in lines:
        step = round(line.base / 4)
        near = chain.from_iterable(by_height.get(step + by, ()) for by in range(-1, 5))
        line.bullet = any(
            line.base - 0.1 * line.size < dot.bottom
            and dot.top < line.base + 0.95 * line.size
            and dot.top - dot.bottom < 0.6 * line.size
            and 0.1 * line.size < line.left - dot.right < _REACH * line.size
            for dot in near
        )
