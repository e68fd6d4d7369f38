"""What CHARTISTE_DATABASE_URL may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.records.address import DatabaseFile, DatabaseServer, read_address
from app.records.place import database_url, exists
from app.settings import settings
from ingest.errors import SettingsError


def test_a_file_is_read_from_its_address(tmp_path: Path) -> None:
    assert read_address("sqlite:////srv/la%20base.db") == DatabaseFile(Path("/srv/la base.db"))
    assert read_address("sqlite:///faq.db") == DatabaseFile(Path.cwd() / "faq.db")
    assert str(DatabaseFile(tmp_path / "a.db")) == str(tmp_path / "a.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+pg8000", "postgres"])
def test_a_server_is_read_from_its_address(scheme: str) -> None:
    read = read_address(f"{scheme}://ana:s%40cret%23@base.example:5433/faq?sslmode=verify-full")
    assert read == DatabaseServer("base.example", 5433, "faq", "ana", "s@cret#", "verify-full")


def test_a_server_listens_on_its_usual_port_and_is_asked_for_encryption() -> None:
    read = read_address("postgresql://ana@[::1]/faq")
    assert read == DatabaseServer("::1", 5432, "faq", "ana", None, "prefer")
    assert str(read) == "postgresql://ana@[::1]:5432/faq"


@pytest.mark.parametrize(
    "url",
    [
        "secret", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///secret/",
        "sqlite://secret/a.db", "sqlite:///secret.db?mode=ro", "mysql://a:secret@b/c",
        "postgresql+psycopg://a:secret@b/c", "postgresql://a:secret@b", "postgresql://:secret@b/c",
        "postgresql://a:secret@/c", "postgresql://a:se#cret@b/c", "postgresql://a:se@cret@b/c",
        "postgresql://a:secret@b:port/c", "postgresql://a:secret@b:99999/c",
        "postgresql://a:secret@[b/c", "postgresql://a:secret@b/c/d", "postgresql://a:secret\n@b/c",
        "postgresql://a:secret@b/c?sslmode=secret", "postgresql://a@b/c?password=secret",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_a_sentence_without_it(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings({"CHARTISTE_DATABASE_URL": url})

    [_, line] = str(refused.value).split("\n")
    assert line.startswith("- CHARTISTE_DATABASE_URL ")
    assert "secret" not in line and "cret@" not in line
    with pytest.raises(SettingsError) as alone:
        read_address(url)
    assert alone.value.__cause__ is None


def test_a_password_is_not_shown() -> None:
    url = "postgresql://ana:secret@base.example/faq"
    read = settings({"CHARTISTE_DATABASE_URL": f" {url} "})

    assert database_url(read) == url
    shown = f"{read!r} {read} {read_address(url)!r} {read_address(url)}"
    assert "ana" in shown and "secret" not in shown


def test_without_the_setting_it_is_a_file_of_the_store(tmp_path: Path) -> None:
    store = tmp_path / "l'été #1 100%"
    url = database_url(settings({}, store))

    assert read_address(url) == DatabaseFile(store / "chartiste.db")
    assert not exists(url)
    assert not store.exists()
    store.mkdir()
    (store / "chartiste.db").touch()
    assert exists(url)


def test_a_server_is_believed_to_have_its_database() -> None:
    assert exists("postgresql://ana@base.invalid/faq")
