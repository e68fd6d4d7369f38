"""The blocks of a page in reading order: what is a heading, a paragraph, an item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.documents import BlockKind
from ingest.parse.markup import BLOCKS, HEADINGS, Element, fold, text_of

_MOST_CELL = 800  # characters: a longer cell is a column of a layout
_TITLES = re.compile(r"(?<![a-z])(?:contentheading|componentheading|page-title)(?![a-z])")


@dataclass(frozen=True)
class Piece:
    """A block of a page: where it stands, its text, and how much of that text is links."""

    kind: BlockKind
    text: str
    element: Element
    level: int = 0
    linked: int = 0


def outline(root: Element) -> list[Piece]:
    """The blocks of a flattened tree (see :func:`ingest.parse.markup.flatten`)."""
    walk = _Walk()
    walk.visit(root, "paragraph")
    walk.flush(root)
    return walk.pieces


class _Walk:
    """The pieces found so far, and the line that is being gathered."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._line: list[str] = []
        self._linked = 0
        self._kind: BlockKind = "paragraph"
        self._breaks = 0

    def flush(self, element: Element) -> None:
        """End the line; the first one of an item is the item, the next ones are paragraphs."""
        text = fold("".join(self._line))
        if text:
            self.pieces.append(Piece(self._kind, text, element, linked=self._linked))
            self._kind = "paragraph"
        self._line, self._linked, self._breaks = [], 0, 0

    def visit(self, element: Element, kind: BlockKind) -> None:
        """Walk an element whose first line is of this kind."""
        self._kind = kind
        self._say(element, element.text)
        for child in element:
            self._child(element, child)
            self._say(element, child.tail)

    def _say(self, element: Element, text: str | None) -> None:
        if not text:
            return
        if text.strip():
            if self._breaks > 1:
                self.flush(element)
            self._breaks = 0
        self._line.append(text)
        if element.tag == "a":
            self._linked += len(fold(text))

    def _child(self, parent: Element, child: Element) -> None:
        tag = child.tag
        if tag == "br":
            self._breaks += 1
            self._line.append(" ")
        elif tag == "a" and next(child.iter(*BLOCKS), None) is None:
            for event in (child.text, *(one.tail for one in child)):
                self._say(child, event)
                self._line.append(" " if len(child) else "")
        else:
            self.flush(parent)
            self._block(child)

    def _block(self, element: Element) -> None:
        tag = element.tag
        if tag in HEADINGS:
            self._add("heading", text_of(element), element, int(tag[1]))
        elif _TITLES.search((element.get("class") or "").lower()) and not len(element):
            self._add("heading", text_of(element), element, 1)
        elif tag == "table" and _is_data(element):
            self._table(element)
        elif tag == "dl":
            self._definitions(element)
        else:
            self.visit(element, "item" if tag == "li" else self._kind)
            self.flush(element)
            self._kind = "paragraph"

    def _add(self, kind: BlockKind, text: str, element: Element, level: int = 0) -> None:
        linked = sum(len(text_of(link)) for link in element.iter("a"))
        if text:
            self.pieces.append(Piece(kind, text, element, level, linked))

    def _table(self, table: Element) -> None:
        for part in table.iter("caption", "tr"):
            if part.tag == "caption":
                self._add("paragraph", text_of(part), part)
            else:
                cells = [text_of(cell) for cell in part.iter("td", "th")]
                self._add("item", " — ".join(filter(None, cells)), part)

    def _definitions(self, listed: Element) -> None:
        term: list[str] = []
        for part in listed.iter("dt", "dd"):
            if part.tag == "dt":
                term = [text_of(part)]
            else:
                self._add("item", " — ".join(filter(None, [*term, text_of(part)])), part)
                term = []


def _is_data(table: Element) -> bool:
    """Whether a table is one, and not the columns of an old page."""
    if table.get("role") in ("presentation", "none"):
        return False
    if next(_inside(table, "table", *HEADINGS), None) is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    widest = max(map(len, rows), default=0)
    cells = [cell for row in rows for cell in row]
    if widest < 2 or (len(rows) < 2 and next(table.iter("th"), None) is None):
        return False
    return max(len(text_of(cell)) for cell in cells) <= _MOST_CELL


def _inside(element: Element, *tags: str) -> Iterator[Element]:
    return (one for one in element.iter(*tags) if one is not element)
