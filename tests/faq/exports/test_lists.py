from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.faq.entry import Edit
from app.faq.exports.formats import format_named
from app.faq.exports.lists import listed, parted
from app.faq.exports.order import printable
from app.faq.imports.reader import read_faq
from app.faq.rules import tidied
from tests.faq.exports.made import AGENCY, entry

SIGNS = st.sampled_from("ab\\|;\"'=+@,.?é \u200d\u2028\x85")
TEXTS = st.lists(st.text(SIGNS, max_size=8) | st.text(max_size=8), max_size=6)


@pytest.mark.parametrize(
    ("texts", "cell"),
    [
        (("Tri | compost ?",), r"Tri \| compost ?"),
        ((r"a\|b", "c"), "a\\\\\\|b\nc"),
        (("C:\\",), "C:\\\\"),
        ((), ""),
    ],
)
def test_texts_in_a_cell_come_back(texts: tuple[str, ...], cell: str) -> None:
    assert listed(texts) == cell and parted(cell) == texts


def test_what_a_person_writes_is_parted_by_bars_and_lines() -> None:
    assert parted("a | b\r\n|c||\n d\\e \\ | f") == ("a", "b", "c", "d\\e \\", "f")


@given(TEXTS)
def test_any_variants_that_an_entry_may_have_come_back_from_a_table(texts: list[str]) -> None:
    written = tidied(Edit("Question", tuple(map(printable, texts)), "Réponse.", "", ()))
    table = format_named("csv")
    assert table is not None
    [row] = read_faq(table.made([replace(entry(), edit=written)], AGENCY), "csv").rows
    assert row.variants == written.variants
