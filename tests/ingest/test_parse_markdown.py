from __future__ import annotations

import time

import pytest
from hypothesis import given

from ingest.documents import Document, Original, Source
from ingest.errors import SourceError
from ingest.parse.builder import TextBuilder
from ingest.parse.frontmatter import read_front_matter, split_front_matter
from ingest.parse.markdown import parse_markdown
from tests.ingest.texts import CHARTER, TEXTS, blocks_of

NAMED_BY_ITS_FILE = Source(title="Charte", name="charte.md")


def markdown(text: str) -> Document:
    return parse_markdown(text, NAMED_BY_ITS_FILE)


def front(text: str) -> Source:
    return read_front_matter(text, NAMED_BY_ITS_FILE)


def test_headings_paragraphs_and_items_become_blocks_without_their_markup() -> None:
    document = markdown("# But\n\n**Agir** _vite_,\nà [Privas](https://x.fr).\n\n- un\n- `deux`\n")
    assert blocks_of(document) == [
        ("heading", "But"), ("paragraph", "Agir vite, à Privas."), ("item", "un"), ("item", "deux"),
    ]  # fmt: skip
    assert document.text == "But\n\nAgir vite, à Privas.\n\n• un\n• deux"


def test_headings_keep_their_level() -> None:
    assert [block.level for block in markdown("# a\n\n### b\n\nSous\n---\n").blocks] == [1, 3, 2]


def test_the_second_paragraph_of_an_item_is_a_paragraph() -> None:
    assert blocks_of(markdown("- un\n\n  suite\n- deux")) == [
        ("item", "un"), ("paragraph", "suite"), ("item", "deux"),
    ]  # fmt: skip


def test_the_description_of_an_image_and_the_lines_of_code_are_kept() -> None:
    assert blocks_of(markdown("![Un plan](p.png)\n\n```\nligne un\nligne deux\n```\n")) == [
        ("paragraph", "Un plan"), ("paragraph", "ligne un ligne deux"),
    ]  # fmt: skip


def test_comments_and_tags_are_not_part_of_the_text() -> None:
    document = parse_markdown("<!-- à relire -->\n\nLa <b>charte</b> engage.\n", NAMED_BY_ITS_FILE)
    assert document.text == "La charte engage."


def test_the_text_of_raw_html_is_kept_without_its_tags_comments_and_scripts() -> None:
    document = markdown(
        "<details>\n<summary>But</summary>\nAgir <b>vi</b>te<br>&amp; bien : 2 < 3.\n</details>\n\n"
        "Avant.<br>Après.\n\n<div><!-- à relire -->Signer.</div>\n\n"
        "<script>\nalert('x')\n</script>\n\n<table><tr><td>a</td><td>b</td></tr></table>\n\n"
        "<!-- fin"
    )
    assert blocks_of(document) == [
        ("paragraph", "But"), ("paragraph", "Agir vite & bien : 2 < 3."),
        ("paragraph", "Avant. Après."), ("paragraph", "Signer."), ("paragraph", "a b"),
    ]  # fmt: skip


@pytest.mark.parametrize("hostile", ["<", "<a ", "<!--", "<script>", "</a", "<div>"])
def test_hostile_markup_is_read_in_linear_time(hostile: str) -> None:
    began = time.perf_counter()
    markdown("<div>\n" + hostile * 50_000)
    assert time.perf_counter() - began < 10


def test_each_row_of_a_table_is_an_item() -> None:
    document = markdown("| Nom | Rôle |\n|---|---|\n| Une | **élue** |\n| Un |  |\n\nFin.")
    assert blocks_of(document) == [
        ("item", "Nom — Rôle"), ("item", "Une — élue"), ("item", "Un"), ("paragraph", "Fin."),
    ]  # fmt: skip


def test_a_no_break_space_stays_and_other_white_space_is_folded() -> None:
    assert markdown("10\u00a0000  euros\nou\tplus").text == "10\u00a0000 euros ou plus"


def test_the_title_is_the_front_matter_s_then_the_first_heading_s_then_the_file_s() -> None:
    assert markdown("---\ntitle: Un\n---\n# Deux\n").source.title == "Un"
    assert markdown("Avant.\n\n## Deux\n").source.title == "Deux"
    assert markdown("Avant.").source.title == "Charte"


def test_front_matter_describes_the_source_and_stays_out_of_the_text() -> None:
    document = markdown(CHARTER)
    assert document.text.startswith("La charte en bref\n\nLa charte rassemble")
    assert document.source == Source(
        title="La charte en bref", publisher="Fabrique des transitions", date="2019-12",
        url="https://exemple.fr/charte", kind="charte", name="charte.md",
    )  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_front_matter_is_found_under_every_newline_and_after_a_mark(
    newline: str, mark: str
) -> None:
    text = mark + newline.join(["---", "title: Un", "---", "Corps."])
    assert split_front_matter(text) == (f"title: Un{newline}", "Corps.")


@pytest.mark.parametrize("text", ["Corps.", "---\ntitle: Un\n", "\n---\na: b\n---\n", ""])
def test_text_that_opens_with_no_closed_fence_has_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == ("", text)


def test_empty_front_matter_says_nothing() -> None:
    assert front(" \n") is NAMED_BY_ITS_FILE
    assert markdown("---\n---\nCorps.").source == NAMED_BY_ITS_FILE


@pytest.mark.parametrize("date", ["2019", "2019-12", "2019-12-01"])
def test_a_date_may_be_partial(date: str) -> None:
    assert front(f"date: {date}").date == date


def test_values_that_are_not_text_are_read_as_text() -> None:
    source = front("title: 2030\nauthor: Oui\npublisher: no\nlanguage:\n")
    assert (source.title, source.author, source.publisher, source.language) == (
        "2030", "Oui", "no", "fr",
    )  # fmt: skip


@pytest.mark.parametrize("value", ["''", '" "', "~", "null", '"\\u200b"'])
def test_an_empty_value_counts_as_absent(value: str) -> None:
    names = ("title", "publisher", "author", "date", "url", "language", "kind", "original")
    assert front("".join(f"{name}: {value}\n" for name in names)) == NAMED_BY_ITS_FILE


def test_control_and_format_characters_are_removed() -> None:
    assert (
        front('title: "La char\\u00adte\\e[31m\\u202e d\\talliance"').title
        == "La charte[31m d alliance"
    )


def test_values_may_be_as_long_as_the_limit() -> None:
    source = front(f"title: {'a' * 500}\nurl: http://{'a' * 1_993}")
    assert (len(source.title), len(source.url or "")) == (500, 2_000)


def test_half_a_character_in_a_title_does_not_get_through() -> None:
    assert front('title: "a\\uD800"').title == "a?"


def test_original_and_also_name_the_public_documents() -> None:
    source = front(
        "publisher: ALEC07\nurl: https://a.fr\noriginal: La  charte\n"
        "also:\n- title: Statuts\n  publisher: 7\n  url: http://b.fr\n- title: Bilan\n"
    )
    assert source.originals == (
        Original("La charte", "ALEC07", "https://a.fr"),
        Original("Statuts", "7", "http://b.fr"),
        Original("Bilan"),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title: 'x", "L'en-tête YAML est mal formé, ligne 2."),
        ("title: a\nurl: b: c", "L'en-tête YAML est mal formé, ligne 3."),
        ("date: 2019-02-30", "« date: 2019-02-30 » : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ."),
        ("date: 2020-19-99", "« date: 2020-19-99 » : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ."),
        ("date: 2020-13", "« date: 2020-13 » : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ."),
        ("date: '0000'", "« date: 0000 » : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ."),
        ("title: [a, b]", "« title » : écrivez un seul texte, et non une liste."),
        ("author: {a: b}", "« author » : écrivez un seul texte, et non une liste."),
        ("original: [a]", "« original » : écrivez un seul texte, et non une liste."),
        ("also:\n- title: [a]", "« title » : écrivez un seul texte, et non une liste."),
        ("title: " + "a" * 501, "« title » : au plus 500 caractères ; il y en a 501."),
        ("url: " + "a" * 2_001, "« url » : au plus 2000 caractères ; il y en a 2001."),
        (
            "author: &a [x, x]\ntitle: [*a, *a]",
            "L'en-tête YAML contient un alias (« * »), ligne 3 : "
            "écrivez la valeur elle-même, entre guillemets si elle commence par « * ».",
        ),
        ("a: " + "[" * 5_000, "L'en-tête YAML est mal formé."),
        ("title: \x07", "L'en-tête YAML est mal formé."),
        ("- a", "L'en-tête YAML doit être une liste de « clé: valeur »."),
        ("kind: roman", "« kind: roman » : les valeurs sont charte, article, page, faq."),
        ("date: hier", "« date: hier » : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ."),
        ("url: a.fr", "« url: a.fr » : l'adresse commence par http:// ou https://."),
        ("also: 3", "« also » : chaque document a au moins un « title »."),
        ("also:\n- url: http://a.fr", "« also » : chaque document a au moins un « title »."),
        (
            "also:\n- title: a\n  url: ftp://b",
            "« also » : l'adresse « ftp://b » commence par http:// ou https://.",
        ),
    ],
    ids=lambda value: value[:24],
)
def test_bad_front_matter_is_refused_in_french(text: str, reason: str) -> None:
    with pytest.raises(SourceError) as refused:
        front(text)
    assert str(refused.value) == reason


def test_a_builder_leaves_out_blocks_without_text() -> None:
    builder = TextBuilder()
    for kind in ("paragraph", "item", "heading"):
        builder.add(kind, " \n\t")
    assert builder.document(NAMED_BY_ITS_FILE) == Document(NAMED_BY_ITS_FILE, "", ())


@given(TEXTS)
def test_offsets_of_blocks_give_their_text_and_nothing_else_is_in_the_document(text: str) -> None:
    document = markdown("Début.\n\n" + text)
    place = 0
    for block in document.blocks:
        shown = document.text[block.start : block.end]
        assert shown == shown.strip() != ""
        assert "\n" not in shown
        assert document.text[place : block.start] in ("", "\n", "\n\n", "• ", "\n• ", "\n\n• ")
        place = block.end
    assert place == len(document.text)
