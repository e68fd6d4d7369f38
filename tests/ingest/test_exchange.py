from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.address import Access, checked_url
from ingest.deadline import Deadline
from ingest.errors import FetchError
from ingest.exchange import Answer, Exchange, Response, Unreachable
from tests.ingest.http_server import HOST, LOOPBACK, Canary, Handler, Reply, Site, lead_to_loopback

openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl command")


@pytest.fixture(autouse=True)
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return lead_to_loopback(monkeypatch)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of self-signed certificates: for the site, for another, for its IP address."""
    folder = tmp_path_factory.mktemp("tls")
    for name, alternative in {
        "site": f"DNS:{HOST}", "other": "DNS:autre.example", "number": f"IP:{LOOPBACK}",
    }.items():  # fmt: skip
        made = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.crt", "-days", "2",
             "-subj", "/CN=test", "-addext", f"subjectAltName={alternative}"],
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        both = (folder / f"{name}.key").read_text() + (folder / f"{name}.crt").read_text()
        (folder / f"{name}.pem").write_text(both)
    return folder


def ask(
    site: Site | str, access: Access, tls: ssl.SSLContext | None = None, seconds: float = 5.0
) -> Answer:
    url = site if isinstance(site, str) else site.url("/")

    def read(response: Response) -> bytes:
        return b"".join(response.pieces)

    with closing(Exchange(2.0, tls, 2)) as exchange:
        return exchange.ask(checked_url(url, access), {}, Deadline(seconds), read)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.pages["/"] = Reply("ok", headers={"X-Two": "a"})
        yield site


def test_an_answer_has_its_status_headers_and_body(site: Site) -> None:
    answer = ask(site, site.access)
    assert (answer.status, answer.data) == (200, b"ok")
    assert answer.headers["x-two"] == "a"


def test_headers_of_one_name_are_joined_and_read_in_any_encoding(site: Site) -> None:
    def twice(request: Handler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX: a\r\nx: \xc3\xa9\r\nY: \xe9\r\n\r\n")

    site.pages["/"] = twice
    headers = ask(site, site.access).headers
    assert (headers["x"], headers["y"]) == ("a, é", "é")


def test_the_name_is_looked_up_once(site: Site, looked_up: list[str]) -> None:
    ask(site, site.access)
    assert looked_up == [HOST]


def test_the_second_address_is_tried_when_the_first_takes_no_connection(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.address.look_up", lambda host, port: ["127.0.0.9", LOOPBACK])
    assert ask(site, site.access).data == b"ok"


def test_nothing_is_connected_to_once_the_deadline_passed() -> None:
    with Canary() as canary:
        access = Access.of(HOST, private=True, ports={canary.port})
        with pytest.raises(FetchError, match="pas arrivée à temps"):
            ask(f"http://{HOST}:{canary.port}/", access, seconds=0.0)
        assert canary.visits() == 0


def test_a_name_that_is_slow_to_look_up_is_cut_at_the_deadline(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(3.0)
        return [LOOPBACK]

    monkeypatch.setattr("ingest.address.look_up", slow)
    started = time.monotonic()
    with pytest.raises(FetchError, match="pas arrivée à temps"):
        ask(site, site.access, seconds=0.3)
    assert time.monotonic() - started < 2.5


def test_what_is_no_web_server_is_told(site: Site) -> None:
    def greet(request: Handler) -> None:
        request.wfile.write(b"220 courrier.example ESMTP\r\n")

    site.pages["/"] = greet
    with pytest.raises(Unreachable, match="ne répond pas comme un site web"):
        ask(site, site.access)


@openssl
def test_tls_verifies_the_name_and_not_the_address(certificates: Path) -> None:
    trusted = ssl.create_default_context(cafile=certificates / "site.crt")
    with Site(tls=certificates / "site.pem") as site:
        site.pages["/"] = Reply("ok")
        assert ask(site, site.access, trusted).data == b"ok"
        assert site.names == [HOST]
        assert site.asked[0].headers["Host"] == f"{HOST}:{site.port}"


@openssl
@pytest.mark.parametrize("name", ["other", "number"])
def test_a_certificate_of_another_name_is_refused(certificates: Path, name: str) -> None:
    trusted = ssl.create_default_context(cafile=certificates / f"{name}.crt")
    with Site(tls=certificates / f"{name}.pem") as site:
        with pytest.raises(FetchError, match=r"certificat du site « site\.example » n'est pas"):
            ask(site, site.access, trusted)
        assert site.asked == []


@openssl
def test_a_certificate_that_nobody_vouches_for_is_refused(certificates: Path) -> None:
    with Site(tls=certificates / "site.pem") as site:
        with pytest.raises(FetchError, match="certificat") as caught:
            ask(site, site.access)
        assert not isinstance(caught.value, Unreachable)
        assert site.asked == []


def test_a_site_without_tls_is_told(site: Site) -> None:
    with pytest.raises(FetchError, match="connexion chiffrée"):
        ask(site.url("/").replace("http:", "https:"), site.access)


def test_a_site_that_hangs_while_tls_greets_is_cut_at_the_deadline() -> None:
    with Canary() as canary:
        access = Access.of(HOST, private=True, ports={canary.port})
        started = time.monotonic()
        with pytest.raises(FetchError, match="pas arrivée à temps"):
            ask(f"https://{HOST}:{canary.port}/", access, seconds=0.4)
        assert time.monotonic() - started < 10
