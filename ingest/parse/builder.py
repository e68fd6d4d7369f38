"""A text and its blocks, grown together so that the offsets are right by construction."""

from __future__ import annotations

import re

from ingest.documents import Block, BlockKind, Document, Source

_WHITE = re.compile(r"[ \t\n\r\f\v]+")  # a no-break space is typography: it stays


class TextBuilder:
    """Appends blocks to a normalised text: one blank line between blocks, none between items."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def add(self, kind: BlockKind, text: str, level: int = 0, page: int = 0) -> None:
        """Append a block; white space is folded and a block without text is left out."""
        text = _WHITE.sub(" ", text).strip()
        if not text:
            return
        self._separate(kind)
        if kind == "item":
            self._append("• ")
        start = self._length
        self._append(text)
        self._blocks.append(Block(kind, start, self._length, level, page))

    def _separate(self, kind: BlockKind) -> None:
        if not self._blocks:
            return
        tight = kind == "item" and self._blocks[-1].kind == "item"
        self._append("\n" if tight else "\n\n")

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def document(self, source: Source) -> Document:
        """The document built so far."""
        return Document(source, "".join(self._parts), tuple(self._blocks))
