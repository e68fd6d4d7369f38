"""Escaping, addresses and text fragments."""

from __future__ import annotations

from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.web.markup import attribute, escape_markdown, link, page, safe_url, text_fragment

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "![pixel](https://evil.example/p.png)",
    "[lien](javascript:alert(1))",
    "<https://evil.example>",
    "https://evil.example et www.evil.example et a@evil.example",
    "`code` ```bloc``` ~~barré~~ **gras** _italique_ $x$ $$y$$",
    "# titre\n\n> citation\n\n- liste\n1. liste\n\n---\n\n| a | b |\n|---|---|",
    "&lt;b&gt; &#60;script&#62; \\<b>",
    "[ref]: https://evil.example 'titre'",
    "<!-- commentaire --> <![CDATA[x]]> <?php ?>",
]


def shown(markdown: str) -> str:
    """What a Markdown renderer that lets HTML through gives."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_literally_in_a_paragraph_and_in_a_block(text: str) -> None:
    escaped = escape_markdown(text)
    assert "<" not in escaped and "\n" not in escaped
    assert unescape(shown(escaped)) == f"<p>{text}</p>\n"
    assert unescape(shown(f"<section><p>{escaped}</p></section>")) == (
        f"<section><p>{text}</p></section>"
    )


def test_no_attribute_ends_the_block_it_stands_in() -> None:
    hostile = 'fr"><b>\n\n```\r\n\r\n    x'
    assert unescape(attribute(hostile)) == hostile and not set('"<>\n\r') & set(attribute(hostile))
    block = f'<p lang="{attribute(hostile)}">a</p>'
    assert shown(block) == block
    assert "\n" not in link("x\n\n```", "a")


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"])))
def test_no_text_becomes_markup(text: str) -> None:
    escaped = escape_markdown(text)
    assert not set("<>\"'`*_[]\\\n") & set(escaped)
    assert unescape(escaped) == text


def test_control_characters_are_left_out() -> None:
    assert escape_markdown("a\x00b\x1bc") == "abc"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.fr/x", True),
        ("http://a.fr", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.fr", False),
        ("https://a.fr/\n\nx", False),
        ("\thttps://a.fr", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_whole_http_addresses_are_links(url: str | None, safe: bool) -> None:
    assert safe_url(url) == (url if safe else None)


def test_a_short_quotation_is_its_own_fragment() -> None:
    address = text_fragment("https://a.fr/p", "L'eau, l'air & le feu - ensemble : 100 %")
    assert address == (
        "https://a.fr/p#:~:text=L%27eau%2C%20l%27air%20%26%20le%20feu%20%2D%20ensemble%20%3A%20"
        "100%20%25"
    )


def test_a_long_quotation_is_found_by_its_first_and_last_words() -> None:
    words = [f"mot{number}" for number in range(60)]
    directive = text_fragment("https://a.fr", " ".join(words)).partition(":~:text=")[2]
    first, last = map(unquote, directive.split(","))
    assert first.split() == words[:6] and last.split() == words[-6:]


def test_a_list_is_found_across_its_items_without_their_bullets() -> None:
    address = text_fragment("https://a.fr", "Deux buts :\n• apprendre\n• agir")
    assert address == "https://a.fr#:~:text=Deux,agir"


def test_an_address_that_has_a_fragment_keeps_it() -> None:
    assert text_fragment("https://a.fr#titre", "Un mot") == "https://a.fr#titre:~:text=Un%20mot"
    assert text_fragment("https://a.fr", "  ") == "https://a.fr"


def test_a_link_escapes_its_address_and_says_that_it_opens_a_tab() -> None:
    made = link('https://a.fr/"><b>', "<b>", hidden=": titre", new_tab=True, css="x")
    assert '"><b>' not in made
    assert "(nouvel onglet)" in unescape(made) and 'rel="noopener"' in made


def test_a_page_asks_nothing_of_a_third_party_and_has_no_script() -> None:
    made = page("Titre <b>", "<p>Corps</p>", 1)
    assert "<script" not in made and "<b>" not in made
    assert "http" not in made.replace('href^="http"', "")
    assert '<html lang="fr">' in made and 'href="#contenu"' in made
