"""Markdown that any reader of it shows as the answers are written; it can be imported again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.faq.entry import Entry
from app.faq.exports.order import by_theme, cited_line, original_of, printable, validated
from app.faq.exports.words import OTHERS, SOURCES, TITLE
from app.faq.markdown import Block, Run, blocks_of

# Of ASCII punctuation, what CommonMark gives a meaning to somewhere; any may be escaped (2.4).
_MEANT = re.compile(r"[\\`*_\[\]<>#&~|]")
_OPENS_BLOCK = re.compile(r"(\s*)(?:([-+=])|(\d{1,9})([.)]))")


def as_markdown(entries: Sequence[Entry], agency: str) -> bytes:
    """Themes and questions as headings, answers, then other phrasings and sources."""
    parts = [f"# {TITLE}"]
    for theme, same in by_theme(entries):
        parts.append(f"## {_text(theme)}")
        for entry in same:
            parts += _entry(entry, agency)
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _entry(entry: Entry, agency: str) -> Iterator[str]:
    edit = entry.edit
    yield f"### {_text(edit.question)}"
    yield from map(_block, blocks_of(printable(edit.answer)))
    if edit.variants:
        yield f"**{OTHERS}**"
        yield "\n".join(f"- {_line(variant)}" for variant in edit.variants)
    if edit.citations:
        yield f"**{SOURCES}**"
        yield "\n".join(
            f"- \\[{one.number}\\] {_text(cited_line(one))}{_linked(original_of(one))}"
            for one in edit.citations
        )
    if said := validated(entry, agency):
        yield f"*{_text(said)}.*"


def _block(block: Block) -> str:
    lines = ["".join(map(_run, line)) for line in block.lines]
    match block.kind:
        case "paragraph":
            return _unopened(lines[0])
        case "bullets":
            return "\n".join(f"- {_unopened(line)}" for line in lines)
        case "numbers":
            numbered = enumerate(lines, start=1)
            return "\n".join(f"{number}. {_unopened(line)}" for number, line in numbered)


def _run(run: Run) -> str:
    text = f"[{_text(run.text)}]({_destination(run.href)})" if run.href else _text(run.text)
    return f"**{text}**" if run.is_bold else text


def _text(text: str) -> str:
    return _MEANT.sub(r"\\\g<0>", " ".join(printable(text).split("\n")))


def _line(text: str) -> str:
    return _unopened(_text(text))


def _unopened(line: str) -> str:
    """The line, which opens neither a list nor an underlined heading."""

    def escaped(match: re.Match[str]) -> str:
        sign = match[2]
        return f"{match[1]}\\{sign}" if sign else f"{match[1]}{match[3]}\\{match[4]}"

    return _OPENS_BLOCK.sub(escaped, line, count=1) if _OPENS_BLOCK.match(line) else line


def _linked(url: str) -> str:
    return f" {_destination(url)}" if url else ""


def _destination(url: str) -> str:
    """An address between ``<>``, which it may not hold."""
    return "<" + url.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C") + ">"
