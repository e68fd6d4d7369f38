from __future__ import annotations

import pytest

from app.faq.exports.formats import format_named
from app.faq.exports.order import in_order
from app.faq.imports.reader import MOST, read_faq
from app.faq.imports.row import BadRow, Reading, Row, UnreadableFaq
from tests.faq.edits import edit
from tests.faq.exports.made import AGENCY, ENTRIES, FORMULAS, entry


def read(text: str | bytes) -> Reading:
    return read_faq(text.encode() if isinstance(text, str) else text, "csv")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_columns_are_parted_by_what_the_first_line_has_most_of(delimiter: str) -> None:
    text = f"Question{delimiter}Réponse\nQui ?{delimiter}Toute commune.\n"
    assert read(text) == Reading((Row("ligne 2", "Qui ?", "Toute commune."),), ())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16"]
)
def test_the_encoding_is_found(encoding: str) -> None:
    text = "Thème;Intitulé;Réponse\nÉnergie;Où aller à Privas, près de la mairie ?;À côté.\n"
    [row] = read(text.encode(encoding)).rows
    assert (row.theme, row.answer) == ("Énergie", "À côté.")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(end: str) -> None:
    found = read(end.join(["question,answer", "Un ?,a", "", "Deux ?,b", ""]))
    assert [(row.place, row.question) for row in found.rows] == [
        ("ligne 2", "Un ?"), ("ligne 4", "Deux ?"),
    ]  # fmt: skip


def test_a_row_is_told_by_the_line_on_which_it_begins() -> None:
    text = 'sep=;\nquestion;réponse\nUn ?;"a\n\nb"\nDeux ?;\n'
    found = read(text)
    assert [row.place for row in found.rows] == ["ligne 3"]
    assert found.rows[0].answer == "a\n\nb"
    assert found.bad == (BadRow("ligne 6", "La question « Deux ? » n'a pas de réponse."),)


def test_variants_stand_a_line_each_or_behind_bars() -> None:
    text = 'question;variantes;réponse\nUn ?;"a ?\nb ? | c ?";x\nDeux ?;;y\n'
    assert [row.variants for row in read(text).rows] == [("a ?", "b ?", "c ?"), ()]
    assert read("question;réponse\nUn ?;x\n").rows[0].variants == ()


def test_a_bad_line_is_told_and_the_rest_is_read() -> None:
    text = "question;réponse\nUn ?;a\n;sans question\nDeux ?;b;c\nTrois ?;[1]\nQuatre ?;d;;\n"
    found = read(text)
    assert [row.question for row in found.rows] == ["Un ?", "Quatre ?"]
    assert [bad.place for bad in found.bad] == ["ligne 3", "ligne 4", "ligne 5"]
    assert "plus de cellules que de colonnes (3 au lieu de 2)" in found.bad[1].why
    assert "« ; »" in found.bad[1].why


def test_a_cell_without_end_is_told() -> None:
    found = read(f'question;réponse\nUn ?;"{"x" * 1_000_001}\nDeux ?;b\n')
    assert found.bad[0].place == "ligne 2" and "guillemets" in found.bad[0].why


@pytest.mark.parametrize(
    ("text", "places", "asked"),
    [
        ('question;réponse\nUn ?;"a\nDeux ?;b\n', ["ligne 2"], []),
        ('question;réponse\nUn ?;a\n"Deux ?;b\nTrois ?;c', ["ligne 3"], ["Un ?"]),
        ('sep=;\nquestion;réponse\nUn ?;"a "" b\n', ["ligne 3"], []),
        ('question;"réponse\nUn ?;a\n', ["ligne 1"], []),
        ('question;réponse\nUn ?;"a"\nDeux ?;"b\n\nc"', [], ["Un ?", "Deux ?"]),
        ('question;réponse\nUn ?;"a" dit-on\nDeux ?;5" ou 6"\n', [], ["Un ?", "Deux ?"]),
    ],
)
def test_a_quote_that_is_never_closed_takes_no_other_question_with_it_in_silence(
    text: str, places: list[str], asked: list[str]
) -> None:
    found = read(text)
    assert [row.question for row in found.rows] == asked
    assert [bad.place for bad in found.bad] == places
    assert all("n'est fermé nulle part" in bad.why for bad in found.bad)


@pytest.mark.parametrize(
    ("text", "bad", "asked"),
    [
        ('Un ?;a\n"Qui ?" bis;"ouverte\nDeux ?;b\nTrois ?;c', (3, 5), ["Un ?"]),
        ('Un ?;a\nQui ?;"ouverte\nDeux ?;b\nTrois ?;"c"\nQuatre ?;d', (3, 5), ["Un ?", "Quatre ?"]),
        ('Qui ?;"ouverte\n"Deux ?";b\nTrois ?;c', (2, 3), ["Trois ?"]),
    ],
)
def test_a_quote_that_another_row_closes_takes_no_question_with_it_in_silence(
    text: str, bad: tuple[int, int], asked: list[str]
) -> None:
    for top, more in ("", 0), ("sep=;\n", 1):
        found = read(f"{top}question;réponse\n{text}")
        first, last = (line + more for line in bad)
        assert [row.question for row in found.rows] == asked
        assert [one.place for one in found.bad] == [f"ligne {first}"]
        assert f"une seule question des lignes {first} à {last}" in found.bad[0].why


def test_rows_that_the_names_of_the_columns_take_with_them_are_told() -> None:
    found = read('question;réponse;"note\nUn ?;a;b\nDeux ?;b;"c"\nTrois ?;c;d\n')
    assert [row.question for row in found.rows] == ["Trois ?"]
    assert [one.place for one in found.bad] == ["ligne 1"]


@pytest.mark.parametrize("text", ["", "\n\n", "question;réponse\n"])
def test_a_table_without_a_row_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFaq, match=r"vide|aucune question"):
        read(text)


@pytest.mark.parametrize("header", ["question", "réponse;thème", "Qui ?;Toute commune."])
def test_a_table_whose_columns_have_no_name_is_refused(header: str) -> None:
    with pytest.raises(UnreadableFaq, match="nommer ses colonnes : « question » et « réponse »"):
        read(f"{header}\nUn ?;a\n")


def test_a_file_of_too_many_questions_is_refused() -> None:
    with pytest.raises(UnreadableFaq, match="plus de 5000 questions"):
        read("question;réponse\n" + "Un ?;a\n" * (MOST + 1))


def test_what_was_exported_is_read_as_it_was() -> None:
    odd = [entry(f"f{n}", n, edit=edit(text, text, ("-a",))) for n, text in enumerate(FORMULAS[:4])]
    format = format_named("csv")
    assert format is not None
    for row, one in zip(
        read(format.made([*ENTRIES, *odd], AGENCY)).rows, in_order([*ENTRIES, *odd]), strict=True
    ):
        known = one.edit
        said = (row.question, row.variants, row.answer, row.theme)
        assert said == (known.question, known.variants, known.answer, known.theme)
