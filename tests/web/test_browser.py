"""The page as a visitor meets it, in chromium: asking, reading, opening the source."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from app.answers import Piece, Reply
from app.assistant import Assistant
from tests.web.chromium import Visitor, chromium_opened, overflow
from tests.web.conftest import Written, answering_late
from tests.web.test_markup import HOSTILE

pytestmark = pytest.mark.browser

QUESTION = "Qui peut signer la charte ?"


@pytest.fixture(scope="module")
def browser(address: str, written: Written) -> Iterator[Browser]:
    """A real chromium, opened after the servers: Playwright's loop leaves no room for theirs."""
    with chromium_opened() as opened:
        yield opened


def test_a_visitor_asks_reads_and_sees_the_passage_in_its_source(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    page = visitor.page
    visitor.ask(QUESTION)
    quote = page.locator("#q1 blockquote").first
    expect(quote).to_contain_text("Les collectivités peuvent signer la charte.")

    page.locator("#q1").get_by_role("link", name="[1]").click()
    card = page.locator("#s1-1")
    expect(card).to_be_focused()
    expect(card.locator("mark")).to_contain_text("Les collectivités peuvent signer la charte.")
    assert page.url.rstrip("/") == address

    with context.expect_page() as opened:
        card.get_by_role("link", name="Lire dans la source").click()
    source = opened.value
    mark = source.locator("mark#passage")
    expect(mark).to_be_in_viewport()
    assert " ".join(mark.inner_text().split()) in quote.inner_text()

    assert [url for url in visitor.requests if not url.startswith((address, "data:"))] == []
    assert visitor.console == []
    for seen in (page, source):
        assert seen.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert context.cookies() == []


def test_english_is_there_from_the_first_drawing_on(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.add_init_script(
        "const seen = window.seen = []; new MutationObserver(() => {"
        " const app = document.querySelector('gradio-app');"
        " app && seen.push(app.innerText, document.title) })"
        ".observe(document, { childList: true, subtree: true, characterData: true })"
    )
    page.route("**/gradio_api/queue/**", lambda route: None)  # only what is drawn at first
    page.goto(f"{address}/?lang=en")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(page.get_by_text("Hello, what would you like to know?")).to_be_visible()
    seen = "\n".join(page.evaluate("seen"))
    assert "Your question" in seen and "sources, as of" in seen
    french = ("Votre question", "Bonjour", "Envoyer", "Exemples", "sources, dans", " : questions")
    assert [text for text in french if text in seen] == []


def test_the_page_is_french_whatever_the_browser(context: BrowserContext, address: str) -> None:
    page = Visitor.arriving(context, address).page
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page).to_have_title("Chartiste : questions sur la charte")
    expect(page.get_by_text("système automatique")).to_be_visible()
    expect(page.get_by_text("2 sources, dans leur version du")).to_be_visible()


def test_the_answer_is_told_to_screen_readers_once_it_is_there(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    told = visitor.page.get_by_role("status").and_(visitor.page.locator("#ch-told"))
    expect(told).to_be_empty()
    visitor.ask(QUESTION)
    expect(told).to_contain_text("Les collectivités peuvent signer la charte.")


def test_a_button_asks_and_another_begins_anew(context: BrowserContext, address: str) -> None:
    page = Visitor.arriving(context, address).page
    example = page.get_by_role("button", name="Qui peut signer la charte ?")
    example.click()
    expect(page.locator("#q1 blockquote").first).to_be_visible()
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(page.locator(".ch-turn")).to_have_count(0)
    expect(example).to_be_visible()
    expect(page.locator(".ch-card")).to_have_count(0)


def test_beginning_anew_leaves_out_an_answer_that_comes_late(
    context: BrowserContext, address: str, real: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, late, finished = real.stream, threading.Event(), threading.Event()

    def slow(*asked: Any, **how: Any) -> Iterator[Piece | Reply]:
        late.wait(10)
        try:
            yield from stream(*asked, **how)
        finally:
            finished.set()

    visitor = Visitor.arriving(context, address)
    page = visitor.page
    visitor.ask(QUESTION)
    with monkeypatch.context() as patched:
        patched.setattr(real, "stream", slow)
        box = page.get_by_label("Votre question")
        box.fill("Quels objectifs ?")
        box.press("Enter")
        expect(page.locator(".ch-waiting")).to_have_count(1)
        page.get_by_role("button", name="Nouvelle conversation").click()
        expect(page.locator(".ch-turn")).to_have_count(0)
        late.set()
        assert finished.wait(10)
    page.wait_for_timeout(1_000)
    expect(page.locator(".ch-turn")).to_have_count(0)
    visitor.ask(QUESTION)
    expect(page.locator("#q1 blockquote").first).to_be_visible()
    expect(page.locator(".ch-turn")).to_have_count(1)
    assert visitor.console == []


def test_what_is_typed_while_an_answer_is_awaited_stays_in_the_box(
    context: BrowserContext, address: str, real: Assistant
) -> None:
    page = Visitor.arriving(context, address).page
    with answering_late(real) as late:
        box = page.get_by_label("Votre question")
        box.fill(QUESTION)
        box.press("Enter")
        expect(box).to_have_value("")
        box.fill("Et quand ?")
        late.set()
        expect(page.locator("#q1 blockquote").first).to_be_visible()
    expect(box).to_have_value("Et quand ?")


def test_what_is_sent_while_an_answer_is_awaited_is_asked_next(
    context: BrowserContext, address: str, real: Assistant
) -> None:
    page = Visitor.arriving(context, address).page
    box, send = page.get_by_label("Votre question"), page.get_by_role("button", name="Envoyer")
    with answering_late(real) as late:
        box.fill(QUESTION)
        send.dblclick()
        expect(box).to_have_value("")
        box.fill("Quels objectifs fixe la charte ?")
        box.press("Enter")
        send.click()
        late.set()
        expect(page.locator("#q2 .ch-tools")).to_be_visible()
    expect(page.locator(".ch-turn")).to_have_count(2)
    expect(page.locator(".ch-question").first).to_contain_text(QUESTION)
    expect(page.locator(".ch-question").last).to_contain_text("Quels objectifs")
    expect(box).to_have_value("")


def test_an_earlier_citation_is_unfolded_when_its_number_is_followed(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    visitor.ask(QUESTION)
    visitor.ask("Quels objectifs fixe la charte ?")
    card = visitor.page.locator("#s1-1")
    expect(card).to_be_hidden()
    visitor.page.locator("#q1").get_by_role("link", name="[1]").click()
    expect(card).to_be_in_viewport()


def test_hostile_questions_and_sources_are_shown_literally(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    page = visitor.page
    for text in HOSTILE:
        visitor.ask(text.replace("\n", " "))
    visitor.ask("Que contient le piège ?")
    expect(page.locator(".ch-turn:last-of-type blockquote").first).to_contain_text(
        "<script>alert(1)</script> et [un lien](https://evil.example) et **du gras**"
    )
    expect(page.locator("#ch-panel h3").first).to_contain_text("<img src=x onerror=alert(1)>")
    shown = page.locator("#ch-talk, #ch-panel")
    for name in ("script", "img", "iframe", "strong", "em", "code", "table", "hr"):
        expect(shown.locator(name)).to_have_count(0)
    expect(shown.locator('a[href*="evil"], a[href^="javascript"]')).to_have_count(0)
    assert not [url for url in visitor.requests if "evil" in url]
    assert visitor.console == []


def test_two_visitors_at_once_see_only_their_own(browser: Browser, address: str) -> None:
    contexts = [browser.new_context() for _ in range(2)]
    visitors = [Visitor.arriving(context, address) for context in contexts]
    for visitor, question in zip(visitors, ("Canari bleu ?", "Canari rouge ?"), strict=True):
        visitor.page.get_by_label("Votre question").fill(question)
    for visitor in visitors:
        visitor.page.get_by_label("Votre question").press("Enter")
    for visitor, own, other in ((visitors[0], "bleu", "rouge"), (visitors[1], "rouge", "bleu")):
        expect(visitor.page.locator("#q1:not(.ch-waiting)")).to_contain_text(own)
        visitor.ask(QUESTION)
        expect(visitor.page.locator("#q2")).to_be_visible()
        expect(visitor.page.get_by_text(re.compile(other))).to_have_count(0)
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (360, "light")])
def test_nothing_overflows_on_a_phone(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 740},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    visitor = Visitor.arriving(context, address)
    page = visitor.page
    assert overflow(page) <= 0
    visitor.ask("a" * 300)
    visitor.ask(QUESTION)
    assert overflow(page) <= 0
    page.locator("#q2").get_by_role("link", name="[1]").click()
    expect(page.locator("#s2-1")).to_be_in_viewport()
    page.get_by_role("link", name="Revenir à la réponse").first.click()
    expect(page.locator("#q2 .ch-question")).to_be_in_viewport()
    page.goto(f"{address}/sources")
    assert overflow(page) <= 0
    page.locator("main li a").first.click()
    assert overflow(page) <= 0
    context.close()


def test_the_keyboard_reaches_the_question_first_and_its_focus_shows(
    context: BrowserContext, address: str
) -> None:
    page = Visitor.arriving(context, address).page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller à la question")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    box = page.get_by_label("Votre question")
    expect(box).to_be_focused()
    assert box.evaluate("field => getComputedStyle(field).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Envoyer")).to_be_focused()


def test_the_address_may_carry_a_campaign_without_losing_the_conversation(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, f"{address}/?utm_source=lettre")
    visitor.ask(QUESTION)
    visitor.page.locator("#q1").get_by_role("link", name="[1]").click()
    expect(visitor.page.locator("#q1 blockquote").first).to_be_visible()
    assert visitor.page.url.endswith("?utm_source=lettre")


def test_a_lost_connection_is_told_in_french(context: BrowserContext, address: str) -> None:
    page = Visitor.arriving(context, address).page
    page.route("**/gradio_api/queue/join*", lambda route: route.abort())
    page.get_by_label("Votre question").fill(QUESTION)
    page.get_by_role("button", name="Envoyer").click()
    toast = page.get_by_test_id("toast-body")
    expect(toast.first).to_contain_text("La connexion avec le serveur est coupée")
    expect(toast.first).not_to_contain_text("Error")


def test_near_passages_are_offered_without_being_an_answer(
    context: BrowserContext, address: str
) -> None:
    visitor = Visitor.arriving(context, address)
    visitor.ask("Les associations impriment-elles la charte au dos ?")
    page = visitor.page
    expect(page.locator("#q1 .ch-near li").first).to_be_visible()
    expect(page.get_by_text("Cité mot pour mot")).to_have_count(0)
    expect(page.locator("#ch-panel h2")).to_have_text("Passages qui peuvent aider")
    expect(page.locator("#s1-1")).to_be_visible()


FIRST, SECOND = (
    "Les collectivités peuvent signer la charte.",
    "Les associations locales le peuvent aussi.",
)


def test_statements_of_a_model_appear_one_by_one_and_lead_to_their_sources(
    context: BrowserContext, written: Written
) -> None:
    written.chat.answer = f"{FIRST[:-1]} [1]. La charte date de 1492 [1]. {SECOND[:-1]} [1]."
    written.chat.pause, written.chat.piece = 0.1, 3
    visitor = Visitor.arriving(context, written.address)
    page, turn = visitor.page, visitor.page.locator("#q1")
    page.get_by_label("Votre question").fill(QUESTION)
    page.get_by_role("button", name="Envoyer").click()
    expect(turn).to_contain_text(FIRST)
    expect(turn).to_contain_text("Je rédige la réponse")
    expect(turn).not_to_contain_text(SECOND)
    expect(page.locator("#s1-1 mark")).to_contain_text(FIRST)
    expect(turn).to_contain_text(SECOND)
    expect(page.locator(".ch-waiting")).to_have_count(0)
    expect(turn).to_contain_text("Rédigé par un modèle de langue")
    expect(turn).not_to_contain_text("1492")
    expect(turn.locator("blockquote")).to_have_count(0)
    assert turn.locator(".ch-ref").count() == 2

    turn.get_by_role("link", name="[2]").click()
    expect(page.locator("#s1-2")).to_be_focused()
    expect(page.locator("#s1-2 mark")).to_have_text(SECOND)
    told = page.get_by_role("status").and_(page.locator("#ch-told"))
    expect(told).to_contain_text(FIRST)
    expect(told).to_contain_text(SECOND)
    assert [url for url in visitor.requests if not url.startswith(written.address)] == []
    assert visitor.console == []


@pytest.mark.parametrize("how", ["closed", "reloaded", "begun anew"])
def test_a_model_does_not_write_on_for_who_has_left(
    context: BrowserContext, written: Written, how: str
) -> None:
    written.chat.answer = f"{FIRST[:-1]} [1]. " + "Encore un mot. " * 2_000  # no statement any more
    written.chat.pause, written.chat.piece = 0.05, 8
    page = Visitor.arriving(context, written.address).page
    page.get_by_label("Votre question").fill(QUESTION)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#q1")).to_contain_text(FIRST)
    assert written.chat.open_connections == 1
    match how:
        case "closed":
            page.close()
        case "reloaded":
            page.reload()
        case _:
            page.get_by_role("button", name="Nouvelle conversation").click()
    assert written.chat.wait_until_left(3.0)


def test_where_a_model_lies_the_passages_are_quoted_and_it_is_said(
    context: BrowserContext, written: Written
) -> None:
    written.chat.answer = "La charte date de 1492 [1]. Les abeilles font du miel [2]."
    written.chat.pause = 0.0
    visitor = Visitor.arriving(context, written.address)
    visitor.ask(QUESTION)
    turn = visitor.page.locator("#q1")
    expect(turn.locator("blockquote").first).to_contain_text(FIRST)
    expect(turn).to_contain_text("n'est pas assez confirmé par les sources")
    expect(turn).to_contain_text("Cité mot pour mot")
    expect(turn).not_to_contain_text("1492")
    expect(visitor.page.locator("#s1-1")).to_be_visible()


def test_what_a_model_writes_is_shown_literally_and_fits_a_phone(
    browser: Browser, written: Written
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    lines = [f"{FIRST[:-1]} [1].", "**Les associations** <b>le</b> peuvent aussi [1]."]
    written.chat.answer = "\n".join([*lines, "![i](https://evil.example/i.png) Cliquez ici [1]."])
    visitor = Visitor.arriving(context, written.address)
    visitor.ask(QUESTION)
    page = visitor.page
    expect(page.locator("#q1")).to_contain_text(FIRST)
    assert overflow(page) <= 0
    for name in ("img", "b", "strong", "script"):
        expect(page.locator("#ch-talk, #ch-panel").locator(name)).to_have_count(0)
    assert not [url for url in visitor.requests if "evil" in url]
    context.close()
