"""The page's first HTML is in its language; nothing else of what Gradio wrote changes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web import texts
from app.web.translation import Translation

OWN = {"title": "Titre", "components": [{"props": {"value": "Oui", "lines": 1}}, {"props": {}}]}
OTHER = {
    "title": "Title",
    "components": [{"props": {"value": "<Yes> & '", "lines": 2}}, {"props": {}}],
}
PAGE = (
    '<p>Oui</p><script nonce="a">window.gradio_config = {config};</script><p>{"title": "Oui"}</p>'
)


def config(html: str) -> dict[str, Any]:
    """What Gradio's script reads in a page."""
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", html, re.DOTALL)
    assert found, html[:500]
    read: dict[str, Any] = json.loads(found[1])
    return read


def test_texts_are_replaced_in_the_configuration_alone() -> None:
    page = PAGE.replace("{config}", json.dumps({**OWN, "root": "https://a.fr"}))
    shown = Translation(OWN, OTHER)(page)
    assert config(shown) == {
        "title": "Title", "root": "https://a.fr",
        "components": [{"props": {"value": "<Yes> & '", "lines": 1}}, {"props": {}}],
    }  # fmt: skip
    assert shown.startswith("<p>Oui</p>") and shown.endswith('<p>{"title": "Oui"}</p>')


def test_no_text_ends_the_script_that_it_stands_in() -> None:
    text = "</script><script>alert(1)</script><!--"
    other = {"title": text, "components": OTHER["components"]}
    shown = Translation(OWN, other)(PAGE.replace("{config}", json.dumps(OWN)))
    assert config(shown)["title"] == text and shown.count("</script>") == 1


def test_pages_of_other_parts_are_no_translation() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Translation(OWN, {"title": "", "components": []})


def test_a_page_without_a_configuration_stays_as_it_is() -> None:
    assert Translation(OWN, OTHER)("<p>Oui</p>") == "<p>Oui</p>"


def test_the_first_html_is_in_the_language_that_is_asked_for(client: TestClient) -> None:
    french, english = config(client.get("/").text), config(client.get("/?lang=en").text)
    said = {
        language: json.dumps(read, ensure_ascii=False)
        for language, read in (("fr", french), ("en", english))
    }
    for text in (
        texts.TITLE, texts.TAGLINE, texts.WELCOME, texts.EXAMPLES, texts.QUESTION_LABEL,
        texts.QUESTION_PLACEHOLDER, texts.SEND, texts.RESTART, texts.PANEL_EMPTY, texts.FOOTER_FAQ,
    ):  # fmt: skip
        assert text.fr in said["fr"] and text.fr not in said["en"], text.fr
        assert text.en in said["en"] and text.en not in said["fr"], text.en
    for read in (french, english):
        for part in read["components"]:
            part["props"] = sorted(part["props"])
        del read["title"]
    assert french == english
