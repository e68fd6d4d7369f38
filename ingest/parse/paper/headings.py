"""How a document is set, and the headings that its largest and boldest lines are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.parse.paper.model import Line, Part

_LARGER = 1.12  # of the body's size: headings are larger, or bold
_LONGEST = 200  # characters
_MOST_LINES = 6
_SAME = 0.04  # of the size: a smaller difference makes no other level


@dataclass(frozen=True, slots=True)
class Body:
    """How most of a document is set: the size of its text, and its leading in sizes."""

    size: float
    leading: float


def body_of(lines: Iterable[Line]) -> Body:
    """The size and the leading that most of the text has."""
    sizes, leadings = Counter[float](), Counter[float]()
    before: Line | None = None
    for line in lines:
        sizes[round(2 * line.size) / 2] += len(line.text)
        if before is not None and abs(before.size - line.size) < 0.5 and line.size:
            ratio = (before.base - line.base) / line.size
            if 0.9 < ratio < 2.2:
                leadings[round(ratio, 1)] += 1
        before = line
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    leading = leadings.most_common(1)[0][0] if leadings else 1.2
    return Body(size, leading)


def is_heading(lines: Sequence[Line], body: Body) -> bool:
    """Whether lines that stand alone look like a heading: larger or bold, short, no sentence."""
    text = " ".join(line.text for line in lines)
    if len(text) > _LONGEST or len(lines) > _MOST_LINES:
        return False
    if sum(map(str.isalpha, text)) < 2 or any(line.cells or line.bullet for line in lines):
        return False
    if all(line.size >= _LARGER * body.size for line in lines):
        return True
    bold = all(line.bold and line.size >= 0.97 * body.size for line in lines)
    return bold and not text.endswith((",", ";", ":", "."))


def set_levels(parts: Sequence[Part]) -> None:
    """Give headings that no tag describes their levels: the larger, the higher."""
    bare = [part for part in parts if part.kind == "heading" and not part.level]
    levels: dict[tuple[float, bool], int] = {}
    level, before = 0, (0.0, False)
    for style in sorted({_style(part) for part in bare}, reverse=True):
        if style[1] != before[1] or before[0] - style[0] > _SAME * before[0] or not level:
            level += 1
        levels[style] = min(6, level)
        before = style
    for part in bare:
        part.level = levels[_style(part)]


def _style(part: Part) -> tuple[float, bool]:
    return round(2 * part.lines[0].size) / 2, part.lines[0].bold
