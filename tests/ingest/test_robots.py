from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.robots import MAX_BYTES, Robots

SITE = "http://ville.example"


def allowed(text: str, *paths: str) -> list[bool]:
    rules = Robots(text.encode())
    return [rules.allows(SITE + path) for path in paths]


def test_a_site_that_says_nothing_withholds_nothing() -> None:
    assert Robots().allows(f"{SITE}/a")
    assert Robots().delay == 0.0


def test_rules_for_us_come_before_those_for_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Chartiste\nDisallow: /prive"
    assert allowed(text, "/", "/prive", "/prive/a") == [True, False, False]


@pytest.mark.parametrize("name", ["Googlebot", "chart", "chartiste-images", "Google*bot", ""])
def test_rules_for_others_are_not_for_us(name: str) -> None:
    assert allowed(f"User-agent: {name}\nDisallow: /", "/a") == [True]


@pytest.mark.parametrize(
    "name", ["*", "chartiste", "CHARTISTE", "Chartiste*", "chartiste/1.0", "chartiste # nous"]
)
def test_we_know_our_name(name: str) -> None:
    rules = Robots(f"\ufeffuser-agent:{name}\nDisallow: /\nCrawl-delay: 3".encode())
    assert not rules.allows(f"{SITE}/a")
    assert rules.delay == 3.0


def test_a_group_for_others_and_us_is_for_us() -> None:
    ours = "User-agent: a\nUser-agent: chartiste\nUser-agent: b\nDisallow: /x\n\n"
    assert allowed(f"{ours}User-agent: c\nDisallow: /", "/x", "/y") == [False, True]


def test_the_longest_rule_wins_and_stars_and_ends_are_read() -> None:
    text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\nDisallow: /été"
    paths = ["/a/c", "/a/b", "/x.pdf", "/x.pdf?v", "/%C3%A9t%C3%A9/1", "/"]
    assert allowed(text, *paths) == [False, True, False, True, False, True]


@pytest.mark.parametrize("said", ["-1", "nan", "inf", "beaucoup", ""])
def test_a_delay_that_is_no_time_is_no_delay(said: str) -> None:
    assert Robots(f"User-agent: *\nCrawl-delay: {said}".encode()).delay == 0.0


@given(
    st.binary(max_size=300)
    | st.text(st.sampled_from("user-agent:*dislow/\n\r #$é"), max_size=200).map(str.encode)
)
def test_any_bytes_are_rules(data: bytes) -> None:
    rules = Robots(data)
    assert rules.allows(f"{SITE}/a") in (True, False)
    assert rules.delay >= 0.0


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"user-agent:a{n}\n" for n in range(15_000)) + "allow:/a\n" * 25_000,
        "user-agent:*\n" + "".join(f"disallow:/*a{n}*b\n" for n in range(25_000)),
        "user-agent:*\ndisallow:/" + "*a" * 240_000 + "\n",
        "user-agent:chartiste\n" * 25_000,
    ],
    ids=["many robots", "many rules", "many stars", "many times us"],
)
def test_a_huge_file_is_read_in_little_time(text: str) -> None:
    started = time.monotonic()
    rules = Robots(text.encode()[:MAX_BYTES])
    rules.allows(f"{SITE}/" + "a" * 2_000)
    assert time.monotonic() - started < 20
