"""Where the journal is off and there is no database, nothing of either is touched."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from app.journal.opening import open_recording
from app.journal.recording import SILENT
from app.records.opening import open_database
from app.settings import settings
from tests.app.journal.replies import reply

_HEAVY = ("sqlalchemy", "alembic", "pg8000", "app.journal.journal", "app.journal.masking")


def loaded(code: str) -> list[str]:
    """Which libraries of the database a new process has, once it has run this."""
    asked = f"{code}\nimport sys\nprint([n for n in {_HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return list(ast.literal_eval(done.stdout.splitlines()[-1]))


def test_an_answer_at_the_terminal_imports_no_database(built: Path) -> None:
    code = (
        "from app.cli import main\n"
        "from app.commands import opening\n"
        "from tests.fakes import FakeModel\n"
        "opening.load_model = lambda *settings: FakeModel()\n"
        f"assert main(['ask', 'Qui peut signer la charte ?', '--store', {str(built)!r}]) == 0"
    )
    assert loaded(code) == []


def test_a_server_without_journal_and_database_imports_and_makes_none(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "import app.commands.serving, app.server\n"
        "from app.journal.opening import open_recording\n"
        "from app.records.opening import open_database\n"
        "from app.settings import settings\n"
        f"off = settings({{}}, Path({str(tmp_path)!r}))\n"
        "open_recording(off, open_database(off)).close()"
    )
    assert loaded(code) == [] and list(tmp_path.iterdir()) == []


def test_this_test_sees_a_database() -> None:
    assert loaded("import app.journal.journal") == ["sqlalchemy", *_HEAVY[3:]]


def test_the_setting_makes_a_database_and_keeps_replies_in_it(tmp_path: Path) -> None:
    on = settings({"CHARTISTE_JOURNAL_DAYS": "7"}, tmp_path)
    database = open_database(on)
    assert database is not None
    recording = open_recording(on, database)
    assert recording.reply(reply("Qui ?"))
    recording.close()
    assert (tmp_path / "chartiste.db").is_file()
    database.close()


def test_without_a_setting_an_old_journal_is_only_purged(tmp_path: Path) -> None:
    database = open_database(settings({"CHARTISTE_JOURNAL_DAYS": "7"}, tmp_path))
    off = open_recording(settings({}, tmp_path), database)
    assert off is not SILENT and off.reply(reply("Qui ?")) == ""
    off.close()
    assert database is not None
    database.close()


def test_without_a_database_nothing_is_recorded(tmp_path: Path) -> None:
    assert open_recording(settings({}, tmp_path), None) is SILENT
    SILENT.opinion("id", "up", "")
    assert SILENT.reply(reply("Qui ?")) == ""
