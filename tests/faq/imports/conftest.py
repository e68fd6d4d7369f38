"""A release of a charter, an assistant on it, and the staff's entries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assistant import Assistant
from app.faq.anchors import Anchors
from app.faq.entries import Entries
from app.records.database import Database
from app.wording import Wording
from ingest.store import Store
from tests.app.texts import AGENCY, CHARTER, publish
from tests.fakes import FakeModel
from tests.faq.edits import Clock


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant on a charter and an article, with the fake model. Only asked."""
    store = tmp_path_factory.mktemp("charter") / "store"
    publish(store, {"charte.md": CHARTER, "alec07.md": AGENCY})
    opened = Assistant(Store(store), FakeModel(), Wording("l'agence", ""))
    yield opened
    opened.close()


@pytest.fixture
def entries(tmp_path: Path, sqlite_template: Path, assistant: Assistant) -> Iterator[Entries]:
    """No entry yet; citations are held against the charter."""
    file = tmp_path / "base.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    yield Entries(database, Clock(), Anchors(assistant))
    database.close()
