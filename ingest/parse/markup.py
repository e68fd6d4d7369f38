"""The tree of an HTML page, and what the other parsers ask of its elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree, html

from ingest.errors import SourceError

Element: TypeAlias = html.HtmlElement

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure footer form header hgroup hr html legend li main menu nav ol p pre search section "
    "summary table tbody td tfoot th thead tr ul".split()
)
_DEEPEST = 250
_TOO_DEEP = (
    "La page est imbriquée trop profondément pour être lue : "
    "enregistrez-en le texte dans un fichier .txt ou .md."
)
# NUL and its like end the parser's reading; a lone surrogate cannot be written.
_WHITE = re.compile(r"\s{2,}|[ \t\n\r\f\v\x85\u2028\u2029]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]{0,1000}\[.*?\]\s*>", re.S | re.I)
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0e-\x1f\ud800-\udfff]")


def read_tree(text: str) -> Element | None:
    """The root of a page, or None when there is no element in it.

    Entities that a DOCTYPE declares are not expanded: the parser of HTML ignores them.

    Raises:
        SourceError: its elements are nested deeper than the parser follows.
    """
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    data = _FORBIDDEN.sub("", _DOCTYPE.sub("", text, count=1)).encode("utf-8")
    if not data.strip():
        return None
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError:
        return None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise SourceError(_TOO_DEEP)
    return root


def flatten(root: Element) -> None:
    """Unwrap whatever only styles a line, so that elements are blocks, links and line breaks.

    Raises:
        SourceError: the blocks alone are nested too deeply.
    """
    inline = {str(element.tag) for element in root.iter("*")} - BLOCKS - {"a", "br", "head"}
    etree.strip_tags(root, *inline)
    depths = {root: 1}
    for element in root.iter("*"):
        if element is root:
            continue
        depths[element] = depth = depths[element.getparent()] + 1
        if depth > _DEEPEST:
            raise SourceError(_TOO_DEEP)


def text_of(element: Element) -> str:
    """All the text of an element on one line; its blocks and line breaks are parted by a space."""
    return fold("".join(_strings(element)))


def fold(text: str) -> str:
    """The text with its white space folded; a no-break space between two words stays."""
    return _WHITE.sub(" ", text).strip()


def _strings(element: Element) -> Iterator[str]:
    for event, one in etree.iterwalk(element, events=("start", "end")):
        apart = " " if one.tag in BLOCKS or one.tag == "br" else ""
        if event == "start":
            yield apart + (one.text or "")
        else:
            yield apart + ((one.tail or "") if one is not element else "")


def drop(element: Element) -> None:
    """Take an element out of the tree; the text that follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    if element.tag in BLOCKS:
        tail = " " + tail
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
