"""The Markdown that an answer may hold: paragraphs, lists, bold, links, numbers of citations.

Anything else is shown as it is written: headings, images, code and HTML are only text. A link
leads to a whole http(s) address, or is only text too.

::

    Toute **commune** peut signer. [1] Voyez [la charte](https://example.org/charte) :

    - le maire signe ;
    - le conseil délibère. [2]
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.links import safe_url

Kind = Literal["paragraph", "bullets", "numbers"]
Escape = Callable[[str], str]

_ITEM = re.compile(r"\s{0,3}(?:([-*•])|\d{1,3}[.)])\s+(?=\S)")
_PART = re.compile(
    r"\[(?P<number>\d{1,3})\](?!\()"
    r"|\[(?P<label>[^\[\]\n]{1,200})\]\((?P<url>[^\s()<>]{1,2000}(?:\([^\s()<>]{0,200}\))?)\)"
    r"|\*\*(?P<bold>(?=[^\s*])[^*]{0,999}[^\s*])\*\*"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of one kind: ``href`` is a link's address, ``number`` that of a citation."""

    text: str
    is_bold: bool = False
    href: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, which has one line, or a list, which has one an item."""

    kind: Kind
    lines: tuple[tuple[Run, ...], ...]


def blocks_of(answer: str) -> list[Block]:
    """The blocks of an answer, in order."""
    blocks: list[Block] = []
    for kind, lines in _grouped(answer):
        if kind == "paragraph":
            blocks.append(Block(kind, (tuple(_runs(" ".join(lines))),)))
        else:
            blocks.append(Block(kind, tuple(tuple(_runs(line)) for line in lines)))
    return blocks


def plain_text(answer: str) -> str:
    """The answer without its marks; numbers of citations stay, addresses stand behind labels."""
    shown: list[str] = []
    for block in blocks_of(answer):
        lines = ["".join(map(_plain, line)) for line in block.lines]
        if block.kind == "bullets":
            lines = [f"- {line}" for line in lines]
        elif block.kind == "numbers":
            lines = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
        shown.append("\n".join(lines))
    return "\n".join(shown)


def as_html(
    answer: str,
    reference: Callable[[int], str],
    escape: Escape = html.escape,
    link: Callable[[str, str], str] | None = None,
) -> str:
    """The answer as HTML without a line break of its own.

    ``reference`` gives the HTML of a citation's number, ``escape`` that of a text, ``link`` that of
    a link to an address with a label.
    """

    def shown(run: Run) -> str:
        if run.number:
            return reference(run.number)
        text = escape(run.text)
        if run.href and link:
            text = link(run.href, run.text)
        elif run.href:
            href = html.escape(run.href)
            text = f'<a href="{href}" rel="noopener nofollow">{text}</a>'
        return f"<strong>{text}</strong>" if run.is_bold else text

    return "".join(_block(block, shown) for block in blocks_of(answer))


def _block(block: Block, shown: Callable[[Run], str]) -> str:
    lines = ["".join(map(shown, line)) for line in block.lines]
    if block.kind == "paragraph":
        return f"<p>{lines[0]}</p>"
    tag = "ul" if block.kind == "bullets" else "ol"
    return f"<{tag}>{''.join(f'<li>{line}</li>' for line in lines)}</{tag}>"


def _grouped(answer: str) -> Iterator[tuple[Kind, list[str]]]:
    """Lines that make a block: a list goes on while its items do, a paragraph to a blank line."""
    kind: Kind = "paragraph"
    run: list[str] = []
    for line in [*answer.split("\n"), ""]:
        item = _ITEM.match(line)
        own: Kind = "paragraph" if item is None else "bullets" if item[1] else "numbers"
        if run and (not line.strip() or (item and own != kind)):
            yield kind, run
            run = []
        if item:
            kind = own
            run.append(line[item.end() :].strip())
        elif run and kind != "paragraph":
            run[-1] += f" {line.strip()}"
        elif line.strip():
            kind = "paragraph"
            run.append(line.strip())


def _runs(line: str, is_bold: bool = False) -> Iterator[Run]:
    position = 0
    for match in _PART.finditer(line):
        if before := line[position : match.start()]:
            yield Run(before, is_bold)
        position = match.end()
        if match["number"]:
            yield Run(match[0], is_bold, number=int(match["number"]))
        elif match["bold"]:
            yield from _runs(match["bold"], True)
        elif url := safe_url(match["url"]):
            yield Run(match["label"], is_bold, href=url)
        else:
            yield Run(match[0], is_bold)
    if rest := line[position:]:
        yield Run(rest, is_bold)


def _plain(run: Run) -> str:
    return f"{run.text} ({run.href})" if run.href and run.href != run.text else run.text
