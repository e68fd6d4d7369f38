"""Markdown whose headings are questions, and what stands below them the answers.

A heading is a question when it ends with ``?``, or when no heading is below it; what is below a
question is its answer, headings without ``?`` included. The heading above a question is its theme,
unless it is the title of the whole. What :mod:`app.faq.exports.note` adds to the answers, other
phrasings and sources, is read for what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from app.faq.exports.words import NO_THEME, OTHERS, SOURCES
from app.faq.imports.limited import answer_of
from app.faq.imports.row import BadRow, Row, UnreadableFaq
from ingest.parse.frontmatter import split_front_matter
from ingest.parse.markup import HEADINGS, Element, read_tree, text_of

_LINE = "data-line"


@dataclass(slots=True)
class _Section:
    """A heading and what stands between it and the next one."""

    level: int
    title: str
    line: str
    heading: Element
    content: list[Element] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        return self.title.endswith("?")


def read_outline(text: str) -> Iterator[Row | BadRow]:
    """The questions of a Markdown text.

    Raises:
        UnreadableFaq: it has no heading.
        SourceError: its elements are nested too deeply.
    """
    sections = _sections(text)
    if not sections:
        raise UnreadableFaq(
            "Ce texte Markdown n'a aucun titre : écrivez chaque question comme un titre (« ## »), "
            "sa réponse dessous."
        )
    position = 0
    while position < len(sections):
        section = sections[position]
        below = _below(sections, position)
        if section.asks and not any(one.asks for one in below):
            yield _row(section, below, _theme(sections, position))
            position += len(below)
        elif section.asks or not below:
            yield _row(section, [], _theme(sections, position))
        position += 1


def _sections(text: str) -> list[_Section]:
    front, body = split_front_matter(text)
    skipped = text.count("\n") - body.count("\n") if front is not None else 0
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(body)
    for token in tokens:
        if token.type == "heading_open" and token.map:
            token.attrSet(_LINE, str(token.map[0] + 1 + skipped))
    body = parser.renderer.render(tokens, parser.options, {})
    root = read_tree(f"<html><body>{body}</body></html>")
    found: list[_Section] = []
    for element in root.find("body") if root is not None else ():
        if element.tag in HEADINGS and element.get(_LINE):
            level = int(element.tag[1])
            found.append(_Section(level, text_of(element), element.get(_LINE), element))
        elif found:
            found[-1].content.append(element)
    return found


def _below(sections: list[_Section], position: int) -> list[_Section]:
    """The sections under one, down to the next of its level."""
    below = []
    for section in sections[position + 1 :]:
        if section.level <= sections[position].level:
            break
        below.append(section)
    return below


def _row(section: _Section, below: list[_Section], theme: str) -> Row:
    place = f"ligne {section.line}"
    content, variants = _own(section.content)
    for one in below:
        content += [one.heading, *one.content]
    return Row(place, section.title, answer_of(content), variants, theme)


def _theme(sections: list[_Section], position: int) -> str:
    """The nearest heading above that asks nothing, unless it is the title of the whole."""
    for number in range(position - 1, -1, -1):
        above = sections[number]
        if above.level < sections[position].level and not above.asks:
            is_title = not number and all(one.level > above.level for one in sections[1:])
            return "" if is_title or above.title == NO_THEME else above.title
    return ""


def _own(content: list[Element]) -> tuple[list[Element], tuple[str, ...]]:
    """What an answer is made of, and the other phrasings that follow it."""
    kept: list[Element] = []
    variants: tuple[str, ...] = ()
    said = ""
    for element in content:
        label = _label(element)
        if label in (OTHERS, SOURCES):
            said = label
        elif said == OTHERS and element.tag == "ul":
            variants = tuple(text_of(item) for item in element if item.tag == "li")
        elif not said:
            kept.append(element)
    return kept, variants


def _label(element: Element) -> str:
    """The words of a paragraph that is all bold."""
    children = list(element)
    is_bold = element.tag == "p" and len(children) == 1 and children[0].tag == "strong"
    alone = is_bold and not (element.text or "").strip() and not (children[0].tail or "").strip()
    return text_of(element) if alone else ""
