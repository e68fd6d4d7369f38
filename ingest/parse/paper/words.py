"""The text of lines: characters made plain, and words that the end of a line cuts put together."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise, starmap

_PLAIN = {
    **{ord(sign): unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"},
    0x2010: "-",
    0x2011: "-",
    # Bullets of the fonts Symbol and Wingdings, which have no code point of their own.
    **dict.fromkeys((0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0FC, 0xF0E0, 0xF02D), "•"),
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0x202A, 0x202F)), None),
    **dict.fromkeys(range(0x2066, 0x206A), None),
}
_SOFT = "\u00ad\u2010"  # hyphens that only the end of a line shows
_LETTERS = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTERS}+(?:-{_LETTERS}+)*")
_CUT = re.compile(rf"({_LETTERS}+(?:[-’']{_LETTERS}+)*-?)([-\u00ad\u2010\u2011])\Z")
_LONGEST = 60  # letters of a word
_SYLLABLE = 4  # letters: a shorter part of a word may be a word too
_RANGE = re.compile(r"\d[-–]\Z")  # « 2009-2010 »
# First and last parts of compounds: no syllable of French is one of them.
_FIRST = frozenset(
    "après arrière celui celle celles ceux demi eux lui porte quasi quelques rendez vice".split()
)
_LAST = frozenset("ci là même mêmes moi nous vous".split())


def plain(text: str) -> str:
    """The text without ligatures, soft hyphens and signs that are not seen, composed (NFC)."""
    return unicodedata.normalize("NFC", text.translate(_PLAIN).replace("\u00ad", ""))


class Vocabulary:
    """The words of a document, which tell a compound from a word cut at the end of a line.

    It is made of the lines of each block. Where neither word is met elsewhere, what most of the
    document's cuts are decides; where none of them says anything, a word is put together.
    """

    def __init__(self, blocks: Iterable[Sequence[str]]) -> None:
        self._words = Counter[str]()
        cuts: list[tuple[str, str, str]] = []
        for lines in blocks:
            for line in lines:
                cut = _CUT.search(line[-_LONGEST:])
                whole = line[: -len(cut[0])] if cut else line
                self._words.update(word.lower() for word in _WORD.findall(plain(whole)))
            cuts.extend(filter(None, starmap(_cut, pairwise(lines))))
        self._keeps = self._mostly_keeps(cuts)

    def joined(self, lines: Sequence[str]) -> str:
        """The lines as one text: a word cut in two is whole again, and a compound stays one."""
        pieces: list[str] = []
        for line in filter(None, lines):
            if pieces:
                pieces[-1] = self._ended(pieces[-1], line)
            pieces.append(line)
        return plain("".join(pieces))

    def _ended(self, line: str, following: str) -> str:
        """A line as it goes on in the next one: with a space, a hyphen or nothing at its end."""
        cut = _cut(line, following)
        if cut is not None:
            return line[:-1] + ("-" if self._is_compound(*cut) else "")
        return line if _RANGE.search(line[-2:]) and following[0].isdigit() else f"{line} "

    def _is_compound(self, first: str, last: str, sign: str) -> bool:
        evidence = self._evidence(first, last)
        if sign in _SOFT:
            return evidence is True and f"{first}-{last}" in self._words
        if evidence is not None:
            return evidence
        if last[0].isupper():  # « Auvergne-Rhône-Alpes », but « TRANSI-TION »
            return not (first.isupper() and len(first) > 1 and last.isupper())
        return self._keeps

    def _evidence(self, first: str, last: str) -> bool | None:
        """Whether the words of the document say that a cut word is a compound."""
        first, last = first.lower(), last.lower()
        compound, whole = self._words[f"{first}-{last}"], self._words[first + last]
        if compound != whole:
            return compound > whole
        if whole:
            return False
        if "-" in first or first in _FIRST or last in _LAST:
            return True
        known = min(self._words[first], self._words[last]) > 0
        return True if known and min(len(first), len(last)) >= _SYLLABLE else None

    def _mostly_keeps(self, cuts: Sequence[tuple[str, str, str]]) -> bool:
        """Whether hyphens at the end of lines are mostly those of compounds."""
        said = [self._evidence(first, last) for first, last, sign in cuts if sign not in _SOFT]
        soft = sum(sign in _SOFT for _, _, sign in cuts)
        kept, joined = said.count(True), said.count(False)
        return kept > 2 * joined if kept > 1 else soft > 1 and not joined


def _cut(text: str, line: str) -> tuple[str, str, str] | None:
    """Both parts of a word that is cut between two lines, and the sign of the cut."""
    cut, rest = _CUT.search(text[-_LONGEST:]), _WORD.match(line[:_LONGEST])
    if cut is None or rest is None:
        return None
    return plain(cut[1]).rpartition("’")[2].rpartition("'")[2], plain(rest[0]), cut[2]
