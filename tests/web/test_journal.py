"""What the doors tell the journal, and what the pages say of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.answers import Reply
from app.journal.recording import Verdict
from app.server import create_app
from app.settings import Settings
from app.web import texts
from app.web.citizen import Page
from app.web.shell import shell
from app.web.widget import panel_script
from tests.web.conftest import NOT_FOUND, PIECES, WRITTEN, FakeAssistant

RELEASE = "20261123-202502-76ed564c"
GIVEN = {"thumb": "down", "outcome": "answered", "release": RELEASE}
KEPT = "Votre question est gardée 7 jours au plus, données personnelles masquées"


@dataclass
class FakeRecording:
    """Remembers what it is told; ``full`` takes nothing, as a journal that is off."""

    full: bool = False
    replies: list[Reply] = field(default_factory=list)
    opinions: list[tuple[str, Verdict, str]] = field(default_factory=list)

    def reply(self, reply: Reply) -> str:
        if self.full:
            return ""
        self.replies.append(reply)
        return f"id_{len(self.replies)}"

    def opinion(self, id: str, verdict: Verdict, reason: str) -> None:
        self.opinions.append((id, verdict, reason))

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def on(configured: Settings) -> Settings:
    return replace(configured, journal_days=7)


@pytest.fixture(scope="module")
def made(on: Settings) -> tuple[FakeAssistant, FakeRecording, FastAPI]:
    assistant, recording = FakeAssistant(), FakeRecording()
    return assistant, recording, create_app(assistant, on, recording=recording)  # type: ignore[arg-type]


@pytest.fixture
def assistant(made: tuple[FakeAssistant, FakeRecording, FastAPI]) -> FakeAssistant:
    made[0].__init__()  # type: ignore[misc]
    return made[0]


@pytest.fixture
def recording(made: tuple[FakeAssistant, FakeRecording, FastAPI]) -> FakeRecording:
    made[1].__init__()  # type: ignore[misc]
    return made[1]


@pytest.fixture
def client(
    made: tuple[FakeAssistant, FakeRecording, FastAPI],
    assistant: FakeAssistant,
    recording: FakeRecording,
) -> TestClient:
    return TestClient(made[2], raise_server_exceptions=False)


def events(text: str) -> Iterator[tuple[str, dict[str, object]]]:
    for event in text.strip().split("\n\n"):
        name, data = event.split("\n", 1)
        yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_each_reply_of_the_api_is_told_once_and_has_an_id(
    client: TestClient, recording: FakeRecording
) -> None:
    answer = client.post("/api/v1/ask", json={"question": "Quand ?"}).json()
    assert answer["journal"] == "id_1" and answer["id"] is None
    assert [reply.question for reply in recording.replies] == ["Quand ?"]


def test_a_journal_that_takes_nothing_gives_no_id(
    client: TestClient, recording: FakeRecording
) -> None:
    recording.full = True
    assert "journal" not in client.post("/api/v1/ask", json={"question": "Quand ?"}).json()


def test_a_search_and_a_bad_question_are_told_to_nobody(
    client: TestClient, recording: FakeRecording, assistant: FakeAssistant
) -> None:
    client.get("/api/v1/search", params={"q": "Quand ?"})
    client.post("/api/v1/ask", json={"question": "  "})
    assistant.error = ZeroDivisionError("secret")
    assert client.post("/api/v1/ask", json={"question": "Quand ?"}).status_code == 500
    assert recording.replies == []


def test_a_stream_tells_its_whole_reply_at_its_end(
    client: TestClient, recording: FakeRecording, assistant: FakeAssistant
) -> None:
    assistant.outcome, assistant.pieces = WRITTEN, PIECES
    told = list(events(client.post("/api/v1/ask/stream", json={"question": "Quand ?"}).text))
    assert [name for name, _ in told].count("done") == 1
    assert told[-1][1]["journal"] == "id_1"
    assert [reply.outcome for reply in recording.replies] == [WRITTEN]


def test_a_stream_that_breaks_tells_nothing(
    client: TestClient, recording: FakeRecording, assistant: FakeAssistant
) -> None:
    assistant.pieces, assistant.late = PIECES, ZeroDivisionError("secret")
    told = list(events(client.post("/api/v1/ask/stream", json={"question": "Quand ?"}).text))
    assert told[-1][0] == "error" and recording.replies == []


def test_the_page_tells_each_reply_and_bears_its_id(on: Settings, recording: FakeRecording) -> None:
    assistant = FakeAssistant(NOT_FOUND)
    page = Page(assistant, on, recording)  # type: ignore[arg-type]
    shown = list(page.answer("Quand ?", ()))[-1]
    assert shown[0][0].journal == "id_1" and "ch-in-id_1" in shown[1]
    assert [reply.outcome for reply in recording.replies] == [NOT_FOUND]


def test_the_page_bears_no_id_when_nothing_is_kept(configured: Settings) -> None:
    page = Page(FakeAssistant(), configured)  # type: ignore[arg-type]
    assert "ch-in-" not in list(page.answer("Quand ?", ()))[-1][1]


def test_an_opinion_goes_to_its_reply_with_its_reason(
    client: TestClient, recording: FakeRecording, caplog: pytest.LogCaptureFixture
) -> None:
    given = {**GIVEN, "journal": "id_1", "reason": "Mon nom est Canari."}
    with caplog.at_level(logging.DEBUG):
        assert client.post("/api/v1/feedback", json=given).status_code == 204
    assert recording.opinions == [("id_1", "down", "Mon nom est Canari.")]
    assert "Canari" not in caplog.text and "id_1" not in caplog.text


def test_an_opinion_on_no_reply_is_only_counted(
    client: TestClient, recording: FakeRecording
) -> None:
    assert client.post("/api/v1/feedback", json=GIVEN).status_code == 204
    assert client.post("/api/v1/feedback", json={**GIVEN, "journal": None}).status_code == 204
    assert recording.opinions == []


@pytest.mark.parametrize("id", ["", "a b", "a\n", "é", "x" * 65, "'; DROP TABLE journal"])
def test_what_is_no_id_is_refused(client: TestClient, recording: FakeRecording, id: str) -> None:
    assert client.post("/api/v1/feedback", json={**GIVEN, "journal": id}).status_code == 422
    assert recording.opinions == []


def test_the_page_says_that_questions_are_kept(on: Settings, configured: Settings) -> None:
    page = Page(FakeAssistant(), on)  # type: ignore[arg-type]
    assert KEPT in page._header("fr") and "kept for 7 days at most" in page._header("en")
    assert "n'est enregistrée" not in page._footer("fr") and "7 jours" in page._footer("fr")
    off = Page(FakeAssistant(), configured)  # type: ignore[arg-type]
    assert "gardée" not in off._header("fr")
    assert "n'est enregistrée ni sur le serveur" in off._footer("fr")


def test_a_day_is_said_in_the_singular() -> None:
    assert "gardée 1 jour au plus" in texts.kept(texts.JOURNAL, 1)
    assert "for 1 day at most" in texts.kept(texts.JOURNAL, 1, "en")


def test_who_writes_a_reason_is_told_that_it_is_kept() -> None:
    html = "<html lang=x><head></head><body></body></html>"
    assert "Gardé avec votre question, 7 jours au plus" in shell(html, "fr", 7)
    assert "oublié" not in shell(html, "fr", 7)
    assert "Compté, puis oublié" in shell(html) and "{days}" not in shell(html)


def test_the_widget_and_its_frame_say_that_questions_are_kept() -> None:
    said, silent = panel_script((), True, 7), panel_script((), True)
    assert KEPT in said and "Your question is kept for 7 days at most" in said
    assert "gardée" not in silent and "kept for" not in silent


@pytest.mark.parametrize(
    ("lang", "kept", "not_stored"),
    [
        ("fr", "Chaque ligne est effacée au bout de 7 jours.", "ne sont pas enregistrées."),
        ("en", "Each line is deleted after 7 days.", "answers are not stored"),
    ],
)
def test_the_privacy_page_says_what_is_kept(
    client: TestClient, configured: Settings, lang: str, kept: str, not_stored: str
) -> None:
    on = client.get("/confidentialite", params={"lang": lang}).text
    assert kept in on and "{" not in on
    off_app = create_app(FakeAssistant(), configured)  # type: ignore[arg-type]
    off = TestClient(off_app).get("/confidentialite", params={"lang": lang}).text
    assert kept not in off and not_stored in off
