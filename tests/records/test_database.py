"""Transactions, on both databases, and what goes wrong with them."""

from __future__ import annotations

import logging
import os
import socket
import stat
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.logs import JsonLines
from app.records import database as door
from app.records.database import Database
from app.records.tables import FAQ_COUNTER, CounterRow
from ingest.errors import RecordsError, SettingsError
from tests.ingest.servers import free_port
from tests.records.server import PASSWORD, SHOWN_PASSWORD, PostgresServer

GROW = update(CounterRow).values(value=CounterRow.value + 1).where(CounterRow.name == FAQ_COUNTER)
BUSY = "La base de données est occupée par un autre travail : réessayez dans un instant."


def value(database: Database) -> int:
    with database.read() as session:
        return session.get_one(CounterRow, FAQ_COUNTER).value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "base.db"


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock longer than a tenth of a second."""
    monkeypatch.setattr(door, "_PATIENCE", 0.1)


def test_what_is_begun_is_written_whole(database: Database) -> None:
    with database.begin() as session:
        session.execute(GROW)
        session.add(row := CounterRow(name="a"))
    assert (row.name, row.value) == ("a", 0)  # still read after the end
    assert value(database) == 1


def test_an_error_undoes_all_of_it(database: Database) -> None:
    with pytest.raises(KeyError), database.begin() as session:
        session.execute(GROW)
        raise KeyError
    with pytest.raises(IntegrityError), database.begin() as session:
        session.execute(GROW)
        session.add(CounterRow(name=FAQ_COUNTER))
    assert value(database) == 0


def test_what_is_read_cannot_be_written(database: Database) -> None:
    with pytest.raises(RecordsError, match="ne peut pas être modifiée"), database.read() as session:
        session.execute(GROW)
    with database.begin() as session:
        session.execute(GROW)
    assert value(database) == 1


def test_one_reads_one_state_while_another_writes(database: Database) -> None:
    with database.read() as reading:
        assert reading.get_one(CounterRow, FAQ_COUNTER).value == 0
        with database.begin() as session:
            session.execute(GROW)
        reading.expire_all()
        assert reading.get_one(CounterRow, FAQ_COUNTER).value == 0
    assert value(database) == 1


def test_many_threads_write_and_nothing_is_lost(database: Database) -> None:
    def grow() -> None:
        for _ in range(10):
            with database.begin() as session:
                row = session.get_one(CounterRow, FAQ_COUNTER, with_for_update=True)
                row.value += 1

    threads = [threading.Thread(target=grow) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(database) == 80


def test_several_processes_read_then_write_and_nothing_is_lost(made_url: str) -> None:
    program = (
        "import sys; from app.records.database import Database; "
        "from app.records.tables import CounterRow\n"
        "database = Database(sys.argv[1])\n"
        "for _ in range(10):\n"
        "    with database.begin() as session:\n"
        "        session.get_one(CounterRow, 'faq', with_for_update=True).value += 1\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, made_url]) for _ in range(3)]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    database = Database(made_url)
    assert value(database) == 30
    database.close()


def test_a_database_that_is_held_is_said_to_be_occupied(patience: None, made_url: str) -> None:
    one, other = Database(made_url), Database(made_url)
    with one.begin() as session:
        session.execute(text("UPDATE counter SET value = 5"))
        with pytest.raises(RecordsError) as held, other.begin() as second:
            second.execute(GROW)
    assert str(held.value) == BUSY
    assert value(other) == 5
    one.close()
    other.close()


def test_two_transactions_of_one_thread_do_not_wait_for_each_other_for_ever(
    patience: None, sqlite_template: Path
) -> None:
    database = Database(f"sqlite:///{sqlite_template}")
    with pytest.raises(RecordsError) as held, database.begin(), database.begin():
        raise AssertionError("never reached")
    assert str(held.value) == BUSY
    database.close()


def test_more_at_once_than_there_are_connections_is_said_to_be_occupied(
    patience: None, sqlite_template: Path
) -> None:
    database = Database(f"sqlite:///{sqlite_template}")
    with ExitStack() as held, pytest.raises(RecordsError) as refused:
        for _ in range(30):
            held.enter_context(database.read())
    assert str(refused.value) == BUSY
    assert value(database) == 0
    database.close()


BESIDE = """
import sys
from app.records.database import Database
database = Database(sys.argv[1])
database.migrate()
with database.read():
    pass
database.close()
"""


def test_a_command_beside_a_server_leaves_it_its_file(file: Path) -> None:
    """The last to close SQLite's file removes the log beside it: it must know of the others."""
    database = Database(f"sqlite:///{file}")
    database.migrate()
    with database.begin() as session:
        session.execute(GROW)
    database.migrate()  # as the journal's thread does in a server
    subprocess.run([sys.executable, "-c", BESIDE, f"sqlite:///{file}"], check=True, timeout=60)
    assert Path(f"{file}-wal").exists()
    with database.begin() as session:
        session.execute(GROW)
    again = Database(f"sqlite:///{file}")
    assert value(again) == value(database) == 2
    again.close()
    database.close()


def test_what_was_deleted_stands_in_no_file_once_it_is_settled(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    database.migrate()
    with database.begin() as session:
        session.add(CounterRow(name="marguerite", value=1))
    with database.begin() as session:
        session.delete(session.get_one(CounterRow, "marguerite"))
    database.settle()
    files = [one for one in file.parent.iterdir() if one.is_file()]
    assert [one.name for one in files if b"marguerite" in one.read_bytes()] == []
    database.close()


def test_sqlite_keeps_what_it_acknowledged_and_its_keys(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    database.migrate()
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    for opened in (database.begin, database.read):
        with opened() as session:
            found = {name: session.scalar(text(f"PRAGMA {name}")) for name in pragmas}
        assert found == pragmas
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    database.close()


def test_a_file_that_is_absent_is_neither_read_nor_created(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    assert not database.exists()
    for opened in (database.begin, database.read):
        with pytest.raises(RecordsError) as absent, opened():
            raise AssertionError("never reached")
        assert str(absent.value) == f"La base de données « {file} » n'existe pas."
    assert not file.exists()
    database.migrate()
    assert database.exists()
    file.unlink()
    with pytest.raises(RecordsError, match="n'existe pas"), database.begin():
        raise AssertionError("never reached")
    database.close()


def test_a_file_that_cannot_be_used_is_told_in_french(tmp_path: Path) -> None:
    (tmp_path / "lettre.db").write_text("Madame, Monsieur, " * 100)
    (tmp_path / "dossier").mkdir()
    for name, said in {
        "lettre.db": f"« {tmp_path}/lettre.db » n'est pas une base de données, ou elle est abîmée.",
        "dossier": f"La base de données « {tmp_path}/dossier » ne peut pas être créée : "
        "c'est un dossier.",
        "lettre.db/base.db": f"La base de données « {tmp_path}/lettre.db/base.db » ne peut pas "
        "être créée : un fichier porte déjà ce nom.",
    }.items():
        database = Database(f"sqlite:///{tmp_path}/{name}")
        with pytest.raises(RecordsError) as refused:
            database.migrate()
        assert str(refused.value) == said
        database.close()


def test_a_full_disk_is_told_in_french(database: Database, database_kind: str) -> None:
    if database_kind == "postgresql":
        pytest.skip("a server's disk is not ours to fill")
    with pytest.raises(RecordsError, match="son disque est plein"), database.begin() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
        session.add_all(CounterRow(name="n" * 4000 + str(number)) for number in range(20))
    assert value(database) == 0


def refusal(url: str) -> RecordsError:
    database = Database(url)
    with pytest.raises(RecordsError) as refused, database.begin():
        raise AssertionError("never reached")
    database.close()
    return refused.value


def test_a_server_that_does_not_answer_is_told_in_french() -> None:
    port = free_port()
    assert str(refusal(f"postgresql://ana:{SHOWN_PASSWORD}@127.0.0.1:{port}/faq")) == (
        f"Le serveur de la base de données « postgresql://ana@127.0.0.1:{port}/faq » ne répond "
        "pas : vérifiez qu'il est en marche et l'adresse de CHARTISTE_DATABASE_URL."
    )
    assert "ne répond pas" in str(refusal("postgresql://ana:x@base.invalid/faq"))


def test_what_hangs_up_or_speaks_no_postgresql_is_told_in_french() -> None:
    for answer in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"):
        with socket.create_server(("127.0.0.1", 0)) as listening:

            def hang_up(listening: socket.socket = listening, answer: bytes = answer) -> None:
                accepted, _ = listening.accept()
                with accepted:
                    accepted.recv(8)
                    accepted.sendall(answer)

            thread = threading.Thread(target=hang_up)
            thread.start()
            port = listening.getsockname()[1]
            assert "ne répond pas" in str(refusal(f"postgresql://ana@127.0.0.1:{port}/faq"))
            thread.join()


def test_a_server_says_why_it_refuses(postgres_server: PostgresServer) -> None:
    assert "refuse cet utilisateur" in str(refusal(postgres_server.url("made", "faux")))
    assert "n'existe pas" in str(refusal(postgres_server.url("nulle_part")))
    for mode in ("require", "verify-full"):  # it has no certificate at all
        url = postgres_server.url("made", options=f"?sslmode={mode}")
        assert "ne répond pas" in str(refusal(url))
    for mode in ("disable", "prefer"):
        database = Database(postgres_server.url("made", options=f"?sslmode={mode}"))
        assert value(database) == 0
        database.close()


def test_a_connection_that_the_server_closed_is_opened_again(
    postgres_server: PostgresServer,
) -> None:
    with postgres_server.base("closed", "made") as url:
        database = Database(url)
        assert value(database) == 0
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'closed'"
        postgres_server.run(end)
        assert value(database) == 0
        with pytest.raises(RecordsError, match="ne répond pas"), database.begin() as session:
            session.execute(GROW)
            postgres_server.run(end)
            session.execute(GROW)
        assert value(database) == 0
        database.close()


def test_no_password_and_no_row_is_ever_shown(
    made_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    database = Database(made_url)
    shown = [repr(database), str(database)]
    with pytest.raises(IntegrityError) as broken, database.begin() as session:
        session.add_all([CounterRow(name="le secret"), CounterRow(name=FAQ_COUNTER)])
    shown.append(str(broken.value).partition("[SQL")[0])
    wrong = made_url.replace(SHOWN_PASSWORD, "faux")
    failed: list[Exception] = [broken.value]
    if wrong != made_url:
        failed.append(refusal(wrong))
    for error in failed:
        record = logging.LogRecord("x", 40, "", 1, "%s", (error,), (type(error), error, None))
        shown.append(JsonLines().format(record))
        shown.append(str(error))
    shown.append(caplog.text)
    for secret in (PASSWORD, SHOWN_PASSWORD, "faux@", "le secret"):
        assert not [line for line in shown if secret in line], secret
    database.close()


def test_without_its_driver_postgresql_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pg8000", None)
    with pytest.raises(SettingsError) as missing:
        Database("postgresql://ana:secret@127.0.0.1/faq")
    assert str(missing.value) == "pg8000 n'est pas installé : pip install 'chartiste[postgres]'."


def test_an_unknown_error_is_left_to_whoever_calls(database: Database) -> None:
    with pytest.raises(SQLAlchemyError), database.begin() as session:
        session.execute(text("SELECT nothing FROM nowhere"))


def test_a_citizen_s_question_imports_nothing_of_it(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom app.cli import main\n"
        "import app.commands, app.assistant, app.records.place, app.settings\n"
        "main(['ask', 'Qui peut signer ?', '--store', sys.argv[1]])\n"
        "print([name for name in ('sqlalchemy', 'alembic', 'pg8000') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "store")],
        capture_output=True, text=True, check=True, env=dict(os.environ),
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
    assert not (tmp_path / "store" / "chartiste.db").exists()
