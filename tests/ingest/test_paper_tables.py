from __future__ import annotations

from collections.abc import Sequence

from ingest.parse.paper.lines import rows_of
from ingest.parse.paper.model import Line
from ingest.parse.paper.tables import with_tables
from tests.ingest.pdfs import line


def read(*lines: Line, right: float = 500) -> list[str]:
    """Each line, or the cells of each row."""
    return [
        " — ".join(" ".join(piece.text for piece in cell) for cell in one.cells) or one.text
        for one in with_tables(rows_of(lines), right)
    ]


def cells(top: float, order: int, *texts: str, bold: bool = False) -> list[Line]:
    return [
        line(text, 60 + 120 * rank, top, order=order + rank, bold=bold)
        for rank, text in enumerate(texts)
    ]


def test_cells_of_a_row_stay_together() -> None:
    rows = cells(700, 0, "Privas", "signée", "2019") + cells(680, 3, "Aubenas", "promise", "2020")
    assert read(*rows) == ["Privas — signée — 2019", "Aubenas — promise — 2020"]
    assert all(one.cells for one in with_tables(rows_of(rows), 500))


def test_a_lone_row_is_a_line() -> None:
    assert read(*cells(700, 0, "Fait à Privas", "le 3 mai")) == ["Fait à Privas le 3 mai"]


def test_a_cell_of_several_lines_is_one() -> None:
    rows: Sequence[Line] = [
        line("Communauté", 60, 700, order=0), line("de communes", 60, 688, order=1),
        line("2019", 180, 700, order=2),
        line("Privas", 60, 660, order=3), line("deux", 180, 660, order=4),
        line("ou trois", 180, 648, order=5),
    ]  # fmt: skip
    assert read(*rows) == ["Communauté de communes — 2019", "Privas — deux ou trois"]


def test_a_bold_row_whose_cells_are_centred_is_of_the_table() -> None:
    head = [line("Ville", 75, 720, order=0, bold=True), line("An", 190, 720, order=1, bold=True)]
    assert read(*head, *cells(700, 2, "Privas", "2019")) == ["Ville — An", "Privas — 2019"]


def test_the_text_under_a_table_is_not_of_it() -> None:
    rows = cells(700, 0, "Privas", "2019") + cells(680, 2, "Aubenas", "2020")
    assert read(*rows, line("Toutes ont signé.", 60, 640, order=4))[-1] == "Toutes ont signé."


def test_lines_that_are_spread_to_the_margins_are_no_rows() -> None:
    """Their gaps are all as wide, so that each word stands alone."""
    spread = [
        line(word, left, base, width=60, order=n)
        for n, (word, left, base) in enumerate(
            [("les", 60, 700), ("habitants", 150, 700), ("et", 240, 700),
             ("leurs", 60, 688), ("associations", 140, 688), ("locales", 240, 688)]
        )
    ]  # fmt: skip
    assert read(*spread, right=300) == ["les habitants et", "leurs associations locales"]
