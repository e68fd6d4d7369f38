"""Lists of who is allowed are read as browsers and proxies spell them, or refused in French."""

from __future__ import annotations

import pytest

from app.allowed import read_networks, read_origins


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ()),
        ("https://www.ville.fr", ("https://www.ville.fr",)),
        ("HTTPS://Www.Ville.FR:443/", ("https://www.ville.fr",)),
        ("https://vallée.fr", ("https://xn--valle-esa.fr",)),
        ("http://localhost:80, https://a.fr;https://a.fr", ("http://localhost", "https://a.fr")),
        ("http://[::1]:8000", ("http://[::1]:8000",)),
    ],
)  # fmt: skip
def test_origins_are_read_as_browsers_spell_them(text: str, read: tuple[str, ...]) -> None:
    assert read_origins({"O": text}, "O") == (read, [])


@pytest.mark.parametrize(
    "text",
    ["*", "null", "ville.fr", "//ville.fr", "https://*.ville.fr", "https://ville.fr/page",
     "https://ville.fr?a", "https://ville.fr#a", "https://a:b@ville.fr", "file:///etc",
     "https://ville.fr:99999", "'self'", "https://ville.fr\\a"],
)  # fmt: skip
def test_what_is_no_origin_is_told_in_french(text: str) -> None:
    origins, problems = read_origins({"O": text}, "O")
    assert origins == ()
    assert problems == [
        f"O contient « {text} » : il faut l'origine d'un site, comme https://www.ville.fr."
    ]


def test_all_bad_origins_are_told_and_the_good_ones_kept() -> None:
    origins, problems = read_origins({"O": "ville.fr https://a.fr null"}, "O")
    assert origins == ("https://a.fr",) and len(problems) == 2


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("127.0.0.1", ("127.0.0.1",)),
        ("10.0.0.0/8, ::1", ("10.0.0.0/8", "::1")),
        ("192.0.2.1/32", ("192.0.2.1",)),
    ],
)
def test_addresses_of_proxies_are_read(text: str, read: tuple[str, ...]) -> None:
    assert read_networks({"P": text}, "P") == (read, [])


@pytest.mark.parametrize("text", ["*", "nginx", "10.0.0.1/8", "300.1.1.1"])
def test_what_is_no_address_is_told_in_french(text: str) -> None:
    networks, [problem] = read_networks({"P": text}, "P")
    assert networks == () and text in problem and "adresse IP" in problem
