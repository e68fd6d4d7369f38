"""A database for any test: ``database``, on SQLite and on PostgreSQL, its tables made.

``empty_url`` is the address of one without tables. Libraries are imported when a test asks.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from app.records.database import Database
    from tests.records.server import PostgresServer

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "made"
_names = (f"test_{number}" for number in itertools.count())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server, with a database ``made`` whose tables are made."""
    from app.records.database import Database
    from tests.records.server import binaries, postgres

    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql (make test does it)")
    with postgres(folder) as server:
        server.run(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
        made = Database(server.url(_TEMPLATE))
        made.migrate()
        made.close()
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite whose tables are made."""
    from app.records.database import Database

    file = tmp_path_factory.mktemp("sqlite") / "made.db"
    made = Database(f"sqlite:///{file}")
    made.migrate()
    made.close()
    return file


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``."""
    return str(request.param)


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a file that is not there, or of a database without tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'base.db'}"
        return
    with request.getfixturevalue("postgres_server").base(next(_names)) as url:
        yield url


@pytest.fixture
def made_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new database whose tables are made."""
    if database_kind == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "base.db")
        yield f"sqlite:///{tmp_path / 'base.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    with server.base(next(_names), _TEMPLATE) as url:
        yield url


@pytest.fixture
def database(made_url: str) -> Iterator[Database]:
    """A new database whose tables are made; each test runs on SQLite and on PostgreSQL."""
    from app.records.database import Database

    opened = Database(made_url)
    yield opened
    opened.close()
