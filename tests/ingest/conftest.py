"""A small store, built once, that tests read; and texts of every kind for the property tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from ingest.job import ingest
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.texts import CHARTER, STATUTES, write

# The same examples on every machine, and no clock: two cores may be shared with others.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, max_examples=150)
hypothesis.settings.load_profile("house")


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("built")
    write(home / "fiches", {"charte.md": CHARTER, "statuts.txt": STATUTES})
    ingest([home / "fiches"], IngestSettings(store=home / "store"), FakeModel())
    return home


@pytest.fixture
def store(_built: Path, tmp_path: Path) -> Store:
    """A copy of a store that holds one release of two sheets; a test may damage it."""
    shutil.copytree(_built / "store", tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def release_folder(store: Store) -> Path:
    current = store.current()
    assert current is not None
    return store.path(current)


@pytest.fixture
def flip() -> Callable[[Path], None]:
    """Flips the bits of one byte in the middle of a file."""

    def flip(file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 0xFF
        file.write_bytes(data)

    return flip
