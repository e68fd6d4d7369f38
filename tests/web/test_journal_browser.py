"""The journal from end to end, in chromium: asked and judged on the page and in the widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from app.assistant import Assistant
from app.journal.entry import JournalEntry
from app.journal.journal import Journal
from app.journal.opening import open_recording
from app.journal.recorder import Recorder
from app.records.opening import open_database
from app.server import create_app
from app.settings import Settings
from tests.web.chromium import Visitor, chromium_opened
from tests.web.conftest import serving
from tests.web.test_browser import QUESTION

pytestmark = pytest.mark.browser

KEPT = "gardée 7 jours au plus"


@dataclass(frozen=True)
class Kept:
    """A real server whose journal is on."""

    address: str
    recorder: Recorder
    journal: Journal

    def last(self) -> JournalEntry:
        assert self.recorder.flush(10)
        return self.journal.rows(limit=1)[0]


@pytest.fixture(scope="module")
def kept(
    real: Assistant, configured: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    folder: Path = tmp_path_factory.mktemp("journal")
    on = replace(configured, journal_days=7, database_url=f"sqlite:///{folder / 'base.db'}")
    database = open_database(on)
    assert database is not None
    recording = open_recording(on, database)
    assert isinstance(recording, Recorder)
    with serving(create_app(real, on, recording=recording)) as address:
        yield Kept(address, recording, Journal(database, 7))
    recording.close()
    database.close()


@pytest.fixture(scope="module")
def browser(kept: Kept) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


def test_an_opinion_given_on_the_page_joins_its_question(
    context: BrowserContext, kept: Kept
) -> None:
    visitor = Visitor.arriving(context, kept.address)
    expect(visitor.page.get_by_text(KEPT).first).to_be_visible()
    visitor.ask(f"{QUESTION} Mon mail : jean@exemple.fr")
    line = kept.last()
    assert line.question == f"{QUESTION} Mon mail : [e-mail]" and line.verdict is None
    visitor.page.get_by_role("button", name="Non").click()
    expect(visitor.page.get_by_text("Gardé avec votre question, 7 jours au plus")).to_be_visible()
    visitor.page.get_by_label("Pourquoi ?").fill("Appelez le 06 39 98 12 34")
    visitor.page.get_by_role("button", name="Envoyer l'avis").click()
    expect(visitor.page.locator("#q1").get_by_text("Merci pour votre avis.")).to_be_visible()
    judged = kept.last()
    assert (judged.id, judged.verdict) == (line.id, "down")
    assert judged.reason == "Appelez le [téléphone]"
    assert visitor.console == [] and context.cookies() == []


def test_an_opinion_given_in_the_widget_joins_its_question(
    context: BrowserContext, kept: Kept
) -> None:
    page = context.new_page()
    page.goto(f"{kept.address}/widget/essai")
    page.get_by_role("button", name="Une question ?").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(KEPT)).to_be_visible()
    dialog.get_by_label("Votre question").fill("Quels objectifs ?")
    dialog.get_by_label("Votre question").press("Enter")
    dialog.get_by_role("button", name="Oui").click()
    conversation = dialog.get_by_role("group", name="Conversation")
    expect(conversation.get_by_text("Merci pour votre avis.")).to_be_visible()
    line = kept.last()
    assert (line.question, line.verdict) == ("Quels objectifs ?", "up")


def test_the_frame_says_that_questions_are_kept(context: BrowserContext, kept: Kept) -> None:
    page = context.new_page()
    page.goto(f"{kept.address}/widget/frame")
    expect(page.get_by_text(KEPT)).to_be_visible()
