from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import FetchError
from ingest.headers import (
    check_readable,
    conditions,
    content_encoding,
    content_length,
    location,
    media_type,
    retry_after,
    validators,
)  # fmt: skip
from ingest.page import Validators

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ("", "")),
        ("Text/HTML", ("text/html", "")),
        ("text/html; Charset=UTF-8", ("text/html", "utf-8")),
        ('text/html;a=b; charset="iso-8859-1"', ("text/html", "iso-8859-1")),
        ("text/html; charset='cp1252'", ("text/html", "cp1252")),
        ("text/html; xcharset=a", ("text/html", "")),
        ("text/html, text/html", ("text/html", "")),
        ("; charset=utf-8", ("", "utf-8")),
    ],
)
def test_the_type_and_the_charset_are_told_apart(value: str, expected: tuple[str, str]) -> None:
    assert media_type({"content-type": value}) == expected


def test_what_has_no_type_may_be_read() -> None:
    check_readable("", "/a")


@pytest.mark.parametrize("path", ["/a.PDF", "/a/b.docx?x=1", "/plan.xml.gz"])
def test_the_name_tells_the_type_that_a_server_does_not_know(path: str) -> None:
    check_readable("application/octet-stream", path)


@pytest.mark.parametrize(
    ("kind", "path"),
    [("image/png", "/a.pdf"), ("application/octet-stream", "/a"), ("text/css", "/"),
     ("application/octet-stream", "/a?b.pdf"), ("image/svg+xml", "/"), ("text/html\x1b", "/")],
)  # fmt: skip
def test_other_types_are_refused_by_their_name(kind: str, path: str) -> None:
    with pytest.raises(FetchError, match=r"Le type « [a-z/+-]+ » n'est pas"):
        check_readable(kind, path)


@pytest.mark.parametrize(
    ("value", "encoding"),
    [("", "identity"), (" GZIP ", "gzip"), ("x-gzip", "gzip"), ("deflate", "deflate")],
)
def test_the_compressions_that_are_asked_for_are_known(value: str, encoding: str) -> None:
    assert content_encoding({"content-encoding": value}) == encoding


def test_another_compression_is_refused_by_its_name() -> None:
    with pytest.raises(FetchError, match="« br »"):
        content_encoding({"content-encoding": "br"})


@pytest.mark.parametrize(
    ("value", "length"), [("12", 12), ("", 0), ("-1", 0), ("1, 1", 0), ("²", 0), ("9" * 30, 0)]
)
def test_a_length_is_a_number_or_nothing(value: str, length: int) -> None:
    assert content_length({"content-length": value}) == length


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", 0.0), ("12", 12.0), ("9" * 400, 999_999_999.0), ("-3", 0.0), ("bientôt", 0.0),
        ("Mon, 02 Mar 2026 10:00:30 GMT", 30.0), ("Mon, 02 Mar 2026 10:00:30", 30.0),
        ("Mon, 02 Mar 2026 11:00:30 +0100", 30.0), ("Mon, 02 Mar 2020 10:00:30 GMT", 0.0),
        ("Mon, 99 Mar 2026 10:00:30 GMT", 0.0),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


@pytest.mark.parametrize("bad", ["é", "a\nb", "x" * 1_001, "\x7f"])
def test_a_validator_that_cannot_be_sent_back_is_dropped(bad: str) -> None:
    assert validators({"etag": bad, "last-modified": "hier"}) == ("", "hier")
    assert conditions(Validators(bad, "hier")) == {"If-Modified-Since": "hier"}


def test_nothing_known_asks_for_the_page_whole() -> None:
    assert conditions(None) == conditions(Validators()) == {}
    assert validators({}) == ("", "")


@given(st.text(max_size=60))
def test_any_header_is_read_or_refused_in_french(value: str) -> None:
    names = (
        "content-type",
        "content-encoding",
        "content-length",
        "location",
        "retry-after",
        "etag",
    )
    headers = dict.fromkeys(names, value)
    assert retry_after(headers, NOW) >= 0.0 and content_length(headers) >= 0
    assert all(one.isascii() for one in validators(headers))
    assert media_type(headers)[1].isascii()
    for read in (content_encoding, lambda headers: location(headers, "http://ville.example/")):
        try:
            read(headers)
        except FetchError as error:
            assert str(error).endswith(".")
