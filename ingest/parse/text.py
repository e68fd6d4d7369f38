"""Plain text: the document's text is the file's own, newlines included.

Paragraphs are separated by blank lines. A short line that stands alone and does not end like a
sentence is taken for a heading; a line that opens with a bullet or a number is a list item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.documents import Block, Document, Source

# From the start of a line to a blank one; one attempt a line, so that its time is linear.
_PARAGRAPH = re.compile(r"^[^\S\n]*+\S.*(?:\n(?![^\S\n]*+(?:\n|\Z)).*)*", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*(?:[•·▪‣◦*–—-]|\d{1,2}[.)°]|[a-z]\))[ \t\u00a0]+(?=\S)", re.MULTILINE)
_LONGEST_HEADING = 120
_TITLE_WORDS = 3  # a first line of fewer words is a rubric (« Actualités »), not the title


def parse_text(text: str, source: Source) -> Document:
    """The document of a text file; ``source.title`` gives way to the title the text shows."""
    blocks = tuple(_blocks(text))
    title = _title(text, blocks)
    return Document(replace(source, title=title or source.title), text, blocks)


def _blocks(text: str) -> Iterator[Block]:
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text)]
    for index, (start, end) in enumerate(paragraphs):
        if _is_heading(text[start:end].strip()) and index + 1 < len(paragraphs):
            yield Block("heading", *_trim(text, start, end), level=2)
        else:
            yield from _split_items(text, start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _split_items(text: str, start: int, end: int) -> Iterator[Block]:
    """A paragraph as one block, or as the sentence before a list and its items."""
    marks = [(match.start(), match.end()) for match in _ITEM.finditer(text, start, end)]
    if not marks:
        yield Block("paragraph", *_trim(text, start, end))
        return
    if marks[0][0] > start:
        yield Block("paragraph", *_trim(text, start, marks[0][0]))
    for index, (_, begin) in enumerate(marks):
        stop = marks[index + 1][0] if index + 1 < len(marks) else end
        yield Block("item", *_trim(text, begin, stop))


def _is_heading(paragraph: str) -> bool:
    if "\n" in paragraph or len(paragraph) > _LONGEST_HEADING or _ITEM.match(paragraph):
        return False
    return paragraph[-1] not in ".!…;:,»)”\"'" and any(map(str.isalpha, paragraph))


def _title(text: str, blocks: tuple[Block, ...]) -> str | None:
    leading: list[str] = []
    for block in blocks:
        if block.kind != "heading":
            break
        leading.append(" ".join(text[block.start : block.end].split()))
    named = [line for line in leading if len(line.split()) >= _TITLE_WORDS]
    return next(iter(named or leading), None)
