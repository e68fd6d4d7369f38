"""What a page is made of: words, lines and tags; and the parts of a text made out of them.

Lengths are in points. ``base`` is the height of the line that letters stand on, counted upwards
from the foot of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

GLUED, SPACED, BROKEN = 0, 1, 2  # what stands before a word: nothing, a space, the end of a line

PartKind = Literal["heading", "paragraph", "item", "row", "note", "loose"]


class Word(NamedTuple):
    """Letters set side by side in one size; ``mark`` ties them to the page's tags, else -1."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    before: int
    mark: int = -1


class Tag(NamedTuple):
    """A block that a tagged page declares, with the marks of its text.

    What stands in no block of its own is ``loose``: how it is set says what it is. Only a row has
    several cells. ``path`` is its place in the tree, the same on every page.
    """

    kind: PartKind
    path: tuple[int, ...]
    level: int
    cells: list[list[int]]


@dataclass(slots=True)
class Line:
    """Words on one line with no wide gap; ``order`` is its rank in the file.

    ``bullet`` says that a bullet is drawn before it. A row of a table is one line, with the lines
    of its ``cells``.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    order: int = 0
    bullet: bool = False
    cells: Sequence[list[Line]] = ()


class Frame(NamedTuple):
    """The edges of a page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(slots=True)
class Part:
    """A block on its way to the text: its lines, the page it begins on and the tag it comes from.

    ``cells`` are the lines of each cell of a row.
    """

    kind: PartKind
    page: int
    lines: list[Line] = field(default_factory=list)
    level: int = 0
    path: tuple[int, ...] = ()
    cells: list[list[Line]] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A page that was read: the parts its tags declare, else its lines."""

    number: int
    frame: Frame
    lines: list[Line] = field(default_factory=list)
    parts: list[Part] | None = None
