"""The bytes of a file or page to a document, by their format."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

import charset_normalizer

from ingest.documents import Document, Source, legible
from ingest.errors import SourceError, reason

Format = Literal["html", "markdown", "text", "pdf", "docx", "odt"]

_SUFFIXES: dict[str, Format] = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".odt": "odt",
}  # fmt: skip
_TYPES: dict[str, Format] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
}
_LONGEST = 500  # characters of a title that the text gives
_LETTERS = frozenset("àâæçéèêëîïôœùûü")
_SIGNS = _LETTERS | frozenset("äöÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ«»’‘“”–—…•·°²³€\u00a0")


class UnknownFormat(SourceError):
    """A file or page is of a format that is not read."""


def format_of_file(name: str) -> Format:
    """The format of a file by its suffix.

    Raises:
        UnknownFormat: none that is read.
    """
    suffix = os.path.splitext(name)[1]
    if found := _SUFFIXES.get(suffix.lower()):
        return found
    if suffix.lower() == ".doc":
        raise SourceError(
            "L'ancien format « .doc » n'est pas pris en charge : enregistrez-le en .docx ou .pdf."
        )
    raise UnknownFormat(f"Le format « {suffix or name} » n'est pas pris en charge.")


def format_of_page(data: bytes, content_type: str | None, path: str) -> Format:
    """The format of what a server gave: by its first bytes, the type it says, its address.

    Raises:
        UnknownFormat: none that is read.
    """
    if data.startswith(b"%PDF-"):
        return "pdf"
    said = _TYPES.get((content_type or "").partition(";")[0].strip().lower())
    if said not in (None, "pdf"):
        return said
    try:
        return format_of_file(path)
    except SourceError:
        if data.startswith(b"PK"):
            return "odt" if b"opendocument.text" in data[:200] else "docx"
        if b"<html" in data[:2_000].lower() or b"<!doctype html" in data[:2_000].lower():
            return "html"
        if content_type is None or content_type.startswith("text/"):
            return "text"
        raise


def read_file(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file.

    Raises:
        SourceError: it cannot be read, or is too large.
    """
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


def source_of_file(path: Path, name: str) -> Source:
    """What is known of a file before it is read; ``name`` is its place below what is ingested."""
    return Source(
        title=_title_of(path), path=legible(path.absolute().as_posix()), name=legible(name)
    )


def _title_of(path: Path) -> str:
    words = legible(re.sub(r"[-_]+", " ", path.stem).strip())
    return words[:1].upper() + words[1:] or path.name


def parse(data: bytes, format: Format, source: Source, charset: str | None = None) -> Document:
    """The document; ``source`` gives way to what the text says of itself.

    ``charset`` is the one a server said. Only the libraries of that format are imported.

    Raises:
        SourceError: it cannot be read, or has no text.
    """
    document = _parsed(data, format, source, charset)
    if not any(block.kind != "heading" for block in document.blocks):
        raise SourceError("Le fichier ne contient pas de texte.")
    return replace(document, source=_shown(document.source))


def _parsed(data: bytes, format: Format, source: Source, charset: str | None) -> Document:
    match format:
        case "html":
            from ingest.parse.html import parse_html

            return parse_html(data, source, charset)
        case "markdown":
            from ingest.parse.markdown import parse_markdown

            return parse_markdown(decode(data, charset), source)
        case "text":
            from ingest.parse.text import parse_text

            return parse_text(decode(data, charset), source)
        case "pdf":
            from ingest.parse.pdf import parse_pdf

            return parse_pdf(data, source)
        case "docx":
            from ingest.parse.docx import parse_docx

            return parse_docx(data, source)
        case "odt":
            from ingest.parse.odt import parse_odt

            return parse_odt(data, source)


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


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of a file: UTF-8, else the ``charset`` a server said, else the old encoding of
    Windows, Mac or DOS in which it reads as French, else what ``charset-normalizer`` finds.

    Newlines are kept as they are. Raises SourceError for bytes that are not text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _said(data, charset) or _old_french(data) or _guessed(data)
    if "\0" in text:
        raise SourceError("Le fichier contient des octets nuls : ce n'est pas un texte.")
    return text


def _said(data: bytes, charset: str | None) -> str | None:
    try:
        return data.decode(charset) if charset else None
    except (LookupError, ValueError):
        return None


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
