"""A piece of HTML to paste into a page of the agency's site: no style, no script, no image."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.faq.entry import Cited, Entry
from app.faq.exports.order import by_theme, cited_line, original_of, printable, validated
from app.faq.exports.words import ORIGINAL
from app.faq.markdown import as_html


def as_fragment(entries: Sequence[Entry], agency: str) -> bytes:
    """Themes as ``h2``, questions as ``h3`` with anchors, answers with their sources."""
    themes = "\n".join(
        f"<h2>{_text(theme)}</h2>\n" + "\n".join(_entry(entry, agency) for entry in same)
        for theme, same in by_theme(entries)
    )
    return f'<section class="faq" lang="fr">\n{themes}\n</section>\n'.encode()


def _entry(entry: Entry, agency: str) -> str:
    anchor = f"fiche-{entry.id}"
    numbers = {cited.number for cited in entry.edit.citations}

    def reference(number: int) -> str:
        if number not in numbers:
            return f"[{number}]"
        return f'<a href="#{anchor}-{number}">[{number}]</a>'

    said = validated(entry, agency)
    return (
        f'<article id="{anchor}">\n<h3>{_text(entry.edit.question)}</h3>\n'
        f"{as_html(printable(entry.edit.answer), reference)}\n"
        f"{_citations(entry, anchor)}{f'<p><small>{_text(said)}</small></p>' if said else ''}\n"
        "</article>"
    )


def _citations(entry: Entry, anchor: str) -> str:
    if not entry.edit.citations:
        return ""
    cited = "".join(_cited(one, anchor) for one in entry.edit.citations)
    return f"<ul>{cited}</ul>\n"


def _cited(cited: Cited, anchor: str) -> str:
    url = original_of(cited)
    named = f"{ORIGINAL} de la citation {cited.number}"
    link = f' <a href="{escape(url)}" rel="noopener">{named}</a>' if url else ""
    return (
        f'<li id="{anchor}-{cited.number}">[{cited.number}] {_text(cited_line(cited))}{link}</li>'
    )


def _text(text: str) -> str:
    return escape(printable(text))
