"""Numbers in letters, and Roman ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verify.numerals import numerals, roman
from app.verify.words import plain


def found(text: str) -> list[float]:
    return [one.value for one in numerals(plain(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zéro", 0), ("neuf", 9), ("dix-sept", 17), ("vingt et un", 21), ("vingt-et-un", 21),
        ("trente-deux", 32), ("soixante et onze", 71), ("soixante-dix-neuf", 79),
        ("quatre-vingts", 80), ("quatre-vingt-dix-sept", 97), ("nonante-huit", 98), ("cent", 100),
        ("cent un", 101), ("quatre cent vingt", 420), ("mille cinq cents", 1_500),
        ("dix-neuf cents", 1_900), ("mille neuf cent quatre-vingt-quatre", 1_984),
        ("deux cent trois mille quatre cents", 203_400), ("un million et demi", 1_500_000),
        ("deux millions", 2_000_000), ("trois milliards", 3e9), ("twenty one", 21),
        ("forty-two", 42), ("one hundred and five", 105), ("three thousand two hundred", 3_200),
    ],
)  # fmt: skip
def test_a_number_in_letters_is_read(text: str, value: float) -> None:
    assert found(text) == [value]
    [one] = numerals(plain(f"Il y en a {text} ici."))
    assert (one.start, one.end) == (10, 10 + len(text))
    assert not one.is_ordinal and not one.about


@pytest.mark.parametrize(
    ("text", "value"),
    [("premier", 1), ("première", 1), ("deuxième", 2), ("second", 2), ("vingtième", 20),
     ("vingt-et-unième", 21), ("vingt et unième", 21), ("quatre-vingtième", 80), ("third", 3)],
)  # fmt: skip
def test_a_rank_in_letters_is_read(text: str, value: float) -> None:
    [one] = numerals(plain(text))
    assert (one.value, one.is_ordinal) == (value, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [("une trentaine", 30), ("des centaines", 100), ("deux douzaines", 24), ("un millier", 1_000),
     ("deux dizaines de milliers", 20_000), ("dozens", 12)],
)  # fmt: skip
def test_about_so_many_is_told_from_so_many(text: str, value: float) -> None:
    [one] = numerals(plain(text))
    assert (one.value, one.about) == (value, True)


def test_an_article_is_no_number_and_numbers_in_a_row_are_several() -> None:
    assert found("Une commune, un maire, one town.") == []
    assert found("trente et quarante") == [30, 40]
    assert found("deux, trois communes") == [2, 3]
    assert found("cinquante euros et trois mois") == [50, 3]


UNITS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def spelt(number: int) -> str:
    """A number below ten thousand, as it is written in French."""
    units = (UNITS + "seize").split()
    if number < 17:
        return units[number]
    if number < 20:
        return f"dix-{spelt(number - 10)}"
    if number < 80:
        ten = min(number // 10 * 10, 60)
        rest = number - ten
        joint = " et " if rest in (1, 11) else "-"
        return TENS[ten] + (f"{joint}{spelt(rest)}" if rest else "")
    if number < 100:
        return "quatre-vingts" if number == 80 else f"quatre-vingt-{spelt(number - 80)}"
    if number < 1_000:
        head = "" if number < 200 else f"{spelt(number // 100)} "
        rest = number % 100
        return f"{head}cent {spelt(rest)}" if rest else f"{head}cent{'s' if head else ''}"
    head = "" if number < 2_000 else f"{spelt(number // 1_000)} "
    return f"{head}mille {spelt(number % 1_000) if number % 1_000 else ''}".strip()


@given(st.integers(2, 9_999))
def test_every_number_is_read_as_it_is_spelt(number: int) -> None:
    assert found(f"Il y en a {spelt(number)}.") == [number]


@pytest.mark.parametrize(
    ("text", "value"),
    [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XIX", 19), ("XL", 40), ("LXXX", 80),
     ("XC", 90), ("CC", 200), ("IIII", None), ("VX", None), ("IXI", None), ("", None),
     ("M", None), ("xiv", None)],
)  # fmt: skip
def test_a_roman_numeral_is_read(text: str, value: int | None) -> None:
    assert roman(text) == value


@given(st.text(max_size=80))
def test_any_text_is_read_in_order(text: str) -> None:
    ends = [position for one in numerals(plain(text)) for position in (one.start, one.end)]
    assert ends == sorted(ends) and (not ends or ends[-1] <= len(text))
