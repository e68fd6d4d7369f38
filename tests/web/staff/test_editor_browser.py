"""An entry in a real chromium: the browser's own buttons lose nothing that was written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.web.staff import editor_page
from app.web.staff.gate import SESSION
from tests.web.chromium import chromium_opened

pytestmark = pytest.mark.browser
SAID = "Les collectivités peuvent signer la charte."


@pytest.fixture(scope="module")
def browser(opened: tuple[str, str]) -> Iterator[Browser]:
    with chromium_opened() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser, opened: tuple[str, str]) -> Iterator[Page]:
    """A new entry, verified and not saved."""
    address, token = opened
    context = browser.new_context(viewport={"width": 360, "height": 800})
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": SESSION, "value": token, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/staff/fiches/nouvelle")
    page.get_by_label("Question", exact=True).fill("Qui signe ?")
    page.get_by_label("Réponse").fill(SAID)
    page.get_by_role("button", name="Vérifier").click()
    expect(page.locator("#verification")).to_be_visible()
    yield page
    context.close()


def test_coming_back_to_a_verified_text_shows_it(page: Page) -> None:
    page.get_by_role("link", name="Toutes les fiches").click()
    page.go_back()
    expect(page.get_by_label("Réponse")).to_have_value(SAID)
    page.reload()
    expect(page.get_by_label("Réponse")).to_have_value(SAID)


def test_the_page_before_leads_to_the_text_that_is_not_saved(page: Page) -> None:
    assert page.url.endswith("#verification")
    page.go_back()
    assert page.url.endswith("/staff/fiches/nouvelle")
    page.get_by_role("link", name=editor_page.TAKE_UP).click()
    expect(page.get_by_label("Réponse")).to_have_value(SAID)
    page.go_back()
    page.go_forward()
    expect(page.get_by_label("Réponse")).to_have_value(SAID)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".ch-done")).to_contain_text("La fiche est enregistrée.")
    page.go_back()
    expect(page.get_by_role("alert")).to_contain_text("n'est plus gardé")


def test_the_menu_of_a_narrow_window_opens_by_keyboard_and_all_is_shown_in_a_wide_one(
    browser: Browser, opened: tuple[str, str]
) -> None:
    address, token = opened
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    context.add_cookies([{"name": SESSION, "value": token, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/staff/compte")
    link, out = page.locator("nav a").first, page.locator(".ch-who button")
    expect(link).to_be_hidden()
    expect(out).to_be_hidden()
    box = page.locator(".ch-bar").bounding_box()
    assert box is not None and box["height"] < 110, "two lines at most"
    page.locator(".ch-menu > summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    expect(out).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    expect(link).to_be_visible()
    expect(out).to_be_visible()
    expect(page.locator(".ch-menu > summary")).to_be_hidden()
    context.close()


def test_what_is_wrong_takes_the_focus_and_is_seen(page: Page) -> None:
    page.get_by_label("Question", exact=True).fill("Q")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("La question a de 3 à 300 caractères")
    expect(alert).to_be_focused()
    expect(alert).to_be_in_viewport(ratio=1)
