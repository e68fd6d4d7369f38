"""Bringing a FAQ in and taking it out in a real chromium, without script and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.web.staff import words
from app.web.staff.gate import SESSION
from tests.web.chromium import chromium_opened, overflow
from tests.web.staff.test_exchange import TABLE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(opened: tuple[str, str]) -> Iterator[Browser]:
    with chromium_opened() as chromium:
        yield chromium


def page_of(browser: Browser, opened: tuple[str, str], width: int, script: bool) -> Page:
    address, token = opened
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script
    )
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": SESSION, "value": token, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/staff/export")
    return page


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "faq.csv"
    file.write_text(TABLE, encoding="cp1252")
    return file


def test_a_file_is_brought_in_and_the_drafts_taken_out(
    browser: Browser, opened: tuple[str, str], table: Path
) -> None:
    page = page_of(browser, opened, 1280, script=False)
    page.get_by_label(words.FILE, exact=True).set_input_files(table)
    page.get_by_label(words.TRIAL).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=words.IMPORT).focus()
    page.keyboard.press("Enter")
    while page.get_by_role("heading", name=words.IMPORTING).count():
        page.get_by_role("link", name=words.REFRESH).click()
    expect(page.get_by_role("heading", name=words.IMPORTED)).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Brouillons créés : 2")
    page.get_by_role("link", name=words.ANOTHER_FILE).click()
    page.get_by_label(words.FORMAT).select_option("markdown")
    page.get_by_label("brouillon").check()
    with page.expect_download() as download:
        page.get_by_role("button", name=words.DOWNLOAD).click()
    assert download.value.suggested_filename == "faq.md"
    assert "### Qui peut signer la charte ?" in download.value.path().read_text(encoding="utf-8")
    page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_finds_nothing_on_the_page_nor_on_the_report(
    browser: Browser, opened: tuple[str, str], table: Path, width: int
) -> None:
    def check() -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert overflow(page) <= 0

    page = page_of(browser, opened, width, script=True)
    check()
    page.get_by_label(words.FILE, exact=True).set_input_files(table)
    page.get_by_role("button", name=words.IMPORT).click()
    while page.get_by_role("heading", name=words.IMPORTING).count():
        check()
        page.get_by_role("link", name=words.REFRESH).click()
    check()
    page.context.close()
