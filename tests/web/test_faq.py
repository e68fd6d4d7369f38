"""``/faq``: what is published, by theme, with its sources; nothing else, and no script."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from app.faq.entries import Entries
from app.records.database import Database
from app.server import create_app
from app.settings import Settings
from ingest.errors import RecordsError
from tests.faq.edits import ANA, PAUL, cited, edit
from tests.faq.exports.made import HOSTILE, RICH
from tests.web.conftest import DOCUMENT, QUOTE, SOURCE, FakeAssistant
from tests.web.conftest import citation as citation_of

SIGN = "Qui peut signer ?"


@pytest.fixture
def entries(tmp_path: Path, sqlite_template: Path) -> Iterator[Entries]:
    """No entry yet."""
    shutil.copyfile(sqlite_template, tmp_path / "base.db")
    database = Database(f"sqlite:///{tmp_path / 'base.db'}")
    entries = Entries(database)
    entries.database = database  # type: ignore[attr-defined]
    yield entries
    database.close()


@pytest.fixture
def visit(entries: Entries, configured: Settings, without_gradio: None) -> TestClient:
    """A visitor of the whole application over these entries."""
    named = replace(configured, agency="l'ALEC07")
    app = create_app(FakeAssistant(), named, entries.database)  # type: ignore[arg-type,attr-defined]
    return TestClient(app, raise_server_exceptions=False)


def publish(entries: Entries, **values: Any) -> str:
    """The id of a new published entry."""
    made = entries.create(edit(**values), PAUL)
    return entries.publish(made.id, made.version, PAUL).id


class Reader(HTMLParser):
    """The tags of a page with their attributes, its ids, and the text of each data block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.blocks: list[str] = []
        self._in_block = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._in_block = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._in_block:
            self.blocks.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_block = False

    def all(self, name: str, attribute: str) -> list[str]:
        """The values of an attribute in the elements of that name."""
        return [attrs[attribute] for tag, attrs in self.tags if tag == name and attribute in attrs]


def test_without_entries_there_is_a_sentence_and_no_block(
    client: TestClient, visit: TestClient
) -> None:
    for asking in (client, visit):
        page = asking.get("/faq")
        assert page.status_code == 200 and "Aucune fiche n&#x27;est publiée" in page.text
        assert "<script" not in page.text and "<form" not in page.text
        assert "No entry is published" in asking.get("/faq?lang=en").text


def test_a_published_entry_shows_with_its_theme_answer_and_who_validated(
    visit: TestClient, entries: Entries
) -> None:
    id = publish(entries, answer=RICH)
    page = visit.get("/faq").text
    assert "<h2>Charte</h2>" in page and f'id="fiche-{id}"' in page
    assert f'<a href="#fiche-{id}">{SIGN}</a></h3>' in page
    assert "<strong>commune</strong>" in page and "<li>le maire signe ;</li>" in page
    assert re.search(r"Validé le \d+\S* \w+ \d{4} par l&#x27;ALEC07", page)
    assert f'<a class="ch-ref" href="#fiche-{id}-1">' in page and f'id="fiche-{id}-1"' in page
    assert visit.head("/faq").status_code == 200


def test_the_day_is_that_of_the_agency_s_clock(
    paris: None, visit: TestClient, entries: Entries
) -> None:
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    publish(Entries(entries.database, lambda: late))  # type: ignore[attr-defined]
    page = visit.get("/faq").text
    assert "Validé le 13 mars 2026" in page and '"dateModified":"2026-03-13"' in page
    assert "<lastmod>2026-03-13</lastmod>" in visit.get("/sitemap.xml").text


def test_a_citation_leads_to_our_page_of_the_source_and_to_the_original(
    visit: TestClient, entries: Entries
) -> None:
    from app.faq.anchors import cited_of

    one = cited_of(citation_of(DOCUMENT, QUOTE), "r1")
    publish(entries, citations=[one])
    page = visit.get("/faq").text
    assert f"«\u00a0{QUOTE}\u00a0»" in page and "CITEGO · décembre 2019" in unescape(page)
    here, original = (
        next(link for link in Reader(page).all("a", "href") if link.startswith(start))
        for start in ("sources/", "https://")
    )
    assert here == f"sources/{SOURCE.id}?passage=p1&start={one.start}&end={one.end}#passage"
    assert original == "https://citego.org/charte#:~:text=Elle%20date%20de%202019."
    assert visit.get(here).status_code == 200
    assert "&lang=en#passage" in unescape(visit.get("/faq?lang=en").text)


def test_only_what_is_published_and_alive_shows(visit: TestClient, entries: Entries) -> None:
    entries.create(edit("Brouillon ?"), ANA)
    waiting = entries.create(edit("Soumise ?"), ANA)
    entries.submit(waiting.id, 1, ANA)
    reviewed = publish(entries, question="À revoir ?")
    entries.review(reviewed, 2, PAUL, "Le texte a changé.")
    archived = publish(entries, question="Archivée ?")
    entries.archive(archived, 2, PAUL)
    publish(entries)
    page = visit.get("/faq").text
    assert SIGN in page
    for word in ("Brouillon", "Soumise", "revoir", "Archivée", "Le texte a changé"):
        assert word not in page


def test_a_dead_citation_hides_its_entry_at_once(visit: TestClient, entries: Entries) -> None:
    id = publish(entries)
    assert SIGN in visit.get("/faq").text
    entries.follow(id, 2, [cited(state="changed")], "Le texte a changé.")
    assert SIGN not in visit.get("/faq").text


def test_a_published_entry_with_a_dead_citation_never_shows(
    visit: TestClient, entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(entries)
    [entry] = entries.published()
    dead = replace(entry, edit=edit(citations=[cited(state="gone")]))
    bare = replace(entry, edit=edit(citations=[]))
    monkeypatch.setattr(Entries, "published", lambda self: [dead, bare])
    assert SIGN not in visit.get("/faq").text


def test_a_change_of_what_is_published_shows_at_the_next_visit(
    visit: TestClient, entries: Entries
) -> None:
    id = publish(entries)
    assert "Combien ?" not in visit.get("/faq").text
    entries.save(id, 2, edit("Combien ?"), PAUL)
    page = visit.get("/faq").text
    assert "Combien ?" in page and SIGN not in page


def test_what_did_not_change_is_not_read_again(
    visit: TestClient, entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(entries)
    visit.get("/faq")
    monkeypatch.setattr(Entries, "published", lambda self: pytest.fail("read again"))
    assert SIGN in visit.get("/faq").text


def test_a_database_that_is_down_is_said_and_nothing_old_shows(
    visit: TestClient, entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(entries)
    assert SIGN in visit.get("/faq").text

    def down(self: Entries) -> int:
        raise RecordsError("La base « /chemin/secret » ne répond pas.")

    monkeypatch.setattr(Entries, "counter", down)
    page = visit.get("/faq")
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "pas disponible pour le moment" in page.text
    assert "secret" not in page.text and SIGN not in page.text
    assert visit.get("/sitemap.xml").status_code == 200


# Search


@pytest.fixture
def three(entries: Entries) -> Entries:
    publish(entries)
    publish(entries, question="Combien coûte l'adhésion ?", answer="Rien. [1]", variants=())
    publish(entries, question="Où se réunir ?", answer="À Privas. [1]", variants=(), theme="")
    return entries


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("communes", 1), ("SIGNER", 1), ("commune signe", 1), ("cout adhesion", 1), ("priv", 1),
        ("charte", 2), ("signer privas", 0), ("piscine", 0), ("qui", 1), ("?", 3), ("  ", 3),
    ],
)  # fmt: skip
def test_a_search_finds_entries_by_all_their_words_in_any_form(
    visit: TestClient, three: Entries, asked: str, found: int
) -> None:
    page = visit.get("/faq", params={"q": asked})
    assert page.text.count('<article class="ch-entry"') == found, page.text


def test_a_search_says_what_it_found_and_where_to_go(visit: TestClient, three: Entries) -> None:
    page = visit.get("/faq?q=charte&lang=en")
    assert '<p role="status">2 answers for “charte”.</p>' in page.text
    assert 'href="?q=charte&amp;lang=fr"' in page.text and 'value="charte"' in page.text
    assert '<input type="hidden" name="lang" value="en">' in page.text
    assert page.headers["x-robots-tag"] == "noindex" and "<script" not in page.text
    none = visit.get("/faq?q=piscine").text
    assert "Aucune réponse pour « piscine »." in none
    assert {"faq", "./?q=piscine"} <= set(Reader(none).all("a", "href"))
    assert "x-robots-tag" not in visit.get("/faq").headers


def test_what_is_searched_for_is_text(visit: TestClient, three: Entries) -> None:
    page = visit.get("/faq", params={"q": '"><script>alert(1)</script>' + "x" * 500}).text
    assert "<script" not in page and "&lt;script&gt;" in page
    assert len(Reader(page).all("input", "value")[0]) <= 200


# The contents


def test_many_questions_have_contents_by_theme(visit: TestClient, three: Entries) -> None:
    assert 'class="ch-contents"' not in visit.get("/faq").text
    publish(three, question="Quand ?", variants=())
    page = visit.get("/faq").text
    assert "<summary>Charte (3)</summary>" in page
    assert "<summary>Autres questions (1)</summary>" in page
    reader = Reader(page)
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    anchors = [link[1:] for link in reader.all("a", "href") if link.startswith("#")]
    assert set(anchors) <= set(ids) and len(ids) == len(set(ids))
    english = visit.get("/faq?lang=en").text
    assert "Other questions" in english and '<span lang="fr">Charte</span>' in english
    assert '<ul lang="fr">' in english and '<h3 lang="fr">' in english


# The data for search engines: (what a type may have, and what type each value is of), from the
# definitions of schema.org.
TEXT, URL, DATE = "Text", "URL", "Date"
SCHEMA: dict[str, dict[str, tuple[str, ...]]] = {
    "FAQPage": {"inLanguage": (TEXT,), "mainEntity": ("Question",)},
    "Question": {"name": (TEXT,), "acceptedAnswer": ("Answer",)},
    "Answer": {"text": (TEXT,), "citation": ("CreativeWork",), "dateModified": (DATE,)},
    "CreativeWork": {
        "name": (TEXT,), "url": (URL,), "datePublished": (DATE,), "publisher": ("Organization",),
    },
    "Organization": {"name": (TEXT,)},
}  # fmt: skip
NEEDED = {"FAQPage": {"mainEntity"}, "Question": {"name", "acceptedAnswer"}, "Answer": {"text"}}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def check(node: dict[str, Any], kind: str) -> None:
    """The node is of that type of schema.org, and so is all that it holds."""
    assert node["@type"] == kind
    values = {name: value for name, value in node.items() if not name.startswith("@")}
    assert NEEDED.get(kind, set()) <= values.keys() <= SCHEMA[kind].keys()
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            [wanted] = SCHEMA[kind][name]
            if wanted in SCHEMA:
                check(one, wanted)
            else:
                assert isinstance(one, str) and one.strip()
                assert wanted != DATE or _DATE.fullmatch(one)
                assert wanted != URL or one.startswith(("http://", "https://"))


def test_the_page_has_the_data_of_all_its_entries(visit: TestClient, three: Entries) -> None:
    publish(three, question="Riche ?", answer=RICH)
    page = visit.get("/faq")
    reader = Reader(page.text)
    assert reader.all("script", "type") == ["application/ld+json"]
    assert [attrs for tag, attrs in reader.tags if tag == "script" and "src" in attrs] == []
    [said] = reader.blocks
    data = json.loads(said)
    assert data["@context"] == "https://schema.org"
    check(data, "FAQPage")
    questions = {one["name"]: one for one in data["mainEntity"]}
    assert len(questions) == 4
    answer = questions["Riche ?"]["acceptedAnswer"]
    assert "<strong>commune</strong> peut signer." in answer["text"] and "[1]" not in answer["text"]
    assert answer["citation"][0] == {
        "@type": "CreativeWork", "name": "La charte", "url": "https://example.org/charte",
        "datePublished": "2019-12", "publisher": {"@type": "Organization", "name": "Fabrique"},
    }  # fmt: skip
    assert questions[SIGN]["@id"][1:] in reader.all("article", "id")


def test_the_data_may_be_imported_again(visit: TestClient, three: Entries) -> None:
    from app.faq.imports.reader import read_faq

    rows = read_faq(visit.get("/faq").content, "html").rows
    assert [(row.question, row.answer) for row in rows] == [
        (SIGN, "Toute commune peut signer."), ("Combien coûte l'adhésion ?", "Rien."),
        ("Où se réunir ?", "À Privas."),
    ]  # fmt: skip


def test_no_text_of_an_entry_is_markup_on_the_page_or_ends_the_data(
    visit: TestClient, entries: Entries
) -> None:
    hostile = f"</script>{HOSTILE.replace(chr(11), '')}\u2028"
    source = {**cited().source, "title": hostile, "publisher": hostile, "url": "javascript:x"}
    quoted = cited(quote=hostile, source=source, passage='"><script>')
    publish(entries, question=hostile, answer=f"{hostile} [1]", variants=(), theme=hostile[:80],
            citations=[quoted])  # fmt: skip
    page = visit.get("/faq").text
    reader = Reader(page)
    names = [tag for tag, _ in reader.tags]
    assert names.count("script") == 1 and not {"img", "iframe", "svg", "style"} & set(names)
    assert not any(name.startswith("on") for _, attrs in reader.tags for name in attrs)
    assert all(not link.startswith("javascript:") for link in reader.all("a", "href"))
    [question] = json.loads(reader.blocks[0])["mainEntity"]
    assert question["name"].startswith("</script><script>alert(1)</script>")


def test_the_page_of_many_entries_is_whole(visit: TestClient, entries: Entries) -> None:
    for number in range(200):
        publish(entries, question=f"Question {number} ?", variants=(), theme=f"Thème {number % 9}")
    page = visit.get("/faq").text
    assert page.count('<article class="ch-entry"') == 200 and page.count("<details>") == 9
    assert 'href="' in visit.get("/faq?q=199").text


# The map of the site


def test_the_map_of_the_site_names_the_pages_and_when_the_faq_changed(
    visit: TestClient, entries: Entries
) -> None:
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert "lastmod" not in visit.get("/sitemap.xml").text
    publish(entries)
    response = visit.get("/sitemap.xml")
    assert response.headers["content-type"] == "application/xml"
    urls = ElementTree.fromstring(response.content).findall(f"{name}url")
    found = {url.findtext(f"{name}loc"): url.findtext(f"{name}lastmod") for url in urls}
    assert {"http://testserver/", "http://testserver/faq", "http://testserver/sources"} <= set(
        found
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["http://testserver/faq"] or "")
    assert found["http://testserver/"] is None
    for address in found:
        assert visit.get(address or "").status_code == 200


def test_the_faq_never_was_changed_earlier_than_it_was(visit: TestClient, entries: Entries) -> None:
    days = iter(datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(30))
    slow = Entries(entries.database, lambda: next(days))  # type: ignore[attr-defined]
    told: list[str] = []

    def look() -> None:
        told.extend(re.findall("<lastmod>(.*?)</lastmod>", visit.get("/sitemap.xml").text))

    first, second = publish(slow), publish(slow, question="Combien ?")
    look()
    for id in (second, first):
        slow.archive(id, 2, PAUL)
        look()
    assert len(told) == 3 and told == sorted(set(told))


def test_the_map_has_the_prefix_that_a_proxy_strips(configured: Settings) -> None:
    app = create_app(FakeAssistant(), configured)  # type: ignore[arg-type]
    client = TestClient(app, root_path="/assistant")
    told = client.get("/sitemap.xml", headers={"host": "a&b.fr"}).text
    assert "<loc>http://a&amp;b.fr/assistant/faq</loc>" in told
