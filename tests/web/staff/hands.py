"""Somebody at work without a mouse, in a real chromium; what is seen is checked and kept."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from tests.web.chromium import overflow

# Where pictures of each page go, where somebody wants to look at them.
PICTURES = os.environ.get("CHARTISTE_TEST_SCREENSHOTS", "")
_FURTHEST = 400  # presses of the Tab key
WIDTHS = (1280, 360)


class Hands:
    """Two hands on a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._seen = 0

    def reach(self, wanted: Locator) -> None:
        """Press Tab until it has the focus."""
        wanted = wanted.first
        for _ in range(_FURTHEST):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no key leads to {wanted}")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        """Reach it and press a key that opens another page."""
        self.reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def toggle(self, wanted: Locator, key: str = "Space") -> None:
        """Reach it and press a key that opens no other page."""
        self.reach(wanted)
        self.page.keyboard.press(key)

    def write(self, label: str, text: str) -> None:
        """Write in a field in place of what is there."""
        self.reach(self.page.get_by_label(label, exact=True))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list what begins so, by the arrows."""
        box = self.page.get_by_label(label, exact=True)
        self.reach(box)
        self.page.keyboard.press("Home")
        for _ in range(box.locator("option").count()):
            chosen = str(box.evaluate("list => list.selectedOptions[0].label"))
            if chosen.startswith(option):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no « {option} » in the list: {chosen}")

    def button(self, name: str) -> Locator:
        """A button whose label begins so, in the page itself."""
        return self.page.locator("main button").filter(has_text=name)

    def see(self, name: str) -> None:
        """Look at the page, wide and narrow: axe finds nothing, nothing overflows."""
        self._seen += 1
        for width in reversed(WIDTHS):  # the widest last: work goes on in it
            self.page.set_viewport_size({"width": width, "height": 900})
            results = Axe().run(self.page)
            assert results.violations_count == 0, f"{name}: {results.generate_report()}"
            assert overflow(self.page) <= 0, f"{name} at {width}"
            if PICTURES:
                file = Path(PICTURES) / f"{self._seen:02}-{name}-{width}.png"
                self.page.screenshot(path=file, full_page=True)
