"""Plots as SVG images: they ask nothing of another file, and follow the light or dark of the page.

A plot shows how things go; the numbers themselves stand in a table beside it, for those who do not
see it and for those who want them. Its own texts are ours: none of a visitor's is ever in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.web.markup import attribute

_WIDTH, _HEIGHT = 360, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 42, 20, 30, 26  # room for the axes and the legend
_INNER, _TALL = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_STEPS = (1, 2, 2.5, 5, 10)
_LABELS = 5  # days named under the axis

# Shades that are told apart by how light they are too; at least 3 to 1 with the page (WCAG 1.4.11).
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#3d4a44}.g{stroke:#d9d8cf}.a{fill:#1d5c47}"
    ".b{fill:#b45309}.c{fill:#7b8781}.l{fill:none;stroke-width:2.5}.l.a{stroke:#1d5c47}"
    ".l.b{stroke:#b45309}.l,.l.a,.l.b{fill:none}.p{stroke:#fff;stroke-width:1}"
    "@media(prefers-color-scheme:dark){text{fill:#c3cec8}.g{stroke:#35413c}.a{fill:#8fd0b3}"
    ".b{fill:#f0a35e}.c{fill:#71807a}.l.a{stroke:#8fd0b3}.l.b{stroke:#f0a35e}"
    ".l,.l.a,.l.b{fill:none}.p{stroke:#1c2421}}"
)
_SHADES = "abc"


@dataclass(frozen=True, slots=True)
class Series:
    """What a shade stands for, and its value for each day; None where there is none."""

    name: str
    values: Sequence[float | None]


def image(svg: str, described: str) -> str:
    """The image of a plot; ``described`` is what is read in its place."""
    source = f"data:image/svg+xml,{quote(svg, safe='')}"
    return f'<img class="ch-plot" alt="{attribute(described)}" src="{source}">'


def columns(days: Sequence[str], series: Sequence[Series]) -> str:
    """A column a day, of the series on top of each other."""
    totals = [sum(one.values[n] or 0 for one in series) for n in range(len(days))]
    top = _nice(max(totals, default=0))
    wide = _INNER / max(len(days), 1)
    drawn: list[str] = []
    for day in range(len(days)):
        under = 0.0
        for shade, one in zip(_SHADES, series, strict=False):
            value = one.values[day] or 0
            if value:
                left, width = _LEFT + wide * (day + 0.12), min(wide * 0.76, 60)
                y, tall = _y(under + value, top), value / top * _TALL
                drawn.append(
                    f'<rect class="{shade}" x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" '
                    f'height="{max(tall - 0.6, 0.6):.1f}"/>'
                )
            under += value
    return _plot([*_grid(top), *drawn, *_under(days), *_legend(series)])


def lines(days: Sequence[str], series: Sequence[Series]) -> str:
    """A line a series, with a point where a day has a value."""
    known = [value for one in series for value in one.values if value is not None]
    top = _nice(max(known, default=0))
    wide = _INNER / max(len(days), 1)
    drawn: list[str] = []
    for shade, one in zip(_SHADES, series, strict=False):
        points = [
            (_LEFT + wide * (day + 0.5), _y(value, top))
            for day, value in enumerate(one.values)
            if value is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(f'<polyline class="l {shade}" points="{path}"/>')
        drawn += [f'<circle class="p {shade}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
    return _plot([*_grid(top), *drawn, *_under(days), *_legend(series)])


def _plot(parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}"><style>{_STYLE}</style>{"".join(parts)}</svg>'
    )


def _nice(highest: float) -> float:
    """A round number at or above the highest value, that four equal steps part."""
    if highest <= 4:
        return 4.0
    step = highest / 4
    power = 10 ** math.floor(math.log10(step))
    return float(4 * power * next(one for one in _STEPS if one * power >= step - 1e-9))


def _y(value: float, top: float) -> float:
    return _TOP + _TALL * (1 - value / top)


def _grid(top: float) -> Iterator[str]:
    """The horizontal lines and what they stand for."""
    for part in range(5):
        value, y = top * part / 4, _y(top * part / 4, top)
        yield f'<line class="g" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>'


def _short(value: float) -> str:
    """A number of an axis: ``2 500`` as « 2,5 k »."""
    if value < 1_000:
        return f"{value:g}".replace(".", ",")
    return f"{value / 1_000:g} k".replace(".", ",")


def _under(days: Sequence[str]) -> Iterator[str]:
    """Some of the days, the last one always."""
    every = max(1, math.ceil(len(days) / _LABELS))
    wide = _INNER / max(len(days), 1)
    for number, day in enumerate(days):
        if (len(days) - 1 - number) % every == 0:
            x = _LEFT + wide * (number + 0.5)
            yield f'<text x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{day}</text>'


def _legend(series: Sequence[Series]) -> Iterator[str]:
    x = float(_LEFT)
    for shade, one in zip(_SHADES, series, strict=False):
        yield f'<rect class="{shade}" x="{x:.0f}" y="6" width="12" height="12"/>'
        yield f'<text x="{x + 17:.0f}" y="17">{one.name}</text>'
        x += 32 + 7.2 * len(one.name)
