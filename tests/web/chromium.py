"""A real chromium for the tests, a visitor's page in it, and what it looks like."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_PATIENCE = 60_000  # ms; under load a page has taken far longer than the 5 s of Playwright


@contextmanager
def chromium_opened() -> Iterator[Browser]:
    """A real chromium; tests that need one are skipped where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium (make test does it)")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Visitor:
    """A page, what it asked the network for, and what its console said."""

    page: Page
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    @classmethod
    def arriving(cls, context: BrowserContext, address: str) -> Visitor:
        visitor = cls(context.new_page())
        context.on("request", lambda request: visitor.requests.append(request.url))
        context.on(
            "console",
            lambda message: (
                visitor.console.append(message.text)
                if message.type in {"error", "warning"}
                else None
            ),
        )
        visitor.page.on("pageerror", lambda error: visitor.console.append(str(error)))
        visitor.page.on("dialog", lambda dialog: visitor.console.append(dialog.message))
        visitor.page.goto(address)
        expect(visitor.page.get_by_role("button", name="Envoyer")).to_be_visible()
        return visitor

    def ask(self, question: str) -> None:
        box = self.page.get_by_label("Votre question")
        box.fill(question)
        box.press("Enter")
        expect(self.page.locator(".ch-turn:last-of-type .ch-question")).to_contain_text(
            question.split("\n")[0]
        )
        expect(self.page.locator(".ch-waiting")).to_have_count(0)


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window, once it is there."""
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
