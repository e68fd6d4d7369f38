"""Markdown with front matter to a document: markup goes, headings, paragraphs and lists stay."""

from __future__ import annotations

import itertools
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.documents import Document, Source
from ingest.parse.builder import TextBuilder
from ingest.parse.frontmatter import read_front_matter, split_front_matter

_SHOWN = {"text", "code_inline"}


def parse_markdown(text: str, source: Source) -> Document:
    """The document of a Markdown file.

    The title is the front matter's, else the first heading's, else ``source.title``.

    Raises:
        SourceError: the front matter is malformed.
    """
    front, body = split_front_matter(text)
    named = read_front_matter(front, source)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(body)
    if named.title == source.title:
        named = replace(named, title=_first_heading(tokens) or source.title)
    builder = TextBuilder()
    _walk(tokens, builder)
    return builder.document(named)


def _first_heading(tokens: list[Token]) -> str | None:
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            return _plain(inline) or None
    return None


def _walk(tokens: list[Token], builder: TextBuilder) -> None:
    depth, level, first_in_item = 0, 0, False
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
            case "heading_close":
                level = 0
            case "list_item_open":
                depth, first_in_item = depth + 1, True
            case "list_item_close":
                depth -= 1
            case "inline" if level:
                builder.add("heading", _plain(token), level)
            case "inline":
                builder.add("item" if depth and first_in_item else "paragraph", _plain(token))
                first_in_item = False
            case "fence" | "code_block":
                builder.add("paragraph", token.content)


def _plain(inline: Token) -> str:
    parts: list[str] = []
    for child in inline.children or []:
        if child.type in _SHOWN:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)
