"""The agency's colour is refused when it cannot be read, and read by day and by night else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.colours import CONTRAST, NIGHT, WHITE, by_day, by_night, contrast, fault_of, mixed

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)
    assert contrast(WHITE, WHITE) == 1


def test_colours_mix_channel_by_channel() -> None:
    assert mixed("#000000", "#ff8000", 0.5) == "#804000"
    assert mixed("#123456", WHITE, 0) == "#123456"


@pytest.mark.parametrize("colour", ["rouge", "#123", "123456", "#12345g", "#1234567", "", "#12\n"])
def test_what_is_no_colour_is_told(colour: str) -> None:
    assert "comme « #1d5c47 »" in fault_of(colour)


@pytest.mark.parametrize(("colour", "said"), [("#ffff00", "1,0"), ("#767676", "4,0")])
def test_a_colour_that_cannot_be_read_is_told_with_its_contrast(colour: str, said: str) -> None:
    assert f"plus foncée (contraste de {said} pour 4,5" in fault_of(colour)


@pytest.mark.parametrize("colour", ["#1d5c47", "#000091", "#A00020", "#000000"])
def test_a_dark_colour_may_be_set(colour: str) -> None:
    assert fault_of(colour) == ""


@given(COLOURS)
def test_each_colour_that_may_be_set_is_read_by_day_and_by_night(colour: str) -> None:
    if fault_of(colour):
        return
    day, night = by_day(colour), by_night(colour)
    for shades, card in ((day, "#f6f5f0"), (night, NIGHT)):
        assert contrast(shades.colour, shades.on_colour) >= CONTRAST
        assert contrast(shades.colour, shades.tint) >= CONTRAST
        assert contrast(shades.colour, card) >= CONTRAST
