"""Figures of a text, in one form each, and which says what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verify.figures import Figure, figures
from app.verify.words import plain


def found(text: str) -> list[Figure]:
    return figures(text, plain(text))


def one(text: str) -> Figure:
    [figure] = found(text)
    return figure


@pytest.mark.parametrize(
    "forms",
    [
        ("12 février 2020", "12/02/2020", "2020-02-12", "12.02.2020", "le douze février 2020",
         "February 12, 2020", "12th of February 2020", "12 février de l'an 2020"),
        ("1er mars", "le premier mars", "March 1st"),
        ("1500", "1 500", "1\u202f500", "mille cinq cents", "1.500", "1,500"),
        ("25 %", "25%", "25 pour cent", "vingt-cinq pour cent", "25 percent"),
        ("3 millions", "3 000 000", "trois millions", "3M€"),
        ("12 000,50", "12000,50", "12.000,50"),
        ("XXIe siècle", "21e siècle", "vingt-et-unième siècle", "21st century"),
        ("plus de 30", "plus de trente", "more than 30", "au-delà de 30"),
        ("au moins 30", "30 au moins", "30 ans au minimum", "at least thirty"),
        ("jusqu'à 20", "au plus 20", "20 au maximum", "up to twenty"),
        ("une trentaine", "environ 30", "près de trente", "about 30"),
        ("9h30", "9 h 30", "9:30", "09:30"),
        ("04 75 00 00 00", "0475000000", "04.75.00.00.00", "+33 4 75 00 00 00"),
        ("https://a.fr/x", "http://a.fr/x/", "https://a.fr/x."),
    ],
    ids=lambda forms: forms[0],
)  # fmt: skip
def test_what_is_written_in_several_ways_says_the_same(forms: tuple[str, ...]) -> None:
    for mine in forms:
        for theirs in forms:
            assert one(mine).is_said_by(one(theirs)), (mine, theirs)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("12 février 2020", "12 février 2021"), ("12 février 2020", "12 mars 2020"),
        ("12 février 2020", "en février 2020"), ("12 février 2020", "2020"),
        ("30", "31"), ("1 500", "1 501"), ("15", "1 500"), ("30", "30 %"), ("30", "une trentaine"),
        ("une trentaine", "30"), ("plus de 30", "30"), ("30", "au moins 30"),
        ("plus de 30", "au moins 30"), ("moins de 30", "plus de 30"), ("30", "jusqu'à 30"),
        ("3 millions", "3 milliards"), ("2", "2e"), ("9h30", "9h45"),
        ("04 75 00 00 00", "04 75 00 00 01"), ("a@exemple.fr", "b@exemple.fr"),
        ("https://a.fr/x", "https://a.fr/y"), ("30", "le 30 mars"),
    ],
)  # fmt: skip
def test_what_differs_does_not(mine: str, theirs: str) -> None:
    assert not one(mine).is_said_by(one(theirs))


def test_a_date_says_each_of_its_parts() -> None:
    whole = one("le 12 février 2020")
    for part in ("12 février", "en février 2020", "en février", "2020", "en 2020"):
        assert one(part).is_said_by(whole), part


def test_marks_part_thousands_or_decimals_and_both_are_kept_in_mind() -> None:
    assert one("1,500").values == {1.5, 1500.0}
    assert one("3,14").values == {3.14}
    assert one("1,234,567").values == {1_234_567.0}


@pytest.mark.parametrize("text", ["B12", "CO2", "un maire", "mars attaque", "une fois", ""])
def test_what_is_no_figure_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["le 31/13/2020", "le 32 mars", "à 25:99"])
def test_what_cannot_be_a_date_or_a_time_is_numbers(text: str) -> None:
    assert {figure.kind for figure in found(text)} == {"number"}


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Le 3 mars et le 4 avril 2021.", ["3 mars", "4 avril 2021"]),
        ("De 9h30 à 17 h 05, au moins 3 jours.", ["9h30", "17 h 05", "au moins 3"]),
        ("Louis XIV, chapitre II, 2e étage.", ["XIV", "II", "2e"]),
        ("Voir https://a.fr/x, ou le 04 75 00 00 00.", ["https://a.fr/x", "04 75 00 00 00"]),
        ("2020-2025", ["2020", "2025"]),
    ],
)
def test_figures_stand_where_they_are_said(text: str, spans: list[str]) -> None:
    assert [text[figure.start : figure.end] for figure in found(text)] == spans


MARKS = st.text(alphabet="0123456789 ,.;:/-%€hMXIVLCe+@'é\u202f²٣", max_size=40)


@given(MARKS | st.text(max_size=60))
def test_any_text_is_read_without_overlap(text: str) -> None:
    last = 0
    for figure in found(text):
        assert last <= figure.start < figure.end <= len(text)
        assert figure.values and figure.is_said_by(figure)
        last = figure.end


@given(st.integers(0, 10**9))
def test_a_whole_number_is_said_however_its_thousands_are_parted(number: int) -> None:
    spaced = f"{number:,}".replace(",", " ")
    assert one(str(number)).is_said_by(one(spaced))
    assert not one(str(number)).is_said_by(one(str(number + 1)))
