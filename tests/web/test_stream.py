"""``/api/v1/ask/stream``: events in order, errors in their place, nothing kept waiting."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from app.answers import Answer, Declined
from ingest.errors import StoreError
from tests.web.conftest import ANSWER, NOT_FOUND, PIECES, QUOTE, WRITTEN, FakeAssistant, Written
from tests.web.test_problems import problem

ASK, STREAM = "/api/v1/ask", "/api/v1/ask/stream"
BODY = {"question": "Quand ?", "id": "Q1"}
QUESTION = {"question": "Qui peut signer la charte ?"}
FIRST = "Les collectivités peuvent signer la charte."
SECOND = "Les associations locales le peuvent aussi."

Event = tuple[str, str]


def events(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a stream, as the standard reads them."""
    name = data = ""
    for line in lines:
        match line.partition(": "):
            case ("event", _, value):
                name = value
            case ("data", _, value):
                data += value
            case ("", _, _):
                yield name, data
                name = data = ""
    assert not name and not data, "the last event is not ended"


def streamed(client: TestClient | httpx.Client, body: dict[str, Any]) -> list[Event]:
    """All events of an answer."""
    with client.stream("POST", STREAM, json=body) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(events(response.iter_lines()))


def names(told: list[Event]) -> list[str]:
    return [name for name, _ in told]


# Over a fake assistant


def test_each_citation_comes_before_the_statement_that_needs_it(
    client: TestClient, fake: FakeAssistant
) -> None:
    fake.outcome, fake.pieces = WRITTEN, PIECES
    told = streamed(client, BODY)
    assert names(told) == ["citation", "statement", "citation", "statement", "done"]
    shown = [json.loads(data) for _, data in told]
    assert [shown[0]["number"], shown[2]["number"]] == [1, 2]
    assert shown[1] == {"text": QUOTE, "citations": [1], "supported": True}
    assert shown[3]["text"] == "On peut signer." and shown[3]["citations"] == [2]
    whole = shown[-1]
    assert [shown[1], shown[3]] == whole["statements"]
    assert [shown[0], shown[2]] == whole["citations"]
    assert (whole["mode"], whole["id"]) == ("generated", "Q1")


@pytest.mark.parametrize("outcome", [WRITTEN, ANSWER, NOT_FOUND, Declined("Bonjour !", "greeting")])
def test_done_is_what_the_other_door_says_to_the_byte(
    client: TestClient, fake: FakeAssistant, outcome: Answer
) -> None:
    fake.outcome = outcome
    fake.pieces = PIECES if outcome is WRITTEN else ()
    _, done = streamed(client, BODY)[-1]
    assert done == client.post(ASK, json=BODY).text  # the fake always takes 12.3 ms


def test_a_quoted_answer_comes_whole_as_its_statements(client: TestClient) -> None:
    told = streamed(client, BODY)
    assert names(told) == ["citation", "statement", "done"]
    whole = json.loads(told[-1][1])
    assert json.loads(told[0][1]) == whole["citations"][0]
    assert json.loads(told[1][1]) == whole["statements"][0]


@pytest.mark.parametrize("outcome", [NOT_FOUND, Declined("Bonjour !", "greeting")])
def test_what_is_no_answer_has_no_statement(
    client: TestClient, fake: FakeAssistant, outcome: Answer
) -> None:
    fake.outcome = outcome
    assert names(streamed(client, BODY)) == ["done"]


def test_nothing_of_a_quoted_answer_is_told_twice_after_what_was_written(
    client: TestClient, fake: FakeAssistant
) -> None:
    fake.pieces = PIECES
    told = streamed(client, BODY)
    assert names(told) == ["citation", "statement", "citation", "statement", "done"]
    assert json.loads(told[-1][1])["mode"] == "quoted"


def test_the_question_before_and_the_id_go_with_it(client: TestClient, fake: FakeAssistant) -> None:
    streamed(client, {"question": " Et quand ?\u202e ", "previous": "Qui peut signer ?"})
    assert fake.asked == [("Et quand ?", "Qui peut signer ?")]


def test_no_path_of_the_disk_leaves_by_the_stream(client: TestClient, fake: FakeAssistant) -> None:
    fake.outcome, fake.pieces = WRITTEN, PIECES
    for _, data in streamed(client, BODY):
        assert "secret" not in data and '"path"' not in data


@pytest.mark.parametrize(
    ("error", "status"), [(StoreError("/chemin/secret"), 503), (ZeroDivisionError("secret"), 500)]
)
def test_what_fails_before_the_first_event_is_a_problem_of_http(
    client: TestClient, fake: FakeAssistant, error: Exception, status: int
) -> None:
    fake.error = error
    response = client.post(STREAM, json=BODY)
    problem(response, status)
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (StoreError("/chemin/secret"), 503, "Les sources ne peuvent pas être consultées"),
        (ZeroDivisionError("secret"), 500, "Une erreur inattendue est survenue"),
    ],
)
def test_what_fails_in_the_middle_is_an_event_and_the_last_one(
    client: TestClient,
    fake: FakeAssistant,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    said: str,
) -> None:
    fake.pieces, fake.late = PIECES, error
    told = streamed(client, BODY)
    assert names(told) == ["citation", "statement", "citation", "statement", "error"]
    shown = json.loads(told[-1][1])
    assert set(shown) == {"type", "title", "status", "detail", "instance"}
    assert (shown["status"], shown["instance"]) == (status, STREAM)
    assert shown["detail"].startswith(said) and "secret" not in told[-1][1]
    assert "secret" in caplog.text and "Traceback" in caplog.text


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"question": "a" * 2_001}, "dépasse 2000 caractères"),
        ({"question": " "}, "Écrivez une question."),
        ({}, "« question » manque."),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_before_any_event(
    client: TestClient, fake: FakeAssistant, body: dict[str, str], detail: str
) -> None:
    assert detail in problem(client.post(STREAM, json=body), 422)
    assert fake.asked == []


def test_a_text_of_several_lines_stays_on_one_line_of_an_event(
    client: TestClient, fake: FakeAssistant
) -> None:
    fake.outcome = Declined("Un.\nDeux.\r\n\nevent: done", "about")
    [(name, data)] = streamed(client, BODY)
    assert name == "done" and json.loads(data)["text"] == "Un.\nDeux.\r\n\nevent: done"


# Over real servers


def test_a_statement_comes_before_the_model_has_ended(written: Written) -> None:
    written.chat.answer = f"{FIRST[:-1]} [1]. {SECOND[:-1]} [1]."
    written.chat.pause, written.chat.piece = 0.05, 4
    came: list[tuple[float, str]] = []
    with httpx.stream(
        "POST", f"{written.address}{STREAM}", json=QUESTION, headers={"accept-encoding": "gzip, br"}
    ) as response:
        assert "content-encoding" not in response.headers
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-accel-buffering"] == "no"
        for name, _ in events(response.iter_lines()):
            came.append((time.monotonic(), name))
    assert [name for _, name in came] == ["citation", "statement", "citation", "statement", "done"]
    # The second sentence takes the model nine pieces more.
    assert came[3][0] - came[1][0] > 0.2
    assert written.chat.wait_until_left()


def test_what_a_model_writes_is_the_same_streamed_and_not(written: Written) -> None:
    written.chat.answer = f"{FIRST[:-1]} [1]. La charte date de 1492 [1]. {SECOND[:-1]} [2]."
    written.chat.pause = 0.0
    with httpx.Client(base_url=written.address) as client:
        told = streamed(client, QUESTION)
        asked = client.post(ASK, json=QUESTION).text
    took = re.compile(r'"elapsed_ms":[\d.]+')
    assert took.sub("", told[-1][1]) == took.sub("", asked)
    whole = json.loads(asked)
    assert (whole["mode"], "note" in whole) == ("generated", False)
    assert [one["text"] for one in whole["statements"]] == [FIRST, SECOND]
    assert "1492" not in "".join(data for _, data in told)


def test_a_model_that_fails_leaves_the_quoted_answer_with_a_note(written: Written) -> None:
    written.chat.answer = "null"
    with httpx.Client(base_url=written.address) as client:
        told = streamed(client, QUESTION)
    assert names(told) == ["citation", "statement", "done"]
    whole = json.loads(told[-1][1])
    assert (whole["outcome"], whole["mode"]) == ("answered", "quoted")
    assert whole["note"].startswith("Le modèle de langue n'a pas répondu")


def test_who_leaves_early_ends_the_model_s_connection(
    written: Written, caplog: pytest.LogCaptureFixture
) -> None:
    written.chat.answer = f"{FIRST[:-1]} [1]. " + "Encore un mot. " * 2_000  # no event any more
    written.chat.pause, written.chat.piece = 0.05, 8
    with httpx.stream("POST", f"{written.address}{STREAM}", json=QUESTION) as response:
        found = events(response.iter_lines())
        assert [next(found)[0] for _ in range(2)] == ["citation", "statement"]
        assert written.chat.open_connections == 1
    assert written.chat.wait_until_left(3.0)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
