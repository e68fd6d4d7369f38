"""A server opens its database where there is one, and nothing of it where there is none."""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.records.database import Database
from app.records.opening import open_database
from app.records.place import FILE
from app.settings import settings


def test_without_a_file_and_a_setting_there_is_none(tmp_path: Path) -> None:
    assert open_database(settings({}, tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_opened_up_to_date(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    opened = open_database(settings({}, tmp_path))
    assert opened
    with opened.begin():
        pass
    opened.close()


def test_one_that_a_setting_names_is_made(tmp_path: Path, made_url: str) -> None:
    for url in (made_url, f"sqlite:///{tmp_path / 'new.db'}"):
        opened = open_database(replace(settings({}, tmp_path), database_url=url))
        assert opened
        with opened.read():
            pass
        opened.close()


def test_one_that_cannot_be_reached_is_told_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("pg8000")
    url = "postgresql://ana:secret@127.0.0.1:1/faq"
    with caplog.at_level(logging.ERROR):
        opened = open_database(replace(settings({}, tmp_path), database_url=url))
    assert isinstance(opened, Database)
    assert "ne répond pas" in caplog.text and "secret" not in caplog.text
    opened.close()


def test_a_server_without_one_imports_nothing_of_it(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom app.records.opening import open_database\n"
        "from app.server import create_app\nfrom app.settings import settings\n"
        "from tests.web.conftest import FakeAssistant\n"
        "chosen = settings({}, Path(sys.argv[1]))\n"
        "create_app(FakeAssistant(), chosen, open_database(chosen))\n"
        "names = ('sqlalchemy', 'alembic', 'argon2', 'authlib', 'joserfc', 'app.staff.sessions')\n"
        "print([name for name in names if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
