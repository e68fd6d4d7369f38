"""The agency's colour: whether it can be read, and its shades for light and dark pages.

Contrast is that of WCAG 2.2 (relative luminance, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio);
level AA asks 4.5 of text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CONTRAST = 4.5
WHITE, NIGHT = "#ffffff", "#1c2421"  # the cards of the style sheet, by day and by night
_INK = "#10201a"  # text on the colour by night
_FORM = re.compile(r"#[0-9a-f]{6}\Z")
_TINT_BY_DAY, _TINT_BY_NIGHT = 0.1, 0.12  # how much of the colour its backgrounds hold
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Shades:
    """A colour as text and button, the text on that button, and a background it is read on."""

    colour: str
    on_colour: str
    tint: str


def fault_of(colour: str) -> str:
    """What is wrong with a colour, as the end of a French sentence; empty when nothing is."""
    if not _FORM.match(colour.lower()):
        return "écrivez une couleur comme « #1d5c47 »"
    reached = contrast(colour, by_day(colour).tint)
    if reached >= CONTRAST:
        return ""
    shown = f"{int(reached * 10) / 10:.1f}".replace(".", ",")
    return f"choisissez une couleur plus foncée (contraste de {shown} pour 4,5 au moins)"


def by_day(colour: str) -> Shades:
    """The colour as it is, on white."""
    return Shades(colour.lower(), WHITE, mixed(WHITE, colour, _TINT_BY_DAY))


def by_night(colour: str) -> Shades:
    """The colour lightened until it is read on a dark page and holds dark text."""
    tint = mixed(NIGHT, colour, _TINT_BY_NIGHT)
    share, light = 0.0, colour.lower()
    while min(contrast(light, tint), contrast(light, _INK)) < CONTRAST + 1 and share < 1:
        share += _STEP
        light = mixed(colour, WHITE, min(share, 1))
    return Shades(light, _INK, tint)


def mixed(first: str, second: str, share: float) -> str:
    """``first`` with a share (0 to 1) of ``second``."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
