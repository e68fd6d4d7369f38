"""A web site for the tests: thirty pages of nine templates, served on loopback, with their truth.

::

    /robots.txt       /prive/ is closed, the sitemap is named
    /sitemap.xml      an index: articles, a nested index, and what moved, is slow or gone
    /rss.xml, /atom.xml
    /p/<name>         the pages; /p/horaires is slow
    /ancien/<name>    moved: one 301, one 302, one chain of three; /absente 404, /retiree 410
    /copie, /imprimer the bytes of a page again: without, and with, its canonical address
    /charte.pdf, /note.docx

Each reply has an ETag and a Last-Modified date, and is not sent twice to a client that shows one
of them; it is compressed for a client that accepts gzip. A test may change :attr:`Site.replies`.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import docx

from tests.ingest.site_templates import SITE, TEMPLATES, Template
from tests.ingest.site_texts import TEXTS, Part

MODIFIED = 1_700_000_000
SLOW = "/p/horaires"
HEADER_ONLY = "/p/histoire"  # its latin-1 is declared by HTTP alone
MOVED = {
    "/ancien/charte": (301, "/p/charte-des-toits"),
    "/ancien/budget": (302, "/p/budget"),
    "/ancien/ecole": (301, "/ancien/ecole-2"),
    "/ancien/ecole-2": (302, "/ancien/ecole-3"),
    "/ancien/ecole-3": (301, "/p/ecole"),
}


@dataclass(frozen=True)
class Page:
    """A page as it was written: what a reader should be given of it, and its bytes."""

    path: str
    template: str
    title: str
    headings: tuple[tuple[int, str], ...]
    main: tuple[str, ...]
    html: bytes
    charset: str

    @property
    def words(self) -> list[str]:
        """Every word of the title, the headings and the main text."""
        headings = [text for _, text in self.headings if text != self.title]
        return " ".join((self.title, *headings, *self.main)).split()


@dataclass(frozen=True)
class Reply:
    """What the server sends for one path."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True)
class Request:
    """A request the server received, and the status of its reply."""

    path: str
    headers: dict[str, str]
    status: int


def _page(name: str, parts: tuple[Part, ...], template: Template) -> Page:
    path = f"/p/{name}"
    old = template.charset == "iso-8859-1"
    html = template.page(path, parts)
    if path == HEADER_ONLY:
        html, old = html.replace("’", "'").replace('<meta charset="utf-8">', ""), True
    shown = [
        tuple(p.replace("’", "'") for p in part.plain) if old else part.plain for part in parts
    ]
    charset = "iso-8859-1" if old else "utf-8"
    headings = tuple(_headings(parts, shown, template))
    main = tuple(
        piece
        for part, pieces in zip(parts, shown, strict=True)
        if part.kind != "heading"
        for piece in (pieces[1:] if part.kind == "question" and template.heads_question else pieces)
    )
    kind = type(template).__name__
    data = html.encode(charset, errors="xmlcharrefreplace")
    return Page(path, kind, shown[0][0], headings, main, data, charset)


def _headings(
    parts: tuple[Part, ...], shown: list[tuple[str, ...]], template: Template
) -> Iterator[tuple[int, str]]:
    for index, (part, pieces) in enumerate(zip(parts, shown, strict=True)):
        if part.kind == "question" and template.heads_question:
            yield template.heads_question, pieces[0]
        elif part.kind == "heading" and index:
            yield part.level + template.shift, pieces[0]
        elif part.kind == "heading" and template.heads_title:
            yield 1, pieces[0]
        elif part.kind == "note" and template.heads_notes and part.level == 1:
            yield 2, "Notes"


PAGES: tuple[Page, ...] = tuple(
    _page(name, parts, TEMPLATES[index % len(TEMPLATES)])
    for index, (name, parts) in enumerate(TEXTS.items())
)


class Site:
    """The site while it is served: ``url``, the ``pages``, their ``replies``, the ``requests``."""

    def __init__(self, url: str, delay: float) -> None:
        self.url = url
        self.pages = {page.path: page for page in PAGES}
        self.requests: list[Request] = []
        self.replies = dict(_replies(url, delay))

    def asked(self, path: str) -> list[Request]:
        """The requests for one path."""
        return [request for request in self.requests if request.path == path]


@contextmanager
def serve(delay: float = 0.3) -> Iterator[Site]:
    """The site on a loopback port; ``delay`` is how long its slow page takes, in seconds."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}", delay)
    server.site = site  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        path = self.path.partition("?")[0]
        reply = self._conditional(site.replies.get(path, Reply(b"<p>Introuvable</p>", status=404)))
        site.requests.append(Request(path, dict(self.headers), reply.status))
        time.sleep(reply.delay)
        self._send(reply)

    do_HEAD = do_GET

    def _conditional(self, reply: Reply) -> Reply:
        tag = self.headers.get("If-None-Match")  # it comes before the date (RFC 9110, 13.1.3)
        dated = self.headers.get("If-Modified-Since") == formatdate(MODIFIED, usegmt=True)
        known = dated if tag is None else tag == reply.etag
        return replace(reply, body=b"", status=304) if known and reply.status == 200 else reply

    def _send(self, reply: Reply) -> None:
        body, headers = reply.body, dict(reply.headers)
        if reply.status == 200:
            headers |= {"ETag": reply.etag, "Last-Modified": formatdate(MODIFIED, usegmt=True)}
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body, headers = gzip.compress(body), headers | {"Content-Encoding": "gzip"}
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the log is ``Site.requests``."""


def _replies(url: str, delay: float) -> Iterator[tuple[str, Reply]]:
    for page in PAGES:
        kind = "text/html; charset=iso-8859-1" if page.path == HEADER_ONLY else "text/html"
        yield page.path, Reply(page.html, kind, delay=delay if page.path == SLOW else 0.0)
    for path, (status, to) in MOVED.items():
        yield path, Reply(b"", status=status, headers={"Location": to})
    yield "/retiree", Reply(b"<p>Retir\xc3\xa9e</p>", status=410)
    yield "/copie", Reply(PAGES[4].html)
    canonical = f'<link rel="canonical" href="{url}{PAGES[5].path}">'.encode()
    yield "/imprimer", Reply(PAGES[5].html.replace(b"</head>", canonical + b"</head>"))
    yield "/", Reply(_home().encode())
    yield (
        "/robots.txt",
        Reply(
            f"User-agent: *\nDisallow: /prive/\n\nSitemap: {url}/sitemap.xml\n".encode(),
            "text/plain",
        ),
    )
    yield "/prive/note", Reply(b"<p>Une note que les robots ne lisent pas.</p>")
    yield "/rss.xml", Reply(_rss(url).encode(), "application/rss+xml")
    yield "/atom.xml", Reply(_atom(url).encode(), "application/atom+xml")
    yield from _sitemaps(url)
    yield "/charte.pdf", Reply(_pdf("La charte tient sur une page."), "application/pdf")
    yield "/note.docx", Reply(_docx("La note tient en une phrase."), DOCX)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _home() -> str:
    links = "".join(f'<li><a href="{page.path}">{page.title}</a></li>' for page in PAGES)
    files = '<a href="/charte.pdf">La charte</a> <a href="/note.docx">La note</a>'
    feed = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    return f"<html lang=fr><head><title>{SITE}</title>{feed}</head><body><ul>{links}</ul>{files}"


def _rss(url: str) -> str:
    items = "".join(
        f"<item><title>{page.title}</title><link>{url}{page.path}</link><guid>{url}{page.path}"
        f"</guid><pubDate>{formatdate(MODIFIED)}</pubDate></item>"
        for page in PAGES[:10]
    )
    channel = f"<channel><title>{SITE}</title>{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'


def _atom(url: str) -> str:
    entries = "".join(
        f'<entry><title>{page.title}</title><link rel="self" href="{url}/x"/><link rel="alternate"'
        f' href="{page.path}"/><id>urn:{page.path}</id><updated>2023-11-14T22:13:20Z</updated>'
        "</entry>"
        for page in PAGES[10:18]
    )
    xml = '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
    return f'{xml} xml:base="{url}/"><title>{SITE}</title>{entries}</feed>'


def _sitemaps(url: str) -> Iterator[tuple[str, Reply]]:
    paths = [page.path for page in PAGES]
    moved = [*list(MOVED)[:3], "/absente", "/retiree", "/copie", "/imprimer", "/prive/note"]
    lists = {
        "/sitemap-1.xml": [*paths[:12], paths[0]],  # a page listed twice
        "/sitemap-2.xml.gz": [*paths[12:20], paths[3]],
        "/sitemap-3.xml": [*paths[20:], "/charte.pdf", "/note.docx"],
        "/sitemap-4.xml": moved,
    }
    indexes = {
        "/sitemap.xml": ["/sitemap-1.xml", "/sitemap-nested.xml", "/sitemap-4.xml"],
        "/sitemap-nested.xml": ["/sitemap-2.xml.gz", "/sitemap-3.xml"],
    }
    for path, listed in lists.items():
        body = _sitemap(url, "urlset", "url", listed)
        yield path, Reply(gzip.compress(body) if path.endswith(".gz") else body, "application/xml")
    for path, listed in indexes.items():
        yield path, Reply(_sitemap(url, "sitemapindex", "sitemap", listed), "application/xml")


def _sitemap(url: str, root: str, each: str, paths: list[str]) -> bytes:
    entries = "".join(f"<{each}><loc>{url}{path}</loc></{each}>" for path in paths)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><{root} xmlns="{space}">{entries}</{root}>'.encode()


def _pdf(words: str) -> bytes:
    """A page of one line, in the fewest objects that make a PDF."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode("latin-1")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
        b"/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(out))
    )


def _docx(words: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(words)
    written = BytesIO()
    document.save(written)
    return written.getvalue()
