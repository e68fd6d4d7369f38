"""axe-core finds nothing to say of any page, before and after an answer, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.chromium import Visitor, chromium_opened, overflow
from tests.web.conftest import Written
from tests.web.test_browser import QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = [1280, 360, 320]
PAGES = ["sources", "a-propos", "accessibilite", "confidentialite", "faq", "inconnue"]
NEAR = "Les associations impriment-elles la charte au dos ?"


@pytest.fixture(scope="module")
def browser(address: str, written: Written) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=["light", "dark"])
def context(
    browser: Browser, width: int, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=request.param
    )
    yield opened
    opened.close()


def check(page: Page) -> None:
    """No violation, and nothing wider than the window."""
    page.evaluate("Promise.all(document.getAnimations().map(a => a.finished))")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert overflow(page) <= 0


def test_axe_would_find_something(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='data:,'><p style='color:#ccc'>Pâle</p></body></html>")
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert {"image-alt", "color-contrast", "html-has-lang"} <= found
    page.close()


def test_the_assistant_s_page_in_each_state(context: BrowserContext, address: str) -> None:
    visitor = Visitor.arriving(context, address)
    page = visitor.page
    page.get_by_text("Quand je réponds, quand je m'abstiens").click()
    check(page)
    visitor.ask(QUESTION)
    expect(page.locator(".ch-tools")).to_have_count(1)
    check(page)
    page.locator("#q1").get_by_role("button", name="Non").click()
    check(page)
    visitor.ask(NEAR)
    visitor.ask("Bonjour")
    visitor.ask("Quelle est la recette du gâteau au chocolat ?")
    check(page)
    page.locator("#q1").get_by_role("link", name="[1]").click()
    check(page)


def test_the_page_in_english(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/?lang=en&q={QUESTION}")
    expect(page.locator("#q1 .ch-tools")).to_be_visible()
    check(page)


def test_an_answer_that_a_model_writes(context: BrowserContext, written: Written) -> None:
    written.chat.answer = "Les collectivités peuvent signer la charte [1]."
    written.chat.pause = 0.0
    visitor = Visitor.arriving(context, written.address)
    visitor.ask(QUESTION)
    expect(visitor.page.locator("#q1")).to_contain_text("Rédigé par un modèle")
    check(visitor.page)


def test_the_pages_without_script(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    for path in PAGES:
        for query in ("", "?lang=en"):
            page.goto(f"{address}/{path}{query}")
            check(page)
    page.goto(f"{address}/sources")
    for name in ("La charte", "Le piège"):
        link = page.locator("main li a").filter(has_text=name)
        page.goto(f"{address}/{link.get_attribute('href')}?start=30&end=60")
        check(page)
        page.goto(f"{address}/sources")
