"""The site of thirty pages, ingested for real from its feeds, its sitemaps and by address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.documents import Document, Source
from ingest.errors import NothingToIngest
from ingest.forecast import forecast
from ingest.gather import Origin, Skipped
from ingest.job import ingest
from ingest.release import open_current
from ingest.report import Report
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.site import PAGES, Reply, Site, serve
from tests.ingest.texts import text_document, write


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    with serve(delay=0.3) as site:
        yield site


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """The site as it was; what a test asks is counted from zero."""
    replies = dict(served.replies)
    served.requests.clear()
    yield served
    served.replies = replies


@pytest.fixture
def settings(tmp_path: Path) -> IngestSettings:
    return IngestSettings(store=tmp_path / "store")


class Ingestion:
    """Ingests what a ``sources.toml`` about the site lists."""

    def __init__(self, folder: Path, site: Site, settings: IngestSettings) -> None:
        self.model = FakeModel()
        self.settings = settings
        self._site = site
        self._folder = folder

    def list(self, *entries: str) -> Path:
        """The file that lists these entries, each of the site's own host."""
        private = [
            f"{entry.replace('URL', self._site.url)}\nallow_private = true"
            if "URL" in entry else entry for entry in entries
        ]  # fmt: skip
        tables = "".join(f"[[source]]\n{entry}\n" for entry in private)
        return write(self._folder, {"sources.toml": f"delay = 0\n{tables}"}) / "sources.toml"

    def __call__(self, *entries: str) -> Report:
        return ingest([], self.settings, self.model, sources=self.list(*entries))

    def documents(self) -> dict[str, Document]:
        """The documents in service, by the path of their address on the site."""
        release = open_current(Store(self.settings.store))
        found = [release.table.document(source.id) for source in release.table.sources()]
        release.close()
        return {
            (d.source.url or "").removeprefix(self._site.url): d for d in found if d is not None
        }


@pytest.fixture
def run(tmp_path: Path, site: Site, settings: IngestSettings) -> Ingestion:
    return Ingestion(tmp_path, site, settings)


def shares(document: Document, page_words: list[str]) -> tuple[float, float]:
    """The recall and the precision of the words of a document against those of a page."""
    text = document.text.replace("•", " ").replace("—", " ")
    if document.source.title not in text:
        text = f"{document.source.title} {text}"
    got, wanted = Counter(text.split()), Counter(" ".join(page_words).replace("—", " ").split())
    both = (got & wanted).total()
    return both / wanted.total(), both / got.total()


def test_a_whole_site_is_read_from_its_nested_sitemap(run: Ingestion, site: Site) -> None:
    report = run("sitemap = 'URL/sitemap.xml'\npublisher = 'Le site'\nexclude = '*.docx'")
    documents = run.documents()
    assert {page.path for page in PAGES} <= documents.keys()
    for page in PAGES:
        document = documents[page.path]
        recall, precision = shares(document, page.words)
        assert recall >= 0.95 and precision >= 0.95, page.path
        headings = {
            (block.level, document.text[block.start : block.end])
            for block in document.blocks if block.kind == "heading"
        }  # fmt: skip
        assert set(page.headings) <= headings, page.path
        assert document.source.publisher == "Le site"
    states = {entry.path.removeprefix(site.url): entry.state for entry in report.skipped}
    assert states == {
        "/absente": "gone", "/retiree": "gone", "/prive/note": "failed",
        "/copie": "same", "/imprimer": "same", "/ancien/charte": "same",
        "/p/budget": "same", "/p/ecole": "same",  # they moved there from what came before
    }  # fmt: skip
    assert len(site.asked("/p/charte-des-toits")) == 2  # itself, and where it moved from
    assert all(request.headers["User-Agent"].startswith("Chartiste/") for request in site.requests)
    assert site.asked("/prive/note") == []


def test_a_page_at_two_addresses_is_stored_once_and_cites_both(run: Ingestion, site: Site) -> None:
    report = run(f"url = 'URL{PAGES[4].path}'", "url = 'URL/copie'", "url = 'URL/copie#bas'")
    [source] = [document.source for document in run.documents().values()]
    assert (source.url, source.copies) == (f"{site.url}{PAGES[4].path}", (f"{site.url}/copie",))
    [same] = report.skipped
    assert same.state == "same" and same.reason.endswith("les deux adresses sont citées.")
    assert report.failures == 0
    assert len(site.asked("/copie")) == 1


def test_an_unchanged_site_is_asked_and_nothing_is_sent_read_or_embedded_again(
    run: Ingestion, site: Site
) -> None:
    first = run("feed = 'URL/rss.xml'")
    site.requests.clear()
    run.model.texts.clear()
    second = run("feed = 'URL/rss.xml'")
    assert (second.release, second.changed, second.documents) == (first.release, False, 10)
    assert run.model.texts == []
    statuses = {request.status for request in site.requests if request.path != "/robots.txt"}
    assert statuses == {304}


def test_a_page_that_changed_is_embedded_where_it_did(run: Ingestion, site: Site) -> None:
    run("feed = 'URL/rss.xml'")
    run.model.texts.clear()
    page = PAGES[0]
    said = next(text.encode() for text in page.main if text.encode() in page.html)
    changed = page.html.replace(said, b"Une phrase neuve.")
    site.replies[page.path] = Reply(changed)
    report = run("feed = 'URL/rss.xml'")
    assert report.changed
    assert 0 < report.embedded == len(run.model.texts) < report.reused / 10
    assert "Une phrase neuve." in run.documents()[page.path].text


def test_feeds_give_their_pages_by_patterns_and_only_so_many(run: Ingestion) -> None:
    assert run("feed = 'URL/atom.xml'").documents == 8
    assert run("feed = 'URL/rss.xml'\nmax_pages = 3").documents == 3
    report = run("feed = 'URL/rss.xml'\ninclude = '/p/*'\nexclude = ['/p/[a-m]*', '/p/t*']")
    wanted = [page.path for page in PAGES[:10] if page.path[3] >= "n" and page.path[3] != "t"]
    assert list(run.documents()) == wanted
    assert report.documents == len(wanted)


def test_a_page_that_fails_keeps_its_last_good_copy_and_says_so(run: Ingestion, site: Site) -> None:
    run("url = 'URL/p/budget'", "url = 'URL/p/ecole'")
    site.replies["/p/budget"] = Reply(b"panne", status=403)
    report = run("url = 'URL/p/budget'", "url = 'URL/p/ecole'")
    [kept] = report.skipped
    assert (kept.path, kept.state) == (f"{site.url}/p/budget", "kept")
    assert kept.reason.startswith("Le site refuse l'accès à la page (403). La copie du ")
    assert (report.documents, report.changed, report.failures) == (2, False, 1)


def test_a_feed_that_fails_is_read_from_its_copy(run: Ingestion, site: Site) -> None:
    run("feed = 'URL/rss.xml'\nmax_pages = 2")
    site.replies["/rss.xml"] = Reply(b"", status=403)
    report = run("feed = 'URL/rss.xml'\nmax_pages = 2")
    assert report.documents == 2
    assert [entry.state for entry in report.skipped] == ["kept"]


def test_a_page_that_is_gone_leaves_the_next_release(run: Ingestion, site: Site) -> None:
    run("url = 'URL/p/budget'", "url = 'URL/p/ecole'")
    site.replies["/p/budget"] = Reply(b"", status=410)
    report = run("url = 'URL/p/budget'", "url = 'URL/p/ecole'")
    assert list(run.documents()) == ["/p/ecole"]
    assert [entry.state for entry in report.skipped] == ["gone"]
    assert len(report.gone) == 1
    site.replies["/p/budget"] = Reply(b"", status=403)
    again = run("url = 'URL/p/budget'", "url = 'URL/p/ecole'")
    assert [entry.state for entry in again.skipped] == ["failed"]


def test_an_address_of_the_internal_network_is_not_asked_unless_a_source_says_so(
    run: Ingestion, site: Site, tmp_path: Path
) -> None:
    with pytest.raises(NothingToIngest, match="réseau privé"):
        ingest([f"{site.url}/p/budget"], run.settings, run.model)
    assert site.requests == []


def test_what_is_no_address_is_told_and_the_rest_is_read(
    run: Ingestion, tmp_path: Path, settings: IngestSettings
) -> None:
    write(tmp_path, {"note.txt": "Une note."})
    given = ["http://127.1/", "https://a b/", "http://[::1", tmp_path / "note.txt"]
    report = ingest(given, settings, run.model)
    assert report.documents == 1
    assert [entry.state for entry in report.skipped] == ["failed"] * 3


def test_a_trial_says_what_would_be_done_and_writes_nothing(
    run: Ingestion, site: Site, tmp_path: Path
) -> None:
    write(tmp_path, {"note.txt": "Une note. Elle est courte."})
    list = run.list("feed = 'URL/rss.xml'\nmax_pages = 2", "path = 'note.txt'")
    told = forecast([], run.settings, run.model, lambda *step: None, list)
    assert told.fetch == tuple(f"{site.url}{page.path}" for page in PAGES[:2])
    assert (told.documents, told.sentences, told.to_embed, told.reused) == (1, 2, 3, 0)
    assert [request.path for request in site.requests] == ["/robots.txt", "/rss.xml"]
    assert not run.settings.store.exists() and run.model.texts == []

    ingest([], run.settings, run.model, sources=list)
    write(tmp_path, {"note.txt": "Une note. Elle est longue."})
    again = forecast([], run.settings, run.model, lambda *step: None, list)
    assert (again.documents, again.to_embed) == (3, 2)
    assert again.as_json()["dry_run"] is True


@pytest.mark.parametrize(
    ("canonical", "cited"),
    [
        ("https://a.fr/b", "https://a.fr/b"),
        ("http://www.a.fr/b?x=1", "http://www.a.fr/b?x=1"),
        ("https://a.fr/", "https://a.fr/c?share=x"),  # every page says it is the home page
        ("https://autre.fr/b", "https://a.fr/c?share=x"),
        (None, "https://a.fr/c?share=x"),
        ("https://[a", "https://a.fr/c?share=x"),
    ],
)
def test_the_address_a_page_gives_itself_is_believed_on_its_own_site(
    canonical: str | None, cited: str
) -> None:
    document = text_document("Un but.")
    document = replace(document, source=Source("Titre", url=canonical, name="n"))
    origin = Origin("https://a.fr/c", {"kind": "charte"}, "https://a.fr/c?share=x")
    source = origin.finished(document).source
    assert (source.url, source.kind, source.name) == (cited, "charte", "n")


def test_only_what_is_not_as_it_should_be_counts_as_a_failure() -> None:
    states = ("failed", "kept", "gone", "ignored", "same")
    assert [Skipped("a", "b", state).failed for state in states] == [True] * 3 + [False] * 2
