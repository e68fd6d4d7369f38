"""Opinions: counted in one line of the log, without a word of the visitor's."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from starlette.testclient import TestClient

GIVEN = {"thumb": "down", "outcome": "not_found", "release": "20261123-202502-76ed564c"}


def test_an_opinion_is_one_line_without_its_reason(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="chartiste.web"):
        response = client.post("/api/v1/feedback", json={**GIVEN, "reason": "Mon nom est Canari."})
    assert (response.status_code, response.content) == (204, b"")
    assert caplog.messages == [
        "feedback thumb=down outcome=not_found release=20261123-202502-76ed564c reason=yes"
    ]
    assert "Canari" not in caplog.text


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_reason_may_be_left_out(
    client: TestClient, caplog: pytest.LogCaptureFixture, reason: str | None
) -> None:
    with caplog.at_level(logging.INFO, logger="chartiste.web"):
        assert client.post("/api/v1/feedback", json={**GIVEN, "reason": reason}).status_code == 204
    assert caplog.messages[0].endswith("reason=no")


@pytest.mark.parametrize(
    "wrong",
    [
        {"thumb": "sideways"},
        {"outcome": "ok"},
        {"release": "a\nb"},
        {"release": "20261123\n"},
        {"release": ""},
        {"release": "r" * 65},
        {"reason": "a" * 301},
        {"reason": ["a"]},
    ],
)
def test_what_is_no_opinion_is_refused_in_french_and_not_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture, wrong: dict[str, Any]
) -> None:
    with caplog.at_level(logging.INFO, logger="chartiste.web"):
        response = client.post("/api/v1/feedback", json=GIVEN | wrong)
    assert response.status_code == 422 and "«" in response.json()["detail"]
    assert caplog.messages == []
