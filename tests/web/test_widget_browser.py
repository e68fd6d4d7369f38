"""The widget on somebody else's site, in chromium: another origin, under a strict policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from starlette.applications import Starlette
from starlette.routing import Mount

from app.answers import Declined, Statement
from app.server import create_app
from app.settings import Settings
from tests.web.chromium import chromium_opened, overflow
from tests.web.conftest import (
    ANSWER,
    DOCUMENT,
    FROM_FAQ,
    NOT_FOUND,
    PIECES,
    QUOTE,
    SHEET_DOCUMENT,
    WRITTEN,
    FakeAssistant,
    citation,
    serving,
)
from tests.web.host_site import Site
from tests.web.test_markup import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAUNCHER = "Une question ?"
QUESTION = "De quand date la charte ?"
SIZES = [(1280, 800), (360, 740), (320, 568), (320, 256)]  # the last is 1280 × 1024 at 400 %
DARK_TOO = "<meta name='color-scheme' content='light dark'>"


@dataclass(frozen=True)
class Around:
    """The server under a prefix and at a root, the assistant behind it, and the host's site."""

    fake: FakeAssistant
    site: Site
    address: str
    prefixed: str

    def line(self, attributes: str = "", address: str = "") -> str:
        return f'<script src="{address or self.address}/widget.js" {attributes} defer></script>'

    @property
    def policy(self) -> str:
        """The lines that the README asks for, and nothing else."""
        return f"default-src 'none'; script-src {self.address}; connect-src {self.address}"


@pytest.fixture(scope="module")
def served(configured: Settings) -> Iterator[Around]:
    with ExitStack() as stack:
        site = stack.enter_context(Site())
        fake = FakeAssistant()
        app = create_app(fake, replace(configured, widget_origins=(site.address,)))  # type: ignore[arg-type]
        below = Starlette(routes=[Mount("/assistant", app)])
        below.state.end_streams = app.state.end_streams
        address = stack.enter_context(serving(app))
        prefixed = stack.enter_context(serving(below)) + "/assistant"  # type: ignore[arg-type]
        yield Around(fake, site, address, prefixed)


@pytest.fixture(scope="module")
def browser(served: Around) -> Iterator[Browser]:
    """A real chromium, opened after the servers: Playwright's loop leaves no room for theirs."""
    with chromium_opened() as opened:
        yield opened


@pytest.fixture
def around(served: Around) -> Around:
    """The servers, the assistant and the site as new."""
    served.fake.__init__()  # type: ignore[misc]
    served.site.hold(served.line(), served.policy)
    return served


@dataclass
class Visitor:
    """A page of the site, what it asked the network for, and what its console said."""

    page: Page
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    @classmethod
    def arriving(cls, context: BrowserContext, address: str) -> Visitor:
        visitor = cls(context.new_page())
        context.on("request", lambda request: visitor.requests.append(request.url))
        visitor.page.on("console", lambda message: visitor.console.append(message.text))
        visitor.page.on("pageerror", lambda error: visitor.console.append(str(error)))
        visitor.page.on("dialog", lambda dialog: visitor.console.append(dialog.message))
        visitor.page.goto(address)
        return visitor

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def box(self) -> Locator:
        return self.page.locator("textarea#question")

    @property
    def answer(self) -> Locator:
        return self.page.locator(".answer").last

    def open(self, launcher: str = LAUNCHER) -> None:
        self.page.get_by_role("button", name=launcher).click()
        expect(self.dialog).to_be_visible()

    def ask(self, question: str = QUESTION, patience: float = 20_000) -> None:
        """Asks, and waits ``patience`` milliseconds at most for the whole answer."""
        before = self.page.locator(".question").count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(self.page.locator(".question")).to_have_count(before + 1)
        expect(self.page.locator("[aria-busy='true']")).to_have_count(0, timeout=patience)

    def stored(self) -> list[object]:
        return list(
            self.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        )


# A document does not count the animations of its shadow trees among its own.
SETTLED = """() => {
  const hosts = [...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  const moving = [document, ...hosts].flatMap((root) => root.getAnimations());
  return Promise.all(moving.map((one) => one.finished)).then(() => null);
}"""


def violations(page: Page) -> list[str]:
    """What axe-core finds, shadow trees included, once nothing moves or fades any more."""
    page.evaluate(SETTLED)
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def test_the_button_alone_is_fetched_and_nothing_is_stored_before_it_is_opened(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    expect(visitor.page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.requests == [f"{around.site.address}/", f"{around.address}/widget.js"]
    assert (visitor.stored(), context.cookies(), visitor.console) == ([0, 0, ""], [], [])


def test_a_visit_asks_only_the_two_servers_and_leaves_nothing_behind(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    visitor.ask("Et qui l'a signée ?")
    assert around.fake.asked == [(QUESTION, None), ("Et qui l'a signée ?", QUESTION)]
    with context.expect_page() as opened:
        visitor.answer.get_by_role("link", name="[1]").click()
    source = opened.value
    expect(source.locator("mark#passage")).to_have_text(QUOTE)
    expect(source.locator("mark#passage")).to_be_in_viewport()
    assert source.url.startswith(f"{around.address}/sources/{DOCUMENT.id}?passage=p1&start=")
    ours = (f"{around.site.address}/", f"{around.address}/", "data:")
    assert [url for url in visitor.requests if not url.startswith(ours)] == []
    for page in (visitor.page, source):
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert context.cookies() == [] and visitor.console == []


def test_the_whole_journey_by_keyboard(context: BrowserContext, around: Around) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    page, keys = visitor.page, visitor.page.keyboard
    launcher = page.get_by_role("button", name=LAUNCHER)
    for _ in range(2):  # the page's own link, then the button
        keys.press("Tab")
    expect(launcher).to_be_focused()
    keys.press("Enter")
    expect(visitor.box).to_be_focused()
    keys.type(QUESTION)
    keys.press("Shift+Enter")
    keys.type("Merci.")
    keys.press("Enter")
    expect(visitor.answer).to_contain_text(QUOTE)
    expect(visitor.box).to_be_focused()
    assert around.fake.asked == [(f"{QUESTION} Merci.", None)]

    stops = []
    for _ in range(30):
        keys.press("Tab")
        stops.append(page.evaluate("document.querySelector('chartiste-widget').shadowRoot"
                                   ".activeElement?.textContent ?? 'outside'"))  # fmt: skip
        if stops[-1] == "":
            break  # the box again: all stops of the dialog were met, none outside
    assert stops[-1] == "" and "outside" not in stops
    assert {"Envoyer", "Fermer", "Nouvelle conversation"} <= set(stops)
    keys.press("Shift+Tab")
    keys.press("Escape")
    expect(visitor.dialog).to_be_hidden()
    expect(launcher).to_be_focused()

    keys.press("Space")
    expect(visitor.answer).to_contain_text(QUOTE)  # the conversation is still there
    expect(visitor.box).to_be_focused()
    page.get_by_role("button", name="Fermer").press("Enter")
    expect(launcher).to_be_focused()
    assert visitor.console == []


def test_the_focus_goes_round_in_the_dialog_both_ways(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    close = visitor.page.get_by_role("button", name="Fermer")
    last = visitor.page.get_by_role("link", name="Ouvrir en pleine page")
    close.focus()
    visitor.page.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(close).to_be_focused()


def test_each_answer_is_told_once_without_its_markup(
    context: BrowserContext, around: Around
) -> None:
    around.fake.outcome, around.fake.pieces = WRITTEN, PIECES
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    live = visitor.page.locator("[aria-live]")
    expect(live).to_have_count(1)
    live.evaluate(
        "region => { window.told = []; new MutationObserver(() => region.textContent && "
        "told.push(region.textContent)).observe(region, { childList: true }) }"
    )
    visitor.ask()
    said = "D'après « La charte » :\nElle date de 2019. On peut signer."
    assert visitor.page.evaluate("told") == [said]
    visitor.ask()
    assert visitor.page.evaluate("told") == [said, said]


def test_an_entry_of_the_faq_has_its_lists_its_links_and_its_date(
    context: BrowserContext, around: Around
) -> None:
    around.fake.outcome, around.fake.pieces = FROM_FAQ, ()
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    answer = visitor.page.locator(".answer")
    expect(answer.locator(".list li")).to_have_count(2)
    expect(answer.locator("> p").first).to_have_class("entry")  # which question it answers
    expect(answer.locator("> p").nth(1)).to_contain_text("Elle date de 2019.")
    expect(answer.locator(".list .reference")).to_have_attribute(
        "href", re.compile(r"/sources/.+passage=")
    )
    outside = answer.locator(".list li a[href='https://alec.fr/a']")
    expect(outside).to_have_attribute("rel", "noopener")
    expect(answer.locator(".entry")).to_have_text(
        "Réponse à « De quand date la charte ? », validée le 12 mars 2026 par l'ALEC07."
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_closed_open_or_answered(
    browser: Browser, around: Around, size: tuple[int, int], scheme: str
) -> None:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    around.site.hold(around.line(), around.policy, DARK_TOO if scheme == "dark" else "")
    around.site.page = around.site.page.replace("<a href='/'>Accueil</a>", "Accueil")
    visitor = Visitor.arriving(context, around.site.address)
    expect(visitor.page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    assert violations(visitor.page) == []
    visitor.open()
    assert violations(visitor.page) == []
    for outcome in (ANSWER, NOT_FOUND, WRITTEN, FROM_FAQ, Declined("Bonjour !", "greeting")):
        around.fake.outcome = outcome
        visitor.ask()
    around.fake.error = ZeroDivisionError()
    visitor.ask()
    assert violations(visitor.page) == []
    assert overflow(visitor.page) <= 0
    paper = visitor.dialog.evaluate("dialog => getComputedStyle(dialog).backgroundColor")
    assert paper == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(28, 36, 33)")
    context.close()


def test_axe_does_look_into_the_dialog(context: BrowserContext, around: Around) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.page.locator("label[for=question]").evaluate("label => label.remove()")
    assert any(one.startswith("label:") for one in violations(visitor.page))


@pytest.mark.parametrize(("width", "whole"), [(360, True), (320, True), (1280, False)])
def test_the_dialog_fills_a_phone_and_only_a_phone(
    browser: Browser, around: Around, width: int, whole: bool
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740})
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask("a" * 300)
    for _ in range(3):
        visitor.ask()
    visitor.page.wait_for_timeout(200)  # the opening is animated
    expect(visitor.page.get_by_role("button", name="Fermer")).to_be_in_viewport(ratio=1)
    assert visitor.dialog.evaluate("dialog => dialog.scrollHeight - dialog.clientHeight") <= 0
    box = visitor.dialog.bounding_box()
    assert box is not None
    assert ((box["width"], box["height"]) == (width, 740)) is whole
    inside = visitor.dialog.evaluate("dialog => dialog.scrollWidth - dialog.clientWidth")
    log = visitor.page.get_by_role("group", name="Conversation")
    assert inside <= 0 and log.evaluate("log => log.scrollWidth - log.clientWidth") <= 0
    context.close()


def test_at_400_percent_every_part_can_be_reached(browser: Browser, around: Around) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 256})
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    for name in ("Fermer", "Envoyer", "Nouvelle conversation"):
        button = visitor.page.get_by_role("button", name=name)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=1)
    context.close()


def test_another_origin_shows_nothing_and_the_webmaster_is_told_why(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.other)
    visitor.page.wait_for_load_state("networkidle")
    expect(visitor.page.locator("chartiste-widget")).to_have_count(0)
    assert visitor.console == [
        f"Chartiste : le site {around.site.other} n'est pas autorisé à afficher l'assistant. "
        f"Ajoutez-le à CHARTISTE_WIDGET_ORIGINS sur le serveur {around.address}/"
    ]
    # What the script does is a kindness: the server itself refuses, whatever a page tries.
    asked = (
        "address => fetch(address, {method: 'POST', body: '{\"question\": \"?\"}', "
        "headers: {'content-type': 'application/json'}}).then(() => 'read', error => error.name)"
    )
    assert visitor.page.evaluate(asked, f"{around.address}/api/v1/ask/stream") == "TypeError"
    assert around.fake.asked == []


def test_a_policy_that_lacks_a_line_is_told_to_the_webmaster_and_the_visitor(
    context: BrowserContext, around: Around
) -> None:
    policy = f"default-src 'none'; script-src {around.address}"
    around.site.hold(around.line(), policy)
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    expect(visitor.answer).to_have_text(re.compile("^La connexion avec le serveur est coupée"))
    told = [line for line in visitor.console if line.startswith("Chartiste : ")]
    assert len(told) == 1 and f"connect-src {around.address}" in told[0]

    around.site.hold(around.line(), f"script-src {around.address}/widget.js")
    visitor = Visitor.arriving(context, around.site.address)
    visitor.page.get_by_role("button", name=LAUNCHER).click()
    expect(visitor.page.get_by_role("status")).to_contain_text("n'a pas pu s'ouvrir")
    told = [line for line in visitor.console if line.startswith("Chartiste : ")]
    assert len(told) == 1 and f"script-src {around.address}" in told[0]


def test_a_policy_with_a_nonce_is_enough(context: BrowserContext, around: Around) -> None:
    policy = f"default-src 'none'; script-src 'nonce-abc'; connect-src {around.address}"
    around.site.hold(around.line('nonce="abc"'), policy)
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    expect(visitor.answer).to_contain_text(QUOTE)
    assert visitor.console == []


def test_hostile_words_of_sources_questions_and_models_stay_words(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    title = citation(SHEET_DOCUMENT, SHEET_DOCUMENT.text)
    for text in HOSTILE:
        said = Statement(text, (1,), supported=False, reason=text)
        around.fake.outcome = replace(
            WRITTEN, text=f"{text}\n{text}", statements=(said, Statement(text, (1,))),
            citations=(title,), suggestions=(text,), note=text,
        )  # fmt: skip
        visitor.ask(text.replace("\n", " "))
        around.fake.outcome = replace(NOT_FOUND, text=text, citations=(title,))
        visitor.ask(text.replace("\n", " "))
    expect(visitor.answer).to_contain_text("<script>alert(1)</script> [x](javascript:alert(2))")
    expect(visitor.answer).to_contain_text("Fiche <b>ALEC</b>")
    shown = visitor.page.locator("chartiste-panel")
    for name in ("script", "img", "iframe", "b", "strong", "style", "object"):
        expect(shown.locator(name)).to_have_count(0)
    hrefs = shown.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert hrefs and all(href.startswith(f"{around.address}/") for href in hrefs)
    assert not [url for url in visitor.requests if "evil" in url]
    assert visitor.console == []


def test_what_a_model_writes_is_shown_with_what_it_rests_on(
    context: BrowserContext, around: Around
) -> None:
    doubted = Statement("Elle date de 1492.", (), supported=False, reason="Non confirmé.")
    around.fake.outcome = replace(WRITTEN, statements=(*WRITTEN.statements, doubted), note="Note.")
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    answer = visitor.answer
    expect(answer.locator("s")).to_have_text("Elle date de 1492.")
    expect(answer).to_contain_text("Phrase non confirmée : Elle date de 1492. Non confirmé.")
    expect(answer).to_contain_text("Rédigé par un modèle de langue")
    expect(answer).to_contain_text("Note.")
    expect(answer.locator(".sources li")).to_have_count(2)
    expect(answer.locator(".sources li").first).to_contain_text("CITEGO · décembre 2019")
    expect(answer.get_by_role("link", name="Source [2]")).to_have_count(1)


def test_near_passages_and_refusals_are_no_answers(context: BrowserContext, around: Around) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    around.fake.outcome = NOT_FOUND
    visitor.ask()
    expect(visitor.answer).to_contain_text("Les sources ne répondent pas.")
    expect(visitor.answer.locator("li")).to_contain_text("La charte")
    expect(visitor.answer).not_to_contain_text("Cité mot pour mot")
    around.fake.outcome = Declined("Un.\nDeux.", "about", ("Qui a signé ?",))
    around.fake.searched = ""
    visitor.ask()
    assert visitor.answer.inner_text().endswith("Un.\nDeux.")
    around.fake.outcome, around.fake.searched = ANSWER, None
    visitor.page.get_by_role("button", name="Qui a signé ?").click()
    expect(visitor.answer).to_contain_text(QUOTE)
    assert around.fake.asked[-1] == ("Qui a signé ?", QUESTION)  # what was searched last


def test_errors_are_told_in_the_visitor_s_language(context: BrowserContext, around: Around) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    around.fake.error = ZeroDivisionError("secret")
    visitor.ask()
    expect(visitor.answer).to_have_text(re.compile("^Une erreur inattendue est survenue"))
    around.fake.error, around.fake.pieces = None, PIECES
    around.fake.late = ZeroDivisionError("secret")
    visitor.ask()
    expect(visitor.answer).to_have_text(re.compile("^Une erreur inattendue est survenue"))
    around.fake.late = None
    visitor.ask()
    expect(visitor.answer).to_contain_text(QUOTE)

    around.site.hold(around.line('data-lang="en"'), around.policy)
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open("Any question?")
    around.fake.error = ZeroDivisionError("secret")
    visitor.ask()
    expect(visitor.answer).to_have_text(re.compile("^The sources cannot be consulted for now"))


def test_a_new_conversation_forgets_all_and_an_answer_that_comes_late(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    visitor.page.route("**/ask/stream", lambda route: None)  # never answered
    visitor.box.fill("Et quand ?")
    visitor.box.press("Enter")
    expect(visitor.page.locator(".question")).to_have_count(2)
    visitor.page.get_by_role("button", name="Nouvelle conversation").click()
    expect(visitor.page.locator(".question")).to_have_count(0)
    expect(visitor.page.get_by_role("button", name="Qui peut signer ?")).to_be_visible()
    expect(visitor.box).to_be_focused()
    visitor.page.unroute("**/ask/stream")
    visitor.ask()
    expect(visitor.page.locator(".question")).to_have_count(1)
    assert around.fake.asked[-1] == (QUESTION, None)


@pytest.mark.parametrize("kept", [True, False])
def test_the_conversation_outlives_the_page_only_by_choice(
    context: BrowserContext, around: Around, kept: bool
) -> None:
    around.site.hold(around.line('data-keep="session"' if kept else ""), around.policy)
    visitor = Visitor.arriving(context, around.site.address)
    assert visitor.stored() == [0, 0, ""]
    visitor.open()
    visitor.ask()
    assert visitor.stored() == [0, int(kept), ""]
    visitor.page.goto(f"{around.site.address}/autre")
    visitor.open()
    expect(visitor.page.locator(".question")).to_have_count(int(kept))
    if kept:
        expect(visitor.answer).to_contain_text(QUOTE)
        visitor.ask("Et après ?")
        assert around.fake.asked[-1] == ("Et après ?", QUESTION)
        visitor.page.get_by_role("button", name="Nouvelle conversation").click()
        assert visitor.stored() == [0, 0, ""]


def test_what_is_kept_and_cannot_be_read_is_forgotten(
    context: BrowserContext, around: Around
) -> None:
    around.site.hold(around.line('data-keep="session"'), around.policy)
    visitor = Visitor.arriving(context, around.site.address)
    for broken in ('{"a": 1}', "[null]", "<b>"):
        visitor.page.evaluate("text => sessionStorage.setItem('chartiste', text)", broken)
        visitor.page.reload()
        visitor.open()
        expect(visitor.page.locator(".question")).to_have_count(0)
        assert visitor.stored() == [0, 0, ""]
    assert visitor.console == []


RELEASE = "20261123-202502-76ed564c"


def test_an_opinion_is_sent_once_without_the_question(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    with visitor.page.expect_request("**/api/v1/feedback") as sent:
        visitor.answer.get_by_role("button", name="Oui").click()
    assert sent.value.post_data_json == {"thumb": "up", "outcome": "answered", "release": RELEASE}
    expect(visitor.answer.get_by_text("Merci pour votre avis.")).to_be_focused()
    expect(visitor.page.locator("[aria-live]")).to_have_text("Merci pour votre avis.")
    expect(visitor.answer.get_by_role("button")).to_have_count(0)
    assert visitor.console == []


def test_a_reason_may_be_given_by_keyboard_and_outlives_the_next_answer(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    keys = visitor.page.keyboard
    visitor.open()
    visitor.ask()
    first = visitor.page.locator(".answer").first
    first.get_by_role("button", name="Non").press("Enter")
    reason = first.get_by_label("Pourquoi ?")
    expect(reason).to_be_focused()
    keys.type("Trop\n")
    visitor.ask("Et quand ?")
    expect(reason).to_have_value("Trop\n")
    reason.focus()
    keys.press("Control+End")
    keys.type("court " + "a" * 300)
    expect(first).to_contain_text("rien de cet avis n'est enregistré")
    keys.press("Tab")
    with visitor.page.expect_request("**/api/v1/feedback") as sent:
        keys.press("Enter")
    given = sent.value.post_data_json
    assert (given["thumb"], given["reason"]) == ("down", ("Trop\ncourt " + "a" * 300)[:300])
    expect(first).to_contain_text("Merci pour votre avis.")
    assert around.fake.asked == [(QUESTION, None), ("Et quand ?", QUESTION)]
    assert visitor.console == []


def test_an_opinion_that_cannot_be_sent_may_be_sent_again(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    visitor.page.route("**/api/v1/feedback", lambda route: route.abort())
    for _ in range(2):
        visitor.answer.get_by_role("button", name="Oui").click()
        expect(visitor.answer.get_by_text("n'a pas pu être envoyé")).to_have_count(1)
    visitor.page.unroute("**/api/v1/feedback")
    gone = {"access-control-allow-origin": "*"}
    visitor.page.route("**/api/v1/feedback", lambda route: route.fulfill(status=404, headers=gone))
    visitor.answer.get_by_role("button", name="Non").click()
    visitor.answer.get_by_role("button", name="Envoyer l'avis").click()
    expect(visitor.answer.get_by_role("group")).to_have_count(0)


def test_a_site_chooses_words_colour_and_place(context: BrowserContext, around: Around) -> None:
    attributes = (
        'data-title="Nos réponses" data-label="Aide" data-greeting="Bienvenue !" '
        'data-color="#ffd400" data-position="left"'
    )
    style = "chartiste-widget::part(header) { letter-spacing: 3px }"
    around.site.hold(around.line(attributes), head=f"<style>{style}</style>")
    visitor = Visitor.arriving(context, around.site.address)
    launcher = visitor.page.get_by_role("button", name="Aide")
    assert launcher.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    box = launcher.bounding_box()
    assert box is not None and box["x"] < 100
    assert violations(visitor.page) == []
    visitor.open("Aide")
    assert violations(visitor.page) == []
    expect(visitor.dialog).to_have_accessible_name("Nos réponses")
    expect(visitor.dialog).to_contain_text("Bienvenue !")
    head = visitor.dialog.get_by_role("heading").locator("..")
    assert head.evaluate("e => getComputedStyle(e).letterSpacing") == "3px"


@pytest.mark.parametrize("color", ["red", "#fff", "url(https://evil.example)", "#12345g"])
def test_a_colour_that_is_none_is_told_and_left_out(
    context: BrowserContext, around: Around, color: str
) -> None:
    around.site.hold(around.line(f'data-color="{color}"'), around.policy)
    visitor = Visitor.arriving(context, around.site.address)
    launcher = visitor.page.get_by_role("button", name=LAUNCHER)
    assert launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(29, 92, 71)"
    assert visitor.console == [
        f"Chartiste : data-color vaut « {color} », il faut la forme #1d5c47."
    ]


def test_the_site_s_own_styles_and_shortcuts_stay_outside(
    context: BrowserContext, around: Around
) -> None:
    head = (
        "<style>* { font: 40px serif; color: red } html { font-size: 5px } "
        "button, p { display: none !important }</style>"
        "<script>addEventListener('keydown', ({ key }) => (window.keys ??= []).push(key))</script>"
    )
    around.site.hold(around.line(), head=head)
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    style = visitor.box.evaluate("e => [getComputedStyle(e).fontSize, getComputedStyle(e).color]")
    assert style == ["16px", "rgb(30, 39, 35)"]
    visitor.box.press_sequentially("s/?")
    assert visitor.page.evaluate("window.keys ?? []") == []


def test_motion_is_left_out_and_borders_stand_where_colours_are_forced(
    browser: Browser, around: Around
) -> None:
    context = browser.new_context(reduced_motion="reduce", forced_colors="active")
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    assert visitor.dialog.evaluate("e => getComputedStyle(e).animationName") == "none"
    for name in ("Envoyer", "Fermer"):
        button = visitor.page.get_by_role("button", name=name)
        border = button.evaluate("e => [getComputedStyle(e).borderStyle, e.clientLeft > 0]")
        assert border == ["solid", True]
    context.close()


def test_under_a_prefix_everything_is_found(context: BrowserContext, around: Around) -> None:
    around.site.hold(around.line(address=around.prefixed))
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    visitor.ask()
    with context.expect_page() as opened:
        visitor.answer.get_by_role("link", name="[1]").click()
    expect(opened.value.locator("mark#passage")).to_have_text(QUOTE)
    assert opened.value.url.startswith(f"{around.prefixed}/sources/")
    asked = [url for url in visitor.requests if not url.startswith(around.site.address)]
    assert asked and all(url.startswith(around.prefixed) for url in asked)


def test_the_line_pasted_twice_shows_one_button(context: BrowserContext, around: Around) -> None:
    around.site.hold(around.line() * 2, around.policy)
    visitor = Visitor.arriving(context, around.site.address)
    expect(visitor.page.get_by_role("button", name=LAUNCHER)).to_have_count(1)


def test_a_link_of_the_site_opens_the_dialog_and_gets_the_focus_back(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, around.site.address)
    link = visitor.page.get_by_role("link", name="Accueil")
    link.focus()
    visitor.page.evaluate("document.querySelector('chartiste-widget').open()")
    expect(visitor.box).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(link).to_be_focused()


SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"


@pytest.mark.parametrize(
    ("width", "sandbox"), [(400, ""), (320, ""), (400, f'sandbox="{SANDBOX}"')]
)
def test_the_frame_answers_in_a_page_of_an_allowed_site(
    browser: Browser, around: Around, width: int, sandbox: str
) -> None:
    frame = f'<iframe src="{around.address}/widget/frame" title="Assistant" width="{width}" '
    around.site.hold(f'{frame} {sandbox} height="640"></iframe>', f"frame-src {around.address}")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visitor = Visitor.arriving(context, around.site.address)
    inside = visitor.page.frame_locator("iframe")
    expect(inside.get_by_role("heading", level=1)).to_have_text("Vos questions sur la charte")
    inside.get_by_label("Votre question").fill(QUESTION)
    inside.get_by_role("button", name="Envoyer").click()
    expect(inside.locator(".answer")).to_contain_text(QUOTE)
    expect(inside.get_by_role("button", name="Fermer")).to_have_count(0)
    assert visitor.console == [] and violations(visitor.page) == []

    refused = Visitor.arriving(context, around.site.other)
    refused.page.wait_for_load_state("networkidle")
    expect(refused.page.frame_locator("iframe").get_by_role("heading")).to_have_count(0)
    assert any("frame-ancestors" in line for line in refused.console)
    context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["widget/frame", "widget/essai"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_frame_and_on_the_trial_page(
    browser: Browser, around: Around, path: str, size: tuple[int, int], scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    visitor = Visitor.arriving(context, f"{around.address}/{path}")
    if path == "widget/frame":
        expect(visitor.box).to_be_visible()
        visitor.ask()
    assert violations(visitor.page) == [] and overflow(visitor.page) <= 0
    assert visitor.console == []
    context.close()


def test_the_line_of_the_trial_page_works_where_it_is_pasted(
    context: BrowserContext, around: Around
) -> None:
    visitor = Visitor.arriving(context, f"{around.address}/widget/essai")
    visitor.page.get_by_label("Titre").fill('Vos "questions"')
    visitor.page.get_by_label("Texte du bouton").fill("À l'aide")
    visitor.page.get_by_label("Place du bouton").select_option("left")
    visitor.page.get_by_role("button", name="Essayer").click()
    expect(visitor.page.get_by_role("button", name="À l'aide")).to_be_visible()
    line = visitor.page.get_by_label("La ligne à coller").input_value()
    assert around.site.address in visitor.page.locator("main").inner_text()

    around.site.hold(line, around.policy)
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open("À l'aide")
    expect(visitor.dialog).to_have_accessible_name('Vos "questions"')
    visitor.ask()
    expect(visitor.answer).to_contain_text(QUOTE)
