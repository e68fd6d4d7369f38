from __future__ import annotations

import pytest

from ingest.documents import Document, Source
from ingest.errors import SourceError
from ingest.parse.html import parse_html
from tests.ingest.texts import blocks_of

PARAGRAPH = "<p>La charte rassemble des territoires qui changent leur façon d'agir.</p>"


def page(body: str, head: str = "<title>La charte</title>", encoding: str = "utf-8") -> Document:
    text = f"<html><head><meta charset='{encoding}'>{head}</head><body>{body}</body></html>"
    return parse_html(text.encode(encoding), Source(title="Page", name="page.html"))


def test_the_main_text_is_kept_with_its_headings_and_the_menu_is_not() -> None:
    document = page(
        "<nav><a href='/'>Accueil</a></nav>"
        f"<main><h1>La charte</h1>{PARAGRAPH}<h2>Signer</h2>{PARAGRAPH[:-4]} Signez.</p></main>"
        "<footer>Mentions légales</footer>"
    )
    words = "La charte rassemble des territoires qui changent leur façon d'agir."
    assert blocks_of(document) == [
        ("heading", "La charte"), ("paragraph", words), ("heading", "Signer"),
        ("paragraph", f"{words} Signez."),
    ]  # fmt: skip
    assert [block.level for block in document.blocks] == [1, 0, 2, 0]


def test_a_line_break_does_not_join_two_words() -> None:
    body = "".join(f"<p>Le point numéro {n} parle de la<br>transition.</p>" for n in range(12))
    document = page(f"<main><h1>But</h1>{body}</main>")
    assert blocks_of(document)[1] == ("paragraph", "Le point numéro 0 parle de la transition.")


def test_inline_markup_does_not_part_a_word() -> None:
    marked = "<p>La <b>1</b><sup>re</sup> char<em>te</em> signée.</p>"
    body = "".join(f"<p>Le point numéro {n} parle de la transition.</p>" for n in range(12))
    assert blocks_of(page(f"<main><h1>But</h1>{marked}{body}</main>"))[1] == (
        "paragraph", "La 1re charte signée.",
    )  # fmt: skip


def test_items_of_a_nested_list_are_said_once() -> None:
    document = page(f"{PARAGRAPH}<ul><li>Agir<ul><li>vite</li></ul></li><li>Signer</li></ul>")
    assert blocks_of(document)[1:] == [("item", "Agir"), ("item", "vite"), ("item", "Signer")]


def test_each_row_of_a_table_is_an_item() -> None:
    table = "<table><tr><td>Charte</td><td>2019</td></tr><tr><td>Pacte</td><td></td></tr></table>"
    assert blocks_of(page(PARAGRAPH + table))[1:] == [("item", "Charte — 2019"), ("item", "Pacte")]


def test_a_page_describes_itself() -> None:
    source = page(
        PARAGRAPH,
        "<title>Signer la charte</title><meta property='og:site_name' content='ALEC07'>"
        "<meta name='author' content='Jeanne Roux'><meta name='date' content='2020-05-06'>"
        "<link rel='canonical' href='https://exemple.fr/signer'>",
    ).source
    assert source == Source(
        title="Signer la charte", publisher="ALEC07", author="Jeanne Roux", date="2020-05-06",
        url="https://exemple.fr/signer", name="page.html",
    )  # fmt: skip


def test_a_date_that_only_stands_in_the_text_is_not_the_page_s() -> None:
    assert page(f"{PARAGRAPH}<p>La charte a été signée le 12 mars 2021.</p>").source.date is None


def test_what_the_page_does_not_say_stays_as_it_was() -> None:
    assert page(PARAGRAPH, head="").source == Source(title="Page", name="page.html")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252"])
def test_a_page_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    assert "leur façon d'agir" in page(PARAGRAPH, encoding=encoding).text


@pytest.mark.parametrize("data", [b"", b" \n", b"\x00\x01\x02", b"<html></html>", b"\xff\xfe\x00"])
def test_a_page_without_text_is_refused_in_french(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^La page ne contient pas de texte lisible\.$"):
        parse_html(data, Source(title="Page"))
