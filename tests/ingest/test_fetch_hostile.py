"""Addresses that try to lead a fetcher into the machine it runs on: none may reach the canary."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ingest.address import Access, Rule
from ingest.errors import FetchError
from ingest.fetch import Fetcher, Limits
from tests.ingest.http_server import HOST, LOOPBACK, Canary, Reply, Site

QUICK = Limits(delay=0.0, back_off=0.01, deadline=5.0)

# {c} is the canary's port, {s} that of a site which may be asked.
FORMS = [
    # IPv4, in all the ways that programs read it
    "http://127.0.0.1:{c}/", "http://127.0.0.1:{c}", "HTTP://127.0.0.1:{c}/", "https://127.0.0.1:{c}/",
    "http://127.1:{c}/", "http://127.0.1:{c}/", "http://2130706433:{c}/", "http://4294967297:{c}/",
    "http://0x7f000001:{c}/", "http://0X7F.0.0.1:{c}/", "http://0x7f.1:{c}/", "http://0177.0.0.1:{c}/",
    "http://017700000001:{c}/", "http://0177.1:{c}/", "http://127.0.0.01:{c}/",
    "http://00127.0.0.1:{c}/", "http://127.000.000.001:{c}/", "http://127.0.0.1.:{c}/",
    "http://127.0.0.1..:{c}/", "http://0:{c}/", "http://0.0.0.0:{c}/", "http://0x0:{c}/",
    "http://127.8.8.8:{c}/", "http://127.0.0.0x1:{c}/", "http://-127.0.0.1:{c}/",
    # IPv6, and IPv4 inside it
    "http://[::1]:{c}/", "http://[::]:{c}/", "http://[0:0:0:0:0:0:0:1]:{c}/",
    "http://[::ffff:127.0.0.1]:{c}/", "http://[::ffff:7f00:1]:{c}/", "http://[::FFFF:0:127.0.0.1]:{c}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{c}/", "http://[::127.0.0.1]:{c}/",
    "http://[2002:7f00:1::]:{c}/", "http://[64:ff9b::127.0.0.1]:{c}/", "http://[64:ff9b::7f00:1]:{c}/",
    "http://[64:ff9b:1::7f00:1]:{c}/", "http://[2001:0:7f00:1::]:{c}/", "http://[fc00::1]:{c}/",
    "http://[fe80::1%25lo]:{c}/", "http://[fe80::1%lo]:{c}/", "http://[::1%25lo]:{c}/",
    "http://[::1:{c}/", "http://::1:{c}/", "http://[127.0.0.1]:{c}/", "http://[::1]{c}/",
    # clouds' secrets
    "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/latest/", "http://100.100.100.200/latest/", "http://168.63.129.16/",
    "http://2852039166/", "http://metadata.google.internal/",
    # names
    "http://localhost:{c}/", "http://LOCALHOST:{c}/", "http://localhost.:{c}/", "http://localhost%00:{c}/",
    "http://localhost.localdomain:{c}/", "http://ip6-localhost:{c}/", "http://a.localhost:{c}/",
    "http://127.0.0.1.nip.io:{c}/", "http://evil.example:{c}/", "http://site.example.evil.example:{c}/",
    "http://evilsite.example:{c}/", "http://site.example.:{c}/", "http://.site.example:{c}/",
    "http://site..example:{c}/", "http://www.www.evil.example:{c}/", "http://:{c}/", "http://", "http:///:{c}/",
    # what comes before an @, and what looks like an end
    "http://site.example@127.0.0.1:{c}/", "http://site.example:80@127.0.0.1:{c}/",
    "http://a:b@site.example:{s}/", "http://@127.0.0.1:{c}/", "http://a@b@127.0.0.1:{c}/",
    "http://site.example%40127.0.0.1:{c}/", "http://127.0.0.1:{c}#@site.example/",
    "http://127.0.0.1:{c}?@site.example/", "http://127.0.0.1:{c}\\@site.example/",
    "http://site.example\\@127.0.0.1:{c}/", "http://site.example\t@127.0.0.1:{c}/",
    "http://127.0.0.1:{c}\\.site.example/", "http:\\\\127.0.0.1:{c}/", "http://site.example\n.127.0.0.1:{c}/",
    "http://127.0.0.1:{c}\r\nHost: site.example\r\n/", " http://127.0.0.1:{c}/",
    "http://127.0.0.1:{c} /",
    # letters that look like others
    "http://①②⑦.⓪.⓪.①:{c}/", "http://１２７.０.０.１:{c}/", "http://127。0。0。1:{c}/",
    "http://127．0．0．1:{c}/", "http://127%2e0%2e0%2e1:{c}/", "http://%31%32%37.0.0.1:{c}/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{c}/", "http://localhoſt:{c}/", "http://loc\u00adalhost:{c}/",
    "http://127.0.0.1\u200b:{c}/", "http://[::①]:{c}/", "http://١٢٧.0.0.1:{c}/",
    "http://127.0.0.1:{c}\uff0f@site.example/",
    # other schemes, and none
    "file:///etc/passwd", "file://127.0.0.1:{c}/", "gopher://127.0.0.1:{c}/_GET", "ftp://127.0.0.1:{c}/",
    "dict://127.0.0.1:{c}/info", "ldap://127.0.0.1:{c}/", "ws://127.0.0.1:{c}/", "sftp://127.0.0.1:{c}/",
    "tftp://127.0.0.1:{c}/", "data:text/html,x", "javascript:alert(1)", "jar:http://127.0.0.1:{c}/!/",
    "http+unix://%2Frun%2Fdocker.sock/", "view-source:http://127.0.0.1:{c}/",
    "url:http://127.0.0.1:{c}/", "//127.0.0.1:{c}/", "http:127.0.0.1:{c}/", "http:/127.0.0.1:{c}/",
    "http:///127.0.0.1:{c}/", "http:////127.0.0.1:{c}/", "httpx://127.0.0.1:{c}/", "ｈttp://127.0.0.1:{c}/",
    # ports
    "http://site.example:{c}/", "https://site.example:{c}/", "http://site.example:0{c}/",
    "http://site.example:+{c}/", "http://site.example:0/", "http://site.example:99999/",
    "http://site.example:-1/", "http://site.example:８０/", "http://site.example:/", "http://site.example:22/",
    "http://site.example:{s}:{c}/", "http://site.example:{s}0{c}/",
    # size
    "http://127.0.0.1:{c}/" + "a" * 3_000, "http://" + "a" * 300 + ".example:{c}/",
]  # fmt: skip


@dataclass(frozen=True)
class Everyone(Access):
    """A rule for every host, so that only the check of addresses stands; one is one's own."""

    canary: int = 0
    own: int = 0

    def rule(self, host: str) -> Rule:
        if host == HOST:
            return Rule(private=True, ports=frozenset({self.own}))
        return Rule(ports=frozenset({80, 443, self.canary}))


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with Canary() as canary:
        yield canary


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="module", params=["named", "everyone"])
def fetcher(request: pytest.FixtureRequest, site: Site, canary: Canary) -> Iterator[Fetcher]:
    access = site.access
    if request.param == "everyone":
        access = Everyone({}, canary.port, site.port)
    with Fetcher(access, limits=QUICK) as fetcher:
        yield fetcher


@pytest.fixture(autouse=True)
def every_name_leads_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: int) -> list[str]:
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            return [LOOPBACK]

    monkeypatch.setattr("ingest.address.look_up", look_up)


def test_there_are_many_forms_all_different() -> None:
    assert len(set(FORMS)) == len(FORMS) >= 60


def test_the_canary_tells_who_comes(canary: Canary) -> None:
    socket.create_connection((LOOPBACK, canary.port)).close()
    assert canary.visits() == 1


@pytest.mark.parametrize("form", FORMS)
def test_an_address_given_by_hand(form: str, fetcher: Fetcher, site: Site, canary: Canary) -> None:
    with pytest.raises(FetchError):
        fetcher.fetch(form.format(c=canary.port, s=site.port))
    assert canary.visits() == 0


@pytest.mark.parametrize("form", FORMS)
def test_an_address_that_a_site_redirects_to(
    form: str, fetcher: Fetcher, site: Site, canary: Canary
) -> None:
    location = form.format(c=canary.port, s=site.port).encode().decode("latin-1")
    site.pages["/"] = Reply(status=302, headers={"Location": location})
    with pytest.raises(FetchError):
        fetcher.fetch(site.url("/"))
    assert canary.visits() == 0


@pytest.mark.parametrize("status", [301, 303, 307, 308])
def test_each_kind_of_redirect_is_checked(
    status: int, fetcher: Fetcher, site: Site, canary: Canary
) -> None:
    site.pages |= {
        "/a": Reply(status=302, headers={"Location": "/b"}),
        "/b": Reply(status=status, headers={"Location": f"http://127.0.0.1:{canary.port}/"}),
    }
    with pytest.raises(FetchError):
        fetcher.fetch(site.url("/a"))
    assert canary.visits() == 0


# --- names that lead to two places ----------------------------------------------------------------


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that connections are tried to; those of the internet refuse them."""
    tried: list[str] = []
    connect = socket.create_connection

    def record(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        tried.append(address[0])
        if address[0] != LOOPBACK:
            raise ConnectionRefusedError
        return connect(address, *args, **kwargs)

    monkeypatch.setattr(socket, "create_connection", record)
    return tried


def leads_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """The name leads to each answer in turn, and to the last from then on."""
    left = list(answers)
    monkeypatch.setattr(
        "ingest.address.look_up", lambda host, port: left.pop(0) if left[1:] else left[0]
    )


def test_a_name_that_changes_its_address_is_checked_each_time(
    canary: Canary, reached: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, ["93.184.215.14"], [LOOPBACK])
    access = Access.of("rebind.example", ports={canary.port})
    with Fetcher(access, limits=QUICK) as fetcher, pytest.raises(FetchError, match="réseau privé"):
        fetcher.fetch(f"http://rebind.example:{canary.port}/")
    assert reached == ["93.184.215.14"]
    assert canary.visits() == 0


def test_the_connection_goes_to_the_address_that_was_checked(
    canary: Canary, reached: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, ["93.184.215.14"], ["93.184.215.15"], ["93.184.215.16"], [LOOPBACK])
    access = Access.of("rebind.example", ports={canary.port})
    with Fetcher(access, limits=QUICK) as fetcher:
        with pytest.raises(FetchError, match="refuse la connexion"):
            fetcher.fetch(f"http://rebind.example:{canary.port}/")
    assert reached == ["93.184.215.14", "93.184.215.15", "93.184.215.16"]
    assert canary.visits() == 0


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_with_one_bad_address_among_good_ones_is_refused_whole(
    bad: str, canary: Canary, reached: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, ["93.184.215.14", bad])
    access = Access.of("two.example", ports={canary.port})
    with Fetcher(access, limits=QUICK) as fetcher, pytest.raises(FetchError, match="mène à"):
        fetcher.fetch(f"http://two.example:{canary.port}/")
    assert (reached, canary.visits()) == ([], 0)


def test_an_allowed_network_does_not_open_another_hosts_way_into_it(
    site: Site, canary: Canary
) -> None:
    access = site.access | Access.of("public.example", ports={canary.port})
    site.pages["/"] = Reply(
        status=302, headers={"Location": f"http://public.example:{canary.port}/"}
    )
    with Fetcher(access, limits=QUICK) as fetcher, pytest.raises(FetchError, match="réseau privé"):
        fetcher.fetch(site.url("/"))
    assert canary.visits() == 0
