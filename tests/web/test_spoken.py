"""What a screen reader gets of page and widget: chromium's accessibility tree, read in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from app.answers import Answer, Declined, NotFound, Outcome, Statement
from app.server import create_app
from app.settings import Settings
from app.web import texts
from tests.web.chromium import Visitor, chromium_opened
from tests.web.conftest import (
    ANSWER,
    NOT_FOUND,
    PIECES,
    WRITTEN,
    FakeAssistant,
    serving,
)
from tests.web.host_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "De quand date la charte ?"
ASKED = ["Vous :", QUESTION, "Réponse :"]
QUOTED = texts.QUOTED.fr
CHECKED = texts.GENERATED.fr
LITERAL = "L'eau & l'air, *rien* <b>de</b> plus : 5 > 3 [1]."
DOUBTED = replace(
    WRITTEN,
    statements=(*WRITTEN.statements, Statement("Fin en 1492.", (), False, "Rien ne le dit.")),
)


@dataclass(frozen=True)
class Around:
    """The server, the assistant behind it, and a site with the widget."""

    fake: FakeAssistant
    address: str
    site: Site

    def answer(self, outcome: Outcome) -> None:
        self.fake.outcome = outcome
        self.fake.pieces = PIECES if isinstance(outcome, Answer) and outcome is not ANSWER else ()


@pytest.fixture(scope="module")
def around(configured: Settings) -> Iterator[Around]:
    with ExitStack() as stack:
        fake, site = FakeAssistant(), stack.enter_context(Site())
        allowed = replace(configured, widget_origins=(site.address,))
        address = stack.enter_context(serving(create_app(fake, allowed)))  # type: ignore[arg-type]
        site.hold(f'<script src="{address}/widget.js" defer></script>')
        yield Around(fake, address, site)


@pytest.fixture(scope="module")
def browser(around: Around) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


class Reader:
    """Reads a page as assistive technology gets it: the tree of names and roles."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("Accessibility.enable")
        self._nodes: dict[str, dict[str, Any]] = {}

    def read(self, selector: str = "") -> list[str]:
        """What is said in reading order, of all or of one element (shadow trees included).

        Texts as they are, what can be used as « role : name ».
        """
        nodes = self._cdp.send("Accessibility.getFullAXTree")["nodes"]
        self._nodes = {node["nodeId"]: node for node in nodes}
        start = self._of(selector) if selector else nodes[0]
        return list(self._said(start))

    def _of(self, selector: str) -> dict[str, Any]:
        handle = self._page.locator(selector).element_handle()
        handle.evaluate("e => { window.read = e }")
        remote = self._cdp.send("Runtime.evaluate", {"expression": "window.read"})
        of = {"objectId": remote["result"]["objectId"]}
        backend = self._cdp.send("DOM.describeNode", of)["node"]["backendNodeId"]
        return next(n for n in self._nodes.values() if n.get("backendDOMNodeId") == backend)

    def _said(self, node: dict[str, Any]) -> Iterator[str]:
        role = node.get("role", {}).get("value", "")
        name = " ".join(node.get("name", {}).get("value", "").split())
        if role in {"link", "button", "textbox"} and not node["ignored"]:
            yield f"{role} : {name}"
        elif role == "StaticText" and not node["ignored"]:
            if name:
                yield name
        else:
            for child in node.get("childIds", ()):
                if child in self._nodes:  # of the text's pieces only texts are handed over
                    yield from self._said(self._nodes[child])


_LISTEN = """element => {
  window.announced = [];
  new MutationObserver(() => element.textContent && announced.push(element.textContent))
    .observe(element, { childList: true, characterData: true, subtree: true });
}"""


class Listened:
    """A conversation on the page or in the widget, and what is announced of it meanwhile."""

    def __init__(self, context: BrowserContext, around: Around, place: str) -> None:
        self.place = place
        if place == "page":
            self.page = Visitor.arriving(context, around.address).page
        else:
            self.page = context.new_page()
            self.page.goto(around.site.address)
            self.page.get_by_role("button", name="Une question ?").click()
        self.reader = Reader(self.page)
        self.page.locator(self.region).evaluate(_LISTEN)

    @property
    def region(self) -> str:
        return "#ch-told" if self.place == "page" else "chartiste-panel [aria-live]"

    def ask(self) -> list[str]:
        """Asks; what comes back is what the turn says, without the tools below it."""
        tools = ".ch-tools" if self.place == "page" else "[aria-busy='false'] .answer"
        before = self.page.locator(tools).count()
        self.page.get_by_label("Votre question").fill(QUESTION)
        self.page.get_by_role("button", name="Envoyer").click()
        expect(self.page.locator(tools)).to_have_count(before + 1)
        turn = ".ch-turn" if self.place == "page" else "[part=turn]"
        said = self.reader.read(f"{turn} >> nth=-1")
        ends = [n for n, one in enumerate(said) if one.startswith("button : ")]
        said = said[: ends[0]] if ends else said
        return said[:-1] if said[-1] == "Cette réponse vous aide-t-elle ?" else said

    def announced(self) -> list[str]:
        return list(self.page.evaluate("announced"))


LEAD, SOURCES = "D'après « La charte » :", ["Sources de la réponse"]
ONE, TWO = "Elle date de 2019.", "On peut signer."
NOBODY = "Phrase non confirmée :"


def listed(*numbers: int) -> list[str]:
    """The widget's list of sources."""
    entry = ["link : Lire dans la source La charte (nouvel onglet)", "· CITEGO", "· décembre 2019"]
    return [*SOURCES, *(part for n in numbers for part in (f"[{n}]", *entry))]


PAGE: list[tuple[Outcome, list[str], str]] = [
    (
        ANSWER,
        ["Trouvé dans les sources", LEAD, ONE, "link : Source [1]", QUOTED],
        f"Trouvé dans les sources\n{LEAD}\n{ONE}\n{QUOTED}",
    ),
    (
        DOUBTED,
        ["Trouvé dans les sources", LEAD, ONE, "link : Source [1]", TWO, "link : Source [2]",
         NOBODY, "Fin en 1492.", "Rien ne le dit.", CHECKED],
        f"Trouvé dans les sources\n{LEAD}\n{ONE} {TWO} {NOBODY} Fin en 1492. Rien ne le dit."
        f"\n{CHECKED}",
    ),
    (
        NOT_FOUND,
        ["Pas de réponse dans les sources", "Les sources ne répondent pas.", "La charte", "agir",
         "link : Source [1]"],
        "Pas de réponse dans les sources\nLes sources ne répondent pas.\nLa charte\nagir",
    ),
    (Declined(LITERAL, "about"), [LITERAL], LITERAL),
]  # fmt: skip
WIDGET: list[tuple[Outcome, list[str], str]] = [
    (
        ANSWER,
        [LEAD, ONE, "link : Source [1] (nouvel onglet)", QUOTED, *listed(1)],
        f"{LEAD}\n« {ONE} »",
    ),
    (
        DOUBTED,
        [LEAD, ONE, "link : Source [1] (nouvel onglet)", TWO, "link : Source [2] (nouvel onglet)",
         NOBODY, "Fin en 1492.", "Rien ne le dit.", CHECKED, *listed(1, 2)],
        f"{LEAD}\n{ONE} {TWO}",
    ),
    (
        NOT_FOUND,
        ["Les sources ne répondent pas.", "La charte", "agir", "link : Source [1] (nouvel onglet)"],
        "Les sources ne répondent pas.",
    ),
    (Declined("L'eau & l'air, *rien* <b>de</b> plus.", "about"),
     ["L'eau & l'air, *rien* <b>de</b> plus."], "L'eau & l'air, *rien* <b>de</b> plus."),
]  # fmt: skip


@pytest.mark.parametrize(("place", "expected"), [("page", PAGE), ("widget", WIDGET)])
def test_each_message_is_read_as_its_text_and_announced_once(
    context: BrowserContext, around: Around, place: str, expected: list[tuple[Outcome, Any, str]]
) -> None:
    listened = Listened(context, around, place)
    for outcome, read, _ in expected:
        around.answer(outcome)
        assert listened.ask() == [*ASKED, *read]
    assert listened.announced() == [announced for _, _, announced in expected]


@pytest.mark.parametrize("place", ["page", "widget"])
def test_what_was_announced_is_not_met_a_second_time(
    context: BrowserContext, around: Around, place: str
) -> None:
    context.clock.install()
    around.answer(ANSWER)
    listened = Listened(context, around, place)
    listened.ask()
    assert listened.page.locator(listened.region).text_content()
    context.clock.fast_forward(15_000)
    expect(listened.page.locator(listened.region)).to_be_empty()
    words = [one for one in listened.reader.read() if ONE in one]
    # On the page also in its passage, beside the answer.
    assert words == ([ONE, ONE] if place == "page" else [ONE])


@pytest.mark.parametrize("place", ["page", "widget"])
def test_everything_that_can_be_used_has_a_name(
    context: BrowserContext, around: Around, place: str
) -> None:
    listened = Listened(context, around, place)
    for outcome in (ANSWER, NOT_FOUND):
        around.answer(outcome)
        listened.ask()
    said = listened.reader.read()
    used = [one for one in said if one.startswith(("link : ", "button : ", "textbox : "))]
    assert len(used) > 10 and not [one for one in used if one.endswith(" : ")]
    assert "textbox : Votre question" in used and "button : Envoyer" in used


def test_a_source_s_card_names_its_links_by_the_source(
    context: BrowserContext, around: Around
) -> None:
    listened = Listened(context, around, "page")
    around.answer(ANSWER)
    listened.ask()
    assert listened.reader.read("#s1-1") == [
        "1", "La charte", "CITEGO · décembre 2019 · Charte", "Objectifs",
        ONE, "Elle a été signée par des villes.",
        "link : Lire dans la source : La charte (nouvel onglet)",
        "link : Ouvrir l'original : La charte (nouvel onglet)",
    ]  # fmt: skip


def test_after_a_button_is_gone_reading_goes_on_from_the_question(
    context: BrowserContext, around: Around
) -> None:
    listened = Listened(context, around, "page")
    around.answer(NotFound("Les sources ne répondent pas.", (), 0.1))
    listened.page.get_by_role("button", name="Qui peut signer ?").click()
    expect(listened.page.locator("#q1 .ch-question")).to_be_focused()
    around.answer(ANSWER)
    listened.ask()
    assert listened.page.locator("#q2 .ch-question").evaluate("e => e !== document.activeElement")
