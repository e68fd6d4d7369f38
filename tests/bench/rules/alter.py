"""Rules that change one figure, one date, one name, or add what no source says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from tests.bench.rules.numerals import (
    CENTURY,
    DATE,
    DAY,
    MONTH,
    MONTHS,
    NUMBER,
    SMALL,
    YEAR,
    from_roman,
    grouped,
    is_year,
    roman,
    spelled,
    value,
)
from tests.bench.rules.place import Place

_INVENTED = Path(__file__).resolve().parents[2] / "data" / "invented.txt"
_SPELLED = re.compile(
    r"(?<![-\w])(deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|seize|vingt"
    r"|trente|quarante|cinquante|soixante)(?= (?:[a-zéèêàç-]+[sx]|ans|mois|mille)\b)(?! cents?\b)"
)
_BIG = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_RANK = re.compile(r"\b([2-9]|1\d)e (?!siècle)")


def numbers(place: Place) -> Iterator[str]:
    """Another digit in a number, another number in words, another rank."""
    for found in NUMBER.finditer(place.text):
        if not is_year(found.group()):
            for new in _other_digits(found.group()):
                if not _holds(place.passage, new):
                    yield _put(place.text, found, new)
    for found in _SPELLED.finditer(place.text):
        was = _BIG.get(found.group()) or SMALL.index(found.group())
        for number in (was + 1, was + 2, was * 2, was * 10):
            new = spelled(number)
            if " et " not in new and not _holds(place.passage, str(number)):
                yield _put(place.text, found, new)
    for found in _RANK.finditer(place.text):
        for step in (1, 3):
            rank = f"{int(found.group(1)) + step}e"
            if rank not in place.passage:
                yield _put(place.text, found, f"{rank} ")


def _other_digits(written: str) -> Iterator[str]:
    digits = [index for index, sign in enumerate(written) if sign.isdigit()]
    for index in {digits[0], digits[-1], digits[len(digits) // 2]}:
        for step in (1, 2, 5):
            digit = (int(written[index]) + step) % 10
            if digit or index:
                new = f"{written[:index]}{digit}{written[index + 1 :]}"
                if value(new) not in (0, 1):
                    yield new
    whole = value(written)
    if whole is not None and whole > 99:
        yield grouped(whole * 10)


def dates(place: Place) -> Iterator[str]:
    """Another day, month or year, another century."""
    for found in DATE.finditer(place.text):
        day, month, year = found.groups()
        for new in _other_days(day):
            if f"{new} {month}" not in place.passage:
                yield _put(place.text, found, f"{new} {month} {year}")
        for new in _other_months(month):
            if f"{day} {new}" not in place.passage:
                yield _put(place.text, found, f"{day} {new} {year}")
    for found in DAY.finditer(place.text):
        day, month = found.groups()
        for new in _other_days(day):
            if f"{new} {month}" not in place.passage:
                yield _put(place.text, found, f"{new} {month}")
    for found in MONTH.finditer(place.text):
        for new in _other_months(found.group(1)):
            if f"{new} {found.group(2)}" not in place.passage:
                yield _put(place.text, found, f"{new} {found.group(2)}")
    yield from _other_years(place)


def _other_years(place: Place) -> Iterator[str]:
    for found in YEAR.finditer(place.text):
        year = int(found.group())
        for new in (year + 1, year - 1, year + 10, year - 10, year - 100, year - 3, year + 20):
            decade = place.text[: found.start()].endswith("années ") and new % 10
            if str(new) not in place.passage and 1000 <= new < 2030 and not decade:
                yield _put(place.text, found, str(new))
    for found in CENTURY.finditer(place.text):
        number = from_roman(found.group(1))
        for new in (number - 1, number + 1, number - 2):
            if number > 3 and new < 22 and f"{roman(new)}e" not in place.passage:
                yield _put(place.text, found, f"{roman(new)}e {found.group(2)}")


def _other_days(day: str) -> Iterator[str]:
    number = int(day.removesuffix("er"))
    for new in (number + 1, number + 10, number - 1, number - 10):
        if 2 <= new <= 28:
            yield str(new)


def _other_months(month: str) -> Iterator[str]:
    index = MONTHS.index(month)
    for step in (1, 3, 6, 11):
        yield MONTHS[(index + step) % 12]


def borrowed_numbers(place: Place) -> Iterator[str]:
    """A number or a year replaced by another one of the same passage."""
    for pattern in (NUMBER, YEAR):
        for found in pattern.finditer(place.text):
            for other in pattern.finditer(place.elsewhere):
                new = other.group()
                same = is_year(new) == is_year(found.group())
                if same and not _holds(place.text, new) and value(new) not in (None, 0, 1):
                    yield _put(place.text, found, new)


def exchanged_numbers(place: Place) -> Iterator[str]:
    """Two numbers, or two years, of the sentence exchanged; not the ends of a range."""
    for pattern in (NUMBER, YEAR):
        found = list(pattern.finditer(place.text))
        for first, second in pairwise(found):
            between = place.text[first.end() : second.start()]
            one, two = first.group(), second.group()
            same = one == two or is_year(one) != is_year(two) or {value(one), value(two)} & {0, 1}
            if between.count(" ") > 3 and not same and not re.search(r"(?:et|à|ou) $", between):
                start, end = place.text[: first.start()], place.text[second.end() :]
                yield f"{start}{two}{between}{one}{end}"


def invented(place: Place) -> Iterator[str]:
    """The sentence with a clause at its end that no source says."""
    if place.text.endswith("."):
        for clause in clauses():
            yield f"{place.body}{clause}."


@cache
def clauses() -> tuple[str, ...]:
    """The invented clauses, each with the comma that opens it."""
    lines = _INVENTED.read_text(encoding="utf-8").splitlines()
    return tuple(f", {line}" for line in lines if line and not line.startswith("#"))


def _holds(passage: str, number: str) -> bool:
    """Whether the passage has that number, on its own, spaces in it aside."""
    bare = re.sub(r"\s", "", number)
    spaced = re.sub(r"(?<=\d)\s(?=\d)", "", passage)
    small = value(bare)
    word = spelled(small) if small is not None and small < 100 else None
    return bool(
        re.search(rf"(?<!\d){re.escape(bare)}(?!\d)", spaced)
        or (word and re.search(rf"\b{word}\b", passage))
    )


def _put(text: str, found: re.Match[str], new: str) -> str:
    return text[: found.start()] + new + text[found.end() :]
