"""What a visitor sees where others ask at the same time: to wait a little, then to come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.answers import Piece, Reply
from app.server import create_app
from app.settings import Settings
from app.web import citizen, texts
from tests.web.chromium import Visitor, chromium_opened
from tests.web.conftest import QUOTE, FakeAssistant, serving
from tests.web.test_spoken import Reader

pytestmark = pytest.mark.browser
ENGLISH = ("busy", "error", "queue", "try again", "Error")


@dataclass
class Slow(FakeAssistant):
    """Answers once it may; one question at a time, with room for one more to wait."""

    may: threading.Event = field(default_factory=threading.Event)

    def stream(self, *asked: Any, **how: Any) -> Iterator[Piece | Reply]:
        self.may.wait(60)
        yield from super().stream(*asked, **how)


@pytest.fixture(scope="module")
def slow() -> Slow:
    return Slow()


@pytest.fixture(scope="module")
def narrow(slow: Slow, configured: Settings) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(citizen, "_AT_ONCE", 1)
        patched.setattr(citizen, "_WAITING", 1)
        app = create_app(slow, configured)  # type: ignore[arg-type]
    with serving(app) as address:
        yield address
        slow.may.set()


@pytest.fixture(scope="module")
def browser(narrow: str) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


@pytest.fixture(autouse=True)
def held(slow: Slow) -> Iterator[None]:
    """Answers are held back until a test lets them go, and after it."""
    slow.may.clear()
    yield
    slow.may.set()


def send(page: Page, question: str) -> None:
    page.get_by_label("Votre question").fill(question)
    page.get_by_role("button", name="Envoyer").click()


def test_who_waits_and_who_is_too_many_are_told_so_politely_in_french(
    context: BrowserContext, narrow: str, slow: Slow
) -> None:
    first, second, third = (Visitor.arriving(context, narrow).page for _ in range(3))
    for page in (first, second, third):
        expect(page.locator("#ch-note")).to_contain_text("sources, dans leur version")
    send(first, "Un ?")
    expect(first.locator(".ch-waiting")).to_have_count(1)
    send(second, "Deux ?")
    waits = second.locator("#ch-queued")
    expect(waits).to_have_text(texts.QUEUED.fr)
    expect(second.locator("#ch-told")).to_have_text(texts.QUEUED.fr)
    read = Reader(second).read()
    assert [one for one in read if any(word in one for word in ENGLISH)] == []

    send(third, "Trois ?")
    toast = third.get_by_test_id("toast-body")
    expect(toast).to_contain_text(texts.CROWDED.fr)
    assert toast.inner_text().split("\n")[0] == texts.CROWDED_TITLE.fr
    expect(toast.get_by_role("button", name="Fermer")).to_be_visible()
    expect(third.get_by_label("Votre question")).to_have_value("Trois ?")
    read = Reader(third).read()
    assert [one for one in read if any(word in one for word in ENGLISH)] == []

    slow.may.set()
    for page in (first, second):
        expect(page.locator("#q1 blockquote")).to_contain_text(QUOTE)
    expect(waits).to_have_count(0)
    send(third, "Trois ?")
    expect(third.locator("#q1 blockquote")).to_contain_text(QUOTE)


def test_who_is_alone_is_not_told_to_wait(context: BrowserContext, narrow: str, slow: Slow) -> None:
    page = Visitor.arriving(context, narrow).page
    send(page, "Un ?")
    expect(page.locator(".ch-waiting")).to_have_count(1)
    page.wait_for_timeout(1_500)
    expect(page.locator("#ch-queued")).to_have_count(0)
    slow.may.set()
    expect(page.locator("#q1 blockquote")).to_contain_text(QUOTE)


def test_in_english_it_is_told_in_english(context: BrowserContext, narrow: str) -> None:
    page = context.new_page()
    page.route("**/gradio_api/queue/join*", lambda route: route.fulfill(status=503, json={}))
    page.goto(f"{narrow}/?lang=en")
    page.get_by_label("Your question").fill("When?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_test_id("toast-body").first).to_contain_text(texts.CROWDED.en)
