"""The hostile strings, wherever the widget takes a text from, are shown as text in chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from html import escape
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.server import create_app
from app.settings import Settings
from app.web.widget import Look
from tests.web.chromium import chromium_opened
from tests.web.conftest import serving
from tests.web.host_site import Site
from tests.web.test_widget_browser import QUESTION, Visitor
from tests.web.test_xss import OUTCOMES, STRINGS, Hostile, missing, visible

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ATTRIBUTES = [field.name for field in fields(Look)]
LONGEST = 2_000  # characters of a question
COLOUR = "Chartiste : data-color vaut"  # what the webmaster is told of one that is none
# The host's own page, and what the widget is made of.
KNOWN = (
    "A ASIDE BLOCKQUOTE BODY BUTTON CHARTISTE-PANEL CHARTISTE-WIDGET DIALOG DIV FORM H1 H2 HEAD "
    "HTML LABEL LI LINK MAIN META P S SCRIPT SPAN TEXTAREA TITLE UL"
).split()
_FOREIGN = """([known, ours]) => {
  const roots = [document, ...[...document.querySelectorAll("*")].map(e => e.shadowRoot)];
  return roots.filter(Boolean).flatMap(root => [...root.querySelectorAll("*")]).flatMap(e => [
    ...(known.includes(e.tagName.toUpperCase()) ? [] : [e.outerHTML.slice(0, 200)]),
    ...[...e.attributes].filter(({ name, value }) =>
      /^(on|style|srcdoc)/.test(name) || (["href", "src", "action"].includes(name) &&
        !value.startsWith(ours) && !["/", "data:,", "../widget.js"].includes(value)))
      .map(({ name, value }) => `${e.tagName} ${name}=${value}`)]);
}"""

_ANSWERING = """text => {
  window.fetch = async () => new Response(`event: done\\ndata: ${text}\\n\\n`);
}"""


@dataclass(frozen=True)
class Around:
    """The hostile server, and the site that holds its widget."""

    address: str
    site: Site

    def hold(self, look: Mapping[str, str] | None = None, *, strict: bool = True) -> None:
        """The widget on the site: a strict policy tells of what is no text, without one it runs."""
        policy = f"default-src 'none'; script-src {self.address}; connect-src {self.address}"
        chosen = " ".join(f'data-{name}="{escape(text)}"' for name, text in (look or {}).items())
        line = f'<script src="{self.address}/widget.js" {chosen} defer></script>'
        self.site.hold(line, policy if strict else "")


@pytest.fixture(scope="module")
def around(configured: Settings) -> Iterator[Around]:
    with ExitStack() as stack:
        site = stack.enter_context(Site())
        settings = replace(configured, widget_origins=(site.address,))
        app = create_app(Hostile(), settings)  # type: ignore[arg-type]
        yield Around(stack.enter_context(serving(app)), site)


@pytest.fixture(scope="module")
def browser(around: Around) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


@pytest.fixture
def visitor(context: BrowserContext, around: Around) -> Visitor:
    around.hold()
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    return visitor


def foreign(page: Page, address: str) -> list[str]:
    """Elements and attributes that neither the host's page nor the widget has."""
    return list(page.evaluate(_FOREIGN, [KNOWN, f"{address}/"]))


def check(visitor: Visitor, around: Around) -> None:
    """Nothing foreign, no dialog, no word of the policy, no request to anybody else."""
    assert foreign(visitor.page, around.address) == []
    ours = (f"{around.address}/", f"{around.site.address}/", "data:")
    assert [url for url in visitor.requests if not url.startswith(ours)] == []
    assert [said for said in visitor.console if not said.startswith(COLOUR)] == []


def questions() -> Iterator[str]:
    """All strings, as many to a question as it holds."""
    together = ""
    for string in STRINGS:
        if len(together) + len(string) + 1 > LONGEST:
            yield together
            together = ""
        together += f"{string}\n"
    yield together


def looks(step: int) -> Iterator[dict[str, str]]:
    """One string in ``step``, each as one of the attributes."""
    size = len(ATTRIBUTES)
    for number, start in enumerate(range(0, len(STRINGS), size * step)):
        turned = ATTRIBUTES[number % size :] + ATTRIBUTES[: number % size]
        yield dict(zip(turned, STRINGS[start : start + size], strict=False))


def test_what_is_foreign_would_be_seen(visitor: Visitor, around: Around) -> None:
    visitor.page.locator("#notice").evaluate(
        "e => { e.innerHTML = '<img src=x onerror=alert(1)><a href=javascript:alert(1)>a</a>' }"
    )
    assert len(foreign(visitor.page, around.address)) == 4
    with pytest.raises(AssertionError):
        check(visitor, around)
    visitor.page.wait_for_timeout(100)
    assert any("Content Security Policy" in said for said in visitor.console)


@pytest.mark.parametrize("kind", OUTCOMES)
def test_in_what_an_answer_says_and_cites(visitor: Visitor, around: Around, kind: str) -> None:
    visitor.ask(kind, patience=60_000)
    check(visitor, around)
    links = visitor.answer.locator("a")
    assert missing(visitor.page, ".answer", STRINGS) == []
    assert links.count() >= (0 if kind == "déclinée" else len(STRINGS))
    assert visitor.page.locator(".choices button").count() == 5
    told = visible(visitor.page.locator("[aria-live]").text_content() or "")
    assert visible(STRINGS[0]) in told and visible(STRINGS[1_000]) in told


def test_in_questions(visitor: Visitor, around: Around) -> None:
    asked = list(questions())
    for question in asked:
        visitor.ask(question)
    expect(visitor.page.locator(".question")).to_have_count(len(asked))
    assert missing(visitor.page, ".question", STRINGS) == []
    check(visitor, around)


def leaf(value: Any, string: str) -> Any:
    """The same value with a hostile string in place of each text and number."""
    match value:
        case dict():
            return {key: leaf(one, string) for key, one in value.items()}
        case list():
            return [leaf(one, string) for one in value]
        case bool():
            return value
        case _:
            return string


def test_in_every_field_of_a_server_gone_bad(context: BrowserContext, around: Around) -> None:
    around.hold(strict=False)
    visitor = Visitor.arriving(context, around.site.address)
    visitor.open()
    source = dict.fromkeys(("id", "title", "publisher", "date", "language"), "")
    citation = {"number": 1, "passage": "", "quote": "", "start": 0, "end": 1, "source": source}
    said = {"text": "", "citations": [1], "supported": False, "reason": ""}
    reply = {
        "text": "", "note": "", "asked": "", "release": "", "question": "", "suggestions": [""],
        "statements": [said, {**said, "supported": True}], "citations": [citation],
    }  # fmt: skip
    kinds = [("answered", "quoted"), ("not_found", "quoted"), ("answered", "generated")]
    for string, (outcome, mode) in zip(STRINGS[::16], cycle(kinds), strict=False):
        bad = json.dumps({**leaf(reply, string), "outcome": outcome, "mode": mode})
        visitor.page.evaluate(_ANSWERING, bad)
        visitor.ask(QUESTION)
    expect(visitor.page.locator(".answer .error")).to_have_count(0)
    check(visitor, around)


def test_in_the_attributes_of_the_line(context: BrowserContext, around: Around) -> None:
    around.hold()
    visitor = Visitor.arriving(context, around.site.address)
    everything = dict.fromkeys(("title", "label", "greeting"), "\n".join(STRINGS))
    for number, look in enumerate([everything, *looks(step=5)]):
        around.hold(look, strict=number % 2 == 0)
        visitor.page.goto(around.site.address)
        launcher = visitor.page.locator(".launcher")
        assert missing(visitor.page, ".launcher", look.get("label", "").split("\n")) == []
        launcher.focus()
        launcher.press("Enter")
        expect(visitor.box).to_be_focused()
        shown = [look[name] for name in ("title", "greeting") if name in look]
        assert missing(visitor.page, "chartiste-panel", shown) == []
        check(visitor, around)


@pytest.mark.parametrize("path", ["widget/frame", "widget/essai"])
def test_in_the_address_of_the_frame_and_of_the_trial(
    context: BrowserContext, around: Around, path: str
) -> None:
    visitor = Visitor.arriving(context, f"{around.address}/{path}")
    for look in looks(step=10):
        visitor.page.goto(f"{around.address}/{path}?{urlencode(look)}")
        if path == "widget/frame":
            expect(visitor.box).to_be_visible()
        own = "BODY FOOTER HEADER HTML INPUT NAV OPTION SELECT STYLE".split()
        found = visitor.page.evaluate(_FOREIGN, [KNOWN + own, f"{around.address}/"])
        assert [one for one in found if not one.startswith(("A href", "LINK href"))] == []
    assert [said for said in visitor.console if not said.startswith(COLOUR)] == []
