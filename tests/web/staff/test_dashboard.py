"""The dashboard: who gets in, what it shows, and what happens when somebody chooses."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urljoin

import gradio as gr
import pytest
from fastapi import FastAPI

from app.journal.journal import Journal
from app.journal.measures import Measures
from app.records.database import Database
from app.settings import Settings
from app.web.staff import board
from app.web.staff.dashboard import LOADING, NEEDS_SCRIPT, Choice, Dashboard
from ingest.errors import RecordsError, StoreError
from ingest.store import Store
from tests.app.journal.replies import entry
from tests.web.conftest import SOURCE, FakeAssistant
from tests.web.staff.people import logged_in, visitor

NOW = datetime.now(UTC)
TOLD, BODY, SERVED = -3, -2, -1
PERIOD = slice(1, 4)


@pytest.fixture
def journal(base: Database) -> Journal:
    return Journal(base, 30)


@pytest.fixture
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def dashboard(
    base: Database, journal: Journal, fake: FakeAssistant, configured: Settings
) -> Dashboard:
    measures = Measures(base, journal)
    return Dashboard(fake, measures, Store.of(configured.ingest), 30)  # type: ignore[arg-type]


def filled(journal: Journal) -> None:
    journal.keep(
        [
            entry(1, NOW, sources=(SOURCE.id,)),
            entry(2, NOW, mode="faq", sources=()),
            entry(3, NOW - timedelta(days=10), outcome="not_found", mode=None, sources=()),
        ]
    )


def variants(shown: list[Any]) -> list[str]:
    return [button["variant"] for button in shown[PERIOD]]


def test_it_opens_on_seven_days(dashboard: Dashboard, journal: Journal) -> None:
    filled(journal)
    shown = dashboard.opened()
    assert shown[0] == Choice() and variants(shown) == ["secondary", "primary", "secondary"]
    assert shown[TOLD] == "7 jours : 2 questions."
    assert SOURCE.title in unescape(shown[BODY])
    assert "20261123-202502-76ed564c" in unescape(shown[SERVED])


def test_a_choice_changes_the_figures_and_keeps_the_others(
    dashboard: Dashboard, journal: Journal
) -> None:
    filled(journal)
    shown = dashboard.chose("periode", "30", Choice())
    assert shown[TOLD] == "30 jours : 3 questions." and variants(shown)[2] == "primary"
    shown = dashboard.chose("resultat", "not_found", shown[0])
    assert shown[0] == Choice("30", "not_found") and shown[TOLD] == "30 jours : 1 question."
    shown = dashboard.chose("sorte", "faq", Choice())
    assert shown[TOLD] == "7 jours : 1 question."
    shown = dashboard.chose("sorte", "", shown[0])
    assert shown[TOLD] == "7 jours : 2 questions."


@pytest.mark.parametrize(
    ("query", "choice"),
    [
        ({}, Choice()),
        (
            {"periode": "30", "resultat": "declined", "sorte": "faq"},
            Choice("30", "declined", "faq"),
        ),
        ({"periode": "31", "resultat": "'; --", "sorte": ["faq"]}, Choice()),
        ({"periode": "1", "autre": "x"}, Choice("1")),
    ],
)
def test_an_address_may_choose(query: dict[str, Any], choice: Choice) -> None:
    assert Choice.read(query) == choice


def test_a_database_that_is_down_is_said_and_the_release_still_shown(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def read(*_: object) -> None:
        raise RecordsError("Le serveur « secret » ne répond pas.")

    monkeypatch.setattr(dashboard._measures, "read", read)
    with caplog.at_level(logging.ERROR):
        shown = dashboard.opened()
    assert board.DOWN in shown[BODY] and shown[TOLD] == board.DOWN
    assert "secret" not in shown[BODY] and "secret" in caplog.text
    assert "20261123-202502-76ed564c" in unescape(shown[SERVED])


def test_a_release_that_cannot_be_read_leaves_the_figures(
    dashboard: Dashboard, journal: Journal, fake: FakeAssistant
) -> None:
    filled(journal)
    fake.error = StoreError("Le dossier /chemin/secret")
    shown = dashboard.opened()
    assert "Aucune version" in shown[SERVED] and "secret" not in shown[SERVED] + shown[BODY]
    assert shown[TOLD] == "7 jours : 2 questions."


def test_a_journal_that_is_off_is_said(
    base: Database, fake: FakeAssistant, configured: Settings
) -> None:
    off = Dashboard(fake, Measures(base, Journal(base, 0)), Store.of(configured.ingest), 0)  # type: ignore[arg-type]
    assert board.OFF in off.opened()[BODY]


def test_the_page_holds_one_button_a_choice(dashboard: Dashboard) -> None:
    async def made() -> gr.Blocks:
        return dashboard.blocks()

    blocks = asyncio.run(made())
    buttons = [one for one in blocks.blocks.values() if isinstance(one, gr.Button)]
    assert [button.value for button in buttons[:3]] == ["Aujourd'hui", "7 jours", "30 jours"]
    assert len(buttons) == 11


GRADIO = [
    "/staff/tableau/",
    "/staff/tableau/theme.css",
    "/staff/tableau/gradio_api/startup-events",
    "/staff/tableau/gradio_api/queue/data?session_hash=a",
    "/staff/tableau/gradio_api/heartbeat/a",
]


@pytest.mark.parametrize("path", GRADIO)
def test_who_is_not_logged_in_sees_nothing(workspace: FastAPI, path: str) -> None:
    response = visitor(workspace).get(path)
    assert response.status_code == 303 and "staff/login" in response.headers["location"]


def test_another_site_cannot_ask_for_figures(workspace: FastAPI, base: Database) -> None:
    ana = logged_in(workspace, base)
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    asked = ana.post("/staff/tableau/gradio_api/queue/join", json={}, headers=foreign)
    assert asked.status_code == 403
    stranger = visitor(workspace)
    assert stranger.post("/staff/tableau/gradio_api/queue/join", json={}).status_code == 403


@pytest.mark.parametrize(
    "path", ["gradio_api/info", "gradio_api/file=/etc/passwd", "config", "gradio_api/upload", "x"]
)
def test_the_rest_of_gradio_is_closed(workspace: FastAPI, base: Database, path: str) -> None:
    assert logged_in(workspace, base).get(f"/staff/tableau/{path}").status_code == 404


def test_the_page_stands_in_the_staff_s_frame(workspace: FastAPI, base: Database) -> None:
    response = logged_in(workspace, base).get("/staff/tableau/")
    html = response.text
    assert response.status_code == 200 and '<html\n\tlang="fr"' in html
    assert f"<title>{board.TITLE} – Espace de l" in html and html.count("<title>") == 1
    assert 'aria-current="page">Tableau de bord</a>' in html and "Déconnexion" in html
    assert 'name="csrf"' in html and 'name="robots" content="noindex"' in html
    assert response.headers["cache-control"] == "no-store"
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy
    assert "https://" not in policy


def test_until_it_is_there_the_page_says_so_and_leads_to_the_figures_as_text(
    workspace: FastAPI, base: Database
) -> None:
    ana = logged_in(workspace, base)
    html = unescape(ana.get("/staff/tableau/").text)
    assert f"{LOADING}</span> <a" in html and f"<noscript><p>{NEEDS_SCRIPT}</p></noscript>" in html
    (way,) = re.findall(r'href="([^"]*/texte)"', html)
    assert ana.get(urljoin("/staff/tableau/", way)).status_code == 200


def test_the_figures_are_a_page_without_a_script_too(
    workspace: FastAPI, base: Database, journal: Journal
) -> None:
    filled(journal)
    ana = logged_in(workspace, base)
    page = ana.get("/staff/tableau/texte?periode=30").text
    assert "30 jours : 3 questions." in page and "<script" not in page
    assert '<option value="30" selected>' in page and 'aria-current="page"' in page
    assert (
        "30 jours : 1 question."
        in ana.get("/staff/tableau/texte?periode=30&resultat=not_found").text
    )
    assert visitor(workspace).get("/staff/tableau/texte").status_code == 303


def test_the_address_without_its_slash_leads_to_the_page(
    workspace: FastAPI, base: Database
) -> None:
    response = logged_in(workspace, base).get("/staff/tableau?periode=30")
    assert (response.status_code, response.headers["location"]) == (303, "tableau/?periode=30")
