"""Dates and numbers in another form of the same value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.bench.rules.numerals import (
    CENTURY,
    DATE,
    MONTHS,
    NUMBER,
    PERCENT,
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

_ORDINALS = {
    "premier": "1er", "première": "1re", "deuxième": "2e", "troisième": "3e", "quatrième": "4e",
    "cinquième": "5e", "sixième": "6e", "septième": "7e", "huitième": "8e", "neuvième": "9e",
    "dixième": "10e",
}  # fmt: skip
_CENTURIES = {
    10: "dixième", 11: "onzième", 12: "douzième", 13: "treizième", 14: "quatorzième",
    15: "quinzième", 16: "seizième", 17: "dix-septième", 18: "dix-huitième",
    19: "dix-neuvième", 20: "vingtième", 21: "vingt et unième",
}  # fmt: skip
_ORDINAL = re.compile(
    rf"\b(?P<det>le|la|du|au|son|sa|une?) (?P<one>{'|'.join(_ORDINALS)}) "
    r"(?!(?:dans|à|en|et|ou|de|des|du|d['’]|qui|que|sur|par|au|aux|plus)\b)(?=[a-zéèê])"
)
_NUMBER_WORD = re.compile(
    rf"\b(?:{'|'.join(SMALL[2:17])})"
    r" (?![a-z]*(?:cents?|milliers?|millions?|milliards?|mille)\b)(?=[a-zéèêà]+[sx]\b)"
)
_DIGIT = re.compile(r"(?<![\w.,/:°×-])(?<!\d )([2-9]|1[0-6]) (?=[a-zéèêà]{3,}[sx]\b)")
_NO_NOUN = re.compile(r"n[°o]|numéro|article|page|chapitre|tome|version", re.IGNORECASE)


def dates(place: Place) -> Iterator[str]:
    """« 12 février 2020 » as 12/02/2020, as 2020-02-12 or as the day of a year."""
    for found in DATE.finditer(place.text):
        day, month, year = found.groups()
        number, index = int(day.removesuffix("er")), MONTHS.index(month) + 1
        if len(year) == 4:
            yield _put(place.text, found, f"{number:02}/{index:02}/{year}")
            yield _put(place.text, found, f"{year}-{index:02}-{number:02}")
        yield _put(place.text, found, f"{day} {month} de l'année {year}")
    for found in YEAR.finditer(place.text):
        alone = not re.match(r" (?:et|ou|à|puis|ans)\b", place.text[found.end() :])
        if alone and place.text[: found.start()].lower().endswith((" en ", "depuis ")):
            start = place.text[: found.start()]
            start = re.sub(r"\ben $", "au cours de l'année ", start)
            start = re.sub(r"\bEn $", "Au cours de l'année ", start)
            yield re.sub(r"([Dd])epuis $", r"\1epuis l'année ", start) + place.text[found.start() :]


def amounts(place: Place) -> Iterator[str]:
    """« 1 500 » as 1500 and in words, « deux » as 2 and the reverse."""
    for found in NUMBER.finditer(place.text):
        number = value(found.group())
        before = place.text[max(0, found.start() - 9) : found.start()]
        if number is None or is_year(found.group()) or _NO_NOUN.search(before):
            continue
        if number >= 1000:
            yield _put(place.text, found, str(number))
            yield _put(place.text, found, grouped(number))
            if (number % 100 == 0 or number < 2000) and _is_easy(number):
                yield _put(place.text, found, spelled(number))
        elif (
            number > 16
            and _is_easy(number)
            and re.match(r" [a-zéèê]{3,}[sx]\b", place.text[found.end() :])
        ):
            yield _put(place.text, found, spelled(number))
    yield from _small(place.text)


def _is_easy(number: int) -> bool:
    """Whether its words change nothing around them: no « vingt et une », no « million de »."""
    return (number % 10 != 1 or number % 20 == 11) and number < 1_000_000


def _small(text: str) -> Iterator[str]:
    for found in _NUMBER_WORD.finditer(text):
        if not re.search(r"(?:-|cent|mille|et) ?$", text[: found.start()]):
            yield _put(text, found, f"{SMALL.index(found.group().strip())} ")
    for found in _DIGIT.finditer(text):
        before = text[max(0, found.start() - 9) : found.start()]
        if not _NO_NOUN.search(before):
            yield _put(text, found, f"{spelled(int(found.group(1)))} ")


def percents(place: Place) -> Iterator[str]:
    """« 25 % » as « 25 pour cent » and without its space."""
    for found in PERCENT.finditer(place.text):
        yield _put(place.text, found, f"{found.group(1)} pour cent")
        if not place.text[: found.start()].endswith("+"):
            yield _put(place.text, found, f"{found.group(1)}%")


def centuries(place: Place) -> Iterator[str]:
    """« XIXe siècle » as 19e and in words."""
    for found in CENTURY.finditer(place.text):
        number = from_roman(found.group(1))
        if number:
            yield _put(place.text, found, f"{number}e {found.group(2)}")
        if number in _CENTURIES:
            yield _put(place.text, found, f"{_CENTURIES[number]} {found.group(2)}")
    for found in re.finditer(r"\b(1\d|20)e (siècles?)\b", place.text):
        yield _put(place.text, found, f"{roman(int(found.group(1)))}e {found.group(2)}")


def ordinals(place: Place) -> Iterator[str]:
    """« le premier » as « le 1er »."""
    for found in _ORDINAL.finditer(place.text):
        yield _put(place.text, found, f"{found['det']} {_ORDINALS[found['one']]} ")


def _put(text: str, found: re.Match[str], new: str) -> str:
    return text[: found.start()] + new + text[found.end() :]
