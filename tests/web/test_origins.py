"""Allowed sites read the API; the others are refused in French, and never with credentials."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from app.server import create_app
from app.settings import Settings
from app.web.origins import is_foreign
from tests.web.conftest import FakeAssistant
from tests.web.test_problems import ASK, problem

VILLE = "https://www.ville.fr"
FOREIGN = [
    "https://evil.example", "null", "http://www.ville.fr", "https://www.ville.fr.evil.example",
    "https://ville.fr", "https://www.ville.fr:8443", "https://WWW.ville.fr", f"{VILLE}/",
    f"{VILLE} https://evil.example",
]  # fmt: skip
GRADIO = ["/gradio_api/startup-events", "/gradio_api/queue/join", "/theme.css", "/"]


@pytest.fixture(scope="module")
def allowing(configured: Settings) -> TestClient:
    """A client of the application that lets one site in."""
    settings = replace(configured, widget_origins=(VILLE,), rate_per_minute=1_000)
    return TestClient(create_app(FakeAssistant(), settings))  # type: ignore[arg-type]


def allowed(headers: Headers) -> dict[str, str]:
    """What other origins are told that they may."""
    return {n: v for n, v in headers.items() if n.startswith("access-control-")}


@pytest.mark.parametrize("path", [ASK, f"{ASK}/stream"])
def test_an_allowed_site_asks(allowing: TestClient, path: str) -> None:
    asked = {"origin": VILLE, "access-control-request-method": "POST"}
    asked |= {"access-control-request-headers": "content-type", "sec-fetch-site": "cross-site"}
    before = allowing.options(path, headers=asked)
    assert before.status_code == 204 and before.content == b""
    assert allowed(before.headers) == {
        "access-control-allow-origin": VILLE,
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "content-type",
        "access-control-max-age": "600",
        "access-control-expose-headers": "Retry-After",
    }
    headers = {"origin": VILLE, "sec-fetch-site": "cross-site"}
    response = allowing.post(path, json={"question": "Qui ?"}, headers=headers)
    assert response.status_code == 200
    assert allowed(response.headers) == {
        "access-control-allow-origin": VILLE,
        "access-control-expose-headers": "Retry-After",
    }
    assert "Origin" in response.headers["vary"]


def test_an_allowed_site_reads_errors_too(allowing: TestClient) -> None:
    response = allowing.post(ASK, json={}, headers={"origin": VILLE})
    assert "question" in problem(response, 422)
    assert response.headers["access-control-allow-origin"] == VILLE


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_site_is_refused(allowing: TestClient, origin: str) -> None:
    asked = {"origin": origin, "access-control-request-method": "POST"}
    for headers, method in ((asked, "OPTIONS"), ({"origin": origin}, "POST")):
        response = allowing.request(method, ASK, json={"question": "Qui ?"}, headers=headers)
        assert (
            problem(response, 403) == "Les pages d'autres sites ne peuvent pas appeler ce service."
        )
        assert allowed(response.headers) == {}
        assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize("path", GRADIO)
def test_gradio_s_addresses_are_for_its_own_page(allowing: TestClient, path: str) -> None:
    for origin in (VILLE, "https://evil.example"):
        asked = {"origin": origin, "access-control-request-method": "POST"}
        problem(allowing.options(path, headers=asked), 403)
        assert allowed(allowing.get(path, headers={"origin": origin}).headers) == {}
        # A form of another site needs no leave to be sent: it is refused for where it comes from.
        form = {"origin": origin, "content-type": "text/plain", "sec-fetch-site": "cross-site"}
        problem(allowing.post(path, content=b"{}", headers=form), 403)


def test_our_own_page_asks_with_its_origin(allowing: TestClient) -> None:
    for headers in ({"sec-fetch-site": "same-origin"}, {}):
        own = {"origin": "http://testserver", **headers}
        response = allowing.post(ASK, json={"question": "Qui ?"}, headers=own)
        assert response.status_code == 200 and allowed(response.headers) == {}


def test_programs_without_origin_ask(allowing: TestClient) -> None:
    assert allowing.post(ASK, json={"question": "Qui ?"}).status_code == 200
    assert problem(allowing.options(ASK), 405)


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"sec-fetch-site": "cross-site", "origin": "https://a.fr", "host": "a.fr"}, True),
        ({"sec-fetch-site": "same-site", "origin": "https://b.a.fr"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://a.fr", "host": "127.0.0.1"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "https://a.fr", "host": "a.fr"}, False),
        ({"origin": "https://a.fr:1", "host": "a.fr"}, True),
        ({"origin": "https://a.fr", "host": "127.0.0.1", "x-forwarded-host": "a.fr"}, False),
        ({"origin": "null", "host": "a.fr"}, True),
    ],
)
def test_whose_page_asks(headers: dict[str, str], foreign: bool) -> None:
    assert is_foreign(Headers(headers)) is foreign
