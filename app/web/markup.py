"""The only makers of HTML: everything that is not a literal of ours goes through ``escape``."""

from __future__ import annotations

import html
import string
from functools import cache
from pathlib import Path
from urllib.parse import quote

from app.colours import Shades, by_day, by_night
from app.links import safe_url as safe_url
from app.web import texts

_STATIC = Path(__file__).parent / "static"
_PUNCTUATION = frozenset(string.punctuation) - frozenset(",;()?%/")
_ENTITIES = {ord(char): f"&#{ord(char)};" for char in sorted(_PUNCTUATION)} | {ord("\n"): "&#10;"}
_WHOLE = 140  # characters: a longer quotation is found by its first and last words
_WORDS = 6

escape = html.escape


@cache
def asset(name: str) -> str:
    """The text of a file served from ``static``."""
    return (_STATIC / name).read_text(encoding="utf-8")


def coloured(color: str) -> str:
    """The rules that put the agency's colour in place of ours; none without one."""
    if not color:
        return ""
    return f"{_root(by_day(color))}@media (prefers-color-scheme: dark) {{{_root(by_night(color))}}}"


def _root(shades: Shades) -> str:
    return (
        f":root {{ --ch-green: {shades.colour}; --ch-on-green: {shades.on_colour}; "
        f"--ch-tint: {shades.tint}; }}"
    )


def escape_markdown(text: str) -> str:
    """Text that Markdown and HTML both show literally.

    Punctuation that either gives a meaning to becomes a numeric entity, which Markdown never
    reads as markup (CommonMark 0.31, section 2.5), and a line break ``&#10;``, so that a text
    never ends the HTML block it stands in.
    """
    return "".join(char for char in text if char >= " " or char == "\n").translate(_ENTITIES)


def attribute(text: str) -> str:
    """The value of an attribute; a line break in it would end a block of HTML in Markdown."""
    return escape(text).replace("\n", "&#10;").replace("\r", "&#13;")


def text_fragment(url: str, quoted: str) -> str:
    """``url`` with the ``#:~:text=`` that makes browsers scroll to ``quoted`` and mark it.

    A long quotation is given by its first and last words, which also holds across paragraphs.
    """
    words = quoted.replace("•", " ").split()
    if not words:
        return url
    if len(quoted) <= _WHOLE and "\n" not in quoted:
        directive = _encoded(words)
    elif len(words) > 2 * _WORDS:
        directive = f"{_encoded(words[:_WORDS])},{_encoded(words[-_WORDS:])}"
    else:
        directive = f"{_encoded(words[:1])},{_encoded(words[-1:])}"
    return f"{url}{'' if '#' in url else '#'}:~:text={directive}"


def _encoded(words: list[str]) -> str:
    # ``-``, ``,`` and ``&`` have a meaning in the directive; only the dash is left by quote().
    return quote(" ".join(words), safe="").replace("-", "%2D")


def link(
    href: str,
    label: str,
    *,
    hidden: str = "",
    new_tab: bool = False,
    css: str = "",
    language: str = "fr",
) -> str:
    """A link. ``hidden`` completes its label for those who hear it; ``href`` is escaped here."""
    told = f"{hidden} {texts.NEW_TAB.said(language)}".strip() if new_tab else hidden
    after = f' <span class="ch-invisible">{escape_markdown(told)}</span>' if told else ""
    target = ' target="_blank" rel="noopener"' if new_tab else ""
    style = f' class="{css}"' if css else ""
    return f'<a{style} href="{attribute(href)}"{target}>{escape_markdown(label)}{after}</a>'


def localized(path: str, language: str) -> str:
    """A path of ours, with the language that the visitor has chosen."""
    return f"{path}?lang=en" if language == "en" else path


INFORMATION = (
    ("sources", texts.FOOTER_SOURCES),
    ("faq", texts.FOOTER_FAQ),
    ("a-propos", texts.FOOTER_ABOUT),
    ("accessibilite", texts.FOOTER_ACCESSIBILITY),
    ("confidentialite", texts.FOOTER_PERSONAL),
)


def switch(language: str, query: str = "") -> str:
    """A link to the same page in the other language; ``query`` is what else its address holds."""
    other = "fr" if language == "en" else "en"
    address = escape(f"?{query}&lang={other}" if query else f"?lang={other}")
    label = texts.OTHER_LANGUAGE.said(language)
    return f'<a href="{address}" lang="{other}" hreflang="{other}">{label}</a>'


def page(title: str, body: str, depth: int, language: str = "fr", other: str = "") -> str:
    """A whole page without script; ``depth`` is how many folders below the assistant's it lies.

    ``other`` is the link to the same page in the other language, where there is one.
    """
    up = "../" * max(depth, 0) or "./"
    home = localized(up, language)
    information = "".join(
        f'<li><a href="{localized(up + path, language)}">{name.said(language)}</a></li>'
        for path, name in INFORMATION
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f"<title>{escape(title)} – {texts.NAME.fr}</title>"
        f'<link rel="stylesheet" href="{up}assets/chartiste.css">'
        f'</head><body class="ch-page"><a class="ch-skip" href="#contenu">'
        f"{texts.SKIP.said(language)}</a>"
        f'<header class="ch-bar"><a class="ch-brand" href="{home}">{texts.NAME.fr}</a>'
        f'<nav aria-label="{texts.NAVIGATION.said(language)}">{other} '
        f'<a href="{home}">{texts.BACK_TO_ASSISTANT.said(language)}</a></nav></header>'
        f'<main id="contenu" tabindex="-1">{body}</main>'
        f'<footer class="ch-end"><nav aria-label="{texts.FOOTER_NAVIGATION.said(language)}">'
        f"<ul>{information}</ul></nav></footer></body></html>"
    )
