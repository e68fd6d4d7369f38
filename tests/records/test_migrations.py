"""The migrations make the tables that the classes say, once, whole, and never backwards."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Text, inspect, select, text

from app.records import database as door
from app.records.database import Database
from app.records.tables import REVISION, VERSION_TABLE, Base, CitationRow, CounterRow, EntryRow
from ingest.errors import RecordsError
from tests.records.test_tables import everything

MIGRATIONS = Path(door.__file__).with_name("migrations")


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


def tables(database: Database) -> set[str]:
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names())


def test_an_empty_database_gets_its_tables_once(empty: Database) -> None:
    empty.migrate()
    with empty.begin() as session:
        session.add(CounterRow(name="kept", value=7))
    empty.migrate()

    assert tables(empty) == {*Base.metadata.tables, VERSION_TABLE}
    with empty.read() as session:
        assert session.get_one(CounterRow, "kept").value == 7


def test_the_tables_are_those_of_the_classes(empty: Database) -> None:
    empty.migrate()
    with empty.read() as session:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(session.connection(), opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_words_that_columns_may_hold_are_those_of_the_classes(empty: Database) -> None:
    """What alembic does not compare."""
    empty.migrate()
    with empty.read() as session:
        seen = inspect(session.connection())
        for table in Base.metadata.sorted_tables:
            checks = [one for one in table.constraints if isinstance(one, CheckConstraint)]
            wanted = {one.name: set(re.findall("'(.*?)'", str(one.sqltext))) for one in checks}
            found = {
                one["name"]: set(re.findall("'(.*?)'", one["sqltext"]))
                for one in seen.get_check_constraints(table.name)
            }
            assert found == wanted


def test_the_classes_know_the_last_migration() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [REVISION]
    numbers = [one.revision for one in script.walk_revisions()]
    assert sorted(numbers, reverse=True) == numbers and {len(one) for one in numbers} == {4}


def test_what_is_sought_often_has_an_index(database: Database) -> None:
    wanted = {
        "journal": [["at"], ["outcome", "at"]], "history": [["entry_id"]],
        "session": [["account_id"]], "comment": [["entry_id"]], "entry": [["status"]],
    }  # fmt: skip
    with database.read() as session:
        seen = inspect(session.connection())
        for table, columns in wanted.items():
            indexes = {index["name"]: index["column_names"] for index in seen.get_indexes(table)}
            assert sorted(indexes.values()) == columns, table


def test_the_database_of_an_earlier_version_keeps_what_it_holds(made_url: str) -> None:
    """As the first migration left it: without the table that the second one makes."""
    before = Database(made_url)
    with before.begin() as session:
        session.add(CounterRow(name="kept", value=7))
        session.execute(text("DROP TABLE task"))
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0001'"))
    before.close()

    opened = Database(made_url)
    with pytest.raises(RecordsError), opened.read():
        pass
    opened.migrate()
    assert tables(opened) == {*Base.metadata.tables, VERSION_TABLE}
    with opened.read() as session:
        assert session.get_one(CounterRow, "kept").value == 7
    opened.close()


def test_a_database_without_tables_is_not_up_to_date(empty: Database, tmp_path: Path) -> None:
    (tmp_path / "base.db").touch()
    for opened in (empty.begin, empty.read):
        with pytest.raises(RecordsError, match="n'est pas à jour : redémarrez"), opened():
            raise AssertionError("never reached")


def test_a_newer_database_is_refused_and_left_as_it_is(made_url: str) -> None:
    writer = Database(made_url)
    with writer.begin() as session:
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
        session.execute(text("UPDATE counter SET value = 5"))
    writer.close()
    database = Database(made_url)
    for act in (database.migrate, lambda: database.begin().__enter__()):
        with pytest.raises(RecordsError, match="une version plus récente de Chartiste : mettez"):
            act()
    database.close()
    with writer.begin() as session:
        assert session.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == "9999"
        assert session.scalar(text("SELECT value FROM counter")) == 5
    writer.close()


def test_a_migration_that_fails_leaves_nothing(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_late(connection: object) -> None:
        upgrade(connection)
        raise KeyError

    upgrade = door._upgrade
    monkeypatch.setattr(door, "_upgrade", fail_late)
    with pytest.raises(KeyError):
        empty.migrate()
    monkeypatch.undo()
    with pytest.raises(RecordsError, match="n'est pas à jour"), empty.read():
        raise AssertionError("never reached")
    empty.migrate()
    assert tables(empty) == {*Base.metadata.tables, VERSION_TABLE}


def test_several_processes_may_do_it_at_once(empty_url: str) -> None:
    program = "import sys; from app.records.database import Database; "
    program += "Database(sys.argv[1]).migrate()"
    running = [subprocess.Popen([sys.executable, "-c", program, empty_url]) for _ in range(4)]
    assert [process.wait(120) for process in running] == [0] * 4
    database = Database(empty_url)
    assert tables(database) == {*Base.metadata.tables, VERSION_TABLE}
    database.close()


def test_a_table_that_is_changed_keeps_what_belongs_to_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite changes a table by dropping it, which cascades where foreign keys are on."""

    def change(connection: Connection) -> None:
        with Operations(MigrationContext.configure(connection)).batch_alter_table("entry") as batch:
            batch.alter_column("theme", existing_type=Text(), nullable=True)

    with database.begin() as session:
        session.add_all(everything())
    monkeypatch.setattr(door, "_upgrade", change)
    database.migrate()

    with database.begin() as session:
        whole = session.get_one(EntryRow, "a")
        assert [one.quote for one in whole.citations] == ["Toute collectivité"]
        assert len(whole.history) == len(whole.comments) == 1
        seen = inspect(session.connection())
        assert [c["nullable"] for c in seen.get_columns("entry") if c["name"] == "theme"] == [True]
        session.delete(whole)  # foreign keys are on again
    with database.read() as session:
        assert session.scalars(select(CitationRow)).all() == []
