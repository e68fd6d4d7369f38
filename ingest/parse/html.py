"""A page of HTML to a document: the main text with its headings; menus and banners stay out.

trafilatura says where the main text is; the blocks are then read from the page itself, in the
smallest box that holds nearly all of that text. So headings keep their level, items are said once
and captions, terms and notes that an extractor leaves out stay.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import trafilatura

from ingest.documents import Document, Source
from ingest.errors import SourceError
from ingest.parse.builder import TextBuilder
from ingest.parse.encoding import decode_page
from ingest.parse.furniture import prune
from ingest.parse.markup import Element, flatten, read_tree
from ingest.parse.metadata import describe
from ingest.parse.outline import Piece, outline

_NEARLY_ALL = 0.9  # the share of the main text that the box must hold
_LIKE = 0.6  # the share of a block's words that make it one of trafilatura's
_LINKS = 0.7  # the share of links from which a block that trafilatura left out is a menu's

_NOTES = re.compile(r"(?:^|\s)(?:(?:foot|end)?notes|doc-endnotes)(?:\s|$)", re.IGNORECASE)


def parse_html(data: bytes, source: Source, charset: str | None = None) -> Document:
    """The document of a page; what the page says of itself completes ``source``.

    ``charset`` is the encoding that HTTP declares.

    Raises:
        SourceError: no text could be found in it, or it is nested too deeply.
    """
    root = read_tree(decode_page(data, charset))
    if root is None:
        raise SourceError("La page ne contient pas de texte lisible.")
    named = describe(root, source)
    prune(root)
    flatten(root)
    builder = TextBuilder()
    for piece in _main(root):
        builder.add(piece.kind, piece.text, piece.level)
    document = builder.document(named)
    texts = (document.text[b.start : b.end] for b in document.blocks if b.kind != "heading")
    if not any(map(str.isalnum, "".join(texts))):
        raise SourceError("La page ne contient pas de texte lisible.")
    return document


def _main(root: Element) -> list[Piece]:
    """The blocks of the main text, the title before them."""
    pieces = outline(root)
    words = _extracted(root)
    chosen = [piece for piece in pieces if _is_like(piece, words)]
    box = _smallest_box(root, chosen or pieces)
    inside = [p for p in pieces if _holds(box, p.element) or _is_note(p.element)]
    kept = [piece for piece in inside if piece in chosen or not _is_menu(piece)]
    return [*_title_before(pieces, kept), *_without_last_headings(kept)]


def _extracted(root: Element) -> set[tuple[str, ...]]:
    """All that trafilatura takes for the main text, as the pairs of its neighbouring words."""
    page = trafilatura.bare_extraction(root, include_comments=False, favor_recall=True, fast=True)
    if page is None or page.body is None:
        return set()
    pairs: set[tuple[str, ...]] = set()
    for element in page.body.iter("*"):
        pairs.update(_pairs(element.text or ""))
        pairs.update(_pairs(element.tail or ""))
    return pairs


def _pairs(text: str) -> Iterator[tuple[str, ...]]:
    words = text.split()
    yield from itertools.pairwise(words)
    if len(words) == 1:
        yield (words[0],)


def _is_like(piece: Piece, words: set[tuple[str, ...]]) -> bool:
    pairs = list(_pairs(piece.text))
    return sum(pair in words for pair in pairs) > _LIKE * len(pairs)


def _is_menu(piece: Piece) -> bool:
    return piece.kind != "heading" and piece.linked > _LINKS * len(piece.text)


def _smallest_box(root: Element, pieces: list[Piece]) -> Element:
    """The smallest element that holds nearly all of these blocks' text."""
    sizes: dict[Element, int] = {}
    for piece in pieces:
        for above in (piece.element, *piece.element.iterancestors()):
            sizes[above] = sizes.get(above, 0) + len(piece.text)
    box, needed = root, _NEARLY_ALL * sizes.get(root, 0)
    while (inner := max(box, key=lambda one: sizes.get(one, 0), default=None)) is not None:
        if sizes.get(inner, 0) < needed or not len(inner):
            break
        box = inner
    return box


def _holds(box: Element, element: Element) -> bool:
    return element is box or any(above is box for above in element.iterancestors())


def _is_note(element: Element) -> bool:
    """Whether it stands among footnotes, which some sites put beside the text and not in it."""
    above = (element, *element.iterancestors())
    return any(_NOTES.search(f"{one.get('class', '')} {one.get('role', '')}") for one in above)


def _title_before(pieces: list[Piece], kept: list[Piece]) -> list[Piece]:
    """The first heading of the page, when it stands before the box of the main text."""
    if any(piece.level == 1 for piece in kept) or not kept:
        return []
    before = pieces[: pieces.index(kept[0])]
    titles = [piece for piece in before if piece.level == 1]
    return titles[-1:]


def _without_last_headings(kept: list[Piece]) -> list[Piece]:
    """A heading that nothing follows headed a form or a menu."""
    texts = [index for index, piece in enumerate(kept) if piece.kind != "heading"]
    return kept[: texts[-1] + 1] if texts else kept
