"""The dashboard's plots, as drawings that say what their numbers are."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from app.web.staff.charts import Series, _nice, columns, image, lines

SVG = "{http://www.w3.org/2000/svg}"
DAYS = ["01/11", "02/11", "03/11"]


def drawn(svg: str, tag: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f"{SVG}{tag}")


def heights(svg: str, shade: str) -> list[float]:
    """The columns of a shade, the legend's square left out."""
    found = [rect for rect in drawn(svg, "rect") if rect.get("class") == shade][:-1]
    return [float(rect.get("height", "")) for rect in found]


def test_columns_are_as_tall_as_their_values_and_stand_on_each_other() -> None:
    svg = columns(DAYS, [Series("A", [4, 2, 0]), Series("B", [0, 2, None])])
    first, second = heights(svg, "a")
    assert first == pytest.approx(2 * second, rel=0.02)
    [above] = heights(svg, "b")
    assert above == pytest.approx(second, rel=0.02)
    tops = {rect.get("class"): float(rect.get("y", "")) for rect in drawn(svg, "rect")[1:3]}
    assert tops["b"] < tops["a"]


def test_a_line_has_a_point_where_there_is_a_value() -> None:
    svg = lines(DAYS, [Series("médiane", [10, None, 30])])
    [line] = drawn(svg, "polyline")
    assert len(drawn(svg, "circle")) == 2 == len(line.get("points", "").split())
    low, high = (float(circle.get("cy", "")) for circle in drawn(svg, "circle"))
    assert high < low


@pytest.mark.parametrize("draw", [columns, lines])
def test_nothing_is_drawn_within_the_axes_when_there_is_nothing(draw: object) -> None:
    svg = draw([], [Series("A", [])])  # type: ignore[operator]
    assert drawn(svg, "circle") == [] and len(drawn(svg, "line")) == 5
    svg = draw(DAYS, [Series("A", [0, 0, 0])])  # type: ignore[operator]
    assert heights(svg, "a") == []


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 4), (1, 4), (4, 4), (5, 8), (11, 20), (40, 40), (41, 80), (99, 100), (9_999, 10_000)],
)
def test_an_axis_ends_at_a_round_number(highest: float, top: float) -> None:
    assert _nice(highest) == top


@pytest.mark.parametrize("size", [1, 7, 30])
def test_some_days_are_named_the_last_one_always(size: int) -> None:
    days = [f"{n:02}/11" for n in range(1, size + 1)]
    svg = columns(days, [Series("A", [1] * size)])
    named = [
        text.text for text in drawn(svg, "text") if re.fullmatch(r"\d\d/\d\d", text.text or "")
    ]
    assert named[-1] == days[-1] and 1 <= len(named) <= 5


def test_axis_and_legend_are_text() -> None:
    svg = lines(DAYS, [Series("médiane (ms)", [2_500, 100, 10])])
    texts = {text.text for text in drawn(svg, "text")}
    assert {"médiane (ms)", "0", "2,5 k", "4 k"} & texts >= {"médiane (ms)", "0"}
    assert any((text or "").endswith(" k") for text in texts)


def test_an_image_holds_its_drawing_and_what_is_read_in_its_place() -> None:
    html = image("<svg>é</svg>", 'Le plus : 3 "questions"\nhier')
    assert "\n" not in html and "&quot;questions&quot;&#10;hier" in html
    found = re.search(r'src="data:image/svg\+xml,([^"]*)"', html)
    assert found and unquote(found[1]) == "<svg>é</svg>"


def test_a_drawing_asks_nothing_of_anybody() -> None:
    svg = columns(DAYS, [Series("A", [1, 2, 3])])
    assert "href" not in svg and "url(" not in svg and svg.count("http") == 1  # its own namespace
