"""The articles as a release of their own, asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.calibration import load_calibration
from app.cli import main
from app.commands import opening
from app.evaluate.cases import read_cases
from app.evaluate.measure import Examiner, Measured, measure
from ingest.job import ingest_documents
from ingest.release import open_current
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.app.evaluate.made import saved
from tests.fakes import FakeModel

OFF_TOPIC = ["Quelle est la capitale du Pérou ?", "Bonjour !"]


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Measured]]:
    """What became of the questions of the articles, and of two that are off-topic."""
    folder = tmp_path_factory.mktemp("articles")
    cases, documents = read_cases(saved(folder))
    ingest_documents(documents, IngestSettings(store=folder / "store"), FakeModel())
    release = open_current(Store(folder / "store"))
    examiner = Examiner(release, FakeModel(), load_calibration(FakeModel.space))
    yield measure(cases, OFF_TOPIC, examiner, lambda step, done, total: None)
    release.close()


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Runs ``eval``; returns its exit code and what it wrote to stdout and to stderr.

    The store is the test's own unless it names another one.
    """
    monkeypatch.setenv("CHARTISTE_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(opening, "load_model", lambda *settings: FakeModel())
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["eval", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
