"""The text of lines: characters made plain, and words that the end of a line cuts put together."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

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
_CUT_OFF = re.compile(rf"{_LETTERS}+(?:-{_LETTERS}+)*")
# First and last parts of compounds: no syllable of French is one of them.
_FIRST = frozenset(
    "après arrière celui celle celles ceux demi eux lui porte quasi quelques rendez vice".split()
)
_LAST = frozenset("ci elle elles il ils je là même mêmes moi nous on tu vous".split())


def plain(text: str) -> str:
    """The text without ligatures, soft hyphens and signs that are not seen, composed (NFC)."""
    return unicodedata.normalize("NFC", text.translate(_PLAIN).replace("\u00ad", ""))


class Vocabulary:
    """The words of a document, which tell a compound from a word cut at the end of a line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words = Counter[str]()
        for line in lines:
            cut = _CUT.search(line)
            whole = line[: cut.start()] if cut else line
            self._words.update(word.lower() for word in _WORD.findall(plain(whole)))

    def joined(self, lines: Sequence[str]) -> str:
        """The lines as one text: a word cut in two is whole again, and a compound stays one."""
        text = ""
        for line in lines:
            line = line.strip()
            text = self._join(text, line) if text and line else text or line
        return plain(text)

    def _join(self, text: str, line: str) -> str:
        cut, rest = _CUT.search(text), _CUT_OFF.match(line)
        if cut is None or rest is None:
            return f"{text} {line}"
        if self._is_compound(cut[1], rest[0], soft=cut[2] in _SOFT):
            return f"{text[: cut.end(1)]}-{line}"
        return text[: cut.end(1)] + line

    def _is_compound(self, first: str, last: str, *, soft: bool) -> bool:
        first, last = plain(first), plain(last)
        bare = re.split(r"[’']", first)[-1]
        compound = self._words[f"{bare}-{last}".lower()]
        whole = self._words[f"{bare}{last}".lower()]
        if soft or compound != whole:
            return compound > whole
        if last[0].isupper():  # « Auvergne-Rhône-Alpes », but « TRANSI-TION »
            return not (bare.isupper() and len(bare) > 1 and last.isupper())
        return (
            "-" in bare or bare.lower() in _FIRST or last.lower() in _LAST or last.startswith("t-")
        )
