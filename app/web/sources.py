"""The sources as pages without script: the list, and each text with the cited passage marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from app.answers import Citation
from app.assistant import Assistant
from app.web import texts
from app.web.markup import escape, link, page, safe_url, text_fragment
from app.web.problems import error_page
from app.wording import shown_date
from ingest.documents import BlockKind, Document, Passage, Source

_OFFSET = re.compile(r"\d{1,9}\Z", re.ASCII)
_CONTENTS_FROM = 3  # headings

Span = tuple[int, int]


def add_sources(app: FastAPI, assistant: Assistant) -> None:
    """Add ``GET /sources`` and ``GET /sources/<id>``."""

    @app.api_route("/sources", methods=["GET", "HEAD"], include_in_schema=False)
    def all_sources() -> HTMLResponse:
        return HTMLResponse(list_page(assistant.sources()))

    @app.api_route("/sources/{id}", methods=["GET", "HEAD"], include_in_schema=False)
    def one_source(id: str, start: str = "", end: str = "", passage: str = "") -> HTMLResponse:
        document = assistant.document(id)
        if document is None:
            title, detail = texts.PROBLEMS[404].fr, texts.UNKNOWN_SOURCE.fr
            return HTMLResponse(error_page(title, detail, 1), 404)
        if not passage:
            span = read_span(start, end, len(document.text))
            return HTMLResponse(source_page(document, span))
        found = assistant.passages([passage]).get(passage)
        span = span_in(found, start, end) if found and found.source_id == id else None
        return HTMLResponse(source_page(document, span, moved=span is None))


def read_span(start: str, end: str, length: int) -> Span | None:
    """The offsets of a query, or None unless they hold a part of a text of ``length``."""
    if not (_OFFSET.match(start) and _OFFSET.match(end)):
        return None
    span = int(start), int(end)
    return span if span[0] < span[1] <= length else None


def span_in(passage: Passage, start: str, end: str) -> Span | None:
    """All of the passage when no offsets are given, else the whole sentences they hold.

    A passage keeps its id where its text has moved, and offsets made before may then still fall
    inside it: as quotations are whole sentences, other offsets are those of another text.
    """
    if not (start or end):
        return passage.start, passage.end
    span = read_span(start, end, passage.end)
    begins = {sentence.start for sentence in passage.sentences}
    ends = {sentence.end for sentence in passage.sentences}
    return span if span and span[0] in begins and span[1] in ends else None


def source_address(citation: Citation) -> str:
    """The address, from the assistant's page, of a source with the quotation marked."""
    at = f"passage={citation.passage}&start={citation.start}&end={citation.end}"
    return f"sources/{citation.source.id}?{at}#passage"


def original_address(source: Source, quoted: str = "", page: int | None = None) -> str | None:
    """The public address; at the page, or the quotation, when our text is the original's."""
    addresses = (source.url, *(original.url for original in source.originals))
    url = next(filter(None, map(safe_url, addresses)), None)
    if url is None or not quoted or source.originals:
        return url
    return f"{url.partition('#')[0]}#page={page}" if page else text_fragment(url, quoted)


def kind_of(source: Source) -> str:
    """« Fiche de synthèse » or the kind of the original, in French."""
    return texts.SHEET.fr if source.originals else texts.KINDS[source.kind].fr


def list_page(sources: Iterable[Source]) -> str:
    """All sources, in the order they were ingested."""
    entries = "".join(
        f"<li>{link(f'sources/{source.id}', source.title)}"
        f'<span class="ch-meta">{escape(described(source))}</span></li>'
        for source in sources
    )
    intro = f"<h1>{texts.SOURCES.fr}</h1><p>{texts.SOURCES_INTRO.fr}</p>"
    return page(texts.SOURCES.fr, f'{intro}<ul class="ch-list">{entries}</ul>', 0)


def described(source: Source, page: int | None = None) -> str:
    """Publisher, date, kind and page on one line."""
    date = shown_date(source.date) or texts.UNDATED.fr
    at = texts.filled(texts.PAGE, page=str(page)) if page else None
    return " · ".join(filter(None, (source.publisher, date, kind_of(source), at)))


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with the marks that stand before it (« • »): together, pieces hold all the text."""

    kind: BlockKind
    level: int
    start: int
    end: int


def source_page(document: Document, span: Span | None, moved: bool = False) -> str:
    """The text of a source, with ``span`` marked; ``moved`` tells that it is not found any more.

    What is marked, white space folded, equals ``document.text[start:end]`` folded.
    """
    source, pieces = document.source, list(pieces_of(document))
    if span and not document.text[slice(*span)].strip():
        span = None
    titled = bool(pieces) and pieces[0].kind == "heading" and pieces[0].level == 1
    head = "" if titled else f"<h1>{escape(source.title)}</h1>"
    quoted = document.text[slice(*span)] if span else ""
    at = page_of(document, span) if span else None
    body = _blocks(document.text, pieces, span)
    first, rest = _after_title(body) if titled else ("", body)
    notice = f'<p class="ch-error">{texts.MOVED.fr}</p>' if moved else ""
    content = (
        f'<article class="ch-source">{head}{first}{notice}{_about(source, quoted, at)}'
        f"{_contents(document.text, pieces, span is not None)}"
        f'<div class="ch-text" lang="{escape(source.language)}">{rest}</div></article>'
    )
    return page(source.title, content, 1)


def _after_title(body: str) -> tuple[str, str]:
    title, end, rest = body.partition("</h1>")
    return title + end, rest


def pieces_of(document: Document) -> Iterator[Piece]:
    """The blocks, each grown backwards over the text since the one before."""
    position = 0
    for block in document.blocks:
        before = document.text[position : block.start]
        start = position + len(before) - len(before.lstrip())
        yield Piece(block.kind, block.level, min(start, block.start), block.end)
        position = block.end
    rest = document.text[position:]
    if rest.strip():
        yield Piece("paragraph", 0, position + len(rest) - len(rest.lstrip()), len(document.text))


def _blocks(text: str, pieces: list[Piece], span: Span | None) -> str:
    shown: list[str] = []
    marker = Marker(text, span)
    numbered = enumerate(pieces)
    for is_list, run in groupby(numbered, key=lambda entry: entry[1].kind == "item"):
        blocks = "".join(_block(number, piece, marker) for number, piece in run)
        shown.append(f"<ul>{blocks}</ul>" if is_list else blocks)
    return "".join(shown)


def _block(number: int, piece: Piece, marker: Marker) -> str:
    inner = marker.marked(piece.start, piece.end)
    match piece.kind:
        case "heading":
            level = 1 if number == 0 and piece.level == 1 else min(max(piece.level, 2), 6)
            return f'<h{level} id="h{number}">{inner}</h{level}>'
        case "item":
            return f"<li>{inner}</li>"
        case "paragraph":
            return f"<p>{inner}</p>"


class Marker:
    """Escapes pieces of a text and marks what lies in the span, the first mark with its id."""

    def __init__(self, text: str, span: Span | None) -> None:
        self._text = text
        self._span = span or (0, 0)
        self._begun = False

    def marked(self, start: int, end: int) -> str:
        """``text[start:end]`` as HTML."""
        first = min(max(self._span[0], start), end)
        last = max(min(self._span[1], end), first)
        before, inside, after = (
            escape(self._text[a:b]) for a, b in ((start, first), (first, last), (last, end))
        )
        if not inside.strip():
            return before + inside + after
        id = "" if self._begun else ' id="passage"'
        self._begun = True
        return f"{before}<mark{id}>{inside}</mark>{after}"


def page_of(document: Document, span: Span) -> int | None:
    """The page on which a span of the text begins; None where the document has none."""
    before = [block for block in document.blocks if block.start <= span[0]]
    return before[-1].page or None if before else None


def _about(source: Source, quoted: str, at: int | None) -> str:
    language = texts.LANGUAGES.get(source.language)
    rows = (
        (texts.PUBLISHER, source.publisher),
        (texts.AUTHOR, source.author),
        (texts.DATE, shown_date(source.date) or texts.UNDATED.fr),
        (texts.KIND, kind_of(source)),
        (texts.LANGUAGE, language.fr if language else source.language),
        (texts.PAGE_QUOTED, str(at) if at else None),
    )
    shown = "".join(
        f"<div><dt>{name.fr}</dt><dd>{escape(value)}</dd></div>" for name, value in rows if value
    )
    address = original_address(source, quoted, at)
    button = link(address, texts.OPEN_ORIGINAL.fr, new_tab=True, css="ch-button") if address else ""
    return (
        f'<section class="ch-about"><h2 class="ch-invisible">{texts.ABOUT.fr}</h2>'
        f"<dl>{shown}</dl>{button}{_copies(source)}{_originals(source)}</section>"
    )


def _copies(source: Source) -> str:
    addresses = [url for url in map(safe_url, source.copies) if url]
    if not addresses:
        return ""
    entries = "".join(f"<li>{link(url, url, new_tab=True)}</li>" for url in addresses)
    return f"<p>{texts.COPIES.fr}</p><ul>{entries}</ul>"


def _originals(source: Source) -> str:
    if not source.originals:
        return ""
    entries = "".join(
        f"<li>{link(url, o.title, new_tab=True) if (url := safe_url(o.url)) else escape(o.title)}"
        f"{escape(f' ({o.publisher})' if o.publisher else '')}</li>"
        for o in source.originals
    )
    return (
        f"<p>{texts.SHEET_NOTICE.fr}</p><details open><summary>{texts.ORIGINALS.fr}</summary>"
        f"<ul>{entries}</ul></details>"
    )


def _contents(text: str, pieces: list[Piece], marked: bool) -> str:
    jump = f'<p><a href="#passage">{texts.GO_TO_PASSAGE.fr}</a></p>' if marked else ""
    headings = [
        (number, " ".join(text[piece.start : piece.end].split()))
        for number, piece in enumerate(pieces)
        if piece.kind == "heading" and not (number == 0 and piece.level == 1)
    ]
    if len(headings) < _CONTENTS_FROM:
        return jump
    entries = "".join(f'<li><a href="#h{n}">{escape(title)}</a></li>' for n, title in headings)
    title = f'<h2 id="sommaire">{texts.CONTENTS.fr}</h2>'
    return (
        f'{jump}<nav class="ch-contents" aria-labelledby="sommaire">{title}<ul>{entries}</ul></nav>'
    )
