"""French numbers in words, Roman ones, months, and where numbers and dates stand in a text."""

from __future__ import annotations

import re

MONTHS = tuple(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
SMALL = tuple(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf".split()
)
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip

DATE = re.compile(rf"\b(\d{{1,2}}|1er) ({'|'.join(MONTHS)}) (\d{{3,4}})\b(?! av)")
DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b(?! \d)")
MONTH = re.compile(rf"(?<!\d )(?<!er )\b({'|'.join(MONTHS)}) (\d{{3,4}})\b")
YEAR = re.compile(r"(?<![\d.,/°-])(?<!\d[  ])\b(1[0-9]\d\d|20[0-2]\d)\b(?![  ]\d|[.,/-]\d|[  ]%)")
CENTURY = re.compile(r"\b([IVX]+)e (siècles?)\b")
# A number that is no year and no day of a date.
NUMBER = re.compile(
    r"(?<![\w.,/:°×-])(?<!\d )(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:,\d+)?)"
    rf"(?![\w/:.-]\w|[  ]\d|\w|,\d|[  ](?:{'|'.join(MONTHS)})\b)"
)
PERCENT = re.compile(r"(\d+(?:,\d+)?)[ \u00a0\u202f]?%")


def spelled(number: int) -> str:
    """A number from 0 to 999,999,999 in French words."""
    if number >= 1_000_000:
        millions, rest = divmod(number, 1_000_000)
        return _joined(f"{spelled(millions)} million{'s' if millions > 1 else ''}", rest)
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        many = "" if thousands == 1 else f"{spelled(thousands).removesuffix('s')} "
        many = "trois " if thousands == 3 else many
        return _joined(f"{many}mille", rest)
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        plural = "s" if hundreds > 1 and not rest else ""
        return _joined(f"{'' if hundreds == 1 else SMALL[hundreds] + ' '}cent{plural}", rest)
    return _below_hundred(number)


def _joined(head: str, rest: int) -> str:
    return f"{head} {spelled(rest)}" if rest else head


def _below_hundred(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number >= 80:
        return "quatre-vingts" if number == 80 else f"quatre-vingt-{SMALL[number - 80]}"
    ten = 60 if number >= 60 else number // 10 * 10
    rest = number - ten
    if not rest:
        return _TENS[ten]
    return f"{_TENS[ten]}{' et ' if rest in (1, 11) else '-'}{SMALL[rest]}"


def roman(number: int) -> str:
    """A number from 1 in Roman digits."""
    written = ""
    for value, sign in _ROMAN:
        while number >= value:
            written, number = written + sign, number - value
    return written


def from_roman(text: str) -> int:
    """The value of Roman digits, 0 where they are none."""
    return next((number for number in range(1, 60) if roman(number) == text), 0)


def value(text: str) -> int | None:
    """The value of a whole number, spaces between its digits allowed; None of a decimal."""
    digits = re.sub(r"\s", "", text)
    return int(digits) if digits.isdecimal() else None


def is_year(text: str) -> bool:
    """Whether four digits on end may be a year."""
    return bool(re.fullmatch(r"1\d{3}|20[0-2]\d", text))


def grouped(number: int) -> str:
    """A number with a no-break space between thousands."""
    return f"{number:,}".replace(",", "\u00a0")
