"""Markdown with front matter to a document: markup goes, headings, paragraphs and lists stay.

Each row of a table is an item, as in a page of HTML; of raw HTML the text is kept.
"""

from __future__ import annotations

import html
import itertools
import re
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.documents import Document, Source
from ingest.parse.builder import TextBuilder
from ingest.parse.frontmatter import read_front_matter, split_front_matter

_SHOWN = {"text", "code_inline"}

# One attempt where each opens, so that their time is linear.
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_TAG = re.compile(r"</?([a-z][a-z0-9-]*)\b[^<>]*>|<[!?][^<>]*>", re.I)
_INLINE = set("a abbr b cite code em i kbd mark q s small span strong sub sup u".split())
_BREAK = re.compile(r"<br\b", re.I)
_SPACE = {"br", "td", "th", "wbr"}


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
    row: list[str] | None = None
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
            case "tr_open":
                row = []
            case "tr_close":
                builder.add("item", " — ".join(filter(None, row or [])))
                row, first_in_item = None, False
            case "inline" if row is not None:
                row.append(_plain(token).strip())
            case "inline" if level:
                builder.add("heading", _plain(token), level)
            case "inline":
                builder.add("item" if depth and first_in_item else "paragraph", _plain(token))
                first_in_item = False
            case "fence" | "code_block":
                builder.add("paragraph", token.content)
            case "html_block":
                for paragraph in _paragraphs(token.content):
                    builder.add("paragraph", paragraph)


def _paragraphs(markup: str) -> list[str]:
    """The text of raw HTML; every tag but those inside a line parts two paragraphs."""
    shown = _TAG.sub(_between, _HIDDEN.sub("", markup).replace("\0", ""))
    return [html.unescape(part) for part in shown.split("\0")]


def _between(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    return "" if name in _INLINE else " " if name in _SPACE else "\0"


def _plain(inline: Token) -> str:
    parts: list[str] = []
    for child in inline.children or []:
        if child.type in _SHOWN:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "html_inline" and _BREAK.match(child.content):
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)
