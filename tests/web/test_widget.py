"""The widget as it is served: scripts, their weight, the frame, and the page to try it."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import fields, replace
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.server import create_app
from app.settings import Settings
from app.web import texts
from app.web.markup import asset
from app.web.widget import (
    Look,
    frame_line,
    frame_page,
    loader_script,
    panel_script,
    script_line,
    trial_page,
    version,
)
from tests.web.conftest import FakeAssistant

DOC = (Path(__file__).parents[2] / "docs" / "widget.md").read_text(encoding="utf-8")
SCRIPTS = asset("widget.js") + asset("widget-panel.js")
BASE = "https://assistant.fr/"
ORIGINS = ("https://www.ville.fr", "https://agglo.fr", "https://ancien.ville.fr")
HOSTILE = '"><script>alert(1)</script>'


def settings_of(script: str) -> dict[str, object]:
    """What the server has filled in at the end of a script."""
    found = re.search(r"\}\)\((\{.*\})\);\n\Z", script)
    assert found, script[-200:]
    filled: dict[str, object] = json.loads(found[1])
    return filled


def zipped(script: str) -> int:
    return len(gzip.compress(script.encode(), 9))


def test_the_button_weighs_3_kb_at_most_and_all_of_it_12() -> None:
    examples = tuple("Pourquoi l'ALEC07 a-t-elle rejoint la Fabrique ?" for _ in range(3))
    panel = panel_script(examples, True)
    loader = loader_script(ORIGINS, version(panel))
    assert zipped(loader) <= 3_072
    assert zipped(loader) + zipped(panel) <= 12_288


@pytest.mark.parametrize("name", ["widget.js", "widget-panel.js"])
def test_no_text_can_become_markup_and_nothing_is_kept_but_by_choice(name: str) -> None:
    script = asset(name)
    forbidden = (
        "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|srcdoc|DOMParser|eval\\(|"
        "new Function|createContextualFragment|localStorage|indexedDB|cookie|import\\("
    )
    assert re.findall(forbidden, script) == []
    assert re.findall(r"https?://(?!…)", script) == []
    assert script.count("SETTINGS") == 1 and script.endswith("})(SETTINGS);\n")


def test_the_button_s_script_names_the_allowed_origins_and_the_dialog_s_version(
    configured: Settings,
) -> None:
    app = create_app(FakeAssistant(), replace(configured, widget_origins=ORIGINS))  # type: ignore[arg-type]
    client = TestClient(app)
    response = client.get("/widget.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cache-control"] == "public, max-age=300"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    told = settings_of(response.text)
    assert told["origins"] == list(ORIGINS)

    panel = client.get(f"/{told['panel']}")
    assert panel.status_code == 200 and "immutable" in panel.headers["cache-control"]
    assert panel.headers["cross-origin-resource-policy"] == "cross-origin"
    assert settings_of(panel.text)["examples"] == ["Qui peut signer ?", "Quand ?"]
    for old in ("/widget/panel.js", "/widget/panel.js?v=0"):
        assert client.get(old).headers["cache-control"] == "no-cache"
    assert client.head("/widget.js").status_code == client.head("/widget/frame").status_code == 200
    assert client.post("/widget.js").status_code == 405


def test_without_a_setting_no_other_site_is_allowed(client: TestClient) -> None:
    assert settings_of(client.get("/widget.js").text)["origins"] == []


def test_every_text_of_the_scripts_is_there_in_both_languages() -> None:
    for name, script in (
        ("widget.js", loader_script((), "1")),
        ("widget-panel.js", panel_script((), True)),
    ):
        told = settings_of(script)["texts"]
        assert isinstance(told, dict) and set(told) == {"fr", "en"}
        used = set(re.findall(r"\btexts\.(\w+)", asset(name))) - {"map", "fr", "en", "length"}
        assert used and used <= set(told["fr"]) == set(told["en"]), used - set(told["fr"])
        assert all(text for texts in told.values() for text in texts.values())


def test_opinions_are_taken_only_where_there_is_a_door_for_them() -> None:
    asked = []
    for doors in ([], ["/api/v1/feedback"]):
        app = FastAPI()
        for door in doors:
            app.add_api_route(door, lambda: None, methods=["POST"])
        asked.append(_rated(app))
    assert asked == [False, True]


def _rated(app: FastAPI) -> object:
    from app.settings import settings
    from app.web.widget import add_widget

    add_widget(app, FakeAssistant(), settings({}))  # type: ignore[arg-type]
    return settings_of(TestClient(app).get("/widget/panel.js").text)["feedback"]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"lang": "en", "position": "left", "color": "#0A0b0C", "keep": "session"}, True),
        ({"lang": "de", "position": "top", "color": "red", "keep": "local"}, False),
        ({"color": "#fff", "lang": "EN", "position": "left;", "keep": "1"}, False),
        ({"color": "#1d5c47", "lang": "fr", "position": "right"}, False),  # the default
        ({"color": "#123456\n", "unknown": "x"}, True),
    ],
)
def test_a_choice_that_means_nothing_is_left_out(query: dict[str, str], kept: bool) -> None:
    chosen = {name: text.strip() for name, text in query.items() if name != "unknown"}
    assert Look.read(query) == (Look(**chosen) if kept else Look())


def test_texts_of_an_address_are_short_and_escaped() -> None:
    look = Look.read({"title": HOSTILE, "greeting": "é" * 400, "label": " "})
    assert len(look.greeting) == 300 and look.label == ""
    for html in (look.attributes(), frame_page(look), trial_page(look, BASE, ORIGINS)):
        assert "<script>alert" not in html
        assert "&quot;&gt;&lt;script&gt;alert(1)" in html


def test_the_frame_holds_the_dialog_alone(client: TestClient) -> None:
    page = client.get("/widget/frame?lang=en&title=Ask%20us").text
    assert '<html lang="en">' in page and "<title>Ask us</title>" in page
    assert '<script src="../widget.js" data-frame data-title="Ask us" data-lang="en" defer>' in page
    assert "<style" not in page and "<h1" not in page


def test_only_the_allowed_sites_frame_the_dialog_and_nobody_the_trial(
    configured: Settings,
) -> None:
    app = create_app(FakeAssistant(), replace(configured, widget_origins=ORIGINS))  # type: ignore[arg-type]
    client = TestClient(app)
    framers = f"frame-ancestors 'self' {' '.join(ORIGINS)}"
    assert framers in client.get("/widget/frame").headers["content-security-policy"]
    trial = client.get("/widget/essai").headers
    assert "frame-ancestors 'none'" in trial["content-security-policy"]
    assert trial["cache-control"] == "no-store"


def test_the_trial_writes_the_lines_to_paste_for_the_address_it_is_asked_at(
    shared: tuple[object, FastAPI],
) -> None:
    client = TestClient(shared[1], root_path="/assistant", base_url="https://agence.fr/assistant/")
    page = client.get("/widget/essai?title=Nos%20r%C3%A9ponses&color=%23aa0000").text
    lines = [unescape(text) for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page)]
    assert lines == [
        '<script src="https://agence.fr/assistant/widget.js" data-title="Nos réponses" '
        'data-color="#aa0000" defer></script>',
        '<iframe src="https://agence.fr/assistant/widget/frame?title=Nos+r%C3%A9ponses&amp;'
        'color=%23aa0000" title="Nos réponses" width="400" height="640"></iframe>',
        "script-src https://agence.fr; connect-src https://agence.fr",
    ]
    assert "CHARTISTE_WIDGET_ORIGINS=https://www.ville.fr" in page


def test_the_lines_are_as_short_as_can_be() -> None:
    assert script_line(Look(), BASE) == f'<script src="{BASE}widget.js" defer></script>'
    assert f'src="{BASE}widget/frame" title="Vos questions' in frame_line(Look(), BASE)
    assert 'title="Your questions' in frame_line(Look(lang="en"), BASE)


def test_the_trial_keeps_what_was_chosen_and_names_the_allowed_sites() -> None:
    page = trial_page(Look(lang="en", position="left", keep="session"), BASE, ORIGINS)
    assert '<option value="en" selected>' in page and '<option value="left" selected>' in page
    assert ' value="session" checked>' in page
    assert all(f"<li>{origin}</li>" in page for origin in ORIGINS)


def test_the_doc_names_each_attribute_property_and_part() -> None:
    attributes = set(re.findall(r"^\| `data-(\w+)`", DOC, re.MULTILINE))
    assert attributes == {field.name for field in fields(Look)}
    assert set(re.findall(r"options\.(\w+)", SCRIPTS)) == attributes
    properties = set(re.findall(r"--chartiste-[a-z-]+", SCRIPTS))
    assert properties == set(re.findall(r"--chartiste-[a-z-]+", DOC))
    parts = {
        name
        for found in re.findall(r"""(?:part: "|part", "|#button\([^"]+, ")([a-z ]+)\"""", SCRIPTS)
        for name in found.split()
    }
    listed = DOC.partition("Parts: ")[2].partition("\n\n")[0]
    assert len(parts) > 15 and parts == set(re.findall(r"`(\w+)`", listed))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_the_law_asks_to_be_said_is_in_the_dialog(language: str) -> None:
    told = settings_of(panel_script((), False))["texts"]
    assert isinstance(told, dict)
    for text in (texts.AUTOMATIC, texts.NO_PERSONAL_DATA):
        assert getattr(text, language) in told[language]["notice"]
