"""The bytes of a file to the questions it holds, by its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.faq.imports.row import BadRow, Kind, Reading, Row, UnreadableFaq
from ingest.parse.encoding import decode_page
from ingest.parse.files import decode

MOST = 5_000  # questions of a file

_MARKER = re.compile(r"\s*\[\d{1,3}\](?!\()")


def read_faq(data: bytes, kind: Kind) -> Reading:
    """The questions of a file; those without an answer are bad rows.

    Raises:
        UnreadableFaq: it is no FAQ of that kind, or a larger one than is taken.
        SourceError: its bytes are no text, or its elements are nested too deeply.
    """
    found = [_checked(one) for one in _read(data, kind)]
    if not found:
        raise UnreadableFaq("Le fichier ne contient aucune question.")
    if len(found) > MOST:
        raise UnreadableFaq(f"Le fichier a plus de {MOST} questions : partagez-le.")
    return Reading.of(found)


def _read(data: bytes, kind: Kind) -> Iterator[Row | BadRow]:
    match kind:
        case "csv":
            from app.faq.imports.table import read_table

            return read_table(decode(data))
        case "markdown":
            from app.faq.imports.outline import read_outline

            return read_outline(decode(data))
        case "html":
            from app.faq.imports.page import read_page

            return read_page(decode_page(data))


def _checked(one: Row | BadRow) -> Row | BadRow:
    if isinstance(one, BadRow):
        return one
    if not one.question.strip():
        return BadRow(one.place, "La question est vide.")
    if not _MARKER.sub("", one.answer).strip():
        return BadRow(one.place, f"La question « {_short(one.question)} » n'a pas de réponse.")
    return one


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= 80 else f"{said[:79]}…"
