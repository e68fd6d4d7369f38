from __future__ import annotations

import json

import pytest

from app.faq.imports.apart import read_apart
from app.faq.imports.reader import read_faq
from app.faq.imports.row import BadRow, Reading, Row, UnreadableFaq, kind_of
from ingest.errors import SourceError
from tests.faq.imports.files import linked

_DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.csv", "csv"), ("A.TSV", "csv"), ("b.md", "markdown"), ("c.html", "html")],
)  # fmt: skip
def test_the_kind_is_that_of_the_suffix(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize("name", ["faq.docx", "faq", "csv", ".csv.exe"])
def test_another_kind_is_refused_and_told_what_to_give(name: str) -> None:
    with pytest.raises(UnreadableFaq, match="tableau"):
        kind_of(name)


def test_a_reading_goes_through_json() -> None:
    rows = (Row("ligne 1", "Qui ?", "Vous.", ("a",), "t"), Row("ligne 2", "Où ?", "Ici."))
    reading = Reading(rows, (BadRow("ligne 3", "Vide."),))
    assert Reading.from_json(json.loads(json.dumps(reading.as_json()))) == reading


def test_a_file_is_read_in_another_process_as_in_this_one() -> None:
    data = linked().encode()
    assert read_apart(data, "html") == read_faq(data, "html")


@pytest.mark.parametrize(
    ("data", "kind", "why"),
    [
        (b"a;b\n", "csv", "nommer ses colonnes"),
        (b"question;r\0ponse\n", "csv", "octets nuls"),
        (linked(_DEEP).encode(), "html", "abîmé"),
        (b"<div>" * 3_000 + b"x", "html", "imbriquée trop profondément"),
    ],
    ids=["header", "zero bytes", "deep JSON", "deep HTML"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_sentence(data: bytes, kind: str, why: str) -> None:
    with pytest.raises(UnreadableFaq, match=why):
        read_apart(data, kind)  # type: ignore[arg-type]


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(UnreadableFaq, match="dure trop longtemps"):
        read_apart(b"question;reponse\nQui ?;Vous.\n", "csv", seconds=0.01)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(SourceError):
        read_faq(bytes(range(256)) * 4, "csv")
