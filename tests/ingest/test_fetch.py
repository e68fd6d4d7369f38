from __future__ import annotations

import gzip
import itertools
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingest.address import Access
from ingest.errors import FetchError, PageGone
from ingest.fetch import Fetcher, Limits, Page, Request, Unchanged, Validators, user_agent
from tests.ingest.http_server import Canary, Handler, Reply, Site, lead_to_loopback

QUICK = Limits(delay=0.0, back_off=0.01, deadline=20.0)


@pytest.fixture(autouse=True)
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return lead_to_loopback(monkeypatch)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def fetcher(site: Site) -> Iterator[Fetcher]:
    with Fetcher(site.access, limits=QUICK) as fetcher:
        yield fetcher


def within(site: Site, **limits: float) -> Fetcher:
    return Fetcher(site.access, limits=replace(QUICK, **limits))  # type: ignore[arg-type]


def page(fetcher: Fetcher, url: str) -> Page:
    found = fetcher.fetch(url)
    assert isinstance(found, Page)
    return found


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": to})


# --- what comes back ----------------------------------------------------------------------------


def test_a_page_comes_back_with_what_its_site_says_of_it(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = Reply(
        "<p>été</p>".encode("latin-1"),
        headers={
            "Content-Type": 'Text/HTML; Charset="ISO-8859-1"',
            "ETag": '"1"',
            "Last-Modified": "Mon, 02 Mar 2026 10:00:00 GMT",
        },
    )
    asked = site.url("/").replace("site", "SITE")
    assert fetcher.fetch(asked) == Page(
        url=site.url("/"), asked=asked, moved_permanently=False, data=b"<p>\xe9t\xe9</p>",
        content_type="text/html", charset="iso-8859-1", etag='"1"',
        last_modified="Mon, 02 Mar 2026 10:00:00 GMT",
    )  # fmt: skip


def test_we_say_who_we_are_and_what_we_take(site: Site) -> None:
    site.pages["/"] = Reply("ok")
    with Fetcher(site.access, user_agent("mailto:contact@ville.example"), QUICK) as fetcher:
        fetcher.fetch(site.url("/"))
    headers = site.asked[-1].headers
    assert headers["Host"] == f"site.example:{site.port}"
    assert headers["User-Agent"].startswith("Chartiste/")
    assert headers["User-Agent"].endswith(" (+mailto:contact@ville.example)")
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert headers["Connection"] == "close"
    assert "Cookie" not in headers


@pytest.mark.parametrize("contact", ["", "\r\n", "()"])
def test_without_a_contact_only_the_version_is_said(contact: str) -> None:
    assert user_agent(contact) == user_agent()
    assert "(" not in user_agent(contact)


def test_a_contact_cannot_add_a_header() -> None:
    assert "\r" not in user_agent("a\r\nCookie: b") and "\n" not in user_agent("a\r\nCookie: b")


def test_no_cookie_is_kept(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = Reply("ok", headers={"Set-Cookie": "a=1"})
    fetcher.fetch(site.url("/"))
    fetcher.fetch(site.url("/"))
    assert all("Cookie" not in asked.headers for asked in site.asked)


def test_no_proxy_is_taken_from_the_environment(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/"] = Reply("ok")
    with Canary() as canary:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
        assert page(fetcher, site.url("/")).data == b"ok"
        assert canary.visits() == 0


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("Deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("identity", bytes),
    ],
)
def test_a_compressed_page_comes_back_whole(
    site: Site, fetcher: Fetcher, encoding: str, compress: type[bytes]
) -> None:
    text = "".join(f"<p>Article {n} de la charte.</p>" for n in range(5_000)).encode()
    site.pages["/"] = Reply(compress(text), headers={"Content-Encoding": encoding})
    assert page(fetcher, site.url("/")).data == text


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_a_compression_that_was_not_asked_for_is_refused(
    site: Site, fetcher: Fetcher, encoding: str
) -> None:
    site.pages["/"] = Reply("x", headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match="compressée en « "):
        fetcher.fetch(site.url("/"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "application/pdf"), ("/", "text/markdown"), ("/", "application/rss+xml"),
        ("/", None), ("/charte.pdf?v=2", "application/octet-stream"),
        ("/plan.xml.gz", "application/x-gzip"),
    ],
)  # fmt: skip
def test_what_a_parser_reads_is_taken(
    site: Site, fetcher: Fetcher, path: str, kind: str | None
) -> None:
    site.pages[path] = Reply("x", headers={"Content-Type": kind})
    assert page(fetcher, site.url(path)).content_type == (kind or "")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "image/png"), ("/", "video/mp4"), ("/", "application/zip"),
        ("/", "application/octet-stream"), ("/charte.exe", "application/octet-stream"),
    ],
)  # fmt: skip
def test_another_type_is_named_and_its_body_is_not_read(
    site: Site, fetcher: Fetcher, path: str, kind: str
) -> None:
    site.pages[path] = endless(kind)
    with pytest.raises(FetchError, match=f"Le type « {kind} »"):
        fetcher.fetch(site.url(path))


def test_a_page_that_did_not_change_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    def answer(request: Handler) -> None:
        same = request.headers["If-None-Match"] == '"1"'
        request.reply(Reply(status=304) if same else Reply("ok", headers={"ETag": '"1"'}))

    site.pages["/"] = answer
    first = page(fetcher, site.url("/"))
    assert fetcher.fetch(site.url("/"), first.validators) == Unchanged(
        site.url("/"), site.url("/"), False
    )
    assert fetcher.fetch(site.url("/"), Validators('"0"')) == first


def test_validators_are_sent_to_the_address_they_came_from_alone(
    site: Site, fetcher: Fetcher
) -> None:
    site.pages |= {"/a": redirect("/b", 301), "/b": Reply(status=304)}
    known = Validators('"1"', "hier", site.url("/b"))
    assert fetcher.fetch(site.url("/a"), known) == Unchanged(site.url("/b"), site.url("/a"), True)
    conditions = [asked.headers.get("If-None-Match") for asked in site.asked[1:]]
    assert conditions == [None, '"1"']
    assert site.asked[-1].headers["If-Modified-Since"] == "hier"


def test_a_304_that_was_not_asked_for_is_no_page(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = Reply(status=304)
    with pytest.raises(FetchError, match="code 304"):
        fetcher.fetch(site.url("/"))


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_told_apart(site: Site, fetcher: Fetcher, status: int) -> None:
    site.pages["/"] = Reply("absent", status)
    with pytest.raises(PageGone, match=f"n'existe plus sur le site \\({status}\\)"):
        fetcher.fetch(site.url("/"))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(403, "refuse l'accès"), (500, "est en panne"), (418, "code 418"), (204, "code 204")],
)
def test_each_status_has_its_sentence_and_is_asked_once(
    site: Site, fetcher: Fetcher, status: int, sentence: str
) -> None:
    site.pages["/"] = Reply("", status)
    with pytest.raises(FetchError, match=sentence) as caught:
        fetcher.fetch(site.url("/"))
    assert not isinstance(caught.value, PageGone)
    assert site.paths == ["/"]


# --- redirects ----------------------------------------------------------------------------------


def chain(site: Site, length: int, status: int = 301) -> str:
    for step in range(length):
        site.pages[f"/{step}"] = redirect(f"/{step + 1}", status)
    site.pages[f"/{length}"] = Reply("ok")
    return site.url("/0")


def test_five_redirects_are_followed(site: Site, fetcher: Fetcher) -> None:
    found = page(fetcher, chain(site, 5))
    assert (found.url, found.asked) == (site.url("/5"), site.url("/0"))
    assert found.moved_permanently


def test_six_redirects_are_too_many(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="redirigée plus de 5 fois"):
        fetcher.fetch(chain(site, 6))
    assert "/6" not in site.paths


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_page_redirected_for_now_has_not_moved(site: Site, fetcher: Fetcher, status: int) -> None:
    site.pages |= {"/a": redirect("/b", 308), "/b": redirect("/c", status), "/c": Reply("ok")}
    assert not page(fetcher, site.url("/a")).moved_permanently


def test_redirects_that_go_round_end_at_once(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {"/a": redirect("/b"), "/b": redirect("/a#ici")}
    with pytest.raises(FetchError, match="tournent en rond"):
        fetcher.fetch(site.url("/a"))
    assert site.paths == ["/a", "/b"]


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("b c", "/d/b%20c"),
        ("?q=é", "/d/a?q=%C3%A9"),
        ("../b", "/b"),
        ("//site.example:{port}/b", "/b"),
    ],
)
def test_a_redirect_may_be_written_in_several_ways(
    site: Site, fetcher: Fetcher, location: str, path: str
) -> None:
    raw = location.format(port=site.port).encode().decode("latin-1")
    site.pages |= {"/d/a": redirect(raw), path: Reply("ok")}
    assert page(fetcher, site.url("/d/a")).url == site.url(path)


@pytest.mark.parametrize("headers", [{}, {"Location": ""}, {"Location": "http://[::"}])
def test_a_redirect_to_nowhere_is_refused(
    site: Site, fetcher: Fetcher, headers: dict[str, str]
) -> None:
    site.pages["/"] = Reply(status=302, headers=headers)
    with pytest.raises(FetchError, match=r"ne dit pas où|mal écrite"):
        fetcher.fetch(site.url("/"))


# --- limits -------------------------------------------------------------------------------------


def endless(kind: str = "text/html") -> Reply:
    """A handler that sends without end."""

    def answer(request: Handler) -> None:
        request.head(200, {"Content-Type": kind})
        while True:
            request.wfile.write(b"x" * 65_536)

    return answer  # type: ignore[return-value]


def drip(head: bytes, every: float = 0.05) -> Reply:
    """A handler that sends ``head``, then one byte at a time without end."""

    def answer(request: Handler) -> None:
        request.wfile.write(head)
        while True:
            request.wfile.write(b"x")
            time.sleep(every)

    return answer  # type: ignore[return-value]


def test_a_body_that_says_it_is_too_big_is_not_read(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 25000000\r\n\r\n")
    with pytest.raises(FetchError, match="dépasse 20 Mo"):
        fetcher.fetch(site.url("/"))


def test_a_body_that_does_not_say_so_is_cut_at_the_limit(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = Reply(b"x" * 25_000_000, headers={"Content-Length": None})
    with pytest.raises(FetchError, match="dépasse 20 Mo"):
        fetcher.fetch(site.url("/"))


def test_a_body_without_end_is_cut_at_the_limit(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = endless()
    with pytest.raises(FetchError, match="dépasse 20 Mo"):
        fetcher.fetch(site.url("/"))


def test_a_gzip_bomb_is_refused_before_it_is_held(site: Site, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"\0" * 100_000_000, 9)
    assert len(bomb) < 100_000
    site.pages["/"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="se décompressent plus de 100 fois"):
        fetcher.fetch(site.url("/"))


def test_damaged_compressed_data_are_refused(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = Reply("pas du gzip", headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="illisibles"):
        fetcher.fetch(site.url("/"))


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"",
    ],
    ids=["body", "body of a known length", "headers", "status"],
)
def test_a_server_that_sends_one_byte_at_a_time_is_cut_at_the_deadline(
    site: Site, head: bytes
) -> None:
    site.pages["/"] = drip(head)
    started = time.monotonic()
    with (
        within(site, deadline=0.6) as fetcher,
        pytest.raises(FetchError, match="pas arrivée à temps"),
    ):
        fetcher.fetch(site.url("/"))
    assert 0.5 < time.monotonic() - started < 20


def test_a_server_that_says_nothing_is_cut_at_the_deadline(site: Site) -> None:
    site.pages["/"] = lambda request: time.sleep(3)
    started = time.monotonic()
    with (
        within(site, deadline=0.5) as fetcher,
        pytest.raises(FetchError, match="pas arrivée à temps"),
    ):
        fetcher.fetch(site.url("/"))
    assert time.monotonic() - started < 2.5


def test_the_deadline_is_that_of_all_the_redirects(site: Site) -> None:
    def late(to: str) -> Reply:
        def answer(request: Handler) -> None:
            time.sleep(0.25)
            request.reply(redirect(to))

        return answer  # type: ignore[return-value]

    site.pages |= {f"/{n}": late(f"/{n + 1}") for n in range(5)}
    with (
        within(site, deadline=0.6) as fetcher,
        pytest.raises(FetchError, match="pas arrivée à temps"),
    ):
        fetcher.fetch(site.url("/0"))


@pytest.mark.parametrize("size", [200_000, 20_000_000])
def test_headers_without_end_are_refused(site: Site, fetcher: Fetcher, size: int) -> None:
    def answer(request: Handler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * size + b"\r\n\r\n")

    site.pages["/"] = answer
    with pytest.raises(FetchError, match="ne répond pas comme un site web"):
        fetcher.fetch(site.url("/"))


def test_a_body_shorter_than_it_says_is_refused(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = Reply("court", headers={"Content-Length": "50"})
    with pytest.raises(FetchError, match="s'interrompt avant sa fin"):
        fetcher.fetch(site.url("/"))
    assert site.paths == ["/"]


def test_a_body_longer_than_it_says_ends_where_it_says(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = Reply("court et long", headers={"Content-Length": "5"})
    assert page(fetcher, site.url("/")).data == b"court"


# --- retries ------------------------------------------------------------------------------------


def busy(times: int, status: int, **headers: str) -> Reply:
    """A handler that refuses a number of times, then answers."""
    left = iter(range(times))

    def answer(request: Handler) -> None:
        refused = next(left, None) is not None
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        request.reply(Reply("", status, sent) if refused else Reply("ok"))

    return answer  # type: ignore[return-value]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_site_is_asked_again_twice(site: Site, fetcher: Fetcher, status: int) -> None:
    site.pages["/"] = busy(2, status)
    assert page(fetcher, site.url("/")).data == b"ok"
    site.pages["/"] = busy(3, status)
    with pytest.raises(FetchError, match=f"\\({status}\\) : relancez plus tard"):
        fetcher.fetch(site.url("/"))
    assert len(site.paths) == 6


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(site: Site, fetcher: Fetcher, form: str) -> None:
    at = datetime.now(UTC) + timedelta(seconds=2)
    site.pages["/"] = busy(
        1, 429, Retry_After="1" if form == "seconds" else format_datetime(at, True)
    )
    assert page(fetcher, site.url("/")).data == b"ok"
    first, second = (asked.at for asked in site.asked[1:])
    assert second - first > (0.95 if form == "seconds" else 0.5)


def test_a_retry_after_beyond_the_deadline_ends_at_once(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = busy(1, 503, Retry_After="3600")
    started = time.monotonic()
    with pytest.raises(FetchError, match="503"):
        fetcher.fetch(site.url("/"))
    assert time.monotonic() - started < 10


def test_a_server_that_hangs_up_is_asked_again(site: Site, fetcher: Fetcher) -> None:
    left = iter(range(2))

    def answer(request: Handler) -> None:
        if next(left, None) is None:
            request.reply(Reply("ok"))

    site.pages["/"] = answer
    assert page(fetcher, site.url("/")).data == b"ok"
    assert len(site.paths) == 3


def test_a_refused_connection_has_its_sentence() -> None:
    with Canary() as canary:
        port = canary.port
    access = Access.of("site.example", private=True, ports={port})
    with (
        Fetcher(access, limits=QUICK) as fetcher,
        pytest.raises(FetchError, match="refuse la connexion"),
    ):
        fetcher.fetch(f"http://site.example:{port}/")


def test_a_name_that_does_not_exist_has_its_sentence() -> None:
    with Fetcher(Access.of("absent.test"), limits=QUICK) as fetcher:
        with pytest.raises(FetchError, match=r"« absent\.test » est inconnu"):
            fetcher.fetch("http://absent.test/")


# --- robots.txt and politeness ------------------------------------------------------------------


def robots(text: str | bytes, status: int = 200, **headers: str) -> Reply:
    return Reply(text, status, {"Content-Type": "text/plain"} | headers)


def test_what_robots_txt_withholds_is_not_asked_for(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {
        "/robots.txt": robots("User-agent: Chartiste\nDisallow: /prive\nAllow: /prive/sauf"),
        "/prive/sauf": Reply("ok"),
        "/ici": redirect("/prive/a"),
    }
    for path in ("/prive/a", "/%70rive", "/ici"):
        with pytest.raises(FetchError, match=r"robots\.txt, que cette page ne soit pas lue"):
            fetcher.fetch(site.url(path))
    assert page(fetcher, site.url("/prive/sauf")).data == b"ok"
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/ici", "/prive/sauf"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_robots_txt_withholds_nothing(
    site: Site, fetcher: Fetcher, status: int
) -> None:
    site.pages |= {"/robots.txt": robots("", status), "/": Reply("ok")}
    assert page(fetcher, site.url("/")).data == b"ok"


def test_a_site_whose_robots_txt_is_broken_is_left_alone(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {"/robots.txt": robots("", 500), "/": Reply("ok")}
    for _ in range(2):
        with pytest.raises(FetchError, match=r"robots\.txt du site répond par une erreur \(500\)"):
            fetcher.fetch(site.url("/"))
    assert [asked.path for asked in site.asked] == ["/robots.txt"]


def test_a_robots_txt_that_leads_elsewhere_is_not_followed(site: Site, fetcher: Fetcher) -> None:
    with Canary() as canary:
        site.pages["/robots.txt"] = redirect(f"http://127.0.0.1:{canary.port}/robots.txt")
        with pytest.raises(FetchError, match=r"C'était pour robots\.txt"):
            fetcher.fetch(site.url("/"))
        assert canary.visits() == 0


def test_a_robots_txt_may_be_redirected(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {"/robots.txt": redirect("/r"), "/r": robots("User-agent: *\nDisallow: /")}
    with pytest.raises(FetchError, match=r"robots\.txt, que"):
        fetcher.fetch(site.url("/"))


def test_of_a_huge_robots_txt_the_beginning_is_read(site: Site, fetcher: Fetcher) -> None:
    def answer(request: Handler) -> None:
        request.head(200, {"Content-Type": "text/plain"})
        request.wfile.write(b"User-agent: *\nDisallow: /prive\n")
        while True:
            request.wfile.write(b"# longue remarque\n" * 1_000)

    site.pages |= {"/robots.txt": answer, "/": Reply("ok")}
    assert page(fetcher, site.url("/")).data == b"ok"
    with pytest.raises(FetchError, match=r"robots\.txt, que"):
        fetcher.fetch(site.url("/prive"))


def test_two_requests_to_one_host_are_a_pause_apart(site: Site) -> None:
    site.pages |= {"/a": Reply("ok"), "/b": redirect("/a")}
    with within(site, delay=0.3) as fetcher:
        fetcher.fetch(site.url("/b"))
    times = [asked.at for asked in site.asked]
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/b", "/a"]
    assert all(later - sooner >= 0.3 for sooner, later in itertools.pairwise(times))


def test_the_pause_that_robots_txt_asks_for_is_kept_up_to_a_limit(site: Site) -> None:
    site.pages |= {"/robots.txt": robots("User-agent: *\nCrawl-delay: 60"), "/": Reply("ok")}
    with within(site, max_delay=0.4, deadline=0.3) as fetcher:  # waiting takes no time of the page
        fetcher.fetch(site.url("/"))
    assert 0.4 <= site.asked[1].at - site.asked[0].at < 0.8


# --- many pages ---------------------------------------------------------------------------------


def test_outcomes_come_in_the_order_of_the_requests(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {"/a": Reply("a"), "/b": Reply("", 500), "/c": Reply("c")}
    paths = ["/a", "/b", "/absent", "/c"]
    urls = [*map(site.url, paths), "file:///etc/passwd"]
    outcomes = list(fetcher.fetch_all(map(Request, urls)))
    assert [type(outcome) for outcome in outcomes] == [Page, FetchError, PageGone, Page, FetchError]
    assert [one.data for one in outcomes if isinstance(one, Page)] == [b"a", b"c"]


def test_a_slow_host_does_not_hold_up_the_others(site: Site) -> None:
    def slow(request: Handler) -> None:
        time.sleep(0.3)
        request.reply(Reply("lent"))

    with Site("autre.example") as other:
        site.pages |= {f"/{n}": slow for n in range(3)}
        other.pages |= {f"/{n}": Reply("vite") for n in range(20)}
        requests = [Request(site.url(f"/{n}")) for n in range(3)]
        requests += [Request(other.url(f"/{n}")) for n in range(20)]
        with Fetcher(site.access | other.access, limits=QUICK) as fetcher:
            assert len(list(fetcher.fetch_all(requests))) == 23
        assert other.asked[-1].at < site.asked[-1].at


def test_no_more_are_asked_at_once_than_allowed_and_one_a_host() -> None:
    lock = threading.Lock()
    running: list[str] = []
    most = 0
    twice = False

    def answer(request: Handler) -> None:
        nonlocal most, twice
        host = request.headers["Host"]
        with lock:
            twice = twice or host in running
            running.append(host)
            most = max(most, len(running))
        time.sleep(0.03)
        with lock:
            running.remove(host)
        request.reply(Reply("ok"))

    with Site() as site:
        site.pages |= {f"/{n}": answer for n in range(3)} | {"/robots.txt": answer}
        hosts = [f"h{n}.example" for n in range(8)]
        access = Access.of(*hosts, private=True, ports={site.port})
        urls = [f"http://{host}:{site.port}/{n}" for n in range(3) for host in hosts]
        with Fetcher(access, limits=QUICK) as fetcher:
            outcomes = list(fetcher.fetch_all(map(Request, urls)))
    assert [outcome.asked for outcome in outcomes if isinstance(outcome, Page)] == urls
    assert (most, twice) == (4, False)


def test_the_walk_may_be_left_half_way(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {f"/{n}": Reply("ok") for n in range(50)}
    outcomes = fetcher.fetch_all([Request(site.url(f"/{n}")) for n in range(50)])
    assert isinstance(next(outcomes), Page)
    outcomes.close()  # type: ignore[attr-defined]
    time.sleep(0.1)
    asked = len(site.asked)
    time.sleep(0.1)
    assert len(site.asked) == asked
