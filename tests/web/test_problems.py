"""Every error is a problem with a French sentence, and shows nothing of the inside."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from ingest.errors import ModelError
from tests.web.conftest import FakeAssistant

ASK = "/api/v1/ask"
JSON = {"content-type": "application/json"}


def problem(response: Any, status: int) -> str:
    """The detail of a response that must be a problem."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "instance"}
    assert body["status"] == status and body["type"] == "about:blank"
    assert body["instance"].startswith("/")
    return str(body["detail"])


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("{", "Le corps de la requête n'est pas du JSON valide."),
        ("", "Le corps de la requête doit être un objet JSON avec « question »."),
        ("[]", "Le corps de la requête doit être un objet JSON avec « question »."),
        ("{}", "« question » manque."),
        ('{"question": 5}', "« question » doit être un texte."),
        ('{"question": "a", "id": 5}', "« id » doit être un texte."),
        ('{"question": "a", "id": "\\ud800"}', "« id » doit être un texte."),
        (
            '{"question": "a", "id": "' + "é" * 201 + '"}',
            "« id » dépasse 200 caractères : raccourcissez-le.",
        ),
        (
            '{"question": "a", "previous": "' + "é" * 2_001 + '"}',
            "« previous » dépasse 2000 caractères : raccourcissez-le.",
        ),
        ('{"question": "a", "previous": "\\ud800"}', "« previous » doit être un texte."),
        ('{"question": " \\u0000 "}', "Écrivez une question."),
    ],
)
def test_a_body_that_cannot_be_understood(client: TestClient, body: str, detail: str) -> None:
    assert problem(client.post(ASK, content=body, headers=JSON), 422) == detail


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "« q » manque."),
        ("q=a&k=0", "« k » doit être un nombre entier entre 1 et 50."),
        ("q=a&k=51", "« k » doit être un nombre entier entre 1 et 50."),
        ("q=a&k=deux", "« k » doit être un nombre entier entre 1 et 50."),
        ("q=%20", "Écrivez une question."),
    ],
)
def test_a_search_that_cannot_be_understood(client: TestClient, query: str, detail: str) -> None:
    assert problem(client.get(f"/api/v1/search?{query}"), 422) == detail


def test_a_question_of_2000_characters_is_asked_and_one_of_2001_is_not(
    client: TestClient, fake: FakeAssistant
) -> None:
    assert client.post(ASK, json={"question": "é" * 2_000}).status_code == 200
    detail = problem(client.post(ASK, json={"question": "é" * 2_001}), 422)
    assert detail == "La question dépasse 2000 caractères : raccourcissez-la."
    problem(client.get("/api/v1/search", params={"q": "a" * 2_001}), 422)
    assert len(fake.asked) == 1


def test_a_body_of_another_type_is_refused(client: TestClient) -> None:
    response = client.post(ASK, data={"question": "Qui ?"})
    assert "application/json" in problem(response, 415)
    problem(client.post(ASK), 415)


def test_a_long_body_is_refused_from_its_announced_length(client: TestClient) -> None:
    response = client.post(ASK, content=b"x" * 70_000, headers=JSON)
    assert problem(response, 413) == "La requête est trop longue."


def test_a_long_body_is_refused_on_gradio_s_addresses_too(client: TestClient) -> None:
    response = client.post("/gradio_api/queue/join", content=b"x" * 70_000, headers=JSON)
    problem(response, 413)


def test_a_long_body_without_length_is_refused_while_it_comes(client: TestClient) -> None:
    sent: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield b"x" * 1_000

    problem(client.post(ASK, content=chunks(), headers=JSON), 413)


@pytest.mark.parametrize("path", ["/api/v1/autre", "/api", "/inconnu", "/gradio_api/info",
                                  "/gradio_api/file=/etc/passwd", "/gradio_api/upload", "/config",
                                  "/docs", "/assets/../app.py", "/static/%2e%2e/x"])  # fmt: skip
def test_an_unknown_address_is_not_found(client: TestClient, path: str) -> None:
    assert problem(client.get(path), 404) == "Cette page n'existe pas."


def test_another_method_is_refused_and_the_right_one_told(client: TestClient) -> None:
    response = client.get(ASK)
    assert problem(response, 405) == "Cette adresse n'accepte pas la méthode GET."
    assert response.headers["allow"] == "POST"
    problem(client.delete("/sources", headers={"accept": "application/json"}), 405)


def test_a_known_failure_is_told_in_one_sentence_and_logged_whole(
    client: TestClient, fake: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    fake.error = ModelError("Le modèle de /chemin/secret ne répond pas.")
    detail = problem(client.post(ASK, json={"question": "Qui ?"}), 503)
    assert detail.startswith("Les sources ne peuvent pas être consultées")
    assert "secret" in caplog.text and "Traceback" in caplog.text


def test_an_unknown_failure_shows_nothing_of_the_inside(
    client: TestClient, fake: FakeAssistant
) -> None:
    fake.error = ZeroDivisionError("secret")
    response = client.post(ASK, json={"question": "Qui ?"})
    assert problem(response, 500).startswith("Une erreur inattendue")
    assert "secret" not in response.text


def test_an_unknown_failure_is_raised_again_for_the_server_to_log(
    client: TestClient, fake: FakeAssistant
) -> None:
    fake.error = ZeroDivisionError("secret")
    with pytest.raises(ZeroDivisionError):
        TestClient(client.app).post(ASK, json={"question": "Qui ?"})


def test_a_browser_gets_a_page(client: TestClient) -> None:
    response = client.get("/inconnu", headers={"accept": "text/html,*/*"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "Cette page n&#x27;existe pas." in response.text


def test_no_other_origin_is_let_in(client: TestClient) -> None:
    origin = {"origin": "https://evil.example"}
    for path in ("/", "/api/v1/search?q=a", "/gradio_api/startup-events", "/sources"):
        headers = client.get(path, headers=origin).headers
        assert not [name for name in headers if name.startswith("access-control-allow")], path
    asked = {**origin, "access-control-request-method": "POST"}
    response = client.options(ASK, headers=asked)
    assert "access-control-allow-origin" not in response.headers
    assert problem(response, 403).startswith("Les pages d'autres sites")


def test_health_is_not_logged_as_an_error(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        client.get("/healthz")
    assert "chartiste" not in caplog.text
