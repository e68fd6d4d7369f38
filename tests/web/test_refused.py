"""A visitor of the page who asks too much is told so in French, and can ask again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from app.server import create_app
from app.settings import Settings
from app.web import texts
from tests.web.chromium import Visitor, chromium_opened
from tests.web.conftest import FakeAssistant, serving


@pytest.mark.browser
def test_the_page_tells_that_it_is_in_great_demand(configured: Settings) -> None:
    limited = replace(configured, rate_per_minute=100, rate_total_per_minute=1)
    with (
        serving(create_app(FakeAssistant(), limited)) as address,  # type: ignore[arg-type]
        chromium_opened() as browser,
    ):
        page = Visitor.arriving(browser.new_context(), address).page
        box = page.get_by_label("Votre question")
        box.fill("Quand ?")
        box.press("Enter")
        expect(page.get_by_text(texts.LOST.fr).first).to_be_visible(timeout=10_000)
        expect(box).to_be_editable()
