"""The dashboard in chromium: by keyboard, by day and by night, on a narrow window too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.journal.journal import Journal
from app.records.database import Database
from app.server import create_app
from app.settings import Settings
from app.staff.sessions import Sessions
from app.web.staff.dashboard import AS_TEXT, SHOW
from app.web.staff.gate import SESSION
from tests.app.journal.replies import entry
from tests.web.chromium import chromium_opened, overflow
from tests.web.conftest import SOURCE, FakeAssistant, serving
from tests.web.staff.people import account

pytestmark = pytest.mark.browser
# The typeface of a title, and where it begins.
_LOOKS = """title => {
  const { fontFamily, fontSize, fontWeight } = getComputedStyle(title);
  return [fontFamily, fontSize, fontWeight, title.getBoundingClientRect().x];
}"""


@dataclass(frozen=True)
class Staff:
    """A server whose journal has lines, and a session of somebody's."""

    address: str
    token: str


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory, configured: Settings) -> Iterator[Staff]:
    folder: Path = tmp_path_factory.mktemp("dashboard")
    database = Database(f"sqlite:///{folder / 'base.db'}")
    journal, now = Journal(database, 30), datetime.now(UTC)
    journal.prepare()
    journal.keep(
        [
            entry(
                n,
                now - timedelta(hours=8 * n),
                outcome=("answered", "answered", "not_found", "declined")[n % 4],
                mode=("quoted", "faq", None, None)[n % 4],
                sources=(SOURCE.id,),
                verdict=("up", "down", None, None)[n % 4],
                elapsed_ms=20.0 + n,
            )
            for n in range(60)
        ]
    )
    token = Sessions(database).open(account(database, "Ana", "validator"), None)
    assert token is not None
    on = replace(configured, journal_days=30)
    with serving(create_app(FakeAssistant(), on, database)) as address:  # type: ignore[arg-type]
        yield Staff(address, token)
    database.close()


@pytest.fixture(scope="module")
def browser(staff: Staff) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


@dataclass
class Seen:
    """The dashboard, what it asked the network for, and what its console said."""

    page: Page
    requests: list[str]
    console: list[str]


def opened(context: BrowserContext, staff: Staff, query: str = "") -> Seen:
    context.add_cookies([{"name": SESSION, "value": staff.token, "url": staff.address}])
    seen = Seen(context.new_page(), [], [])
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", lambda message: seen.console.append(message.text))
    seen.page.on("pageerror", lambda error: seen.console.append(str(error)))
    seen.page.goto(f"{staff.address}/staff/tableau{query}")
    expect(seen.page.locator("#ch-board-body .ch-facts")).to_be_visible()
    return seen


def test_figures_change_by_keyboard_and_are_told(context: BrowserContext, staff: Staff) -> None:
    seen = opened(context, staff)
    page, told = seen.page, seen.page.locator("#ch-told")
    expect(told).to_contain_text("7 jours : ")
    expect(page.get_by_role("group", name="Période")).to_be_visible()
    chosen = page.get_by_role("button", name="30 jours")
    expect(chosen).to_have_attribute("aria-pressed", "false")
    chosen.focus()
    page.keyboard.press("Enter")
    expect(told).to_have_text("30 jours : 60 questions.")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(chosen).to_be_focused()
    page.get_by_role("button", name="Sans réponse").press("Space")
    expect(told).to_have_text("30 jours : 15 questions.")

    summary = page.get_by_text("Questions par jour : le tableau")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Questions par jour : le détail")).to_be_visible()

    assert [url for url in seen.requests if not url.startswith((staff.address, "data:"))] == []
    assert seen.console == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_it_says_that_it_loads_until_it_is_there(context: BrowserContext, staff: Staff) -> None:
    page = opened(context, staff).page
    expect(page.locator("#ch-loading")).to_have_count(0)


def test_without_a_script_the_figures_are_one_link_away(browser: Browser, staff: Staff) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    context.add_cookies([{"name": SESSION, "value": staff.token, "url": staff.address}])
    page = context.new_page()
    page.goto(f"{staff.address}/staff/tableau/")
    page.get_by_role("link", name=AS_TEXT).click()
    page.get_by_label("Période").select_option("30 jours")
    page.get_by_role("button", name=SHOW).click()
    expect(page.locator(".ch-count")).to_have_text("30 jours : 60 questions.")
    assert overflow(page) <= 0
    context.close()


def test_an_address_opens_what_it_chooses_in_french(context: BrowserContext, staff: Staff) -> None:
    page = opened(context, staff, "?periode=30&sorte=faq").page
    expect(page.locator("#ch-told")).to_have_text("30 jours : 15 questions.")
    expect(page).to_have_title("Tableau de bord – Espace de l'équipe – Chartiste")
    assert page.locator("html").get_attribute("lang") == "fr"
    drawn = page.locator(".ch-plot").evaluate_all("all => all.map(one => one.naturalWidth > 0)")
    assert drawn == [True, True]


def test_whose_session_ends_gets_no_more_figures(context: BrowserContext, staff: Staff) -> None:
    seen = opened(context, staff)
    context.clear_cookies()
    seen.page.get_by_role("button", name="30 jours").click()
    expect(seen.page.get_by_test_id("toast-body")).to_be_visible()
    expect(seen.page.locator("#ch-told")).to_contain_text("7 jours")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_has_nothing_to_say(browser: Browser, staff: Staff, width: int, scheme: str) -> None:
    viewport = {"width": width, "height": 800}
    context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page = opened(context, staff, "?periode=30").page
    for summary in page.locator("summary:visible").all():
        summary.click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert overflow(page) <= 0
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_its_title_stands_as_that_of_the_other_pages(
    context: BrowserContext, staff: Staff, width: int
) -> None:
    page = opened(context, staff).page
    page.set_viewport_size({"width": width, "height": 800})
    here = page.locator("h1").evaluate(_LOOKS)
    page.goto(f"{staff.address}/staff/tableau/texte")
    assert here == page.locator("h1").evaluate(_LOOKS)
