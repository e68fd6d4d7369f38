"""Numbers, dates, percentages, ordinals, times, phones and addresses of a text, in one form each.

« 12 février 2020 », « 12/02/2020 » and « 2020-02-12 » are one date; « mille cinq cents » and
« 1 500 » one number; « une trentaine » is about thirty, which thirty is not. French and English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.verify.numerals import numerals, roman

Kind = Literal["number", "percent", "ordinal", "date", "time", "literal"]
Bound = Literal["", "about", "more", "less", "least", "most"]
Value = float | str | tuple[int, int, int]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january", "fevrier february", "mars march", "avril april", "mai may",
            "juin june", "juillet july", "aout august", "septembre september", "octobre october",
            "novembre november", "decembre december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: number
    for number, name in enumerate(
        """premier deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze
        seize dix-sept dix-huit dix-neuf vingt vingt-et-un vingt-deux vingt-trois vingt-quatre
        vingt-cinq vingt-six vingt-sept vingt-huit vingt-neuf trente trente-et-un""".split(),
        start=1,
    )
}
_DAY = "|".join(name.replace("-", "[- ]") for name in sorted(_DAYS, key=len, reverse=True))
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_YEAR = r"(?P<year>1\d{3}|20\d{2})(?!\d)"
_NTH = "(?:er|st|nd|rd|th)"
_OF = r"(?:,? (?:de l'annee |de l'an |of )?)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>\d{4})(?!\d)",
        rf"(?<![\w-])(?P<day>\d{{1,2}}|{_DAY}){_NTH}? (?:of )?{_MONTH}\b(?:{_OF}{_YEAR})?",
        rf"\b{_MONTH} (?P<day>\d{{1,2}}){_NTH}?(?!\d)(?:,? {_YEAR})?",
        rf"\b{_MONTH}{_OF}{_YEAR}",
        rf"\b(?:en|mois de|mois d'|in|debut|fin|mi-) ?{_MONTH}\b",
    )
)
_LITERAL = re.compile(
    r"https?://[^\s<>«»\"]+|www\.[^\s<>«»\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|"
    r"(?:\+33 ?|(?<!\d)0)[1-9](?:[ .-]?\d{2}){4}(?!\d)"
)
_TIME = re.compile(r"(?<!\d)(\d{1,2}) ?(?:h|:) ?(\d{2})(?!\d)")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[ .,]\d{3})+(?:,\d{1,2})?(?!\d)|(?<!\w)\d+(?:[.,]\d+)?")
_ROMAN = re.compile(r"\b([IVX]|[IVXLC]{2,7})(e|ème|er|re|ᵉ)?\b")
_CENTURY = re.compile(r" (?:siecle|century|arrondissement|republique|millenaire)")
_SUFFIX = re.compile(r"(?:er|re|ere|e|eme|ieme|st|nd|rd|th)\b")
_PERCENT = re.compile(r" ?%| (?:pour ?cents?|percent|per cent)\b")
_SCALE = re.compile(r" ?(milliers?|millions?|milliards?|thousand|billion|m€|k€|md€)(?![a-z])")
_SCALES = {
    "millier": 1e3, "milliers": 1e3, "thousand": 1e3, "k€": 1e3, "million": 1e6, "millions": 1e6,
    "m€": 1e6, "milliard": 1e9, "milliards": 1e9, "billion": 1e9, "md€": 1e9,
}  # fmt: skip
# What stands before a number, or after it, and changes what it says.
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    (bound, re.compile(rf"\b(?:{words}) ?$"))  # type: ignore[misc]
    for bound, words in (
        ("least", "au moins|au minimum|minimum|at least|pas moins d[e']|a partir de"),
        ("most", "au plus|au maximum|maximum|at most|up to|jusqu'a|pas plus d[e']"),
        ("more", "plus d[e']|more than|over|au-dela d[e']|depass[a-z]+|exced[a-z]+"),
        ("less", "moins d[e']|(?:less|fewer) than|under|en dessous d[e']"),
        ("about", "environ|pres d[e']|quelques?|presque|autour d[e']|a peu pres|about|around|"
                  "approximativement|approximately|nearly|almost|roughly|de l'ordre d[e']"),
    )
)  # fmt: skip
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("least", re.compile(r" (?:[a-z']+ ){0,2}?(?:au moins|au minimum|minimum|ou plus|or more)\b")),
    ("most", re.compile(r" (?:[a-z']+ ){0,2}?(?:au plus|au maximum|maximum|at most)\b")),
    ("about", re.compile(r" (?:environ|approximately)\b")),
)
_ARTICLE = re.compile(r"(?<!qu')\b(?:une?|les|des|a|the) $")  # not of « jusqu'à »
_LOOK = 22  # characters looked at before a number


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at ``start:end`` of its text.

    ``values`` are what it may stand for (« 1,500 » is 1.5 in French and 1500 in English); those
    of a date are (year, month, day) with 0 for what it does not say; of a literal, its bare text.
    """

    kind: Kind
    values: frozenset[Value]
    start: int
    end: int
    bound: Bound = ""

    def is_said_by(self, other: Figure) -> bool:
        """Whether ``other`` says all that this one says."""
        if self.kind == "date" and other.kind == "date":
            return any(_within(one, two) for one in self.values for two in other.values)
        if other.kind == "date":  # a year alone
            return self.kind == "number" and any(
                _year(date) in self.values for date in other.values
            )
        return (self.kind, self.bound) == (other.kind, other.bound) and bool(
            self.values & other.values
        )


def _within(one: Value, other: Value) -> bool:
    assert isinstance(one, tuple) and isinstance(other, tuple)
    return all(mine in (0, theirs) for mine, theirs in zip(one, other, strict=True))


def _year(date: Value) -> float:
    assert isinstance(date, tuple)
    return float(date[0]) if date[0] else -1.0


def figures(text: str, plain: str) -> list[Figure]:
    """The figures of a text, in order, none overlapping another one.

    ``plain`` is the same text in lower case and without accents, character for character.
    """
    taken: list[Figure] = []
    for reading in (_literals, _dates, _times, _numbers, _romans, _letters):
        for figure in reading(text, plain):
            if not any(figure.start < one.end and one.start < figure.end for one in taken):
                taken.append(figure)
    return sorted(taken, key=lambda figure: figure.start)


def _literals(text: str, plain: str) -> Iterator[Figure]:
    for match in _LITERAL.finditer(plain):
        said = match.group().rstrip(".,;:!?)'")
        end = match.start() + len(said)
        bare = re.sub(r"[ .-]", "", said).replace("+33", "0") if said[0] in "+0" else _site(said)
        yield Figure("literal", frozenset({bare}), match.start(), end)


def _site(address: str) -> str:
    return address.partition("://")[2].rstrip("/") if "://" in address else address


def _dates(text: str, plain: str) -> Iterator[Figure]:
    for pattern in _DATES:
        for match in pattern.finditer(plain):
            parts = match.groupdict()
            month = _MONTHS.get(parts.get("month") or "", 0) or int(parts.get("number") or 0)
            said = (parts.get("day") or "0").replace(" ", "-")
            day = _DAYS[said] if said in _DAYS else int(said)
            if not (0 < month <= 12 and day <= 31):
                continue
            start = match.start() if parts.get("day") or parts.get("year") else match.start("month")
            date = (int(parts.get("year") or 0), month, day)
            yield Figure("date", frozenset({date}), start, match.end())


def _times(text: str, plain: str) -> Iterator[Figure]:
    for match in _TIME.finditer(plain):
        hours, minutes = int(match[1]), int(match[2])
        if hours <= 24 and minutes < 60:
            yield Figure("time", frozenset({60.0 * hours + minutes}), match.start(), match.end())


def _numbers(text: str, plain: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(plain):
        suffix = _SUFFIX.match(plain, match.end())
        if suffix:
            value = frozenset({float(re.sub(r"\D", "", match.group()))})
            yield Figure("ordinal", value, match.start(), suffix.end())
            continue
        yield _measured(plain, _values(match.group()), match.start(), match.end())


def _values(said: str) -> frozenset[Value]:
    """What a number in digits may stand for: marks part thousands or decimals."""
    bare = said.replace(" ", "")
    found: set[Value] = set()
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:,\d+)?", bare):
        whole, comma, rest = bare.partition(",") if "." in bare else (bare, "", "")
        digits = re.sub(r"\D", "", whole)
        found.add(float(f"{digits}.{rest}" if comma else digits))
    if bare.count(".") + bare.count(",") <= 1:
        found.add(float(bare.replace(",", ".")))
    return frozenset(found) or frozenset({bare})


def _measured(
    plain: str, values: frozenset[Value], start: int, end: int, about: bool = False
) -> Figure:
    """A number with its scale (« 3 millions »), its percent sign and its bound."""
    if scale := _SCALE.match(plain, end):
        factor = _SCALES[scale[1]]
        values = frozenset(v * factor if isinstance(v, float) else v for v in values)
        end = scale.end()
    kind: Kind = "number"
    if percent := _PERCENT.match(plain, end):
        kind, end = "percent", percent.end()
    bound, start = _bound(plain, start, end)
    return Figure(kind, values, start, end, bound or ("about" if about else ""))


def _bound(plain: str, start: int, end: int) -> tuple[Bound, int]:
    """The bound of a number, and where the words that say it begin, when they stand before it."""
    least = max(0, start - _LOOK)
    before = _ARTICLE.sub("", plain[least:start])
    for bound, words in _BEFORE:
        if match := words.search(before):
            return bound, least + match.start()
    return next((bound for bound, words in _AFTER if words.match(plain, end)), ""), start


def _romans(text: str, plain: str) -> Iterator[Figure]:
    for match in _ROMAN.finditer(text):
        value = roman(match[1])
        if value and (match[2] or _CENTURY.match(plain, match.end()) or _ranks(text, match)):
            yield Figure("ordinal", frozenset({float(value)}), match.start(), match.end())


def _ranks(text: str, match: re.Match[str]) -> bool:
    """Whether it stands after a name, as in « Louis XIV » or « chapitre II »."""
    before = re.search(r"([^\W\d_]+) $", text[: match.start()])
    return bool(before) and (len(match[1]) > 1 or before[1][0].isupper())  # type: ignore[index]


def _letters(text: str, plain: str) -> Iterator[Figure]:
    for one in numerals(plain):
        if one.is_ordinal:
            yield Figure("ordinal", frozenset({one.value}), one.start, one.end)
        else:
            yield _measured(plain, frozenset({one.value}), one.start, one.end, one.about)
