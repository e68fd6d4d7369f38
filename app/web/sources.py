"""The sources as pages without script: the list, and each text with the cited passage marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from app.answers import Citation
from app.assistant import Assistant
from app.web import texts
from app.web.markup import escape, link, localized, page, safe_url, switch, text_fragment
from app.web.problems import error_page
from app.web.texts import Language, chosen
from app.wording import shown_date
from ingest.documents import BlockKind, Document, Passage, Source

_OFFSET = re.compile(r"\d{1,9}\Z", re.ASCII)
_CONTENTS_FROM = 3  # headings

Span = tuple[int, int]


def add_sources(app: FastAPI, assistant: Assistant) -> None:
    """Add ``GET /sources`` and ``GET /sources/<id>``."""

    @app.api_route("/sources", methods=["GET", "HEAD"], include_in_schema=False)
    def all_sources(lang: str = "") -> HTMLResponse:
        return HTMLResponse(list_page(assistant.sources(), chosen(lang)))

    @app.api_route("/sources/{id}", methods=["GET", "HEAD"], include_in_schema=False)
    def one_source(
        id: str, start: str = "", end: str = "", passage: str = "", lang: str = ""
    ) -> HTMLResponse:
        document = assistant.document(id)
        given = {"passage": passage, "start": start, "end": end}
        query = urlencode({name: value for name, value in given.items() if value})
        if document is None:
            title, detail = texts.PROBLEMS[404].fr, texts.UNKNOWN_SOURCE.fr
            return HTMLResponse(error_page(title, detail, 1), 404)
        if not passage:
            span = read_span(start, end, len(document.text))
            return HTMLResponse(source_page(document, span, language=chosen(lang), query=query))
        found = assistant.passages([passage]).get(passage)
        span = span_in(found, start, end) if found and found.source_id == id else None
        shown = source_page(document, span, span is None, chosen(lang), query)
        return HTMLResponse(shown)


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


def source_address(citation: Citation, language: str = "fr") -> str:
    """The address, from the assistant's page, of a source with the quotation marked."""
    at = f"passage={citation.passage}&start={citation.start}&end={citation.end}"
    at += "&lang=en" if language == "en" else ""
    return f"sources/{citation.source.id}?{at}#passage"


def original_address(source: Source, quoted: str = "", page: int | None = None) -> str | None:
    """The public address; at the page, or the quotation, when our text is the original's."""
    addresses = (source.url, *(original.url for original in source.originals))
    url = next(filter(None, map(safe_url, addresses)), None)
    if url is None or not quoted or source.originals:
        return url
    return f"{url.partition('#')[0]}#page={page}" if page else text_fragment(url, quoted)


def kind_of(source: Source, language: str = "fr") -> str:
    """« Fiche de synthèse » or the kind of the original."""
    return (texts.SHEET if source.originals else texts.KINDS[source.kind]).said(language)


def list_page(sources: Iterable[Source], language: Language = "fr") -> str:
    """All sources, in the order they were ingested."""
    entries = "".join(
        f'<li><span lang="{escape(source.language)}">'
        f"{link(localized(f'sources/{source.id}', language), source.title)}</span>"
        f'<span class="ch-meta">{escape(described(source, language=language))}</span></li>'
        for source in sources
    )
    title = texts.SOURCES.said(language)
    intro = f"<h1>{title}</h1><p>{texts.SOURCES_INTRO.said(language)}</p>"
    body = f'{intro}<ul class="ch-list">{entries}</ul>'
    return page(title, body, 0, language, switch(language))


def described(source: Source, page: int | None = None, language: str = "fr") -> str:
    """Publisher, date, kind and page on one line."""
    date = shown_date(source.date, language) or texts.UNDATED.said(language)
    at = texts.filled(texts.PAGE, language, page=str(page)) if page else None
    return " · ".join(filter(None, (source.publisher, date, kind_of(source, language), at)))


def cited(source: Source, language: str = "fr") -> str:
    """The line to copy: who, « title », publisher, date, address."""
    date = shown_date(source.date, language) or texts.UNDATED.said(language)
    by = source.author if source.author != source.publisher else None
    named = (by, f"« {source.title} »", source.publisher, date, original_address(source))
    return ", ".join(filter(None, named)) + "."


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with the marks that stand before it (« • »): together, pieces hold all the text."""

    kind: BlockKind
    level: int
    start: int
    end: int


def source_page(
    document: Document,
    span: Span | None,
    moved: bool = False,
    language: Language = "fr",
    query: str = "",
) -> str:
    """The text of a source, with ``span`` marked; ``moved`` tells that it is not found any more.

    ``query`` is that of its address, without the language. What is marked, white space folded,
    equals ``document.text[start:end]`` folded.
    """
    source, pieces = document.source, list(pieces_of(document))
    if span and not document.text[slice(*span)].strip():
        span = None
    titled = bool(pieces) and pieces[0].kind == "heading" and pieces[0].level == 1
    spoken = f' lang="{escape(source.language)}"'
    head = "" if titled else f"<h1{spoken}>{escape(source.title)}</h1>"
    quoted = document.text[slice(*span)] if span else ""
    at = page_of(document, span) if span else None
    body = _blocks(document.text, pieces, span)
    first, rest = _after_title(body) if titled else ("", body)
    first = first and f"<div{spoken}>{first}</div>"
    notice = f'<p class="ch-error">{texts.MOVED.said(language)}</p>' if moved else ""
    content = (
        f'<article class="ch-source">{head}{first}{notice}{_about(source, quoted, at, language)}'
        f"{_contents(document, pieces, span is not None, language)}"
        f'<div class="ch-text"{spoken}>{rest}</div></article>'
    )
    return page(source.title, content, 1, language, switch(language, query))


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


def _about(source: Source, quoted: str, at: int | None, language: Language) -> str:
    spoken = texts.LANGUAGES.get(source.language)
    rows = (
        (texts.PUBLISHER, source.publisher),
        (texts.AUTHOR, source.author),
        (texts.DATE, shown_date(source.date, language) or texts.UNDATED.said(language)),
        (texts.KIND, kind_of(source, language)),
        (texts.LANGUAGE, spoken.said(language) if spoken else source.language),
        (texts.PAGE_QUOTED, str(at) if at else None),
    )
    shown = "".join(
        f"<div><dt>{name.said(language)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in rows
        if value
    )
    address = original_address(source, quoted, at)
    label = texts.OPEN_ORIGINAL.said(language)
    button = _outside(address, label, language, "ch-button") if address else ""
    return (
        f'<section class="ch-about"><h2 class="ch-invisible">{texts.ABOUT.said(language)}</h2>'
        f"<dl>{shown}</dl>{button}{_copies(source, language)}{_originals(source, language)}"
        f"{_citation(source, language)}</section>"
    )


def _outside(address: str, label: str, language: Language, css: str = "") -> str:
    return link(address, label, new_tab=True, css=css, language=language)


def _citation(source: Source, language: Language) -> str:
    """The line to copy: the style sheet has a click select it whole, without any script."""
    return (
        f'<p id="citer">{texts.CITE.said(language)}</p>'
        f'<p class="ch-cite">{escape(cited(source, language))}</p>'
        f'<p class="ch-hint">{texts.CITE_HOW.said(language)}</p>'
    )


def _copies(source: Source, language: Language) -> str:
    addresses = [url for url in map(safe_url, source.copies) if url]
    if not addresses:
        return ""
    entries = "".join(f"<li>{_outside(url, url, language)}</li>" for url in addresses)
    return f"<p>{texts.COPIES.said(language)}</p><ul>{entries}</ul>"


def _originals(source: Source, language: Language) -> str:
    if not source.originals:
        return ""
    entries = "".join(
        f"<li>{_outside(url, o.title, language) if (url := safe_url(o.url)) else escape(o.title)}"
        f"{escape(f' ({o.publisher})' if o.publisher else '')}</li>"
        for o in source.originals
    )
    summary = f"<summary>{texts.ORIGINALS.said(language)}</summary>"
    return (
        f"<p>{texts.SHEET_NOTICE.said(language)}</p><details open>{summary}"
        f"<ul>{entries}</ul></details>"
    )


def _contents(document: Document, pieces: list[Piece], marked: bool, language: Language) -> str:
    jump = f'<p><a href="#passage">{texts.GO_TO_PASSAGE.said(language)}</a></p>' if marked else ""
    headings = [
        (number, " ".join(document.text[piece.start : piece.end].split()))
        for number, piece in enumerate(pieces)
        if piece.kind == "heading" and not (number == 0 and piece.level == 1)
    ]
    if len(headings) < _CONTENTS_FROM:
        return jump
    entries = "".join(f'<li><a href="#h{n}">{escape(title)}</a></li>' for n, title in headings)
    title = f'<h2 id="sommaire">{texts.CONTENTS.said(language)}</h2>'
    listed = f'<ul lang="{escape(document.source.language)}">{entries}</ul>'
    return f'{jump}<nav class="ch-contents" aria-labelledby="sommaire">{title}{listed}</nav>'
