"""A table of questions and answers: CSV as spreadsheets write it, in the encoding it really has.

The first line names the columns, in any order and any case: ``question`` and ``réponse``, then
``variantes`` (as :mod:`app.faq.exports.lists` puts several in a cell) and ``thème`` where they are
there. Others are left aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.faq.exports.formulas import natural
from app.faq.exports.lists import parted
from app.faq.imports.cells import OPEN, Line, Table
from app.faq.imports.row import BadRow, Row, UnreadableFaq
from app.intent import folded

_NAMES = {
    "question": ("question", "questions", "intitule", "titre", "title", "q"),
    "answer": ("reponse", "reponses", "answer", "answers", "texte", "r", "a"),
    "variants": ("variantes", "variante", "autres formulations", "variants", "alternatives"),
    "theme": ("theme", "themes", "categorie", "rubrique", "category", "topic"),
}


def read_table(text: str) -> Iterator[Row | BadRow]:
    """The rows of a table.

    Raises:
        UnreadableFaq: its first line does not name the two columns.
    """
    table = Table(text)
    columns: dict[str, int] | None = None
    for line in table:
        if line.wrong:
            yield BadRow(f"ligne {line.number}", line.wrong)
        if not line.cells:
            continue
        if columns is None:
            columns, width = {} if line.wrong == OPEN else _columns(line.cells), len(line.cells)
        elif not line.wrong:
            yield _row(line, columns, width, table)
    if columns is None:
        raise UnreadableFaq("Le tableau est vide.")


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where each known column is."""
    found: dict[str, int] = {}
    for position, cell in enumerate(cells):
        said = folded(cell).strip(" :*")
        for name, names in _NAMES.items():
            if said in names:
                found.setdefault(name, position)
    if not {"question", "answer"} <= found.keys():
        raise UnreadableFaq(
            "La première ligne du tableau doit nommer ses colonnes : « question » et « réponse » "
            "(et, s'il y en a, « variantes » et « thème »)."
        )
    return found


def _row(line: Line, columns: dict[str, int], width: int, table: Table) -> Row | BadRow:
    place, cells = f"ligne {line.number}", line.cells
    if wrong := table.too_many(cells, width):
        return BadRow(place, wrong)

    def cell(name: str) -> str:
        position = columns.get(name, len(cells))
        return natural(cells[position]).strip() if position < len(cells) else ""

    variants = parted(cell("variants"))
    return Row(place, cell("question"), cell("answer"), variants, cell("theme"))
