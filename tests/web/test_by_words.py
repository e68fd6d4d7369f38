"""A real server of vectors that stops between two questions: words alone answer, and it is said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from app import finding
from app.answers import Answer
from app.assistant import Assistant
from app.server import create_app
from app.settings import settings
from app.web import texts
from app.web.citizen import Page
from app.wording import Wording
from ingest.embed import load_model
from ingest.job import ingest
from ingest.store import Store
from tests.app.citations import check
from tests.fakes import FakeModel
from tests.ingest.models import Answer as Given
from tests.ingest.models import Request, as_json, serving
from tests.web.conftest import SHEETS
from tests.web.test_citizen import NOTE, TALK, asked

pytest.importorskip("langchain_openai")

SIGN = "Qui peut signer la charte ?"


def vectors(request: Request) -> Given:
    """What an OpenAI-compatible server answers, with the fake model's vectors."""
    if request.method == "GET":
        return as_json({"object": "list", "data": []})
    rows = [
        {"object": "embedding", "index": number, "embedding": vector}
        for number, vector in enumerate(FakeModel().embed_documents(request.body["input"]))
    ]
    return as_json({"object": "list", "data": rows, "model": "m", "usage": {}})


class Served:
    """An assistant whose model is asked of a server on loopback, which stops and starts again."""

    def __init__(self, home: Path) -> None:
        self._running = ExitStack()
        self.url = self._running.enter_context(serving(vectors)).url
        for name, text in SHEETS.items():
            (home / name).write_text(text, encoding="utf-8")
        model = load_model(f"{self.url}/v1#m")
        self.settings = settings({"CHARTISTE_EMBEDDING": model.name}, home / "store")
        ingest([home], self.settings.ingest, model)
        self.assistant = Assistant(Store.of(self.settings.ingest), model, Wording("l'agence", ""))

    def start(self) -> None:
        self._running.enter_context(serving(vectors, urlsplit(self.url).port or 0))

    def stop(self) -> None:
        self._running.close()

    def ready(self) -> dict[str, object]:
        """What ``/readyz`` says."""
        said: dict[str, object] = (
            TestClient(create_app(self.assistant, self.settings)).get("/readyz").json()
        )
        return said


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.assistant.close()
    served.stop()


def test_the_lexicon_answers_and_the_page_and_the_json_say_so(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    page = Page(served.assistant, served.settings)
    before = served.assistant.ask(SIGN)
    assert (served.ready()["degraded"], texts.DEGRADED.fr in page.restart()[TALK]) == (False, False)
    served.stop()
    with caplog.at_level(logging.ERROR):
        after = served.assistant.ask(SIGN)
    assert isinstance(before.outcome, Answer) and isinstance(after.outcome, Answer)
    assert before.outcome.citations[0].quote in after.outcome.citations[0].quote
    check(after, served.assistant)
    assert served.ready()["degraded"] is True
    assert "est injoignable" in caplog.text
    assert texts.DEGRADED.fr in unescape(asked(page, SIGN)[NOTE])
    assert texts.DEGRADED.fr in unescape(page.restart()[TALK])
    assert served.assistant.search(SIGN, 1).found[0].passage.id == (
        before.outcome.citations[0].passage
    )


def test_a_server_that_is_back_is_asked_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_REST", 0.0)
    served.stop()
    served.assistant.ask(SIGN)
    assert served.assistant.degraded()
    served.start()
    served.assistant.ask(SIGN)
    assert not served.assistant.degraded()


def test_a_server_that_failed_is_left_alone_for_a_while(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    served.stop()
    with caplog.at_level(logging.ERROR, logger="app.finding"):
        for _ in range(5):
            assert isinstance(served.assistant.ask(SIGN).outcome, Answer)
    assert [record.name for record in caplog.records] == ["app.finding"]
    assert served.assistant.degraded()


def test_what_asks_nothing_changes_nothing(served: Served) -> None:
    served.stop()
    served.assistant.ask("Bonjour")
    assert not served.assistant.degraded()
    served.assistant.ask(SIGN)
    served.assistant.ask("Bonjour")
    assert served.assistant.degraded()
