from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.address import (
    Access,
    Rule,
    canonical_host,
    checked_url,
    normal_url,
    public_addresses,
)  # fmt: skip
from ingest.errors import FetchError

SITE = Access.of("ville.example")
# What addresses are made of, the awkward parts above all.
PARTS = st.text(
    st.sampled_from("abcÀé/..%2f%2E%c3%A9?#&=+;:@[]|^`{}'\"<>~ \\\t\u200b①。漢😀$!*(),_-"),
    max_size=40,
)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("http://ville.example", "http://ville.example/"),
        ("HTTP://VILLE.Example:80/", "http://ville.example/"),
        ("https://ville.example:443/a", "https://ville.example/a"),
        ("https://ville.example:8443/", "https://ville.example:8443/"),
        ("http://ville.example/a#b", "http://ville.example/a"),
        ("http://ville.example?", "http://ville.example/"),
        ("http://ville.example?q=1", "http://ville.example/?q=1"),
        ("http://ville.example/%7ea%2fb%c3%a9", "http://ville.example/~a%2Fb%C3%A9"),
        ("http://ville.example/été", "http://ville.example/%C3%A9t%C3%A9"),
        (
            "http://ville.example/?q=été&r=a%20b+c",
            "http://ville.example/?q=%C3%A9t%C3%A9&r=a%20b+c",
        ),
        ("http://ville.example/100%", "http://ville.example/100%25"),
        ("http://ville.example/a/./b/../c/%2e%2E/d/..", "http://ville.example/a/"),
        ("http://ville.example/../..", "http://ville.example/"),
        ("http://ville.example/a//b/", "http://ville.example/a//b/"),
        ("http://Élancourt.example/", "http://xn--lancourt-90a.example/"),
        ("http://e\u0301lancourt.example/", "http://xn--lancourt-90a.example/"),
        ("http://[2A00:0::1]:80/", "http://[2a00::1]/"),
        ("http://192.0.2.1/", "http://192.0.2.1/"),
    ],
)
def test_two_spellings_of_an_address_become_one(written: str, canonical: str) -> None:
    assert normal_url(written) == canonical
    assert normal_url(canonical) == canonical


@given(PARTS)
def test_the_canonical_spelling_stays_as_it_is_and_is_what_is_asked(text: str) -> None:
    try:
        canonical = normal_url(f"http://ville.example/{text}")
    except FetchError:
        return
    assert normal_url(canonical) == canonical
    assert canonical.isascii()
    assert str(httpx.URL(canonical)) == canonical
    assert httpx.URL(canonical).host == "ville.example"


@given(PARTS | st.text(max_size=30))
def test_any_text_is_an_address_of_a_named_host_or_is_refused_in_french(text: str) -> None:
    for url in (text, f"http://{text}", f"http://{text}.ville.example/", f"//{text}"):
        try:
            assert checked_url(url, SITE).host in ("ville.example", "www.ville.example")
        except FetchError as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ville.example/a", "doit commencer par « https:// »"),
        ("ftp://ville.example/", "« ftp: » n'est pas lu"),
        ("http://moi:secret@ville.example/", "ni nom d'utilisateur ni mot de passe"),
        ("http://ville.example /", "caractères invisibles y sont interdits"),
        ("http://ville.example:99999/", "son site ou son port est mal écrit"),
        ("http://ville.example:8080/", "Le port 8080"),
        ("http://autre.example/", "n'est pas parmi ceux que nomment les sources"),
        ("http://a.ville.example/", "n'est pas parmi"),
        ("http://127.1/", "« 127.1 » n'est pas le nom d'un site"),
        ("http:///a", "mal écrit"),
        ("http://ville.example/" + "a" * 2_048, "dépasse 2048 caractères"),
    ],
)
def test_each_refusal_says_why(url: str, why: str) -> None:
    with pytest.raises(FetchError) as caught:
        checked_url(url, SITE)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("named", "asked"),
    [("ville.example", "www.ville.example"), ("www.ville.example", "ville.example")],
)
def test_a_host_is_named_with_or_without_www(named: str, asked: str) -> None:
    assert checked_url(f"https://{asked}/", Access.of(named)).host == asked


@pytest.mark.parametrize("host", ["wwwville.example", "www.a.ville.example", "ville.example.fr"])
def test_no_other_beginning_or_end_is_named(host: str) -> None:
    assert SITE.rule(host) is None


def test_hosts_are_named_in_any_spelling() -> None:
    access = Access.of("Élancourt.Example", "[2A00::1]", "192.0.2.1")
    assert set(access.rules) == {"xn--lancourt-90a.example", "2a00::1", "192.0.2.1"}
    with pytest.raises(FetchError, match="n'est pas le nom d'un site"):
        Access.of("ville.example/page")


def test_two_accesses_together_allow_what_either_does() -> None:
    both = SITE | Access.of("ville.example", "b.example", private=True, ports={8080})
    assert both.rules == {
        "ville.example": Rule(True, frozenset({80, 443, 8080})),
        "b.example": Rule(True, frozenset({8080})),
    }


def test_a_target_says_how_it_is_asked() -> None:
    access = Access.of("[::1]", private=True, ports={8080})
    target = checked_url("http://[0::1]:8080/a?b", access)
    assert (target.host, target.port, target.path, target.private) == ("::1", 8080, "/a?b", True)
    assert (target.netloc, target.origin) == ("[::1]:8080", "http://[::1]:8080")


@pytest.mark.parametrize(
    "host",
    ["", ".", "a..b", "-a.fr", "a-.fr", "a.fr.", "a b", "a" * 64 + ".fr", "1", "0x7f", "1.2.3",
     "1.2.3.04", "a.1", "[::1", "::1]", "[a]", "::g", "a%2eb", "①.fr", "a。fr", "a/b",
     "ıa\u0300.\u200d"],
)  # fmt: skip
def test_what_is_no_name_of_a_host_is_refused(host: str) -> None:
    with pytest.raises(FetchError, match="n'est pas le nom d'un site"):
        canonical_host(host)


def leading_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    monkeypatch.setattr("ingest.address.look_up", lambda host, port: list(addresses))


def test_a_public_name_gives_its_addresses_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    leading_to(monkeypatch, "2606:2800:21f:cb07::1", "93.184.215.14")
    assert list(map(str, public_addresses("ville.example", 80))) == [
        "2606:2800:21f:cb07::1", "93.184.215.14",
    ]  # fmt: skip


def test_a_private_network_must_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    leading_to(monkeypatch, "10.1.2.3")
    with pytest.raises(FetchError, match=r"réseau privé \(10\.1\.2\.3\).*allow_private = true"):
        public_addresses("intranet.example", 80)
    assert list(map(str, public_addresses("intranet.example", 80, True))) == ["10.1.2.3"]


def test_some_addresses_are_never_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    leading_to(monkeypatch, "169.254.169.254")
    with pytest.raises(FetchError, match="adresse réservée"):
        public_addresses("ville.example", 80, allow_private=True)


def test_a_name_that_leads_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    leading_to(monkeypatch, "pas une adresse")
    with pytest.raises(FetchError, match=r"« ville\.example » est inconnu"):
        public_addresses("ville.example", 80)


def test_names_are_looked_up_by_the_system() -> None:
    assert "127.0.0.1" in map(str, public_addresses("127.0.0.1", 80, allow_private=True))
    with pytest.raises(FetchError, match="réseau privé"):
        public_addresses("localhost", 80)
