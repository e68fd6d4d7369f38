"""The whole application with a workspace, over a database of SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from app.assistant import Assistant
from app.faq.likeness import own_file, save_likeness
from app.records.database import Database
from app.records.tables import Base, CounterRow
from app.server import create_app
from app.settings import Settings, settings
from app.staff.sessions import Sessions
from app.wording import Wording
from ingest.store import Store
from tests.app.texts import settled
from tests.fakes import FakeModel
from tests.faq.likeness import ALIKE
from tests.staff.fakes import Counted
from tests.web.conftest import FakeAssistant, serving
from tests.web.staff.desk import Desk
from tests.web.staff.people import account


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


@pytest.fixture(scope="session")
def desk_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A journal of 30 days, and what was fitted for the fake model."""
    store = tmp_path_factory.mktemp("desk")
    save_likeness(ALIKE, own_file(store, ALIKE.space).parent)
    return settings({"CHARTISTE_JOURNAL_DAYS": "30", "CHARTISTE_AGENCY": "l'ALEC07"}, store)


@pytest.fixture(scope="session")
def sheets_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the four sheets. Only read."""
    folder = tmp_path_factory.mktemp("sheets") / "store"
    settled(folder)
    return folder


@pytest.fixture(scope="session")
def sheets(sheets_store: Path) -> Iterator[Assistant]:
    """A real assistant over the four sheets."""
    opened = Assistant(Store(sheets_store), FakeModel(), Wording("l'ALEC07", ""))
    yield opened
    opened.close()


@pytest.fixture
def desk(
    without_gradio: None,
    base: Database,
    sheets: Assistant,
    desk_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    """The staff's pages, in whose database nothing is but two people."""
    monkeypatch.setattr("app.web.staff.workspace.Hashing", Counted)  # the real one takes its time
    desk = Desk.over(base, sheets, desk_settings)
    yield desk
    desk.app.state.end_work()


@pytest.fixture(scope="module")
def opened(
    real: Assistant,
    configured: Settings,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, str]]:
    """The address of a server, and the token of Ana's session."""
    file = tmp_path_factory.mktemp("opened") / "base.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    token = Sessions(database).open(account(database, "Ana"), None)
    assert token is not None
    with serving(create_app(real, configured, database)) as address:
        yield address, token
    database.close()
