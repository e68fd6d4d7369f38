"""No string whatever breaks a door: 200 or a clear refusal, never a failure."""

from __future__ import annotations

import json
import logging
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.assistant import Assistant
from app.server import create_app
from app.settings import Settings
from tests.web.hostile import naughty

STRINGS = naughty()
SLOW = pytest.mark.slow
SHARES = [pytest.param(STRINGS[::4], id="some"), pytest.param(STRINGS, id="all", marks=SLOW)]
OPINION = {"thumb": "up", "outcome": "answered", "release": "r"}


@pytest.fixture(scope="module")
def client(real: Assistant, configured: Settings) -> TestClient:
    app: FastAPI = create_app(real, configured)
    return TestClient(app, raise_server_exceptions=False)


def test_there_are_enough_of_them() -> None:
    assert len(STRINGS) >= 300 and len(set(STRINGS)) == len(STRINGS)


def check(status: int, body: str, allowed: set[int]) -> None:
    assert status in allowed, (status, body[:200])
    if status >= 400:
        assert json.loads(body)["detail"].endswith((".", ").")) and "Traceback" not in body


@pytest.mark.parametrize("strings", SHARES)
def test_as_questions(
    client: TestClient, strings: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        for string in strings:
            for body in ({"question": string}, {"question": "Et elle ?", "previous": string}):
                response = client.post("/api/v1/ask", json=body)
                check(response.status_code, response.text, {200, 422})
    assert caplog.messages == []


@pytest.mark.parametrize("strings", SHARES)
def test_as_searches_ids_and_opinions(client: TestClient, strings: list[str]) -> None:
    for string in strings:
        response = client.get("/api/v1/search", params={"q": string})
        check(response.status_code, response.text, {200, 422})
        given = {"question": "Qui peut signer ?", "id": string}
        response = client.post("/api/v1/ask", json=given)
        check(response.status_code, response.text, {200, 422})
        if response.status_code == 200:
            assert response.json()["id"] == string
        response = client.post("/api/v1/feedback", json={**OPINION, "reason": string})
        check(response.status_code or 204, response.text or '{"detail": "."}', {204, 422})


@pytest.mark.parametrize("strings", SHARES)
def test_as_addresses(client: TestClient, strings: list[str], real: Assistant) -> None:
    id = real.sources()[0].id
    for string in strings:
        short = string[:300]  # longer addresses are refused by the client
        query = dict.fromkeys(("passage", "start", "end", "lang"), short)
        assert client.get(f"/sources/{id}", params=query).status_code == 200
        assert client.get("/", params={"q": short, "lang": short}).status_code == 200
        named = client.get(f"/sources/{quote(short, safe='')}")
        assert named.status_code in {200, 404} and "Traceback" not in named.text


@pytest.mark.parametrize("lone", [r"\ud800", r"\udfff", r"a\ud83db", r"\udc00\ud800"])
def test_half_a_character_is_refused_or_read(client: TestClient, lone: str) -> None:
    headers = {"content-type": "application/json"}
    for field in ("question", "previous", "id"):
        body = f'{{"question": "Qui ?", "{field}": "{lone}"}}'
        response = client.post("/api/v1/ask", content=body, headers=headers)
        assert response.status_code in {200, 422}, response.text
        response.json()


@pytest.mark.parametrize("raw", [b"\xff\xfe", b'{"question": "\xc3"}', b"[" * 5_000, b"\x00", b"{"])
def test_a_body_that_is_no_json_is_refused(client: TestClient, raw: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = client.post("/api/v1/ask", content=raw, headers=headers)
    assert response.status_code in {400, 422} and response.json()["detail"]
