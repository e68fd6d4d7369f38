"""HTML from disk to a document: the main text with its headings; menus and banners stay out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import trafilatura

from ingest.documents import Document, Source
from ingest.errors import SourceError
from ingest.parse.builder import TextBuilder

_APART = {"lb", "p", "head", "quote", "code", "list", "item", "table", "row", "cell"}


def parse_html(data: bytes, source: Source) -> Document:
    """The document of a page; what the page says of itself completes ``source``.

    Raises:
        SourceError: no text could be found in it.
    """
    page = trafilatura.bare_extraction(
        data,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        with_metadata=True,
        # The date the page declares: one guessed from its text would be cited as its own.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or page.body is None:
        raise SourceError("La page ne contient pas de texte lisible.")
    builder = TextBuilder()
    for element in page.body:
        _add(element, builder)
    return builder.document(_described(source, page))


def _described(source: Source, page: Any) -> Source:
    return replace(
        source,
        title=page.title or source.title,
        publisher=source.publisher or page.sitename or None,
        author=source.author or page.author or None,
        date=source.date or page.date or None,
        url=source.url or page.url or None,
        language=page.language or source.language,
    )


def _add(element: Any, builder: TextBuilder) -> None:
    match element.tag:
        case "head":
            builder.add("heading", _text(element), int((element.get("rend") or "h2")[1:]))
        case "list":
            for item in element.iter("item"):
                builder.add("item", _text(item, without="list"))
        case "table":
            for row in element.iter("row"):
                builder.add("item", " — ".join(filter(None, map(_text, row))))
        case _:
            builder.add("paragraph", _text(element))


def _text(element: Any, without: str = "") -> str:
    return " ".join("".join(_strings(element, without)).split())


def _strings(element: Any, without: str) -> Iterator[str]:
    """The strings of an element; its blocks and line breaks do not run into each other."""
    yield element.text or ""
    for child in element:
        space = " " if child.tag in _APART else ""
        yield space
        if child.tag != without:
            yield from _strings(child, without)
        yield space + (child.tail or "")
