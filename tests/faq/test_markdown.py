"""The Markdown that an answer may hold, and what is only text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from app.faq.markdown import Block, Run, as_html, blocks_of, plain_text

ANSWER = """Toute **commune [1]** peut
signer. [1]

- le maire signe ;
  en mairie
- le conseil délibère. [12]
1. d'abord
2) ensuite
Voyez [la charte](https://example.org/a_(b)) !"""


def html(answer: str) -> str:
    return as_html(answer, lambda number: f"<i>{number}</i>")


def test_paragraphs_lists_bold_links_and_numbers_are_read() -> None:
    bold = (Run("commune ", True), Run("[1]", True, number=1))
    assert blocks_of(ANSWER)[:2] == [
        Block(
            "paragraph",
            ((Run("Toute "), *bold, Run(" peut signer. "), Run("[1]", number=1)),),
        ),
        Block(
            "bullets",
            (
                (Run("le maire signe ; en mairie"),),
                (Run("le conseil délibère. "), Run("[12]", number=12)),
            ),
        ),
    ]


def test_it_becomes_html() -> None:
    assert html(ANSWER) == (
        "<p>Toute <strong>commune </strong><i>1</i> peut signer. <i>1</i></p>"
        "<ul><li>le maire signe ; en mairie</li><li>le conseil délibère. <i>12</i></li></ul>"
        "<ol><li>d&#x27;abord</li><li>ensuite Voyez "
        '<a href="https://example.org/a_(b)" rel="noopener nofollow">la charte</a> !</li></ol>'
    )


def test_it_becomes_plain_text() -> None:
    assert plain_text(ANSWER).split("\n") == [
        "Toute commune [1] peut signer. [1]",
        "- le maire signe ; en mairie",
        "- le conseil délibère. [12]",
        "1. d'abord",
        "2. ensuite Voyez la charte (https://example.org/a_(b)) !",
    ]
    assert plain_text("[https://a.fr](https://a.fr)") == "https://a.fr"
    assert plain_text("") == "" == html("")


def test_anything_else_is_only_text() -> None:
    for text in (
        "# Titre", "![image](x.png)", "`code`", "> cité", "a*b*c", "** non **", "[x](javascript:a)",
        "[x](//a.fr)", "[x](https://)", "[1234]", "-non", "1.5 euro", "[ref]: https://a.fr",
    ):  # fmt: skip
        [block] = blocks_of(text)
        assert block.kind == "paragraph" and all(run == Run(run.text) for run in block.lines[0])
        assert plain_text(text) == text


def test_html_is_escaped_wherever_it_stands() -> None:
    shown = html('<b>"x"</b> **<i>** [<u>](https://a.fr/"onclick=x)')
    assert shown.startswith("<p>&lt;b&gt;&quot;x&quot;&lt;/b&gt; <strong>&lt;i&gt;</strong>")
    assert 'href="https://a.fr/&quot;onclick=x"' in shown


@given(some.text(alphabet="a1 \n*[]()-<>\"'h:/#!", max_size=80))
def test_whatever_is_written_opens_no_tag_of_its_own(text: str) -> None:
    shown = as_html(text.replace("h:", "https://a.fr/"), lambda number: "")
    for tag in ("p", "ul", "ol", "li", "strong", "/p", "/ul", "/ol", "/li", "/strong", "/a"):
        shown = shown.replace(f"<{tag}>", "")
    assert shown.count("<") == shown.count('<a href="https://a.fr/')


def test_a_hostile_answer_is_read_in_no_time() -> None:
    for text in ("**a " * 1000, "[" * 4000, "[a](" * 1000, "[a](https://a(" * 300, "- " * 2000):
        assert "".join(html(text).split())
