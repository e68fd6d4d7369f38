from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.paper.columns import Columns
from ingest.parse.paper.model import Line
from tests.ingest.pdfs import block, line

LEFT = [f"ligne de gauche, numéro {n}" for n in range(6)]
RIGHT = [f"ligne de droite, numéro {n}" for n in range(6)]


def read(lines: Sequence[Line], reader: Columns | None = None) -> list[list[str]]:
    return [[one.text for one in column.lines] for column in (reader or Columns()).read(lines)]


def two(top: float = 700, order: int = 0, count: int = 6) -> list[Line]:
    return block(LEFT[:count], 60, top, order=order) + block(
        RIGHT[:count], 300, top, order=order + 10
    )


def test_one_column_is_read_from_top_to_bottom() -> None:
    assert read(block(LEFT)[::-1]) == [LEFT]


def test_the_left_column_is_read_before_the_right_one() -> None:
    assert read(two()) == [LEFT, RIGHT]


def test_columns_whose_lines_do_not_stand_side_by_side_are_found() -> None:
    assert read(block(LEFT, 60, 700) + block(RIGHT, 300, 694, order=10)) == [LEFT, RIGHT]


def test_three_columns_are_read_in_turn() -> None:
    last = [text.replace("droite", "fin") for text in RIGHT]
    lines = [
        *block(LEFT, 50, width=140), *block(RIGHT, 210, width=140, order=10),
        *block(last, 370, width=140, order=20),
    ]  # fmt: skip
    assert read(lines) == [LEFT, RIGHT, last]


def test_a_title_over_both_columns_comes_between_them() -> None:
    title = line("Un titre qui va d’une colonne à l’autre", 60, 600, width=400, size=14)
    lines = [*two(700), title, *two(570, 20)]
    assert read(lines) == [LEFT, RIGHT, [title.text], LEFT, RIGHT]


def test_a_short_title_over_both_columns_does_too() -> None:
    title = line("Objectifs", 60, 600, size=14, bold=True)
    assert read([*two(700), title, *two(570, 20)]) == [
        LEFT, RIGHT, [title.text], LEFT, RIGHT,
    ]  # fmt: skip


def test_a_short_line_under_two_columns_comes_after_them() -> None:
    under = line("Fait à Privas.", 60, 600, order=40)
    assert read([*two(700), under]) == [LEFT, RIGHT, [under.text]]
    longer = block(["encore à gauche", "et encore"], 60, 620, order=6)
    assert read([*block(LEFT), *longer, *block(RIGHT[:3], 300, order=20)]) == [
        [*LEFT, "encore à gauche", "et encore"], RIGHT[:3],
    ]  # fmt: skip


def test_a_title_beside_text_belongs_to_its_column() -> None:
    title = line("Objectifs", 60, 650, size=14, bold=True)
    left = [*block(LEFT[:2], 60, 700), title, *block(LEFT[2:], 60, 620)]
    assert read(left + block(RIGHT, 300, 700, order=20)) == [
        [*LEFT[:2], "Objectifs", *LEFT[2:]], RIGHT,
    ]  # fmt: skip


def test_a_gutter_of_one_page_is_known_on_the_next() -> None:
    reader = Columns()
    assert read(two(count=1)) == [[f"{LEFT[0]} {RIGHT[0]}"]]
    read(two(), reader)
    assert read(two(count=1), reader) == [LEFT[:1], RIGHT[:1]]


def test_a_table_that_is_written_row_by_row_is_no_column() -> None:
    lines = [
        line(text, left, 700 - 20 * row, order=2 * row + rank)
        for row, cells in enumerate([("Privas", "2019"), ("Aubenas", "2020"), ("Le Teil", "2021")])
        for rank, (text, left) in enumerate(zip(cells, (60, 300), strict=True))
    ]
    assert read(lines) == [["Privas 2019", "Aubenas 2020", "Le Teil 2021"]]


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 800), st.integers(1, 300)), max_size=40)
)
def test_no_line_is_lost_or_read_twice(places: list[tuple[int, int, int]]) -> None:
    lines = [
        line(f"<{n}>", left, base, width=width, order=n)
        for n, (left, base, width) in enumerate(places)
    ]
    words = " ".join(text for column in read(lines) for text in column)
    assert sorted(words.split()) == sorted(one.text for one in lines)
