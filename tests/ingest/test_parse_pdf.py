"""PDF files that chromium prints of pages whose text is known."""

from __future__ import annotations

import difflib
import html
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from ingest.documents import Document, Source
from ingest.parse.markdown import parse_markdown
from ingest.parse.pdf import parse_pdf
from tests.ingest.texts import blocks_of

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
CORPUS = Path(__file__).parents[2] / "data" / "corpus"
SMALL = "font-size:8px;margin-left:2cm"
HEADER = f"<span style='{SMALL}'>Une charte pour essayer</span>"
FOOTER = (
    f"<span style='{SMALL}'>Page <span class=pageNumber></span> sur "
    "<span class=totalPages></span></span>"
)
STYLE = """
    body { font: 11pt serif; margin: 0; text-align: justify }
    section { height: 23cm; position: relative; break-after: page }
    .notes { position: absolute; bottom: 0; font-size: 8pt; text-align: left }
    sup { font-size: 60%; line-height: 0 }
    table { border-collapse: collapse } td, th { padding: 3px 14px; vertical-align: top }
"""

# What a page says: the tag of each block, and its text.
WRITTEN = (
    ("h1", "Une charte pour les territoires"),
    ("p", "Les communes signataires accompagnent leurs habitants dans une transition "
          "démocratique, écologique et coopérative, avec leurs associations et leurs entreprises."),
    ("h2", "Pourquoi signer la charte ?"),
    ("p", "Chaque porte-parole donne rendez-vous aux habitants. Le porte-parole élu prépare ce "
          "rendez-vous avec les intercommunalités voisines, dont les compétences grandissent ; "
          "il rencontre aussi les coopératives, les établissements et les administrations."),
    ("li", "apprendre ensemble ;"),
    ("li", "accompagner les territoires, leurs collectivités et leurs établissements publics, "
           "pendant plusieurs années ;"),
    ("li", "transmettre."),
    ("p", "La fin de l'office suffit à l'affaire : l'eﬀet des ligatures est nul."),
    ("h3", "Les engagements pris"),
    ("tr", "Territoire|Engagement|Année"),
    ("tr", "Privas|Planter mille arbres|2021"),
    ("tr", "Aubenas|Ouvrir une maison|2022"),
    ("p", "Les territoires rendent compte de leurs engagements devant l'assemblée des alliés, "
          "chaque année, en présence des habitants."),
    ("h2", "Comment la charte évolue-t-elle ?"),
    ("h3", "La révision"),
    ("p", "La gouvernance, partagée entre les collectivités, révise le document tous les trois "
          "ans. Les signataires reçoivent une proposition argumentée et la commentent."),
)  # fmt: skip

Print = Callable[..., bytes]


@pytest.fixture(scope="module")
def printed() -> Iterator[Print]:
    """Prints HTML to a PDF, in one chromium for all tests."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium (make test does it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()

        def print_(body: str, *, tagged: bool = False, columns: int = 1, head: str = "") -> bytes:
            set_in = f"style=columns:{columns}" if columns > 1 else ""
            page.set_content(
                f"<html lang=fr><head>{head}<style>{STYLE}</style></head>"
                f"<body><main {set_in}>{body}</main></body></html>"
            )
            return page.pdf(
                format="A4", tagged=tagged, outline=tagged, display_header_footer=True,
                header_template=HEADER, footer_template=FOOTER,
                margin={"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"},
            )  # fmt: skip

        yield print_
        browser.close()


def parse(data: bytes) -> Document:
    return parse_pdf(data, Source(title="Fichier", name="f.pdf"))


def soft(text: str) -> str:
    """The text as HTML, with soft hyphens in its long words."""
    return re.sub(r"([^\W\d_]{4,6})(?=[^\W\d_]{4})", "\\1&shy;", html.escape(text))


def markup(written: Sequence[tuple[str, str]]) -> str:
    """The HTML of some blocks, lists and tables around their rows."""
    parts = []
    for tag, text in written:
        inner = soft(text)
        if tag == "tr":
            inner = "".join(f"<td>{cell}</td>" for cell in inner.split("|"))
        parts.append(f"<{tag}>{inner}</{tag}>")
    listed = re.sub(r"(?:<li>.*?</li>)+", r"<ul>\g<0></ul>", "".join(parts))
    return re.sub(r"(?:<tr>.*?</tr>)+", r"<table>\g<0></table>", listed)


def expected(written: Sequence[tuple[str, str]]) -> list[tuple[str, int, str]]:
    kinds = {"p": "paragraph", "li": "item", "tr": "item"}
    return [
        (kinds.get(tag, "heading"), int(tag[1:]) if tag not in kinds else 0,
         text.replace("|", " — ").replace("ﬀ", "ff"))
        for tag, text in written
    ]  # fmt: skip


def found(document: Document) -> list[tuple[str, int, str]]:
    """Its blocks; chromium prints some no-break spaces as plain ones."""
    return [
        (block.kind, block.level, " ".join(text.split()))
        for block, (_, text) in zip(document.blocks, blocks_of(document), strict=True)
    ]


def words(blocks: Sequence[tuple[str, int, str]]) -> list[str]:
    return [word for _, _, text in blocks for word in re.findall(r"[^\W_]+", text)]


def figures(document: Document, written: Sequence[tuple[str, int, str]]) -> tuple[float, ...]:
    """Recall and precision of the words, and the share of them that come in the right order."""
    said, read = words(written), words(found(document))
    both = (Counter(said) & Counter(read)).total()
    matcher = difflib.SequenceMatcher(None, said, read, autojunk=False)
    ordered = sum(match.size for match in matcher.get_matching_blocks())
    return both / len(said), both / len(read), ordered / len(said)


def assert_exact(document: Document) -> None:
    """Every block is a trimmed slice of the text, in order, and all text is in blocks."""
    end = 0
    for block in document.blocks:
        assert set(document.text[end : block.start]) <= set("\n• ")
        text = document.text[block.start : block.end]
        assert text and text == text.strip() and block.page >= 1
        end = block.end
    assert end == len(document.text)


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_a_page_is_read_block_by_block(printed: Print, columns: int, tagged: bool) -> None:
    written = [block for block in WRITTEN if block[0] != "tr" or columns < 3]  # a row is wide
    document = parse(printed(markup(written), tagged=tagged, columns=columns))
    assert found(document) == expected(written)
    assert_exact(document)


@pytest.mark.parametrize("tagged", [False, True])
def test_many_pages_are_one_text_without_their_headers(printed: Print, tagged: bool) -> None:
    written = [
        (tag, f"{text} {rank}" if tag == "p" else text)
        for rank in range(12)
        for tag, text in WRITTEN[:6]
    ]
    document = parse(printed(markup(written), tagged=tagged, columns=2))
    assert found(document) == expected(written)
    pages = [block.page for block in document.blocks]
    assert pages == sorted(pages) and pages[-1] >= 3
    assert "Page" not in document.text and "Une charte pour essayer" not in document.text


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize("columns", [1, 2])
def test_a_long_text_keeps_its_words_order_and_headings(
    printed: Print, columns: int, tagged: bool
) -> None:
    """The corpus, justified: twenty pages."""
    documents = [
        parse_markdown(re.sub(r"\A---\n.*?\n---\n", "", file.read_text("utf-8"), flags=re.S),
                       Source(title=""))
        for file in sorted(CORPUS.glob("*.md"))
    ]  # fmt: skip
    written = [block for document in documents for block in found(document)]
    body = "".join(
        f"<h{level}>{html.escape(text)}</h{level}>" if kind == "heading"
        else f"<ul><li>{soft(text)}</li></ul>" if kind == "item" else f"<p>{soft(text)}</p>"
        for kind, level, text in written
    )  # fmt: skip
    document = parse(printed(body, tagged=tagged, columns=columns))
    recall, precision, order = figures(document, written)
    assert min(recall, precision) >= 0.99 and order >= 0.98
    headings = [block for block in written if block[0] == "heading"]
    assert [block for block in found(document) if block[0] == "heading"] == headings
    assert document.blocks[-1].page >= 10
    assert_exact(document)


@pytest.mark.parametrize("columns", [1, 2])
def test_notes_stand_after_the_text_of_their_page(printed: Print, columns: int) -> None:
    filling = "<p>" + "Les communes rurales agissent avec leurs habitants. " * 30 + "</p>"
    body = (
        "<section><h1>Une charte</h1><p>La charte<sup>1</sup> compte cinq engagements<sup>2</sup>, "
        f"sur 12 km<sup>2</sup>.</p><div style='columns:{columns}'>{filling}</div>"
        "<p>Elle engage tous les</p><div class=notes><p><sup>1</sup> Texte adopté en 2019.</p>"
        "<p><sup>2</sup> Voir le rapport.</p></div></section><section><p>signataires de la charte. "
        f"Elle dure.</p>{filling}</section>"
    )
    texts = [text for _, text in blocks_of(parse(printed(body)))]
    assert texts[1] == "La charte compte cinq engagements, sur 12 km²."
    assert texts[3:6] == [
        "Elle engage tous les signataires de la charte. Elle dure.",
        "1 Texte adopté en 2019.",
        "2 Voir le rapport.",
    ]


@pytest.mark.parametrize("tagged", [False, True])
def test_cells_of_several_lines_stay_in_their_rows(printed: Print, tagged: bool) -> None:
    rows = [
        ("Territoire", "Engagement pris devant l'assemblée", "Année"),
        ("Communauté de communes du bassin d'Aubenas",
         "Réduire de moitié les consommations d'énergie des bâtiments publics", "2019"),
        ("Privas", "Planter mille arbres", "2021"),
        ("Le Teil et ses voisines de la vallée du Rhône", "Ouvrir une maison", "2022"),
    ]  # fmt: skip
    cells = "".join(
        "<tr>" + "".join(f"<td style='width:4cm'>{html.escape(cell)}</td>" for cell in row)
        for row in rows
    )
    body = f"<p>Avant le tableau, une phrase.</p><table>{cells}</table><p>Après, une autre.</p>"
    texts = [text for _, text in blocks_of(parse(printed(body, tagged=tagged)))]
    assert texts[1:-1] == [" — ".join(row) for row in rows]


@pytest.mark.parametrize("tagged", [False, True])
def test_numbered_and_nested_items_are_items(printed: Print, tagged: bool) -> None:
    body = (
        "<p>Deux buts :</p><ol><li>Agir<ul><li>vite</li><li>bien</li></ul></li>"
        "<li>Signer</li></ol><p>C'est tout.</p>"
    )
    items = [
        text for kind, text in blocks_of(parse(printed(body, tagged=tagged))) if kind == "item"
    ]
    assert items == ["Agir", "vite", "bien", "Signer"]


def test_text_outside_any_block_of_a_tagged_page_is_parted_as_it_is_set(printed: Print) -> None:
    body = (
        "<h1>Une charte</h1><div>Les communes <b>rurales</b> agissent avec leurs habitants.</div>"
        "<div style='margin-top:1cm'>Elles agissent.</div>"
    )
    assert blocks_of(parse(printed(body, tagged=True))) == [
        ("heading", "Une charte"),
        ("paragraph", "Les communes rurales agissent avec leurs habitants."),
        ("paragraph", "Elles agissent."),
    ]


def test_compounds_that_the_end_of_a_line_cuts_keep_their_hyphen(printed: Print) -> None:
    text = "Le porte-parole donne rendez-vous au vice-président d'Auvergne-Rhône-Alpes."
    widths = range(20, 80, 3)
    body = "".join(f"<p style='width:{width}mm;text-align:left'>{text}</p>" for width in widths)
    read = " ".join(text for _, text in blocks_of(parse(printed(body))))
    assert Counter(read.split()) == Counter(text.split() * len(widths))


def test_a_printed_page_describes_itself(printed: Print) -> None:
    data = printed(markup(WRITTEN), tagged=True, head="<title>La charte d'essai</title>")
    source = parse(data).source
    assert (source.title, source.language) == ("La charte d'essai", "fr")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", source.date or "")


def test_a_page_without_a_title_has_that_of_its_first_heading(printed: Print) -> None:
    assert parse(printed(markup(WRITTEN))).source.title == "Une charte pour les territoires"
