from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.parse.paper.blocks import continues, item_text, parts_of
from ingest.parse.paper.columns import Column
from ingest.parse.paper.headings import Body, body_of, is_heading, set_levels
from ingest.parse.paper.model import Frame, Line, Part, Sheet
from ingest.parse.paper.parts import parts_of_sheets
from tests.ingest.pdfs import block, line

BODY = Body(size=10, leading=1.2)
FRAME = Frame(0, 0, 595, 842)


def column(*lines: Line, left: float = 60, right: float = 260) -> Column:
    return Column(list(lines), left, right)


def read(*columns: Column) -> list[tuple[str, str]]:
    return [
        (part.kind, " ".join(line.text for line in part.lines))
        for part in parts_of(columns, 1, BODY)
    ]


def sheets(*pages: Sequence[Line]) -> list[Sheet]:
    return [Sheet(number, FRAME, list(lines)) for number, lines in enumerate(pages, 1)]


def whole(*pages: Sequence[Line]) -> list[tuple[str, int, str]]:
    return [
        (part.kind, part.page, " ".join(line.text for line in part.lines))
        for part in parts_of_sheets(sheets(*pages))
    ]


def test_lines_with_the_usual_leading_are_one_paragraph() -> None:
    assert read(column(*block(["La charte", "engage."]))) == [("paragraph", "La charte engage.")]


def test_a_larger_gap_parts_two_paragraphs() -> None:
    lines = block(["La charte", "engage"]) + block(["les communes", "toutes."], top=670)
    assert [text for _, text in read(column(*lines))] == [
        "La charte engage",
        "les communes toutes.",
    ]


def test_a_short_line_that_ends_a_sentence_ends_a_paragraph() -> None:
    lines = [*block(["Une charte", "engage."]), *block(["Elle dure", "dix ans."], top=676)]
    assert [text for _, text in read(column(*lines))] == [
        "Une charte engage.",
        "Elle dure dix ans.",
    ]


def test_an_indent_begins_a_paragraph() -> None:
    first = block(["Une charte", "engage tout,", "et tous."], width=200)
    first[2].right = 258
    second = line("Elle dure", 75, 664, width=185)
    assert len(read(column(*first, second))) == 2


@pytest.mark.parametrize("mark", ["• ", "– ", "- ", "1. ", "2) ", "a) ", "1° "])
def test_bullets_and_numbers_begin_items(mark: str) -> None:
    lines = [
        line("Deux buts :", 60, 700), line(f"{mark}agir", 70, 688),
        line("ensemble ;", 80, 676), line(f"{mark}signer.", 70, 664),
    ]  # fmt: skip
    kinds = [(kind, item_text(text)) for kind, text in read(column(*lines))]
    assert kinds == [("paragraph", "Deux buts :"), ("item", "agir ensemble ;"), ("item", "signer.")]


def test_a_bullet_that_is_drawn_begins_an_item() -> None:
    lines = [line("agir", 80, 700, bullet=True), line("signer", 80, 688, bullet=True)]
    assert read(column(*lines)) == [("item", "agir"), ("item", "signer")]


def test_a_dash_in_the_middle_of_a_sentence_begins_nothing() -> None:
    lines = block(["La charte, celle de 2019", "– la première – engage", "tout le monde."])
    assert len(read(column(*lines))) == 1


def test_larger_and_bold_lines_are_headings() -> None:
    lines = [
        line("La charte", 60, 740, size=16), line("Signer", 60, 716, bold=True),
        *block(["On signe", "en ligne."]),
    ]  # fmt: skip
    assert [kind for kind, _ in read(column(*lines))] == ["heading", "heading", "paragraph"]


def test_a_heading_of_two_lines_is_one() -> None:
    lines = [line("La charte", 60, 740, size=16), line("d’alliance", 60, 720, size=16)]
    assert read(column(*lines)) == [("heading", "La charte d’alliance")]


@pytest.mark.parametrize("text", ["Elle engage.", "mot " * 60, "12 34", "dont :"])
def test_a_bold_sentence_or_a_number_is_no_heading(text: str) -> None:
    assert not is_heading([line(text, bold=True)], BODY)


def test_the_larger_a_heading_the_higher_its_level() -> None:
    lines = [
        line("a", size=12, bold=True),
        line("b", size=18),
        line("c", size=12),
        line("d", size=18.2),
    ]
    parts = [Part("heading", 1, [one]) for one in lines]
    set_levels(parts)
    assert [part.level for part in parts] == [2, 1, 3, 1]


def test_the_body_is_what_most_letters_are_set_in() -> None:
    lines = [line("Titre", size=20), *block(["Une ligne", "une autre", "la fin"], size=11)]
    assert body_of(lines) == Body(11, 1.2)


def test_lines_of_a_table_of_contents_are_left_out() -> None:
    assert read(column(line("Signer la charte ............ 12", 60, 700))) == []
    assert len(read(column(line("Nom : ............", 60, 700)))) == 1


def test_a_sentence_goes_on_in_the_next_column() -> None:
    columns = column(*block(["La charte", "engage tous"])), column(*block(["les élus", "réunis."]))
    assert [text for _, text in read(*columns)] == ["La charte engage tous les élus réunis."]


def test_a_sentence_that_has_ended_does_not_go_on() -> None:
    first, second = block(["La charte engage."]), block(["Elle dure."])
    assert not continues(Part("paragraph", 1, first), Part("paragraph", 1, second), column(*second))


def test_a_sentence_goes_on_with_a_name_when_its_line_was_full() -> None:
    first, second = block(["La charte de la", "vallée du"]), block(["Rhône engage", "tout."])
    first[1].right = 260
    assert continues(Part("paragraph", 1, first), Part("paragraph", 1, second), column(*second))


def test_notes_come_after_the_text_of_their_page_and_of_its_last_sentence() -> None:
    first = [
        *block(["La charte engage", "tous les"]), line("1 Voir le rapport", 60, 90, size=8),
        line("de 2019.", 60, 80, size=8), line("2 Idem.", 60, 70, size=8),
    ]  # fmt: skip
    assert whole(first, block(["élus réunis.", "Elle dure."])) == [
        ("paragraph", 1, "La charte engage tous les élus réunis. Elle dure."),
        ("note", 1, "1 Voir le rapport de 2019."),
        ("note", 1, "2 Idem."),
    ]


def test_small_lines_with_text_below_them_are_no_notes() -> None:
    lines = [line("2 exemples", 60, 720, size=8), *block(["La charte", "engage."])]
    assert [kind for kind, _ in read(column(*lines))] == ["paragraph", "paragraph"]


def test_a_part_that_tags_cut_at_the_end_of_a_page_is_one() -> None:
    pages = [
        Sheet(1, FRAME, parts=[
            Part("paragraph", 1, block(["La charte"]), path=(0, 1)),
            Part("note", 1, block(["1 Voir."]), path=(0, 2)),
        ]),
        Sheet(2, FRAME, parts=[
            Part("paragraph", 2, block(["engage."]), path=(0, 1)),
            Part("paragraph", 2, block(["elle dure."]), path=(0, 3)),
        ]),
    ]  # fmt: skip
    parts = parts_of_sheets(pages)
    assert [(part.page, [line.text for line in part.lines]) for part in parts] == [
        (1, ["La charte", "engage."]), (1, ["1 Voir."]), (2, ["elle dure."]),
    ]  # fmt: skip


def test_where_no_tag_names_a_heading_the_look_of_a_line_does() -> None:
    parts = [
        Part("paragraph", 1, [line("Signer", size=16)], path=(0,)),
        Part("paragraph", 1, block(["On signe", "en ligne."]), path=(1,)),
    ]
    found = parts_of_sheets([Sheet(1, FRAME, parts=parts)])
    assert [(part.kind, part.level) for part in found] == [("heading", 1), ("paragraph", 0)]
