"""Where the visitor's system chooses the colours, or stops motion, all is still told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.web.chromium import Visitor, chromium_opened
from tests.web.test_browser import QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


@pytest.fixture(params=["light", "dark"])
def forced(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A visitor whose system forces its colours, black on white or white on black."""
    opened = browser.new_context(forced_colors="active", color_scheme=request.param)
    yield opened
    opened.close()


def answered(context: BrowserContext, address: str) -> Page:
    visitor = Visitor.arriving(context, address)
    visitor.ask(QUESTION)
    expect(visitor.page.locator(".ch-tools")).to_have_count(1)
    return visitor.page


def style(element: Locator, name: str) -> str:
    return str(element.evaluate("(e, name) => getComputedStyle(e)[name]", name))


def luminance(color: str) -> float:
    """WCAG 2.2, « relative luminance », of ``rgb(…)``."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)


def marked(mark: Locator) -> None:
    """The quoted words stand out of their passage, and can be read."""
    background = style(mark, "backgroundColor")
    assert contrast(background, style(mark, "color")) >= 4.5
    around = mark.locator("xpath=..")
    assert background != style(around, "backgroundColor") != "rgb(0, 0, 0, 0)"
    assert style(mark, "textDecorationLine") == "underline"


def test_the_quoted_words_are_told_apart_on_the_page_and_in_the_source(
    forced: BrowserContext, address: str
) -> None:
    page = answered(forced, address)
    marked(page.locator("#s1-1 mark"))
    with forced.expect_page() as opened:
        page.locator("#s1-1 .ch-read").click()
    marked(opened.value.locator("mark#passage").first)


def border(element: Locator) -> float:
    """How wide its border is, where one is drawn."""
    drawn = style(element, "borderTopStyle") == style(element, "borderLeftStyle") == "solid"
    return float(style(element, "borderTopWidth").removesuffix("px")) if drawn else 0.0


def test_every_button_has_a_border(forced: BrowserContext, address: str) -> None:
    page = answered(forced, address)
    page.locator("#q1").get_by_role("button", name="Non").click()
    paper = style(page.locator("body"), "backgroundColor")
    buttons = page.get_by_role("button").all()
    assert len(buttons) >= 6
    for button in buttons:
        assert border(button) >= 1, button.inner_text()
        assert contrast(style(button, "borderTopColor"), paper) >= 3, button.inner_text()
    boxes = page.get_by_role("textbox").all()
    assert len(boxes) == 2
    for bordered in (*boxes, page.locator(".ch-question"), page.locator(".ch-card")):
        assert border(bordered) >= 1


def test_the_focus_shows_on_all_that_is_reached(forced: BrowserContext, address: str) -> None:
    page = answered(forced, address)
    paper = style(page.locator("body"), "backgroundColor")
    seen = 0
    page.locator("#ch-header a").focus()
    for _ in range(25):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        if focused.count() == 0 or focused.evaluate("e => e === document.body"):
            break
        outline = [style(focused, f"outline{part}") for part in ("Style", "Width", "Color")]
        assert outline[0] == "solid" and float(outline[1].removesuffix("px")) >= 2, outline
        assert contrast(outline[2], paper) >= 3
        seen += 1
    assert seen >= 12


def test_nothing_moves_for_who_asked_for_no_motion(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = Visitor.arriving(context, address).page
    page.evaluate(
        "() => { window.scrolls = []; Element.prototype.scrollIntoView ="
        " function ({ behavior }) { scrolls.push(behavior) } }"
    )
    page.get_by_label("Votre question").fill(QUESTION)
    page.get_by_label("Votre question").press("Enter")
    expect(page.locator(".ch-tools")).to_have_count(1)
    page.locator("#q1").get_by_role("link", name="[1]").click()
    assert page.evaluate("scrolls") == ["auto", "auto"]
    moving = page.evaluate(
        "document.getAnimations().filter(a => a.effect.getComputedTiming().duration > 0).length"
    )
    assert moving == 0
    buttons = page.get_by_role("button").all()
    assert {style(button, "transitionProperty") for button in buttons} == {"none"}
    context.close()
