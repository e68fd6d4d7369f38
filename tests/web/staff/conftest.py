"""The whole application with a workspace, over a database of SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from app.records.database import Database
from app.records.tables import Base, CounterRow
from app.server import create_app
from app.settings import Settings
from tests.web.conftest import FakeAssistant


@pytest.fixture(scope="session")
def shared_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('base') / 'base.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture(scope="session")
def shared_workspace(configured: Settings, shared_base: Database) -> FastAPI:
    return create_app(FakeAssistant(), configured, shared_base)  # type: ignore[arg-type]


@pytest.fixture
def base(shared_base: Database) -> Database:
    """The database of ``workspace``, empty for each test."""
    with shared_base.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table is not CounterRow.__table__:
                session.execute(delete(table))
    return shared_base


@pytest.fixture
def workspace(shared_workspace: FastAPI, base: Database) -> FastAPI:
    """The whole application, in whose database nothing is."""
    return shared_workspace
