"""The FAQ in a real chromium: without script, at any width, on paper, and with nothing blocked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.faq.entries import Entries
from app.records.database import Database
from app.server import create_app
from app.settings import Settings
from tests.faq.edits import PAUL, cited, edit
from tests.faq.exports.made import HOSTILE, RICH
from tests.web.chromium import chromium_opened, overflow
from tests.web.conftest import FakeAssistant, serving

pytestmark = pytest.mark.browser

THEMES = ("Charte", "Agence", "")


@pytest.fixture(scope="module")
def faq(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, configured: Settings
) -> Iterator[str]:
    """The address of a server with a FAQ of some entries."""
    file = tmp_path_factory.mktemp("faq") / "base.db"
    shutil.copyfile(sqlite_template, file)
    database = Database(f"sqlite:///{file}")
    entries = Entries(database)
    hostile = HOSTILE.replace("\x0b", "")
    for question, answer, theme in (
        *((f"Comment faire, cas {n} ?", RICH, THEMES[n % 3]) for n in range(5)),
        (f"Supercalifragilistic{'x' * 120} ?", f"Voir {hostile} [1]", "Charte"),
    ):
        quoted = (cited(), cited(2, quote="Une charte." * 20), cited(3, quote="x" * 200))
        made = entries.create(edit(question, answer, (), quoted, theme), PAUL)
        entries.publish(made.id, 1, PAUL)
    app = create_app(FakeAssistant(), configured, database)  # type: ignore[arg-type]
    with serving(app) as address:
        yield address
    database.close()


@pytest.fixture(scope="module")
def browser(faq: str) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_context(java_script_enabled=False)
    yield opened.new_page()
    opened.close()


def test_questions_are_found_and_gone_to_without_script(page: Page, faq: str) -> None:
    page.goto(f"{faq}/faq")
    page.get_by_label("Chercher dans les questions").fill("cas 3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Une réponse pour « cas 3 ».")
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("link", name="Voir toutes les questions").click()
    expect(page.get_by_role("article")).to_have_count(6)
    page.get_by_role("navigation", name="Thèmes").get_by_role("link", name="cas 4 ?").click()
    assert "#fiche-" in page.url
    entry = page.locator("article:target")
    expect(entry.get_by_role("heading")).to_have_text("Comment faire, cas 4 ?")
    expect(entry).to_be_in_viewport()
    entry.get_by_role("link", name="Source [1]").first.click()
    expect(page.locator("li:target")).to_contain_text("Toute commune peut signer.")


def test_the_data_are_there_and_no_policy_is_broken(browser: Browser, faq: str) -> None:
    page, told = browser.new_page(), list[str]()
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.goto(f"{faq}/faq")
    data = page.evaluate("JSON.parse(document.querySelector('script').textContent)")
    assert data["@type"] == "FAQPage" and len(data["mainEntity"]) == 6
    policy = page.evaluate("fetch('faq').then(r => r.headers.get('content-security-policy'))")
    assert "script-src 'self' 'nonce-" in policy and told == []
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    assert "Content Security Policy" in told[0], "the policy would have been heard of"
    page.close()


def test_on_paper_there_are_the_answers_and_their_addresses(browser: Browser, faq: str) -> None:
    page = browser.new_page()
    page.goto(f"{faq}/faq")
    page.emulate_media(media="print")
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Thèmes")).to_be_hidden()
    expect(page.get_by_role("article").last).to_be_visible()
    after = page.locator(".ch-cited a[href^=http]").first.evaluate(
        "link => getComputedStyle(link, '::after').content"
    )
    assert "https://example.org/charte" in after
    assert page.pdf()[:5] == b"%PDF-"
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 360, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["faq", "faq?lang=en", "faq?q=charte", "faq?q=piscine&lang=en"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, faq: str, width: int, scheme: str, path: str
) -> None:
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"{faq}/{path}")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert overflow(page) <= 0
    context.close()
