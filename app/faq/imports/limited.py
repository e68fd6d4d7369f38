"""Elements of a page as the Markdown of an answer (:mod:`app.faq.markdown`).

Paragraphs, lists, bold and links stay; a heading becomes a bold line, a row of a table an item. Of
anything else the text is kept. A link that leads to no whole address is only its text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from app.links import safe_url
from ingest.parse.markup import BLOCKS, HEADINGS, Element, fold

_SKIPPED = frozenset(
    "script style template noscript svg math iframe object audio video button input select "
    "textarea form nav".split()
)
_BOLD = frozenset({"b", "strong"})
_LISTS = frozenset({"ul", "ol", "menu"})
_LONGEST_ADDRESS = 2_000
_ENCODED = {sign: f"%{ord(sign):02X}" for sign in " ()<>\\"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph, or the item of a list when it has a mark, ``-`` or ``2.``."""

    text: str
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.text}" if self.mark else self.text


def answer_of(nodes: Iterable[Element | str], base: str = "") -> str:
    """The Markdown of elements, and of texts between them; ``base`` completes their addresses."""
    lines = list(_lines(_Flow(base).through(nodes)))
    written = [str(lines[0])] if lines else []
    for before, line in itertools.pairwise(lines):
        # A first item opens a list of its own.
        goes_on = before.mark and line.mark and line.mark != "1."
        written += ["\n" if goes_on else "\n\n", str(line)]
    return "".join(written)


def paragraphs(text: str) -> str:
    """The Markdown of a plain text: blank lines part its paragraphs."""
    return "\n\n".join(filter(None, map(fold, re.split(r"\n\s*\n", text.replace("\r\n", "\n")))))


def _lines(pieces: Iterable[_Line | str]) -> Iterator[_Line]:
    """Whole lines: what stands in a row outside of any block makes one."""
    for is_text, run in itertools.groupby(pieces, key=lambda one: isinstance(one, str)):
        if not is_text:
            yield from (one for one in run if isinstance(one, _Line))
        elif text := fold("".join(map(str, run))):
            yield _Line(text)


def _joined(pieces: Iterable[_Line | str]) -> str:
    """Lines as one: items of a list are parted as those of a sentence."""
    lines = list(_lines(pieces))
    texts = [lines[0].text] if lines else []
    for before, line in itertools.pairwise(lines):
        texts += [" ; " if before.mark and line.mark else " ", line.text]
    return "".join(texts)


def _bulleted(pieces: Iterable[_Line | str]) -> Iterator[_Line]:
    """The item that lines make, and one for each that is an item already."""
    for is_item, run in itertools.groupby(_lines(pieces), key=lambda line: bool(line.mark)):
        if is_item:
            yield from (_Line(line.text, "-") for line in run)
        else:
            yield _Line(" ".join(line.text for line in run), "-")


_END = _Line("")  # ends the line before it, and is no line itself


class _Flow:
    """Elements as texts of a line and as whole lines, in their order."""

    def __init__(self, base: str) -> None:
        self._base = base

    def through(self, nodes: Iterable[Element | str]) -> Iterator[_Line | str]:
        """What nodes hold; empty lines are left out."""
        for piece in self._pieces(nodes):
            if piece is not _END:
                yield piece

    def _pieces(self, nodes: Iterable[Element | str]) -> Iterator[_Line | str]:
        for is_end, run in itertools.groupby(self._raw(nodes), key=lambda one: one is _END):
            if not is_end:
                yield from _lines(run)

    def _raw(self, nodes: Iterable[Element | str]) -> Iterator[_Line | str]:
        for node in nodes:
            if isinstance(node, str):
                yield node.replace("**", "")
            elif isinstance(node.tag, str) and node.tag not in _SKIPPED:
                yield from self._element(node, str(node.tag))

    def _element(self, element: Element, tag: str) -> Iterator[_Line | str]:
        if tag == "br":
            yield _END
        elif tag in _LISTS:
            yield from self._items(element, is_numbered=tag == "ol")
        elif tag == "tr":
            yield from self._row(element)
        elif tag in HEADINGS:
            yield _END
            yield self._bold(element)
            yield _END
        elif tag in _BOLD:
            yield self._bold(element)
        elif tag == "a":
            yield self._link(element)
        elif tag in BLOCKS:
            yield _END
            yield from self._raw(_inside(element))
            yield _END
        else:
            yield from self._raw(_inside(element))

    def _items(self, element: Element, is_numbered: bool) -> Iterator[_Line]:
        """The items of a list, those of lists in it after what stands before them."""
        number = 0
        for node in _inside(element):
            is_item = not isinstance(node, str) and node.tag == "li"
            held = list(self.through(_inside(node) if is_item else [node]))
            if not held:
                continue
            if is_numbered:  # items of another kind would begin the numbers anew
                number += 1
                yield _Line(_joined(held), f"{number}.")
            else:
                yield from _bulleted(held)

    def _row(self, element: Element) -> Iterator[_Line]:
        cells = (_joined(self.through([node])) for node in _inside(element))
        if text := " — ".join(filter(None, cells)):
            yield _Line(text, "-")

    def _bold(self, element: Element) -> str:
        return _around(self._flat(element).replace("*", ""), "**", "**")

    def _link(self, element: Element) -> str:
        address = _address(element.get("href") or "", self._base)
        text = _text(element)
        if not address:
            return text
        return _around(text.translate({ord("["): "(", ord("]"): ")"}), "[", f"]({address})")

    def _flat(self, element: Element) -> str:
        """What an element holds, on one line; the links in it stay."""
        parts = []
        for piece in self._raw(_inside(element)):
            parts.append(piece if isinstance(piece, str) else f" {piece.text} ")
        return "".join(parts)


def _inside(element: Element) -> Iterator[Element | str]:
    yield element.text or ""
    for child in element:
        yield child
        yield child.tail or ""


def _text(element: Element) -> str:
    return "".join(element.itertext()).replace("**", "")


def _around(text: str, before: str, after: str) -> str:
    """The text between two marks, which touch it: white space stays outside."""
    bare = fold(text)
    if not bare:
        return text
    lead = " " if text[0].isspace() else ""
    return f"{lead}{before}{bare}{after}{' ' if text[-1].isspace() else ''}"


def _address(href: str, base: str) -> str:
    """A whole address that can stand in Markdown, or nothing."""
    try:
        url = safe_url(urljoin(base, href.strip()))
    except ValueError:
        return ""
    if not url or len(url) > _LONGEST_ADDRESS:
        return ""
    return "".join(_ENCODED.get(sign, sign) for sign in url)
