"""A whole visit in chromium: by keyboard alone, copied, shared, judged, and leaving no trace."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.assistant import Assistant
from tests.web.chromium import Visitor, chromium_opened, overflow
from tests.web.conftest import Written, answering_late
from tests.web.test_browser import QUESTION

pytestmark = pytest.mark.browser
NEAR = "Les associations impriment-elles la charte au dos ?"
FIRST = "Les collectivités peuvent signer la charte."


@pytest.fixture(scope="module")
def browser(address: str, written: Written) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press the key until what the selector finds has the focus."""
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by {key}")


def test_the_whole_journey_is_possible_by_keyboard(context: BrowserContext, address: str) -> None:
    page = Visitor.arriving(context, address).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#q1 .ch-tools")).to_be_visible()
    tab_to(page, "#q1 .ch-ref", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#s1-1")).to_be_focused()
    tab_to(page, "#s1-1 .ch-read")
    with context.expect_page() as opened:
        page.keyboard.press("Enter")
    source = opened.value
    expect(source.locator("mark#passage")).to_contain_text(FIRST)
    source.close()
    tab_to(page, ".ch-opinion button:last-child", "Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Trop court")
    tab_to(page, ".ch-why button")
    page.keyboard.press("Enter")
    expect(page.locator("#q1 .ch-tools")).to_contain_text("Merci pour votre avis.")
    tab_to(page, "#ch-restart")
    page.keyboard.press("Enter")
    expect(page.locator(".ch-turn")).to_have_count(0)


def test_an_opinion_is_sent_once_with_nothing_of_the_question(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    page = visitor.page
    visitor.ask(QUESTION)
    with page.expect_request("**/api/v1/feedback") as sent:
        page.get_by_role("button", name="Oui").click()
    given = sent.value.post_data_json
    assert given["thumb"] == "up" and given["outcome"] == "answered"
    assert set(given) == {"thumb", "outcome", "release"}
    expect(page.locator("#q1 .ch-tools")).to_contain_text("Merci pour votre avis.")
    visitor.ask("Quels objectifs fixe la charte ?")
    expect(page.locator("#q1 .ch-tools")).to_contain_text("Merci pour votre avis.")
    expect(page.locator("#q2").get_by_role("button", name="Oui")).to_be_visible()
    assert visitor.console == []


def test_a_reason_that_is_half_written_outlives_the_next_answer(
    context: BrowserContext, address: str, real: Assistant
) -> None:
    visitor = Visitor.arriving(context, address)
    page = visitor.page
    visitor.ask(QUESTION)
    with answering_late(real) as late:
        page.get_by_label("Votre question").fill("Quels objectifs fixe la charte ?")
        page.get_by_label("Votre question").press("Enter")
        expect(page.locator(".ch-waiting")).to_have_count(1)
        page.locator("#q1").get_by_role("button", name="Non").click()
        page.keyboard.type("Trop cort")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        late.set()
        expect(page.locator("#q2 .ch-tools")).to_be_visible()
    reason = page.locator("#q1").get_by_label("Pourquoi ?")
    expect(reason).to_be_focused()
    page.keyboard.type("u")
    expect(reason).to_have_value("Trop court")
    page.locator("#q2").get_by_role("button", name="Non").click()
    visitor.ask("Bonjour")
    expect(reason).to_have_value("Trop court")
    expect(page.locator("#q2").get_by_label("Pourquoi ?")).to_have_value("")
    expect(page.get_by_label("Votre question")).to_be_focused()
    with page.expect_request("**/api/v1/feedback") as sent:
        page.locator("#q1").get_by_role("button", name="Envoyer l'avis").click()
    assert sent.value.post_data_json["reason"] == "Trop court"
    expect(page.locator("#q1")).to_contain_text("Merci pour votre avis.")
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(page.locator(".ch-turn")).to_have_count(0)
    visitor.ask(QUESTION)
    expect(page.locator("#q1").get_by_role("button", name="Non")).to_be_visible()
    assert visitor.console == []


def test_an_opinion_that_cannot_be_sent_is_told(context: BrowserContext, address: str) -> None:
    visitor = Visitor.arriving(context, address)
    visitor.ask(QUESTION)
    visitor.page.route("**/api/v1/feedback", lambda route: route.abort())
    visitor.page.get_by_role("button", name="Oui").click()
    expect(visitor.page.locator("#q1 .ch-said")).to_contain_text("n'a pas pu être envoyé")
    expect(visitor.page.get_by_role("button", name="Oui")).to_be_visible()


def test_an_answer_is_copied_with_its_sources(context: BrowserContext, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor = Visitor.arriving(context, address)
    page = visitor.page
    visitor.ask(QUESTION)
    page.get_by_role("button", name="Copier la réponse").click()
    expect(page.locator("#ch-told")).to_have_text("Réponse copiée.")
    copied = clipboard(page)
    assert copied.startswith(f"{QUESTION}\n\nTrouvé dans les sources\n\n")
    assert f"{FIRST} [1]" in copied
    assert "[1] La charte (CITEGO · décembre 2019 · Charte) https://citego.org/charte" in copied
    assert "Copier" not in copied
    visitor.ask(NEAR)
    page.locator("#q2").get_by_role("button", name="Copier la réponse").click()
    expect(page.locator("#q2 .ch-said")).to_have_text("Réponse copiée.")
    assert "\n\nLa charte\n\nLes associations locales" in clipboard(page)


def test_a_shared_link_asks_its_question_once(context: BrowserContext, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor = Visitor.arriving(context, address)
    visitor.ask(f"{QUESTION} #1 & <b>")
    visitor.page.get_by_role("button", name="Copier le lien vers la question").click()
    expect(visitor.page.locator("#ch-told")).to_have_text("Lien copié.")
    page = context.new_page()
    page.goto(clipboard(visitor.page))
    expect(page.locator("#q1 .ch-asked")).to_have_text(f"{QUESTION} #1 & <b>")
    expect(page.locator("#q1 .ch-tools")).to_be_visible()
    expect(page).to_have_url(f"{address}/")
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(page.locator(".ch-turn")).to_have_count(0)


def test_where_the_clipboard_is_closed_the_text_is_shown_selected(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    visitor.ask(QUESTION)
    visitor.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    visitor.page.get_by_role("button", name="Copier le lien vers la question").click()
    shown = visitor.page.get_by_label("À copier :")
    expect(shown).to_be_focused()
    expect(shown).to_have_value(f"{address}/?q={quote(QUESTION).replace('%20', '+')}")


def test_english_is_chosen_by_a_link_and_stays(context: BrowserContext, address: str) -> None:
    page = Visitor.arriving(context, address).page
    page.get_by_role("link", name="English").click()
    box = page.get_by_label("Your question")
    box.fill(QUESTION)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#q1")).to_contain_text("Found in the sources")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page).to_have_title("Chartiste: questions about the charter")
    expect(page.locator("#q1 blockquote")).to_have_attribute("lang", "fr")
    expect(page.locator("#q1 .ch-asked")).to_have_attribute("lang", "fr")
    expect(page.locator("#ch-choices button").first).to_have_attribute("lang", "fr")
    with context.expect_page() as opened:
        page.get_by_role("link", name="Read in the source").click()
    source = opened.value
    expect(source.get_by_text("To cite this text")).to_be_visible()
    assert source.locator("html").get_attribute("lang") == "en"
    assert source.locator(".ch-text").get_attribute("lang") == "fr"
    source.get_by_role("link", name="Français").click()
    expect(source.locator("mark#passage")).to_contain_text(FIRST)
    assert source.locator("html").get_attribute("lang") == "fr"


def test_a_whole_visit_asks_no_third_party_and_leaves_nothing(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    visitor.ask(QUESTION)
    visitor.page.get_by_role("button", name="Oui").click()
    visitor.ask("Quels objectifs fixe la charte ?")
    addresses = [link.get_attribute("href") for link in visitor.page.locator(".ch-foot a").all()]
    assert len(addresses) == 5
    other = context.new_page()
    for path in addresses:
        other.goto(f"{address}/{path}")
    other.goto(f"{address}/sources")
    other.locator("main li a").first.click()
    other.wait_for_load_state()
    assert [url for url in visitor.requests if not url.startswith((address, "data:"))] == []
    assert context.cookies() == [] and visitor.console == []
    stored = (
        "async () => [localStorage.length, sessionStorage.length, "
        "(await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    for page in (visitor.page, other):
        assert page.evaluate(stored) == [0, 0, 0, 0]
    assert not [url for url in visitor.requests if "signer" in url]


def test_the_page_holds_at_a_zoom_of_400_percent(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    visitor = Visitor.arriving(context, address)
    visitor.ask(QUESTION)
    page = visitor.page
    assert overflow(page) <= 0
    for shown in (page.get_by_role("button", name="Envoyer"), page.locator("#s1-1 .ch-links")):
        shown.scroll_into_view_if_needed()
        expect(shown).to_be_in_viewport()
    context.close()


def test_on_paper_there_are_the_answer_and_its_sources_alone(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    visitor.ask(QUESTION)
    page = visitor.page
    page.emulate_media(media="print", color_scheme="dark")
    for gone in ("#ch-ask", "#ch-choices", ".ch-tools", ".ch-foot nav"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("#q1 blockquote")).to_be_visible()
    expect(page.locator("#s1-1")).to_be_visible()
    expect(page.locator("#q1 blockquote p")).to_have_css("color", "rgb(0, 0, 0)")
    page.locator("#q1").focus()
    expect(page.locator("#q1")).to_have_css("outline-style", "none")


def test_the_line_to_cite_is_selected_whole_by_one_click_without_script(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/sources")
    page.locator("main li a").filter(has_text="La charte").click()
    line = page.locator(".ch-cite")
    expect(line).to_have_text("« La charte », CITEGO, décembre 2019, https://citego.org/charte.")
    expect(line).to_have_css("user-select", "all")
    context.close()
