"""The log is one JSON object a line, whatever happens, and names nobody and no question."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.testclient import TestClient

from app import logs
from app.server import create_app
from app.settings import Settings
from ingest.errors import ChartisteError, ModelError
from tests.web.conftest import FakeAssistant, serving
from tests.web.test_problems import ASK

CANARY = "Zcanari"
VISITOR = "203.0.113.77"


class Log(io.StringIO):
    """What was logged."""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().split("\n")[:-1]]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["logger"] == logger]


@pytest.fixture(params=["json", "errors"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    yield from _installed(request.param)


@pytest.fixture
def requests() -> Iterator[Log]:
    yield from _installed("json")


def _installed(level: str) -> Iterator[Log]:
    root, access = logging.getLogger(), logging.getLogger("chartiste.access")
    before = root.handlers[:], root.level, access.level
    written = Log()
    logs.install(level, written)
    yield written
    root.handlers[:], root.level, _ = before
    access.setLevel(before[2])


@pytest.fixture
def visited(configured: Settings) -> tuple[FakeAssistant, TestClient]:
    """A fake assistant and a visitor of a known address."""
    fake = FakeAssistant()
    app = create_app(fake, replace(configured, proxy=("192.0.2.1",)))  # type: ignore[arg-type]
    return fake, TestClient(app, client=(VISITOR, 1), raise_server_exceptions=False)


def test_a_request_is_one_line_with_its_route_and_not_its_address(
    requests: Log, visited: tuple[FakeAssistant, TestClient]
) -> None:
    visited[1].get("/sources/abc?start=1", headers={"user-agent": CANARY})
    [line] = requests.lines()
    assert set(line) == {
        "time", "level", "logger", "message", "method", "route", "status", "ms", "bytes",
    }  # fmt: skip
    assert (line["method"], line["route"], line["status"]) == ("GET", "/sources/{id}", 404)
    assert line["bytes"] > 100 and line["ms"] >= 0 and line["time"].endswith("+00:00")


def test_requests_are_logged_only_when_asked(
    log: Log, visited: tuple[FakeAssistant, TestClient], request: pytest.FixtureRequest
) -> None:
    for path in ("/healthz", "/inconnu", "/"):
        visited[1].get(path)
    wanted = 3 if request.node.callspec.params["log"] == "json" else 0
    assert len(log.lines()) == wanted


def test_nothing_that_a_visitor_wrote_is_in_the_log(
    log: Log, visited: tuple[FakeAssistant, TestClient]
) -> None:
    fake, client = visited
    headers = {"user-agent": CANARY, "referer": f"https://{CANARY}.fr", "cookie": CANARY,
               "x-forwarded-for": "198.51.100.9", "x-request-id": CANARY}  # fmt: skip
    errors = (
        None,
        ZeroDivisionError(CANARY),
        ValueError(f"{CANARY}\r\n{{}}"),
        ModelError("Le modèle ne répond pas."),
    )
    for fake.error in errors:
        client.post(ASK, json={"question": CANARY, "id": CANARY}, headers=headers)
        client.post(f"{ASK}/stream", json={"question": CANARY, "previous": CANARY}, headers=headers)
        client.get(f"/api/v1/search?q={CANARY}", headers=headers)
        client.get(f"/{CANARY}%0d%0a%1b[31m?{CANARY}={CANARY}", headers=headers)
        client.get(f"/sources/{CANARY}", headers=headers)
        client.request(CANARY, f"/widget/{CANARY}", headers=headers)
        client.post(ASK, content=CANARY.encode(), headers={"content-type": CANARY})
        client.post(ASK, json={CANARY: [CANARY]}, headers={"origin": f"https://{CANARY}.fr"})
    fake.error, fake.late = None, RuntimeError(CANARY)
    client.post(f"{ASK}/stream", json={"question": CANARY}, headers=headers)
    assert len(log.lines()) >= 4
    for secret in (CANARY, CANARY.lower(), VISITOR, "198.51.100.9"):
        assert secret not in log.getvalue()


def test_the_test_above_would_see_a_question(requests: Log) -> None:
    logging.getLogger("chartiste.web").error("asked: %s", CANARY)
    assert CANARY in requests.getvalue()


def test_n_requests_are_n_lines_whatever_their_address_holds(
    requests: Log, visited: tuple[FakeAssistant, TestClient]
) -> None:
    strange = ("\r\n", "\n{}\n", "\x1b[2J", "\u2028", "\x85", "\x9b31m", '"}', "\\", "%0a", "\x00")
    for text in strange:
        visited[1].get(f"/sources/{quote(text)}?q={quote(text)}")
    assert [line["message"] for line in requests.lines()] == ["request"] * len(strange)
    assert requests.getvalue().isascii() and requests.getvalue().isprintable() is False
    assert all(line.isprintable() for line in requests.getvalue().split("\n"))


@pytest.mark.parametrize(
    "text", ["a\r\nb", "a\x1b[31mb", "a\u2028b", "a\x85b", "é", "\ud800"], ids=ascii
)
def test_a_line_cannot_be_forged(text: str) -> None:
    record = logging.makeLogRecord({"name": "chartiste.web", "msg": "%s", "args": (text,)})
    line = logs.JsonLines().format(record)
    assert json.loads(line)["message"] == text
    assert line.isascii() and "\n" not in line


def test_an_error_of_ours_is_told_and_one_of_a_library_only_named(requests: Log) -> None:
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as error:
            raise ChartisteError("Le modèle ne répond pas.") from error
    except ChartisteError:
        logging.getLogger("chartiste.web").exception("a question could not be answered")
    [line] = requests.lines()
    ours, cause = line["errors"]
    assert ours["detail"] == "Le modèle ne répond pas."
    assert (ours["kind"], cause["kind"]) == ("ingest.errors.ChartisteError", "builtins.ValueError")
    assert "detail" not in cause and CANARY not in requests.getvalue()
    assert "test_logs.py:" in cause["at"][-1]


def test_a_library_s_line_is_kept_without_what_it_puts_in_it(requests: Log) -> None:
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: {CANARY}")
    logging.getLogger("uvicorn.error").warning("Invalid request %s", CANARY)
    logging.getLogger("httpx").info("GET %s", CANARY)
    messages = [line["message"] for line in requests.lines()]
    assert messages == ["Task exception was never retrieved", "Invalid request %s"]


def test_errors_that_lead_to_one_another_end(requests: Log) -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__context__, second.__context__ = second, first
    logging.getLogger("chartiste").error("loop", exc_info=(ValueError, first, None))
    assert len(requests.lines()[0]["errors"]) == 4


def test_the_log_goes_to_the_error_output(requests: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Log()
    monkeypatch.setattr(sys, "stderr", written)
    logs.install("errors")
    logging.getLogger("chartiste.web").error("vu")
    assert [line["message"] for line in written.lines()] == ["vu"] and requests.lines() == []


def test_an_unexpected_error_is_logged_once_by_a_real_server(
    requests: Log, configured: Settings
) -> None:
    fake = FakeAssistant()
    with serving(create_app(fake, configured)) as address:  # type: ignore[arg-type]
        fake.error = ZeroDivisionError(CANARY)
        assert httpx.post(f"{address}{ASK}", json={"question": CANARY}).status_code == 500
    [failure] = requests.of("uvicorn.error")
    assert failure["errors"][0]["kind"] == "builtins.ZeroDivisionError"
    assert [line["status"] for line in requests.of("chartiste.access")] == [500]
    assert CANARY not in requests.getvalue() and "127.0.0.1" not in requests.getvalue()
