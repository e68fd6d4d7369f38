"""PDF to a document: text in reading order with its headings, page by page.

A tagged PDF is read as its structure tree says, another by how it is set. A paragraph that columns
or pages cut is one block, on the page it begins on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ingest.documents import Document, Source
from ingest.errors import SourceError
from ingest.parse.builder import TextBuilder
from ingest.parse.paper.blocks import item_text
from ingest.parse.paper.file import Info, opened
from ingest.parse.paper.model import Line, Part
from ingest.parse.paper.parts import parts_of_sheets
from ingest.parse.paper.words import Vocabulary

MOST_PAGES = 2_000
_ILLEGIBLE = 0.3  # of the letters: with more that no code stands for, the text cannot be read
_DATE = re.compile(r"\s*(?:D:)?(\d{4})(\d{2})?(\d{2})?", re.ASCII)
_LANGUAGE = re.compile(r"\s*([a-z]{2,3})(?:[-_]|\s*\Z)", re.IGNORECASE | re.ASCII)
_NO_TITLE = re.compile(
    r"Microsoft (?:Word|PowerPoint|Excel)\b|(?:untitled|sans (?:titre|nom)|about:blank|sans-titre"
    r"|document|présentation(?: powerpoint)?|powerpoint presentation|titre)\s*\d*\Z",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r"\S*[_\d/\\]\S*\Z|.*\.(?:pdf|docx?|od[tpg]|rtf|pptx?|xlsx?|pub|indd|qxp?d?|tex|html?|txt)\Z",
    re.IGNORECASE | re.DOTALL,
)


def parse_pdf(data: bytes, source: Source) -> Document:
    """The document of a PDF; what the file says of itself completes ``source``.

    Raises:
        SourceError: it is damaged, has a password, too many pages, or no text.
    """
    with opened(data) as pdf:
        if pdf.count > MOST_PAGES:
            raise SourceError(
                f"Le PDF a {pdf.count} pages, plus que la limite de {MOST_PAGES} : "
                "découpez-le en plusieurs fichiers."
            )
        info = pdf.info
        parts = parts_of_sheets(list(pdf.sheets()))
    words = Vocabulary(_texts(lines) for part in parts for lines in part.cells or [part.lines])
    builder, headings = TextBuilder(), list[tuple[int, int, str]]()
    for part in parts:
        text = _text(part, words)
        if part.kind == "heading" and text:
            headings.append((part.page, part.level, text))
        _add(builder, part, text)
    document = builder.document(_described(source, info, _first(headings)))
    _check(document)
    return document


def _text(part: Part, words: Vocabulary) -> str:
    if part.cells:
        return " — ".join(filter(None, (words.joined(_texts(cell)) for cell in part.cells)))
    text = words.joined(_texts(part.lines))
    return item_text(text) if part.kind == "item" else text


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def _add(builder: TextBuilder, part: Part, text: str) -> None:
    match part.kind:
        case "heading":
            builder.add("heading", text, part.level, part.page)
        case "item" | "row":
            builder.add("item", text, page=part.page)
        case _:
            builder.add("paragraph", text, page=part.page)


def _first(headings: Sequence[tuple[int, int, str]]) -> str | None:
    """The highest heading of the first page."""
    on_first = [(level, text) for page, level, text in headings if page == 1]
    return min(on_first, key=lambda heading: heading[0])[1] if on_first else None


def _described(source: Source, info: Info, heading: str | None) -> Source:
    language = _LANGUAGE.match(info.language)
    return replace(
        source,
        title=_title(info.title) or heading or source.title,
        author=source.author or _one_line(info.author) or None,
        date=source.date or _date(info.created),
        language=language[1].lower() if language else source.language,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _title(text: str) -> str | None:
    """The title that the file declares; None where it is a file's name or a program's own."""
    title = _one_line(text)
    letters = sum(map(str.isalpha, title))
    if letters < 3 or _NO_TITLE.match(title) or _FILE_NAME.match(title):
        return None
    return title


def _date(text: str) -> str | None:
    """The ISO date of a PDF's own notation, ``D:20191205103000+01'00'``."""
    match = _DATE.match(text)
    if match is None or not 1980 <= int(match[1]) <= 2100:
        return None
    year, month, day = match[1], match[2] or "01", match[3] or "01"
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return year


def _check(document: Document) -> None:
    if not any(block.kind != "heading" for block in document.blocks):
        raise SourceError(
            "Le PDF ne contient pas de texte : ses pages sont sans doute des images numérisées. "
            "Passez-le d'abord à la reconnaissance de caractères (OCR)."
        )
    signs = [sign for sign in document.text if not sign.isspace()]
    lost = sum(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" for sign in signs)
    if lost > _ILLEGIBLE * len(signs):
        raise SourceError(
            "Le texte du PDF est illisible : ses polices ne disent pas quelles lettres elles "
            "dessinent. Passez-le à la reconnaissance de caractères (OCR)."
        )
