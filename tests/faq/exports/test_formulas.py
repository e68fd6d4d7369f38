from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.faq.exports.formulas import natural, neutral
from tests.faq.exports.made import FORMULAS


@pytest.mark.parametrize("text", FORMULAS)
def test_what_opens_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Oui.", "1 - 1", " =1", "l'agence", "'", "'oui'", "«=»"])
def test_any_other_text_stays(text: str) -> None:
    assert neutral(text) == text == natural(text)


@given(st.text("=+-@'\t\ra ＝"))
def test_the_text_comes_back_and_no_cell_opens_a_formula(text: str) -> None:
    cell = neutral(text)
    assert natural(cell) == text
    assert not cell.startswith(tuple("=+-@\t\r＝＋－＠"))
