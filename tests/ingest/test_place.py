from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SettingsError
from ingest.place import Place


def test_a_place_is_a_folder_or_a_server_and_not_both(tmp_path: Path) -> None:
    for wrong in ({}, {"folder": tmp_path, "url": "http://127.0.0.1:8000"}):
        with pytest.raises(ValueError, match="either a folder or a server"):
            Place("passages", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://chroma.example.fr/prefixe/", "https://chroma.example.fr/prefixe"),
        ("http://nom:secret@[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_an_address_is_shown_without_name_and_password(url: str, address: str) -> None:
    place = Place("chartiste-1", url=url)
    assert place.address == address
    assert "secret" not in repr(place)


def test_a_name_and_a_password_become_a_header() -> None:
    place = Place("chartiste-1", url="http://nom:mot%20de%40passe@127.0.0.1:8000")
    value = place.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(value) == b"nom:mot de@passe"
    assert Place("chartiste-1", url="http://127.0.0.1:8000").headers == {}


def test_a_folder_has_no_address_and_no_headers(tmp_path: Path) -> None:
    place = Place("passages", folder=tmp_path)
    assert (place.address, place.headers) == ("", {})


@pytest.mark.parametrize(
    "url",
    [
        "", "127.0.0.1:8000", "ftp://127.0.0.1:21", "http://", "http://:8000", "http://h:port",
        "http://h:99999", "http://h:0", "http://h/?a=1", "http://h/#a", "http://[::1", "http://h h",
        "http://h\n.fr", "http://nom:secret/slash@h:8000",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_server_is_said_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError, match=r"écrivez-la comme http://127\.0\.0\.1:8000") as error:
        Place("chartiste-1", url=url)
    assert "secret" not in str(error.value)


@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://nom:motdepasse@"]))
def test_any_text_is_an_address_or_is_refused_in_french(text: str, before: str) -> None:
    try:
        place = Place("chartiste-1", url=before + text)
    except SettingsError:
        return
    assert place.address.startswith(("http://", "https://"))
    assert "motdepasse" not in place.address
