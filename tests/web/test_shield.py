"""Every response says what a browser may do with it, errors and refusals included."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.server import create_app
from app.settings import Settings
from app.web.guard import with_nonce
from app.web.shield import DATA_CSP, NONCE, Shield, page_csp
from tests.web.conftest import DOCUMENT, SHEET_DOCUMENT, FakeAssistant
from tests.web.test_problems import ASK

HTML = {"accept": "text/html"}
PAGES = ["/", "/sources", f"/sources/{DOCUMENT.id}", "/sources/inconnue", "/inconnu"]


def rules(response: Response) -> dict[str, list[str]]:
    """A response's policy, by directive."""
    policy = response.headers["content-security-policy"]
    return {name: rest for name, *rest in (rule.split() for rule in policy.split(";"))}


def nonce(response: Response) -> str:
    """The nonce of a response's policy."""
    [found] = re.findall(r"'nonce-([\w-]+)'", response.headers["content-security-policy"])
    return str(found)


@pytest.mark.parametrize("path", PAGES)
def test_scripts_of_a_page_are_ours_and_need_its_own_nonce(client: TestClient, path: str) -> None:
    first, second = (client.get(path, headers=HTML) for _ in range(2))
    policy = rules(first)
    assert policy["script-src"] == ["'self'", f"'nonce-{nonce(first)}'"]
    assert policy["default-src"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["connect-src"] == ["'self'"] and policy["img-src"] == ["'self'", "data:"]
    assert "unsafe-eval" not in str(policy) and "http" not in str(policy)
    assert len(nonce(first)) >= 22 and nonce(first) != nonce(second)
    assert first.headers["x-frame-options"] == "DENY"
    assert first.headers["cross-origin-opener-policy"] == "same-origin"


def test_each_script_of_gradio_s_page_has_the_nonce_of_its_response(client: TestClient) -> None:
    response = client.get("/")
    scripts = re.findall(r"<script\b[^>]*", response.text)
    assert len(scripts) >= 5
    assert {f'nonce="{nonce(response)}"' in script for script in scripts} == {True}
    assert " onload=" not in response.text and "javascript:" not in response.text


def test_a_script_of_a_source_s_text_has_no_nonce(client: TestClient) -> None:
    response = client.get(f"/sources/{SHEET_DOCUMENT.id}")
    assert "&lt;script&gt;" in response.text
    assert "<script" not in response.text and nonce(response) not in response.text


def test_only_scripts_get_a_nonce() -> None:
    html = '<script src="a"></script><scripted><script>1</script>'
    assert with_nonce(html, "n") == (
        '<script nonce="n" src="a"></script><scripted><script nonce="n">1</script>'
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/assets/chartiste.js", 200),
        ("GET", "/theme.css", 200),
        ("GET", "/inconnu", 404),
        ("GET", ASK, 405),
        ("POST", ASK, 415),
        ("GET", "/api/v1/search", 422),
    ],
)
def test_what_is_no_page_runs_and_frames_nothing(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-security-policy"] == DATA_CSP
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in response.headers["permissions-policy"]
    assert response.headers["cross-origin-resource-policy"] == "same-origin"


def test_an_unexpected_error_has_all_headers_too(client: TestClient, fake: FakeAssistant) -> None:
    fake.error = ZeroDivisionError("secret")
    for path, accept in (("/sources", "text/html"), ("/api/v1/search?q=a", "*/*")):
        response = client.get(path, headers={"accept": accept})
        assert response.status_code == 500
        assert rules(response)["default-src"] == ["'none'"]
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.fixture(scope="module")
def embedded(configured: Settings) -> TestClient:
    """The application with an allowed site, and a page where the widget's frame will be."""
    allowed = replace(configured, widget_origins=("https://www.ville.fr", "http://a.fr:81"))
    app = create_app(FakeAssistant(), allowed)  # type: ignore[arg-type]
    return TestClient(app)


def answering(*origins: str) -> TestClient:
    """A page at any address, behind the shield alone."""

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        status = 304 if scope["path"] == "/same" else 200
        headers = {"x-frame-options": "ALLOWALL", "content-security-policy": "img-src *"}
        await HTMLResponse(scope[NONCE], status, headers)(scope, receive, send)

    return TestClient(Shield(page, origins))


def test_the_widget_s_frame_opens_for_the_allowed_origins_alone() -> None:
    response = answering("https://www.ville.fr", "http://a.fr:81").get("/widget/frame")
    framers = ["'self'", "https://www.ville.fr", "http://a.fr:81"]
    assert rules(response)["frame-ancestors"] == framers
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "cross-origin-opener-policy" not in response.headers
    assert rules(answering().get("/widget/frame"))["frame-ancestors"] == ["'self'"]


@pytest.mark.parametrize("path", ["/", "/widget/essai", "/widget/frames", "/sources/frame"])
def test_allowed_origins_frame_nothing_else(embedded: TestClient, path: str) -> None:
    response = answering("https://www.ville.fr").get(path)
    assert rules(response)["frame-ancestors"] == ["'none'"]
    assert response.headers["x-frame-options"] == "DENY"
    assert rules(embedded.get(path, headers=HTML))["frame-ancestors"] == ["'none'"]


def test_the_widget_s_files_may_be_loaded_by_any_page() -> None:
    for path in ("/widget.js", "/widget/panneau.js"):
        response = answering().get(path)
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_route_s_own_headers_do_not_weaken_these() -> None:
    response = answering().get("/")
    assert response.headers.get_list("content-security-policy") == [
        page_csp(response.text, "'none'")
    ]
    assert response.headers.get_list("x-frame-options") == ["DENY"]


def test_what_the_browser_kept_keeps_its_policy() -> None:
    response = answering().get("/same")
    assert response.status_code == 304 and "content-security-policy" not in response.headers


def test_what_is_not_http_passes(shared: tuple[object, FastAPI]) -> None:
    with TestClient(shared[1]) as client:  # its lifespan runs
        assert client.get("/healthz").status_code == 200
