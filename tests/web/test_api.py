"""``/api/v1`` and the health addresses, over a fake assistant and over a real one."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.answers import Declined
from app.assistant import Assistant
from app.server import create_app
from app.settings import Settings
from ingest.errors import NoRelease
from tests.web.conftest import DOCUMENT, NOT_FOUND, FakeAssistant


def test_an_answer_comes_with_its_citation_and_the_id_given(
    client: TestClient, fake: FakeAssistant
) -> None:
    reply = client.post("/api/v1/ask", json={"question": " Quand ? ", "id": "Q1"}).json()
    assert fake.asked == [("Quand ?", None)]
    assert (reply["id"], reply["outcome"], reply["mode"]) == ("Q1", "answered", "quoted")
    cited = reply["citations"][0]
    assert DOCUMENT.text[cited["start"] : cited["end"]] == cited["quote"]
    assert cited["source"]["title"] == "La charte"
    assert reply["statements"] == [
        {"text": "Elle date de 2019.", "citations": [1], "supported": True}
    ]


def test_no_path_of_the_disk_leaves_the_server(client: TestClient) -> None:
    for response in (
        client.post("/api/v1/ask", json={"question": "Quand ?"}),
        client.get("/api/v1/search", params={"q": "quand"}),
    ):
        assert response.status_code == 200
        assert "secret" not in response.text and '"path"' not in response.text


def test_the_other_outcomes_are_told_apart(client: TestClient, fake: FakeAssistant) -> None:
    fake.outcome = NOT_FOUND
    missing = client.post("/api/v1/ask", json={"question": "?a"}).json()
    assert (missing["outcome"], missing["statements"]) == ("not_found", [])
    assert missing["citations"][0]["quote"] == "agir"
    fake.outcome = Declined("Bonjour !", "greeting")
    declined = client.post("/api/v1/ask", json={"question": "bonjour"}).json()
    assert (declined["outcome"], declined["text"]) == ("declined", "Bonjour !")


def test_the_question_before_may_go_with_a_follow_up(
    client: TestClient, fake: FakeAssistant
) -> None:
    body = {"question": "Et quand ?", "previous": "Qui peut signer ?", "id": "é" * 200}
    assert client.post("/api/v1/ask", json=body).json()["id"] == "é" * 200
    assert fake.asked == [("Et quand ?", "Qui peut signer ?")]
    described = client.get("/openapi.json").json()["components"]["schemas"]["QuestionIn"]
    previous = described["properties"]["previous"]
    assert "précédente" in previous["description"]
    assert previous["anyOf"][0]["maxLength"] == 2_000
    assert described["required"] == ["question"]


@pytest.mark.parametrize("name", ["q", "question"])
def test_search_takes_its_question_under_two_names(
    client: TestClient, fake: FakeAssistant, name: str
) -> None:
    found = client.get("/api/v1/search", params={name: "l’objectif", "k": 50}).json()
    assert fake.asked == [("l’objectif", None)] and fake.limits == [50]
    assert found["passages"][0]["text"] == "Elle date de 2019."
    assert (found["id"], found["elapsed_ms"]) == (None, 3.2)


def test_control_and_direction_characters_are_taken_out(
    client: TestClient, fake: FakeAssistant
) -> None:
    client.post("/api/v1/ask", json={"question": "Qui\u0000 \u202esigne\u200b ?\u0007"})
    question, _ = fake.asked[0]
    assert question.isprintable() and question.split() == ["Qui", "signe", "?"]


def test_health_does_not_need_a_release_and_readiness_does(
    client: TestClient, fake: FakeAssistant
) -> None:
    assert client.get("/readyz").json() == {
        "status": "ok", "release": "20261123-202502-76ed564c", "degraded": False,
    }  # fmt: skip
    fake.error = NoRelease("Le dossier « /chemin/secret » est vide.")
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "secret" not in response.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/sources", f"/sources/{DOCUMENT.id}",
                                  "/assets/chartiste.css"])  # fmt: skip
def test_head_answers_as_get_without_a_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code == 200 and head.content == b""
    assert head.headers["content-type"] == got.headers["content-type"]


def test_openapi_describes_the_doors_and_their_errors(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/v1/ask", "/api/v1/ask/stream", "/api/v1/feedback", "/api/v1/search", "/healthz",
        "/readyz",
    }  # fmt: skip
    ask = described["paths"]["/api/v1/ask"]["post"]["responses"]
    assert ask["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/AnswerOut")
    assert "application/problem+json" in ask["422"]["content"]
    streamed = described["paths"]["/api/v1/ask/stream"]["post"]["responses"]
    assert set(streamed["200"]["content"]) == {"text/event-stream"}
    assert streamed.keys() == ask.keys()
    assert "path" not in described["components"]["schemas"]["SourceOut"]["properties"]


@pytest.fixture(scope="module")
def real_client(real: Assistant, configured: Settings) -> TestClient:
    app: FastAPI = create_app(real, configured)
    return TestClient(app)


def test_a_real_release_answers_with_a_quotation_at_its_offsets(
    real: Assistant, real_client: TestClient
) -> None:
    reply = real_client.post("/api/v1/ask", json={"question": "Qui peut signer la charte ?"})
    assert reply.json()["outcome"] == "answered"
    cited = reply.json()["citations"][0]
    document = real.document(cited["source"]["id"])
    assert document is not None
    assert document.text[cited["start"] : cited["end"]] == cited["quote"]
    assert "collectivités" in cited["quote"]


def test_a_real_release_is_searched(real_client: TestClient) -> None:
    found = real_client.get("/api/v1/search", params={"q": "objectifs", "k": 1}).json()
    assert [passage["heading"] for passage in found["passages"]] == [["Quels objectifs ?"]]
