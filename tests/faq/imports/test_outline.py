from __future__ import annotations

import pytest

from app.faq.exports.formats import format_named
from app.faq.exports.order import in_order
from app.faq.imports.reader import read_faq
from app.faq.imports.row import BadRow, Reading, Row, UnreadableFaq
from app.faq.markdown import blocks_of
from tests.faq.exports.made import AGENCY, ENTRIES, HOSTILE, hostile


def read(text: str) -> Reading:
    return read_faq(text.encode(), "markdown")


def asked(text: str) -> list[tuple[str, str | None]]:
    return [(row.question, row.theme) for row in read(text).rows]


def test_headings_are_questions_and_those_above_themes() -> None:
    text = (
        "# FAQ\n\nBienvenue.\n\n## La charte\n\n### Qui peut signer ?\n\nToute **commune**.\n\n"
        "### Coût\n\nRien.\n\n## L'agence\n\n### Où ?\n\n- à Privas ;\n- ou ailleurs.\n"
    )
    assert read(text).rows == (
        Row("ligne 7", "Qui peut signer ?", "Toute **commune**.", (), "La charte"),
        Row("ligne 11", "Coût", "Rien.", (), "La charte"),
        Row("ligne 17", "Où ?", "- à Privas ;\n- ou ailleurs.", (), "L'agence"),
    )


def test_headings_below_a_question_are_part_of_its_answer() -> None:
    text = "## Comment ?\n\nAinsi :\n\n### Avant\n\nLire.\n\n### Après\n\nDire.\n\n## Et ?\n\nOui."
    [first, second] = read(text).rows
    assert first.answer == "Ainsi :\n\n**Avant**\n\nLire.\n\n**Après**\n\nDire."
    assert (second.question, second.place) == ("Et ?", "ligne 13")


def test_a_question_below_a_question_is_one_of_its_own() -> None:
    text = "# Qui ?\n\nVous.\n\n## Et qui d'autre ?\n\nEux.\n"
    assert asked(text) == [("Qui ?", ""), ("Et qui d'autre ?", "")]


def test_the_title_of_the_whole_is_no_theme() -> None:
    assert asked("# Tout\n\n## Qui ?\n\nVous.") == [("Qui ?", "")]
    assert asked("# A\n\n## Qui ?\n\nVous.\n\n# B\n\n## Où ?\n\nIci.") == [
        ("Qui ?", "A"), ("Où ?", "B"),
    ]  # fmt: skip


def test_front_matter_and_underlined_headings_keep_their_lines() -> None:
    text = "---\ntitle: FAQ\n---\n\nQui ?\n-----\n\nVous.\n"
    assert read(text).rows == (Row("ligne 5", "Qui ?", "Vous.", (), ""),)


def test_a_question_without_an_answer_is_told() -> None:
    found = read("# Qui ?\n\n# Où ?\n\nIci.\n\n# Fin\n")
    assert [row.question for row in found.rows] == ["Où ?"]
    assert found.bad == (
        BadRow("ligne 1", "La question « Qui ? » n'a pas de réponse."),
        BadRow("ligne 7", "La question « Fin » n'a pas de réponse."),
    )


def test_a_text_without_headings_is_refused() -> None:
    with pytest.raises(UnreadableFaq, match="aucun titre"):
        read("Qui ?\n\nVous.\n")


def test_what_was_exported_is_read_as_it_is_shown() -> None:
    format = format_named("markdown")
    assert format is not None
    [harmful] = read_faq(format.made([hostile()], AGENCY), "markdown").rows
    assert harmful.question == harmful.theme == HOSTILE.replace("\x0b", "")
    rows = read_faq(format.made(ENTRIES, AGENCY), "markdown").rows
    for row, one in zip(rows, in_order(ENTRIES), strict=True):
        known = one.edit
        assert (row.question, row.theme) == (known.question, known.theme)
        assert row.variants == known.variants
        assert _texts(row.answer) == _texts(known.answer)


def _texts(answer: str) -> list[tuple[str, list[str]]]:
    return [
        (block.kind, ["".join(run.text for run in line) for line in block.lines])
        for block in blocks_of(answer)
    ]
