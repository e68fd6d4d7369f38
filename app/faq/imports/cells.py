"""The cells of a table: CSV as spreadsheets write it, whatever parts its columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DELIMITERS = ";,\t"
OPEN = (
    "Un guillemet ouvert sur cette ligne n'est fermé nulle part : fermez-le ou retirez-le. La "
    "suite du fichier n'est pas lue."
)
_BROKEN = (
    "Un guillemet mal placé ou jamais fermé fait une seule question des lignes {first} à {last} : "
    "corrigez-le. Rien n'en est importé."
)
_UNREADABLE = "La ligne ne peut pas être lue : vérifiez ses guillemets."
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # the first line of some of Excel's files


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty: its number from 1, its cells, and what is wrong with its quotes.

    ``cells`` is empty when it cannot be read at all.
    """

    number: int
    cells: list[str]
    wrong: str = ""


class Table:
    """The lines of a text, the first of which names the columns; ``delimiter`` parts them."""

    def __init__(self, text: str) -> None:
        declared = _DECLARED.match(text)
        self._text = text[declared.end() :] if declared else text
        self._before = 1 if declared else 0
        self.delimiter = declared[1] if declared else _delimiter(text)

    def __iter__(self) -> Iterator[Line]:
        written = list(io.StringIO(self._text, newline=""))
        lines = csv.reader(written, delimiter=self.delimiter)
        while True:
            first = lines.line_num
            number = first + 1 + self._before
            try:
                cells = next(lines, None)
            except csv.Error:
                yield Line(number, [], _UNREADABLE)
                continue
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                wrong = self._wrong_quotes(written, first, lines.line_num)
                last = lines.line_num + self._before
                yield Line(number, cells, wrong.format(first=number, last=last))

    def too_many(self, cells: Sequence[str], width: int) -> str:
        """What to tell of a line with more cells than there are columns; empty for any other."""
        if not any(cell.strip() for cell in cells[width:]):
            return ""
        shown = "tabulation" if self.delimiter == "\t" else self.delimiter
        return (
            f"La ligne a plus de cellules que de colonnes ({len(cells)} au lieu de {width}) : "
            f"mettez entre guillemets un texte qui contient « {shown} »."
        )

    def _wrong_quotes(self, lines: Sequence[str], first: int, last: int) -> str:
        """What to tell of a row whose quotes take other lines into it; empty when right."""
        if last - first < 2 and last < len(lines):
            return ""
        try:
            list(csv.reader(lines[first:last], delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            if "end of data" in str(error):
                return OPEN
            return _BROKEN if last - first > 1 else ""
        return ""


def _delimiter(text: str) -> str:
    """What parts the columns: the sign that the first line has most of, outside of quotes."""
    header = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(_DELIMITERS, key=header.count)
