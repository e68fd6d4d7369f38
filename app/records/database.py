"""The one door to the database: transactions, and the migrations that make its tables.

::

    database = Database(database_url(settings))
    database.migrate()                        # creates it, or brings it up to date
    with database.begin() as session:         # all of it is written, or nothing
        session.add(CounterRow(name="a"))

On SQLite one writes at a time and nobody waits to read; what is committed is on the disk.
"""

from __future__ import annotations

import errno
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy import inspect as inspected
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session

from app.records.address import DatabaseFile, read_address
from app.records.engines import READING, engine_of
from app.records.faults import ABSENT, BUSY, NEWER, OUTDATED, UNREACHABLE, told
from app.records.place import database_url as database_url
from app.records.place import exists
from app.records.tables import REVISION, VERSION_TABLE
from ingest.errors import RecordsError, reason

_PATIENCE = 10.0  # seconds to wait for another's transaction, or for a connection
_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATION_LOCK = 0x43484152  # the number of PostgreSQL's lock while tables are made: « CHAR »

# alembic's context is one for the whole process.
_migrating = threading.Lock()


class Database:
    """The database of an address. Safe to use from several threads and processes.

    ``repr`` and errors never show a password, nor what is written.
    """

    def __init__(self, url: str) -> None:
        """Nothing is opened nor created yet.

        Raises:
            SettingsError: it is no address, or the driver of PostgreSQL is not installed.
        """
        self._url = url
        self._address = read_address(url)
        self._engine = engine_of(self._address, _PATIENCE)
        self._current = False
        # SQLite's own waiting is no queue: of many threads, some would wait too long.
        self._writing = threading.Lock() if isinstance(self._address, DatabaseFile) else None

    def __repr__(self) -> str:
        return f"Database({str(self._address)!r})"

    def exists(self) -> bool:
        """False when it is a file that is not there; a server is believed to have its database."""
        return exists(self._url)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session in a transaction: committed at the end, undone when an error leaves it.

        On SQLite it writes alone from its first line, so that it never fails half-way. What was
        read stays readable after it.

        Raises:
            RecordsError: the database is absent, locked, unreachable or not up to date.
            IntegrityError: (of SQLAlchemy) a constraint is broken.
        """
        with self._turn(), self._opened() as connection, _session(connection) as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database, waits for nobody, and may not write.

        Raises:
            RecordsError: the database is absent, unreachable or not up to date.
        """
        with self._opened() as connection:
            reading = connection.execution_options(**{READING: True})
            with _session(reading) as session:
                yield session

    def migrate(self) -> None:
        """Bring the tables up to date; creates the file, or the tables of an empty database.

        Several processes may do it at once. It happens whole or not at all.

        Raises:
            RecordsError: it cannot be done, or the database is of a newer version.
        """
        if isinstance(self._address, DatabaseFile):
            _create(self._address)
        with _migrating, self._turn(), self._connected() as connection:
            with _without_foreign_keys(connection), connection.begin():
                if not isinstance(self._address, DatabaseFile):
                    lock = text("SELECT pg_advisory_xact_lock(:number)")
                    connection.execute(lock, {"number": _MIGRATION_LOCK})
                self._refuse_newer(_version(connection))
                _upgrade(connection)
        self._current = True

    def settle(self) -> None:
        """Have SQLite write all that was committed into its file, and empty the log beside it.

        Until then, what was deleted still stands there. A reader in the middle may keep a part of
        it until the next time. Nothing to do for a server.

        Raises:
            RecordsError: as :meth:`begin` does.
        """
        if isinstance(self._address, DatabaseFile) and self.exists():
            with self._turn(), self._connected() as connection:
                raw = connection.connection.cursor()  # no transaction may be open
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                raw.close()

    def close(self) -> None:
        """Close the connections that are kept; the next transaction opens new ones."""
        self._engine.dispose()

    def _turn(self) -> AbstractContextManager[None]:
        return nullcontext() if self._writing is None else _held(self._writing)

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        """A connection to a database that is there and up to date."""
        if not self.exists():
            raise told(ABSENT, self._address)
        with self._connected() as connection:
            if not self._current:
                self._check(connection)
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            connection = self._engine.connect()
        except PoolExhausted:
            raise RecordsError(BUSY) from None
        except (OSError, ssl.SSLError) as error:  # a certificate that is not the server's
            raise told(UNREACHABLE, self._address) from error
        with connection:
            yield connection

    def _check(self, connection: Connection) -> None:
        with connection.begin():
            version = _version(connection)
        self._refuse_newer(version)
        if version != REVISION:
            raise told(OUTDATED, self._address)
        self._current = True

    def _refuse_newer(self, version: str) -> None:
        if version > REVISION:  # they are numbered, with zeros before
            raise told(NEWER, self._address)


@contextmanager
def _held(lock: threading.Lock) -> Iterator[None]:
    if not lock.acquire(timeout=_PATIENCE):
        raise RecordsError(BUSY)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _session(connection: Connection) -> Iterator[Session]:
    with Session(connection, expire_on_commit=False) as session, session.begin():
        yield session


def _version(connection: Connection) -> str:
    """The revision of the tables; empty when there are none."""
    if not inspected(connection).has_table(VERSION_TABLE):
        return ""
    return connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) or ""


def _upgrade(connection: Connection) -> None:
    from alembic import command  # a server that only reads has no use for it
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def _create(address: DatabaseFile) -> None:
    """The file, empty and its owner's alone, if it is not there.

    One that is there is never opened here: closing it again would take all locks that SQLite holds
    on it in this process (POSIX), and another process would then write over what is open.
    """
    try:
        address.file.parent.mkdir(parents=True, exist_ok=True)
        if address.file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with suppress(FileExistsError):
            os.close(os.open(address.file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise RecordsError(
            f"La base de données « {address} » ne peut pas être créée : {reason(error)}."
        ) from error


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """A table of SQLite is changed by copying and dropping it, which must not drop its children."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF").close()
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON").close()
