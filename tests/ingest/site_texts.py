"""The thirty texts of the test site, read from ``site_texts.txt``: invented, our own words.

In that file ``@`` opens a page and each line is a block: ``#`` to ``####`` headings (the first is
the title), ``-`` and ``--`` items of a list and of the list inside it, ``1.`` items of an ordered
list, ``|`` the cells of a row, ``:`` a term and its definition, ``>`` a quotation, ``^`` the
caption of a figure, ``?`` a question that unfolds on its answer, ``[1]`` a footnote; the rest are
paragraphs. Inside a line, ``**`` is bold and ``{1}`` the call of a footnote.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

_MARKS = {
    "- ": "item", "-- ": "below", "1. ": "step", "| ": "row", ": ": "term", "> ": "quote",
    "^ ": "caption", "? ": "question",
}  # fmt: skip
_CALL = re.compile(r"\{(\d)\}")
_SPLIT = re.compile(r" :: | \| ")


@dataclass(frozen=True)
class Part:
    """A block of a text: its kind, its level for a heading, its pieces as they are written."""

    kind: str
    pieces: tuple[str, ...]
    level: int = 0

    @property
    def plain(self) -> tuple[str, ...]:
        """The pieces as a reader should find them."""
        return tuple(_CALL.sub("", piece).replace("**", "") for piece in self.pieces)

    @property
    def markup(self) -> tuple[str, ...]:
        """The pieces in HTML, but for the calls of footnotes: those are the template's."""
        return tuple(re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", p) for p in self.pieces)


def _part(line: str) -> Part:
    if heading := re.match(r"(#+) (.+)", line):
        return Part("heading", (heading[2],), len(heading[1]))
    if note := re.match(r"\[(\d)\] (.+)", line):
        return Part("note", (note[2],), int(note[1]))
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            return Part(kind, tuple(_SPLIT.split(line[len(mark) :])))
    return Part("paragraph", (line,))


def _read() -> dict[str, tuple[Part, ...]]:
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    pages = re.findall(r"^@ (\S+)\n(.+?)(?=\n+@ |\s*\Z)", text, re.S | re.M)
    return {name: tuple(map(_part, body.split("\n"))) for name, body in pages}


def runs(parts: tuple[Part, ...]) -> list[list[Part]]:
    """The parts, those of one list or table together."""
    kinds = {"below": "item"}
    groups = itertools.groupby(parts, key=lambda part: kinds.get(part.kind, part.kind))
    joined = {"item", "step", "row", "term", "note"}
    return [
        run for kind, group in groups
        for run in ([list(group)] if kind in joined else [[part] for part in group])
    ]  # fmt: skip


TEXTS = _read()
