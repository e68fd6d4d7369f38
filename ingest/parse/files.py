"""A file on disk to a document, by its suffix."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import charset_normalizer

from ingest.documents import Document, Source, legible
from ingest.errors import SourceError, reason
from ingest.parse.html import parse_html
from ingest.parse.markdown import parse_markdown
from ingest.parse.text import parse_text

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".html", ".htm"})
_LONGEST = 500  # characters of a title that the text gives
_LETTERS = frozenset("àâæçéèêëîïôœùûü")
_SIGNS = _LETTERS | frozenset("äöÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ«»’‘“”–—…•·°²³€\u00a0")


def parse_file(path: Path, name: str, max_bytes: int) -> Document:
    """The document of a file; ``name`` is its place below what is ingested.

    Raises:
        SourceError: the file cannot be read, is too large, is not of a known kind, or has no text.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError(f"Le format « {path.suffix or path.name} » n'est pas pris en charge.")
    data = _read(path, max_bytes)
    source = Source(
        title=_title_of(path), path=legible(path.absolute().as_posix()), name=legible(name)
    )
    match path.suffix.lower():
        case ".html" | ".htm":
            document = parse_html(data, source)
        case ".md" | ".markdown":
            document = parse_markdown(decode(data), source)
        case _:
            document = parse_text(decode(data), source)
    if not any(block.kind != "heading" for block in document.blocks):
        raise SourceError("Le fichier ne contient pas de texte.")
    return replace(document, source=_shown(document.source))


def _shown(source: Source) -> Source:
    """The source with what the file says of itself as it can be shown, on a terminal too."""
    title, publisher, author, url = (
        _short(legible(value or "").strip())
        for value in (source.title, source.publisher, source.author, source.url)
    )
    return replace(
        source,
        title=title or source.name,
        publisher=publisher or None,
        author=author or None,
        url=url or None,
    )


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise SourceError(
                f"Le fichier fait {_spaced(size)} octets, plus que la limite de "
                f"{_spaced(max_bytes)} (CHARTISTE_MAX_FILE_BYTES)."
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"Le fichier ne peut pas être lu : {reason(error)}.") from error


def _spaced(number: int) -> str:
    return f"{number:_}".replace("_", " ")


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, else the old encoding of Windows, Mac or DOS in which it reads
    as French, else the one that ``charset-normalizer`` finds.

    Newlines are kept as they are. Raises SourceError for bytes that are not text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _old_french(data) or _guessed(data)
    if "\0" in text:
        raise SourceError("Le fichier contient des octets nuls : ce n'est pas un texte.")
    return text


def _old_french(data: bytes) -> str | None:
    """The text in the old encoding that gives it the most French letters, if it then reads well.

    ``charset-normalizer`` alone takes a short text in French for Polish or Chinese.
    """
    if b"\0" in data:  # UTF-16
        return None
    texts = [data.decode(name, errors="replace") for name in ("cp1252", "mac_roman", "cp850")]
    text = max(texts, key=lambda text: sum(sign in _LETTERS for sign in text))
    signs = [sign for sign in text if not sign.isascii()]
    return text if sum(sign in _SIGNS for sign in signs) > 0.95 * len(signs) else None


def _guessed(data: bytes) -> str:
    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise SourceError("L'encodage du fichier n'est pas reconnu.")
    return str(best)


def _title_of(path: Path) -> str:
    words = legible(re.sub(r"[-_]+", " ", path.stem).strip())
    return words[:1].upper() + words[1:] or path.name
