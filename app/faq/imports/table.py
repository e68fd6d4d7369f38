"""A table of questions and answers: CSV as spreadsheets write it, in the encoding it really has.

The first line names the columns, in any order and any case: ``question`` and ``réponse``, then
``variantes`` (as :mod:`app.faq.exports.lists` puts several in a cell) and ``thème`` where they are
there. Others are left aside.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from app.faq.exports.formulas import natural
from app.faq.exports.lists import parted
from app.faq.imports.row import BadRow, Row, UnreadableFaq
from app.intent import folded

_NAMES = {
    "question": ("question", "questions", "intitule", "titre", "title", "q"),
    "answer": ("reponse", "reponses", "answer", "answers", "texte", "r", "a"),
    "variants": ("variantes", "variante", "autres formulations", "variants", "alternatives"),
    "theme": ("theme", "themes", "categorie", "rubrique", "category", "topic"),
}
_DELIMITERS = ";,\t"
_OPEN = (
    "Un guillemet ouvert sur cette ligne n'est fermé nulle part : fermez-le ou retirez-le. La "
    "suite du fichier n'est pas lue."
)
_BROKEN = (
    "Un guillemet mal placé ou jamais fermé fait une seule question des lignes {first} à {last} : "
    "corrigez-le. Rien n'en est importé."
)
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # the first line of some of Excel's files


def read_table(text: str) -> Iterator[Row | BadRow]:
    """The rows of a table.

    Raises:
        UnreadableFaq: its first line does not name the two columns.
    """
    declared = _DECLARED.match(text)
    if declared:
        text = text[declared.end() :]
    before = 1 if declared else 0
    delimiter = declared[1] if declared else _delimiter(text)
    written = list(io.StringIO(text, newline=""))
    lines = csv.reader(written, delimiter=delimiter)
    columns: dict[str, int] | None = None
    while True:
        first = lines.line_num
        line = first + 1 + before
        try:
            cells = next(lines, None)
        except csv.Error:
            yield BadRow(
                f"ligne {line}", "La ligne ne peut pas être lue : vérifiez ses guillemets."
            )
            continue
        if cells is None:
            break
        if not any(cell.strip() for cell in cells):
            continue
        wrong = _wrong_quotes(written, first, lines.line_num, delimiter)
        if wrong:
            yield BadRow(f"ligne {line}", wrong.format(first=line, last=lines.line_num + before))
        if columns is None:
            columns, width = {} if wrong == _OPEN else _columns(cells), len(cells)
        elif not wrong:
            yield _row(f"ligne {line}", cells, columns, width, delimiter)
    if columns is None:
        raise UnreadableFaq("Le tableau est vide.")


def _wrong_quotes(lines: Sequence[str], first: int, last: int, delimiter: str) -> str:
    """What to tell of a row whose quotes take other lines into it; empty when they are right."""
    if last - first < 2 and last < len(lines):
        return ""
    try:
        list(csv.reader(lines[first:last], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            return _OPEN
        return _BROKEN if last - first > 1 else ""
    return ""


def _delimiter(text: str) -> str:
    """What parts the columns: the sign that the first line has most of, outside of quotes."""
    header = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(_DELIMITERS, key=header.count)


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


def _row(
    place: str, cells: Sequence[str], columns: dict[str, int], width: int, delimiter: str
) -> Row | BadRow:
    if any(cell.strip() for cell in cells[width:]):
        return BadRow(
            place,
            f"La ligne a plus de cellules que de colonnes ({len(cells)} au lieu de {width}) : "
            f"mettez entre guillemets un texte qui contient « {_shown(delimiter)} ».",
        )

    def cell(name: str) -> str:
        position = columns.get(name, len(cells))
        return natural(cells[position]).strip() if position < len(cells) else ""

    variants = parted(cell("variants"))
    return Row(place, cell("question"), cell("answer"), variants, cell("theme"))


def _shown(delimiter: str) -> str:
    return "tabulation" if delimiter == "\t" else delimiter
