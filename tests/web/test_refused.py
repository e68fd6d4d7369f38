"""A visitor of the page who asks too much is told so in French, and can ask again."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from app.server import create_app
from app.settings import Settings
from app.web import texts
from tests.web.chromium import Visitor, chromium_opened
from tests.web.conftest import FakeAssistant, serving


@pytest.mark.browser
def test_the_page_tells_how_long_to_wait(configured: Settings) -> None:
    limited = replace(configured, rate_per_minute=100, rate_total_per_minute=1)
    with (
        serving(create_app(FakeAssistant(), limited)) as address,  # type: ignore[arg-type]
        chromium_opened() as browser,
    ):
        page = Visitor.arriving(browser.new_context(), address).page
        box = page.get_by_label("Votre question")
        box.fill("Quand ?")
        box.press("Enter")
        before, after = texts.REFUSED_NOW.fr.split("{seconds}")
        toast = page.get_by_test_id("toast-body")
        said = re.compile(rf"{re.escape(before)}[1-9]\d?{re.escape(after)}")
        expect(toast).to_contain_text(said)
        expect(toast).to_contain_text(texts.CROWDED_TITLE.fr)
        expect(box).to_be_editable()
