from __future__ import annotations

import pytest

from ingest.parse.paper.lines import lines_of, merged, rows_of
from ingest.parse.paper.model import BROKEN, GLUED, SPACED, Word
from tests.ingest.pdfs import line


def words(*given: tuple[str, int] | tuple[str, int, float], size: float = 10) -> list[Word]:
    """Words one after the other; a third value is how much one is raised, in a smaller size."""
    placed: list[Word] = []
    x = 50.0
    for text, before, *raised in given:
        own = 0.6 * size if raised else size
        x += 3.0 if before == SPACED else 0.0
        base = 700 + (raised[0] if raised else 0.0)
        placed.append(Word(text, x, x + 0.5 * own * len(text), base, own, False, before))
        x = placed[-1].right
    return placed


def texts(*given: tuple[str, int] | tuple[str, int, float]) -> list[str]:
    return [line.text for line in lines_of(words(*given))]


def test_words_on_one_base_line_make_a_line() -> None:
    assert texts(("La", BROKEN), ("charte", SPACED), (",", GLUED)) == ["La charte,"]


def test_a_lower_word_begins_a_line() -> None:
    first, second = words(("La", BROKEN), ("charte", SPACED))
    lower = second._replace(left=50, right=80, base=688)
    assert [one.text for one in lines_of([first, lower])] == ["La", "charte"]


def test_a_wide_gap_parts_two_cells_unless_the_line_is_whole() -> None:
    first, second = words(("Privas", BROKEN), ("2019", SPACED))
    far = second._replace(left=200, right=220)
    assert [one.text for one in lines_of([first, far])] == ["Privas", "2019"]
    assert [one.text for one in lines_of([first, far], whole=True)] == ["Privas 2019"]


def test_words_of_two_runs_are_parted_by_the_gap_between_them() -> None:
    first, second = words(("sous", BROKEN), ("titre", BROKEN))
    apart = second._replace(left=second.left + 3, right=second.right + 3)
    assert [one.text for one in lines_of([first, second])] == ["soustitre"]
    assert [one.text for one in lines_of([first, apart])] == ["sous titre"]


@pytest.mark.parametrize("mark", ["1", "12", "*", "1,2", "[3]"])
def test_the_mark_of_a_note_is_taken_out(mark: str) -> None:
    given = ("charte", BROKEN), (mark, BROKEN, 4.0), (".", GLUED), ("Elle", SPACED)
    assert texts(*given) == ["charte. Elle"]


def test_the_mark_in_front_of_a_note_stays_apart_from_it() -> None:
    assert texts(("1", BROKEN, 4.0), ("Texte", BROKEN)) == ["1 Texte"]


def test_units_and_powers_keep_their_exponents() -> None:
    assert texts(("12", BROKEN), ("km", SPACED), ("2", GLUED, 4.0)) == ["12 km²"]
    assert texts(("10", BROKEN), ("6", GLUED, 4.0)) == ["10⁶"]


def test_raised_letters_and_lowered_figures_stay() -> None:
    assert texts(("1", BROKEN), ("er", GLUED, 4.0), ("mai", SPACED)) == ["1er mai"]
    assert texts(("CO", BROKEN), ("2", GLUED, -2.0)) == ["CO2"]


def test_a_mark_that_is_written_as_a_sign_is_taken_out_of_words_only() -> None:
    assert texts(("charte¹", BROKEN), ("km²", SPACED), ("fin.³", SPACED)) == ["charte km² fin."]


def test_a_line_is_bold_when_nearly_all_of_it_is() -> None:
    first, second = words(("Signer", BROKEN), ("la", SPACED))
    bold = first._replace(bold=True)
    assert [one.bold for one in lines_of([bold, second._replace(bold=True)])] == [True]
    assert [one.bold for one in lines_of([bold, second])] == [False]


def test_pieces_of_a_line_are_one_from_left_to_right() -> None:
    one = merged([line("charte", 120, order=1), line("La", 60, bullet=True)])
    assert (one.text, one.left, one.right, one.bullet) == ("La charte", 60, 150, True)


def test_rows_come_from_the_top_of_the_page() -> None:
    rows = rows_of([line("c", 60, 600), line("b", 90, 701), line("a", 60, 700)])
    assert [[one.text for one in row] for row in rows] == [["a", "b"], ["c"]]
