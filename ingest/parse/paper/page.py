"""Pages of a PDF as pdfium reads them: words at their places, and the bullets that are drawn.

A page set sideways is turned upright. Words at another angle than the page's own (watermarks), out
of the page or too small to be seen are left out.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.parse.paper.model import BROKEN, GLUED, SPACED, Frame, Word

_SMALLEST = 1.0  # points
_MOST_OBJECTS = 50_000  # of a page, among which bullets are looked for
_SAMPLES = 60  # letters that say which way a page is set
_WHITE = {" ": SPACED, "\t": SPACED, "\n": BROKEN, "\r": BROKEN}
_HYPHENS = (0x02, 0xFFFE)  # what pdfium puts for a hyphen at the end of a line
_BOLD = (b"bold", b"black", b"heavy", b"demi")
_FORCED_BOLD = 1 << 18  # a flag of fonts


class Dot(NamedTuple):
    """A small mark that is drawn, not written."""

    left: float
    bottom: float
    right: float
    top: float


class _Start(NamedTuple):
    """The first letter of a word: its rank, its place and how it is set."""

    rank: int
    left: float
    base: float
    size: float
    quarter: int
    before: int


_NOWHERE = _Start(0, 0.0, 0.0, 0.0, 0, BROKEN)


class OpenPage:
    """One page, to be closed; ``quarter`` counts the quarter turns its text is set with."""

    def __init__(self, document: pypdfium2.PdfDocument, index: int, *, marked: bool) -> None:
        self.raw: Any = document[index]
        self._text: Any = self.raw.get_textpage()
        self._marked = marked
        self._count: int = max(0, pdfium.FPDFText_CountChars(self._text.raw))
        self._fonts: dict[bytes, bool] = {}
        self.quarter = self._quarter()
        self.frame = self._frame()

    def close(self) -> None:
        """Free what pdfium holds of the page."""
        self._text.close()
        self.raw.close()

    def words(self) -> Iterator[Word]:
        """The words in the order of the file."""
        origin_at, text, quarter = pdfium.FPDFText_GetCharOrigin, self._text.raw, self.quarter
        x, y = ctypes.c_double(), ctypes.c_double()
        at_x, at_y = ctypes.byref(x), ctypes.byref(y)
        letters: list[str] = []
        start, before, last, edge, within = _NOWHERE, BROKEN, 0, 0.0, False
        for index, sign in enumerate(self._signs()):
            if sign in _WHITE:
                if letters:
                    yield from self._word(letters, start, last)
                    letters, before = [], GLUED
                before, within = max(before, _WHITE[sign]), False
                continue
            if not sign:
                continue
            # Two letters that follow each other are of one word: only other signs may be raised.
            is_letter = sign.isalpha()
            if not (within and is_letter):
                origin_at(text, index, at_x, at_y)
                along, base = self._turned(x.value, y.value) if quarter else (x.value, y.value)
                if letters and (abs(base - start.base) > 0.5 or along < edge - start.size):
                    yield from self._word(letters, start, last)
                    letters, before = [], GLUED
                if not letters:
                    start = _Start(index, along, base, *self._size(index), before)
                edge = along
            letters.append(sign)
            last, within = index, is_letter
        if letters:
            yield from self._word(letters, start, last)

    def _signs(self) -> Iterator[str]:
        """Each character; nothing for one that cannot be in a text."""
        buffer = ctypes.create_string_buffer(2 * self._count + 2)
        at = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        count = pdfium.FPDFText_GetText(self._text.raw, 0, self._count, at)
        text = buffer.raw[: 2 * max(0, count - 1)].decode("utf-16-le", errors="replace")
        if len(text) == self._count:
            yield from map(_sign, map(ord, text))
        else:  # some have no character: pdfium leaves them out
            for index in range(self._count):
                yield _sign(pdfium.FPDFText_GetUnicode(self._text.raw, index))

    def dots(self) -> Iterator[Dot]:
        """The small squarish shapes that are drawn on the page, among which are bullets."""
        edges = [ctypes.c_float() for _ in range(4)]
        places = [ctypes.byref(edge) for edge in edges]
        for index in range(min(pdfium.FPDFPage_CountObjects(self.raw), _MOST_OBJECTS)):
            shape = pdfium.FPDFPage_GetObject(self.raw.raw, index)
            if pdfium.FPDFPageObj_GetType(shape) != pdfium.FPDF_PAGEOBJ_PATH:
                continue
            if not pdfium.FPDFPageObj_GetBounds(shape, *places):
                continue
            left, bottom, right, top = (edge.value for edge in edges)
            wide, high = right - left, top - bottom
            if 1 < wide < 9 and 1 < high < 9 and 0.6 < wide / high < 1.7:
                yield Dot(*self._box(left, bottom, right, top))

    def _word(self, letters: list[str], start: _Start, last: int) -> Iterator[Word]:
        """The word that begins there, if it is seen."""
        first, left, base, size, quarter, before = start
        frame = self.frame
        if size < _SMALLEST or quarter != self.quarter:
            return
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self._text.raw, last, box)
        right = max(left, self._box(box.left, box.bottom, box.right, box.top)[2])
        if not (frame.left - size < left < frame.right and frame.bottom < base + size / 2):
            return
        if base > frame.top or not math.isfinite(right + size):
            return
        bold, mark = self._is_bold(first), self._mark(first)
        yield Word("".join(letters), left, right, base, size, bold, before, mark)

    def _size(self, index: int) -> tuple[float, int]:
        """The size of a letter as it is seen, and the quarter turns it is set with."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text.raw, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self._text.raw, index)
        return abs(size) * math.hypot(matrix.c, matrix.d), _direction(matrix)

    def _mark(self, index: int) -> int:
        if not self._marked:
            return -1
        shape = pdfium.FPDFText_GetTextObject(self._text.raw, index)
        return int(pdfium.FPDFPageObj_GetMarkedContentID(shape)) if shape else -1

    def _is_bold(self, index: int) -> bool:
        name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._text.raw, index, name, 128, flags)
        known = self._fonts.get(name.value)
        if known is None:
            known = any(mark in name.value.lower() for mark in _BOLD)
            known = self._fonts[name.value] = known or bool(flags.value & _FORCED_BOLD)
        return known

    def _quarter(self) -> int:
        matrix, seen = pdfium.FS_MATRIX(), Counter[int]()
        for index in range(0, self._count, max(1, self._count // _SAMPLES)):
            if pdfium.FPDFText_GetTextObject(self._text.raw, index):
                pdfium.FPDFText_GetMatrix(self._text.raw, index, matrix)
                seen[_direction(matrix)] += 1
        seen.pop(-1, None)
        return seen.most_common(1)[0][0] if seen else 0

    def _frame(self) -> Frame:
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(self.raw, box)
        return Frame(*self._box(box.left, box.bottom, box.right, box.top))

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        return ((x, y), (y, -x), (-x, -y), (-y, x))[self.quarter] if self.quarter else (x, y)

    def _box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, ...]:
        (a, b), (c, d) = self._turned(left, bottom), self._turned(right, top)
        return min(a, c), min(b, d), max(a, c), max(b, d)


def _direction(matrix: Any) -> int:
    """Quarter turns of the text, counted against the clock; -1 for another angle."""
    along, up = matrix.a, matrix.b
    if abs(up) <= 0.1 * abs(along):
        return 0 if along >= 0 else 2
    if abs(along) <= 0.1 * abs(up):
        return 1 if up > 0 else 3
    return -1


@cache
def _sign(code: int) -> str:
    """The character of a code; nothing for what cannot be in a text."""
    if code in _HYPHENS:
        return "-"
    if chr(min(code, 0x10FFFF)) in _WHITE:
        return chr(code)
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return ""
    return chr(code)
