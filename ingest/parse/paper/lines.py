"""Words to lines: those that follow each other on one base line, marks of footnotes taken out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ingest.parse.paper.model import BROKEN, SPACED, Line, Word

_WIDE = 0.9  # of the size: a gap that parts cells and columns, and some words of justified lines
_SPACE = 0.17  # of the size: a gap that parts two words
_RAISED = 0.15  # of the size
_SMALL = 0.85  # of the size
_ONE = r"(?:\d{1,3}|\*{1,3}|[†‡])"
_MARK = re.compile(rf"[\[(]?{_ONE}(?:[,\-–]{_ONE})*[\])]?[.,]?\Z")
_SUPERSCRIPT = str.maketrans("0123456789-–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_UNIT = re.compile(r"(?:\b[dckMhnµ]?m|\b10)\Z")  # « m² », « km² », « 10⁶ »
_GLUED_MARK = re.compile(r"(?<=[^\W\d_]{3})[¹²³⁰⁴-⁹]+|(?<=[^\W\d_][.,;:!?»)])[¹²³⁰⁴-⁹]+")


def lines_of(words: Iterable[Word], *, whole: bool = False) -> list[Line]:
    """The lines that words make in the order they come in.

    A wide gap ends a line too, unless they are ``whole``.
    """
    return [
        line
        for order, group in enumerate(_groups(words, whole))
        if (line := _line(group, order)) is not None
    ]


def _groups(words: Iterable[Word], whole: bool) -> Iterator[list[Word]]:
    group: list[Word] = []
    size = base = 0.0  # of the largest word
    for word in words:
        follows = bool(group) and (
            abs(word.base - base) < 0.5 * max(size, word.size)
            and word.left > group[-1].right - 0.4 * size
            and (whole or word.left - group[-1].right < _WIDE * max(size, word.size))
        )
        if not follows and group:
            yield group
            group = []
        if not group or word.size > size:
            size, base = word.size, word.base
        group.append(word)
    if group:
        yield group


def _line(words: Sequence[Word], order: int) -> Line | None:
    size = _most((word.size, len(word.text)) for word in words)
    base = next(word.base for word in words if word.size == size)
    text = _GLUED_MARK.sub("", "".join(_pieces(words, size, base))).strip()
    if not text:
        return None
    bold = sum(len(word.text) for word in words if word.bold)
    return Line(
        text=text,
        left=words[0].left,
        right=max(word.right for word in words),
        base=base,
        size=size,
        bold=bold > 0.9 * sum(len(word.text) for word in words),
        order=order,
    )


def _pieces(words: Sequence[Word], size: float, base: float) -> Iterator[str]:
    written, after_mark = "", False
    for index, word in enumerate(words):
        space = " " if index and (after_mark or _is_apart(words[index - 1], word)) else ""
        after_mark, text = False, word.text
        if _is_raised(word, size, base) and _MARK.match(text):
            if not written:
                after_mark = True  # the number of a footnote, in front of it
            elif _UNIT.search(written) and text.isdigit() and not space:
                text = text.translate(_SUPERSCRIPT)
            else:
                continue
        written = (written + space + text)[-12:]
        yield space + text


def _is_raised(word: Word, size: float, base: float) -> bool:
    return word.size <= _SMALL * size and word.base > base + _RAISED * size


def _is_apart(before: Word, word: Word) -> bool:
    if word.before == SPACED:
        return True
    gap = word.left - before.right
    return gap > _SPACE * max(before.size, word.size) if word.before == BROKEN else False


def _most(weighted: Iterable[tuple[float, int]]) -> float:
    count = Counter[float]()
    for value, weight in weighted:
        count[value] += weight
    return count.most_common(1)[0][0]


def merged(lines: Sequence[Line]) -> Line:
    """Pieces of one line, which wide gaps part, as one."""
    pieces = sorted(lines, key=lambda line: line.left)
    most = max(pieces, key=lambda line: len(line.text))
    return Line(
        text=" ".join(piece.text for piece in pieces),
        left=pieces[0].left,
        right=max(piece.right for piece in pieces),
        base=most.base,
        size=most.size,
        bold=all(piece.bold for piece in pieces),
        order=min(piece.order for piece in pieces),
        bullet=pieces[0].bullet,
    )


def rows_of(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines on one base line together, from the top of the page to its foot."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-line.base, line.left)):
        if rows and rows[-1][0].base - line.base < 0.35 * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.left)
    return rows
