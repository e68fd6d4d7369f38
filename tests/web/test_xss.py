"""A thousand hostile strings, everywhere a text can come from, are shown as text in chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.answers import Answer, Citation, Declined, NotFound, Outcome, Piece, Reply, Statement
from app.server import create_app
from app.settings import Settings
from ingest.documents import Block, Document, Original, Passage, Source
from tests.web.chromium import Visitor, chromium_opened
from tests.web.conftest import FakeAssistant, serving
from tests.web.hostile import hostile

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STRINGS = hostile()
TEXT = "\n\n".join(STRINGS)
SHOWN = (
    "A ARTICLE BLOCKQUOTE BUTTON DD DETAILS DIV DL DT FOOTER FORM H1 H2 H3 HEADER LABEL LI MAIN "
    "MARK NAV P S SECTION SPAN SUMMARY TEXTAREA UL"
).split()


def blocks() -> tuple[Block, ...]:
    """One block a string; every seventh is a heading."""
    found, start = [], 0
    for number, string in enumerate(STRINGS):
        kind, level = ("heading", 2) if number % 7 == 3 else ("paragraph", 0)
        found.append(Block(kind, start, start + len(string), level))  # type: ignore[arg-type]
        start += len(string) + 2
    return tuple(found)


def sources() -> list[Source]:
    return [
        Source(
            title=string,
            publisher=STRINGS[-number],
            author=string,
            date="2020",
            url=string,
            originals=(Original(string, string, string),) if number % 2 else (),
            copies=(string,),
            language=string if number % 5 == 0 else "fr",
            name=f"{number}.md",
        )
        for number, string in enumerate(STRINGS)
    ]


SOURCES = sources()
DOCUMENT = Document(replace(SOURCES[1], language="fr"), TEXT, blocks())


def cited(number: int) -> Citation:
    """A citation whose every text is hostile."""
    string = STRINGS[number]
    start = blocks()[number].start if number < 3 else 0
    heading = (string, STRINGS[-number])
    passage = "p1" if number < 3 else f"p{number}"  # the whole passage is shown around the first
    return Citation(
        number + 1, passage, string, start, start + len(string), heading, SOURCES[number]
    )


CITED = tuple(cited(number) for number in range(len(STRINGS)))
SAID = tuple(
    Statement(string, (number + 1,), number % 3 > 0, string if number % 3 == 0 else "")
    for number, string in enumerate(STRINGS)
)
WRITTEN = Answer(TEXT, SAID, CITED, 0.9, "generated", tuple(STRINGS[:5]), STRINGS[7])
OUTCOMES: dict[str, Outcome] = {
    "rédigée": WRITTEN,
    "citée": replace(WRITTEN, mode="quoted"),
    "proche": NotFound(TEXT, CITED, 0.2, tuple(STRINGS[5:10])),
    "déclinée": Declined(TEXT, "about", tuple(STRINGS[10:15])),
}


@dataclass
class Hostile(FakeAssistant):
    """Everything that it gives is hostile; a question that names an outcome gets that one."""

    given: list[str] = field(default_factory=list)

    def stream(
        self,
        question: str,
        id: str | None = None,
        previous: str | None = None,
        left: threading.Event | None = None,
    ) -> Iterator[Piece | Reply]:
        self.given.append(question)
        outcome = OUTCOMES.get(question, Declined("Reçu.", "about"))
        yield Reply(question, outcome, "20261123-202502-76ed564c", 1.0, id, question)

    def document(self, source_id: str) -> Document | None:
        return DOCUMENT

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        return {"p1": Passage("p1", DOCUMENT.id, STRINGS[2], (), 0, len(TEXT), TEXT, ())}

    def sources(self) -> list[Source]:
        return SOURCES

    def examples(self) -> tuple[str, ...]:
        return tuple(STRINGS[20:25])


@pytest.fixture(scope="module")
def hostile_address(configured: Settings) -> Iterator[str]:
    settings = replace(configured, agency=STRINGS[0], contact=STRINGS[1])
    with serving(create_app(Hostile(), settings)) as address:  # type: ignore[arg-type]
        yield address


@pytest.fixture(scope="module")
def browser(hostile_address: str) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


@pytest.fixture
def visitor(context: BrowserContext, hostile_address: str) -> Visitor:
    return Visitor.arriving(context, hostile_address)


_FOREIGN = """([within, known]) => [...document.querySelectorAll(within)].flatMap(element => [
  ...(known.includes(element.tagName.toUpperCase()) ? [] : [element.outerHTML.slice(0, 200)]),
  ...[...element.attributes]
    .filter(({ name, value }) => name.startsWith("on") || name === "srcdoc" ||
      (["href", "src", "action"].includes(name) &&
        !/^(https?:|#|\\?|\\.{0,2}\\/|sources|faq|a-propos|accessib|confid|assets\\/)/.test(value)))
    .map(({ name, value }) => `${element.tagName} ${name}=${value}`),
])"""


def foreign(page: Page, within: str) -> list[str]:
    """Elements and attributes that none of our pages has."""
    return list(page.evaluate(_FOREIGN, [within, SHOWN]))


def check(visitor: Visitor, address: str, within: str) -> None:
    assert foreign(visitor.page, within) == []
    assert [url for url in visitor.requests if not url.startswith((address, "data:"))] == []
    # What Gradio says of the streams that a page leaves open is no script of theirs.
    left = ("AbortError", "Unexpected error Connection errored out")
    assert [said for said in visitor.console if not said.startswith(left)] == []


def visible(text: str) -> str:
    """A string as a page shows it: controls left out, white space folded."""
    return " ".join("".join(c for c in text if c >= " " or c in "\n\t").split())


def slices(size: int) -> Iterator[list[str]]:
    for start in range(0, len(STRINGS), size):
        yield STRINGS[start : start + size]


def missing(page: Page, selector: str, strings: Iterable[str]) -> list[str]:
    """The strings whose text is not in the elements."""
    shown = " ".join(visible(text) for text in page.locator(selector).all_text_contents())
    bare = shown.replace(" ", "")
    return [s for s in strings if visible(s).replace(" ", "") not in bare]


def test_there_are_a_thousand_of_them() -> None:
    assert len(STRINGS) >= 1_000 and len(set(STRINGS)) == len(STRINGS)


def test_a_foreign_element_would_be_seen(context: BrowserContext) -> None:
    page = context.new_page()
    page.set_content("<p onclick='x'>a</p><img src=x><a href='javascript:x'>b</a>")
    assert len(foreign(page, "body *")) == 4


@pytest.mark.parametrize("kind", OUTCOMES)
def test_in_what_an_answer_says_and_cites(
    visitor: Visitor, hostile_address: str, kind: str
) -> None:
    page = visitor.page
    page.get_by_label("Votre question").fill(kind)
    page.get_by_label("Votre question").press("Enter")
    expect(page.locator("#q1 .ch-tools")).to_be_visible(timeout=60_000)
    check(visitor, hostile_address, "#ch-talk section *, #ch-panel section *")
    assert missing(page, "#q1 .ch-answer", STRINGS if kind != "proche" else STRINGS[:50]) == []
    if kind != "déclinée":
        expect(page.locator(".ch-card")).to_have_count(len(STRINGS))
        assert missing(page, ".ch-card h3", STRINGS) == []
    page.get_by_role("button", name="Copier la réponse").click()
    check(visitor, hostile_address, "#ch-talk section *, #ch-panel section *")


def test_in_questions_by_hand_and_by_address(visitor: Visitor, hostile_address: str) -> None:
    page = visitor.page
    for number, together in enumerate(slices(40), 1):
        question = "\n".join(together)[:2_000]
        if number % 8 == 0:
            page.goto(f"{hostile_address}/?q={quote(question)}&lang={quote(together[0])}")
        else:
            page.get_by_label("Votre question").fill(question)
            page.get_by_role("button", name="Envoyer").click()
        last = page.locator(".ch-turn:last-of-type")
        expect(last.locator(".ch-asked")).to_contain_text(visible(together[0])[:20])
        expect(last.locator(".ch-tools")).to_be_visible()
        check(visitor, hostile_address, "#ch-talk section *")


def test_in_the_pages_of_the_sources(visitor: Visitor, hostile_address: str) -> None:
    page = visitor.page
    page.goto(f"{hostile_address}/sources")
    assert missing(page, ".ch-list", STRINGS) == []
    check(visitor, hostile_address, "body *")
    page.goto(f"{hostile_address}/sources/x?start=5&end={len(TEXT) - 5}")
    assert missing(page, ".ch-text", STRINGS) == []
    check(visitor, hostile_address, "body *")


def test_in_the_addresses_of_pages(visitor: Visitor, hostile_address: str) -> None:
    page = visitor.page
    for string in STRINGS[:: len(STRINGS) // 20]:
        text = quote(string, safe="")
        query = f"passage={text}&start={text}&end={text}&lang={text}"
        for path in (f"sources/x?{query}", f"a-propos?lang={text}", f"sources/x?{query}&lang=en"):
            page.goto(f"{hostile_address}/{path}#{text}")
            assert foreign(page, "body *") == []
    check(visitor, hostile_address, "body *")
