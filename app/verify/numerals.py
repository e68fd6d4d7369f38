"""Numbers written in letters, in French and English, and Roman numerals.

Works on plain text (:func:`app.verify.words.plain`): lower-case, without accents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {
    word: value
    for value, words in enumerate(
        (
            "zero", "un une one", "deux two", "trois three", "quatre four", "cinq five", "six",
            "sept seven", "huit eight", "neuf nine", "dix ten", "onze eleven", "douze twelve",
            "treize thirteen", "quatorze fourteen", "quinze fifteen", "seize sixteen", "seventeen",
            "eighteen", "nineteen", "vingt vingts twenty",
        )
    )
    for word in words.split()
} | {
    "trente": 30, "thirty": 30, "quarante": 40, "forty": 40, "cinquante": 50, "fifty": 50,
    "soixante": 60, "sixty": 60, "septante": 70, "seventy": 70, "eighty": 80, "nonante": 90,
    "ninety": 90,
}  # fmt: skip
_SCALES = {
    "cent": 100, "cents": 100, "hundred": 100, "mille": 1_000, "thousand": 1_000,
    "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9, "billion": 10**9,
}  # fmt: skip
_ABOUT = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1_000,
    "dozen": 12,
}  # fmt: skip
_ORDINALS = {
    word: value
    for value, words in enumerate(
        (
            "premier premiere first",
            "deuxieme second seconde",
            "troisieme third",
            "quatrieme fourth",
            "cinquieme fifth",
            "sixieme sixth",
            "septieme seventh",
            "huitieme eighth",
            "neuvieme ninth",
            "dixieme tenth",
            "onzieme eleventh",
            "douzieme twelfth",
            "treizieme thirteenth",
            "quatorzieme fourteenth",
            "quinzieme fifteenth",
            "seizieme sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "vingtieme twentieth",
        ),
        start=1,
    )
    for word in words.split()
} | {"unieme": 1, "trentieme": 30, "quarantieme": 40, "cinquantieme": 50, "centieme": 100}
_AMBIGUOUS = {"un", "une", "one"}  # articles, unless they are part of a longer number
_WORD = re.compile(r"[a-z]+")
_JOIN = re.compile(r"-et-| et | and | de |-| ")  # the longest first
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN = re.compile(r"(?=[IVXLC])C{0,2}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in letters at ``start:end``; ``about`` for « une trentaine »."""

    value: float
    start: int
    end: int
    is_ordinal: bool = False
    about: bool = False


def numerals(plain: str) -> Iterator[Numeral]:
    """The numbers in letters of a plain text, in order."""
    position = 0
    while word := _WORD.search(plain, position):
        found = _read(plain, word) if _may_open(word.group()) else None
        if found:
            yield found
        position = found.end if found else word.end()


def _may_open(word: str) -> bool:
    return word in _UNITS or word in _SCALES or word in _ORDINALS or _about(word) is not None


def _about(word: str) -> int | None:
    return _ABOUT.get(word.removesuffix("s") if word != "dozens" else "dozen")


def _read(plain: str, first: re.Match[str]) -> Numeral | None:
    """The longest number that begins with the word, or None when it is an article."""
    count = _Count()
    end, words = first.start(), 0
    word: re.Match[str] | None = first
    while word and count.take(word.group()):
        end, words = word.end(), words + 1
        if count.is_ordinal:
            break
        join = _JOIN.match(plain, end)
        word = _WORD.match(plain, join.end()) if join else None
        if join and join.group() == " de " and word and _about(word.group()) is None:
            break
    if not words or (words == 1 and first.group() in _AMBIGUOUS):
        return None
    return Numeral(count.value, first.start(), end, count.is_ordinal, count.about)


class _Count:
    """Words added up to a number, as long as they can be one."""

    def __init__(self) -> None:
        self._total = 0
        self._current = 0
        self._scale = 0
        self._words = 0
        self.is_ordinal = False
        self.about = False

    @property
    def value(self) -> float:
        return float(self._total + self._current)

    def take(self, word: str) -> bool:
        """Add a word; False, and nothing changes, where it cannot go on."""
        taken = self._scaled(word) or self._unit(word) or self._ordinal(word) or self._half(word)
        self._words += taken
        return taken

    def _unit(self, word: str) -> bool:
        value = _UNITS.get(word)
        if value is None or not self._fits(value):
            return False
        if value == 20 and self._current % 100 == 4:  # quatre-vingts
            value = 76
        self._current += value
        return True

    def _fits(self, value: int) -> bool:
        rest = self._current % 100
        if not self._words or (rest == 0 and not self.about):
            return True
        if value < 10:
            return rest % 10 == 0 or rest in (60, 80)
        if value < 20:
            return rest in (60, 80) or (value == 10 and rest == 0)
        return value == 20 and rest == 4

    def _scaled(self, word: str) -> bool:
        about, scale = _about(word), _SCALES.get(word)
        if about is not None:
            self._current = max(1, self._current) * about
            self.about = True
            return True
        if scale is None or (scale == 100 and self._current % 100 == 0 and self._current):
            return False
        if scale == 100:
            self._current = max(1, self._current) * 100
        else:
            self._total += max(1, self._current) * scale
            self._current, self._scale = 0, scale
        return True

    def _ordinal(self, word: str) -> bool:
        value = _ORDINALS.get(word)
        if value is None or (self._words and not self._fits(value)):
            return False
        if value == 20 and self._current % 100 == 4:
            value = 76
        self._current += value
        self.is_ordinal = True
        return True

    def _half(self, word: str) -> bool:
        if word not in ("demi", "demie") or not self._scale or self._current:
            return False
        self._total += self._scale // 2
        return True


def roman(text: str) -> int | None:
    """The value of a Roman numeral in capitals, up to 289; None when it is none."""
    if not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[sign] for sign in text]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))
