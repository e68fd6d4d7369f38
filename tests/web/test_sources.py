"""The pages of the sources: what is marked is what was asked, and all text is escaped."""

from __future__ import annotations

import gzip
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.web.markup import asset
from app.web.sources import cited, original_address, read_span, source_page
from ingest.documents import Document, Source
from ingest.parse.markdown import parse_markdown
from ingest.parse.text import parse_text
from tests.web.conftest import (
    DOCUMENT,
    HOSTILE,
    QUOTE,
    SHEET,
    SHEET_DOCUMENT,
    SOURCE,
    TEXT,
    WHOLE,
    FakeAssistant,
)

START = TEXT.index(QUOTE)
END = START + len(QUOTE)
CHANGED = "Ce texte a changé depuis la création de ce lien"
PLAIN = parse_text(
    "Actualités\n\nLa fête de l'énergie\n\nUn paragraphe\nsur deux lignes.\n\n"
    "Trois points :\n- le premier,\n- le deuxième <b>,\n2) le troisième.\n\n  Fin.\n",
    Source("sans titre"),
)


class Reader(HTMLParser):
    """The text of a page, of its marks, and its elements by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.marked: list[str] = []
        self.text: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag == "mark":
            self._depth += 1
            self.marked.append("")
        if tag in {"p", "li", "h1", "h2"}:
            self.text.append(" ")
            self.marked.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._depth:
            self.marked.append(data)


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("document", [DOCUMENT, PLAIN, SHEET_DOCUMENT])
@given(data=st.data())
def test_what_is_marked_is_what_was_asked(document: Document, data: st.DataObject) -> None:
    offsets = st.integers(0, len(document.text))
    start, end = sorted((data.draw(offsets), data.draw(offsets)))
    reader = Reader(source_page(document, (start, end)))
    assert folded("".join(reader.marked)) == folded(document.text[start:end])
    assert reader.ids.count("passage") == bool(document.text[start:end].strip())


@pytest.mark.parametrize("document", [DOCUMENT, PLAIN, SHEET_DOCUMENT])
def test_the_page_holds_all_the_text_in_order(document: Document) -> None:
    shown = folded("".join(Reader(source_page(document, None)).text))
    position = 0
    for line in filter(str.strip, document.text.splitlines()):
        position = shown.index(folded(line), position)


def test_the_citation_s_link_marks_the_quotation(client: TestClient) -> None:
    page = client.get(f"/sources/{SOURCE.id}?start={START}&end={END}")
    assert page.status_code == 200
    assert f'<mark id="passage">{QUOTE}</mark>' in page.text
    assert "citego.org/charte#:~:text=Elle%20date%20de%202019." in page.text
    assert 'href="#passage"' in page.text


def test_a_passage_is_marked_by_its_id(client: TestClient) -> None:
    page = client.get(f"/sources/{SOURCE.id}?passage=p1").text
    assert "".join(Reader(page).marked).strip() == WHOLE.text and CHANGED not in page


def test_a_link_to_a_passage_marks_the_quotation_in_it(client: TestClient) -> None:
    page = client.get(f"/sources/{SOURCE.id}?passage=p1&start={START}&end={END}").text
    assert f'<mark id="passage">{QUOTE}</mark>' in page and CHANGED not in page


@pytest.mark.parametrize(
    ("id", "query"),
    [
        (SOURCE.id, f"passage=autre&start={START}&end={END}"),
        (SOURCE.id, "passage=autre"),
        (SOURCE.id, f"passage=p1&start={START - 5}&end={END - 5}"),  # before the passage
        (SOURCE.id, f"passage=p1&start={START + 3}&end={END + 3}"),  # still within it
        (SOURCE.id, "passage=p1&start=9&end=99999"),
        (SHEET.id, "passage=p1"),  # of another source
    ],
)
def test_a_text_changed_since_the_link_was_made_is_told_and_nothing_marked(
    client: TestClient, id: str, query: str
) -> None:
    page = client.get(f"/sources/{id}?{query}")
    assert page.status_code == 200
    assert "<mark" not in page.text and page.text.count(CHANGED) == 1


@pytest.mark.parametrize(
    "query",
    ["", "start=5", "start=5&end=5", "start=9&end=3", "start=-1&end=4", "start=0&end=999999",
     "start=a&end=b", "start=1e3&end=2e3", "start=²&end=³", f"start=1&end={'9' * 5000}",
     "start=9&end=11"],
)  # fmt: skip
def test_bad_offsets_give_the_page_without_a_mark(client: TestClient, query: str) -> None:
    page = client.get(f"/sources/{SOURCE.id}?{query}")
    assert page.status_code == 200
    assert "<mark" not in page.text


def test_offsets_are_read_whole_or_not_at_all() -> None:
    assert read_span("0", "5", 5) == (0, 5)
    assert read_span("0", "6", 5) is None


def test_headings_make_the_contents_from_three_on() -> None:
    assert 'class="ch-contents"' not in source_page(DOCUMENT, None)
    text = "A\n\nB\n\nC\n\nFin."
    document = parse_text("Un\n\nx.\n\nDeux\n\ny.\n\nTrois\n\nz.\n", Source("Titre"))
    assert text and 'class="ch-contents"' in source_page(document, None)
    assert '<a href="#h2">Deux</a>' in source_page(document, None)
    assert '<h2 id="h2">Deux</h2>' in source_page(document, None)


def test_the_page_says_where_the_text_comes_from(client: TestClient) -> None:
    page = client.get(f"/sources/{SOURCE.id}").text
    for said in ("CITEGO", "Une autrice", "décembre 2019", "Charte", "français"):
        assert said in page
    assert page.count("<h1") == 1 and "secret" not in page


def test_a_sheet_names_its_originals_and_never_points_into_them() -> None:
    page = source_page(SHEET_DOCUMENT, (0, 9))
    assert "Fiche de synthèse" in page and "L&#39;original" in page and "Autre" in page
    assert 'href="https://alec.fr/a"' in page and "#:~:text=" not in page
    assert original_address(SHEET, "une citation") == "https://alec.fr/a"


def test_hostile_text_is_shown_literally() -> None:
    page = source_page(SHEET_DOCUMENT, None)
    assert "<script" not in page and "<b>" not in page and 'href="javascript' not in page
    reader = Reader(page)
    assert HOSTILE in "".join(reader.text)
    assert not {"script", "img", "b"} & set(reader.tags)


def test_an_unknown_source_is_a_page_in_french(client: TestClient) -> None:
    for id in ("inconnue", "..%2f..%2fetc", "%00", "0" * 500):
        response = client.get(f"/sources/{id}")
        assert response.status_code == 404
        assert response.headers["content-type"].startswith("text/html")
        assert '<html lang="fr">' in response.text


def test_all_sources_are_listed(client: TestClient) -> None:
    page = client.get("/sources").text
    assert f'href="sources/{SOURCE.id}"' in page and f'href="sources/{SHEET.id}"' in page
    assert "sans date" not in page and "2020" in page and "<b>" not in page


def test_a_failure_is_a_page_without_the_folder(client: TestClient, fake: FakeAssistant) -> None:
    from ingest.errors import StoreError

    fake.error = StoreError("/chemin/secret")
    response = client.get("/sources", headers={"accept": "text/html"})
    assert response.status_code == 503 and "secret" not in response.text


def test_the_line_to_cite_names_who_what_when_and_where() -> None:
    assert cited(SOURCE) == (
        "Une autrice, « La charte », CITEGO, décembre 2019, https://citego.org/charte."
    )
    assert cited(SHEET, "en") == "« Fiche <b>ALEC</b> », 2020, https://alec.fr/a."
    assert cited(Source("Sans rien")) == "« Sans rien », sans date."
    page = source_page(SHEET_DOCUMENT, None)
    assert "« Fiche &lt;b&gt;ALEC&lt;/b&gt; », 2020, https://alec.fr/a." in page


def test_a_source_page_in_english_keeps_the_text_in_its_language(client: TestClient) -> None:
    page = client.get(f"/sources/{SOURCE.id}?start={START}&end={END}&lang=en").text
    assert '<html lang="en">' in page and '<div class="ch-text" lang="fr">' in page
    assert "December 2019" in page and "Go to the quoted passage" in page
    assert f'href="?start={START}&amp;end={END}&amp;lang=fr"' in page
    assert f'<mark id="passage">{QUOTE}</mark>' in page


def test_the_page_of_the_longest_starter_sheet_is_light_and_needs_no_script() -> None:
    sheets = sorted(Path("data/corpus").glob("*.md"), key=lambda file: file.stat().st_size)
    page = source_page(parse_markdown(sheets[-1].read_text("utf-8"), Source("x")), (100, 300))
    whole = page + asset("chartiste.css")
    assert len(whole.encode()) <= 40_000 and len(gzip.compress(whole.encode())) <= 12_000
    assert len(page.encode()) <= 30_000 and "<script" not in page
