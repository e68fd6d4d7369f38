from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.faq.imports.limited import answer_of, paragraphs
from app.faq.markdown import as_html
from ingest.parse.markup import read_tree


def markdown(html: str, base: str = "") -> str:
    root = read_tree(f"<html><body>{html}</body></html>")
    assert root is not None
    return answer_of([root], base)


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p>Un</p><p>deux</p>", "Un\n\ndeux"),
        ("Un<br>deux<br/><br>trois", "Un\n\ndeux\n\ntrois"),
        ("<div>Un <span>deux\n trois</span></div>", "Un deux trois"),
        ("<p>Un <strong> gras </strong>et <em>autre</em></p>", "Un **gras** et autre"),
        ("<b></b><b> </b>Un", "Un"),
        ("<strong>Un<b>deux</b></strong>", "**Undeux**"),
        ("<ul><li>un</li><li><p>deux</p><p>trois</p></li></ul>", "- un\n- deux trois"),
        ("<ul><li>un<ul><li>deux</li></ul></li><li>trois</li></ul>", "- un\n- deux\n- trois"),
        ("<ol><li>un</li><li>deux<ul><li>a</li><li>b</li></ul></li></ol>", "1. un\n2. deux a ; b"),
        ("<ol><li>un</li></ol><ol><li>deux</li></ol>", "1. un\n\n1. deux"),
        ("Avant<ul><li>un</li></ul>après", "Avant\n\n- un\n\naprès"),
        ("<h2>Titre</h2><p>Un</p>", "**Titre**\n\nUn"),
        ("<table><tr><th>A</th><td>b</td></tr><tr><td> </td></tr></table>", "- A — b"),
        ("<a href='https://e.org/a b'>ici [1]</a>", "[ici (1)](https://e.org/a%20b)"),
        ("<a href='/x'>ici</a> <a href='javascript:x()'>là</a> <a>non</a>", "ici là non"),
        ("<b>voir <a href='https://e.org'>ici</a></b>", "**voir [ici](https://e.org)**"),
        ("<a href='https://e.org'><b>ici</b></a>", "[ici](https://e.org)"),
        ("<script>x</script><style>y</style><!-- z -->Un<img src=x onerror=y>", "Un"),
        ("2 ** 3 * 4", "2  3 * 4".replace("  ", " ")),
        ("a&nbsp;: b &lt;i&gt;", "a\u00a0: b <i>"),
    ],
)  # fmt: skip
def test_elements_become_the_markdown_of_answers(html: str, written: str) -> None:
    assert markdown(html) == written


def test_an_address_is_completed_by_that_of_the_page() -> None:
    html = "<a href='../a_(b)'>ici</a>"
    assert markdown(html, "https://e.org/x/y/") == "[ici](https://e.org/x/a_%28b%29)"
    assert markdown("<a href='http://[x'>ici</a>", "https://e.org") == "ici"


def test_a_plain_text_keeps_its_paragraphs() -> None:
    assert paragraphs("Un\nsuite\r\n\r\n \n deux \n\n") == "Un suite\n\ndeux"


@given(st.lists(st.sampled_from(
    ["<p>", "</p>", "<ul>", "<li>", "</ul>", "<ol>", "<b>", "</b>", "<a href='https://e.org/(x)'>",
     "</a>", "<br>", "<table><tr><td>", "</table>", "<h3>", "a", " b ", "**", "[", "]", "\n", "é"]
), max_size=25))  # fmt: skip
def test_no_text_is_lost_and_what_is_written_reads_as_itself(parts: list[str]) -> None:
    html = "".join(parts)
    written = markdown(html)
    shown = read_tree(f"<html><body>{as_html(written, str)}</body></html>")
    letters = (
        [sign for sign in "".join(shown.itertext()) if sign in "abé"] if shown is not None else []
    )
    wanted = [part.strip() for part in parts if part.strip() in ("a", "b", "é")]
    assert letters == wanted
