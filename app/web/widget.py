"""The widget: two scripts for the pages of other sites, a page for frames, and one to try it.

``/widget.js`` is the button alone; it fetches ``/widget/panel.js``, the dialog, when it is first
opened. Both are hand-written files of ``static`` whose word ``SETTINGS`` is filled in here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urljoin

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from app.assistant import Assistant
from app.settings import QUESTION_LIMIT, Settings
from app.web import texts
from app.web.feedback import REASON_LIMIT
from app.web.markup import asset, escape, page

_EXAMPLES = 3
_COLOR = "#1d5c47"  # where a site chooses none
_LONGEST = 300  # characters of an attribute
_OPINIONS = "/feedback"  # how the address ends that takes opinions on answers
_HELD = {"loader": 300, "panel": 31_536_000}  # seconds that a browser keeps each script
_LOADER = {
    "title": texts.WIDGET_TITLE,
    "launcher": texts.WIDGET_LAUNCHER,
    "failed": texts.WIDGET_FAILED,
}
_PANEL = {
    "title": texts.WIDGET_TITLE,
    "greeting": texts.WELCOME,
    "restart": texts.RESTART,
    "close": texts.WIDGET_CLOSE,
    "conversation": texts.WIDGET_CONVERSATION,
    "question": texts.QUESTION_LABEL,
    "send": texts.SEND,
    "searching": texts.SEARCHING,
    "writing": texts.WRITING,
    "lost": texts.WIDGET_LOST,
    "unavailable": texts.UNAVAILABLE,
    "you": texts.YOU,
    "answer": texts.ANSWER,
    "quoted": texts.QUOTED,
    "generated": texts.GENERATED,
    "validated": texts.VALIDATED,
    "unconfirmed": texts.NOT_CONFIRMED,
    "sources": texts.PANEL,
    "source": texts.CITATION,
    "read": texts.READ,
    "newTab": texts.NEW_TAB,
    "whole": texts.WIDGET_WHOLE,
    "rate": texts.HELPFUL,
    "useful": texts.YES,
    "useless": texts.NO,
    "thanks": texts.THANKS,
    "reason": texts.REASON,
    "promise": texts.OPINION,
    "sendOpinion": texts.SEND_OPINION,
    "notSent": texts.NOT_SENT,
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a site may choose, each an attribute ``data-…`` of the script; empty: by default."""

    title: str = ""
    label: str = ""
    greeting: str = ""
    lang: str = ""
    position: str = ""
    color: str = ""
    keep: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Look:
        """The choices of an address; those that mean nothing are left out."""
        given = {field.name: query.get(field.name, "").strip()[:_LONGEST] for field in fields(cls)}
        for name, meant in _MEANT.items():
            if not re.fullmatch(meant, given[name]) or given[name] == _COLOR:
                given[name] = ""
        return cls(**given)

    def attributes(self) -> str:
        """The attributes as HTML, each after a space."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        return "".join(f' data-{name}="{escape(text)}"' for name, text in chosen.items() if text)


_MEANT = {"lang": "en", "position": "left", "color": "#[0-9a-fA-F]{6}", "keep": "session"}


def add_widget(app: FastAPI, assistant: Assistant, settings: Settings) -> None:
    """Add ``/widget.js``, ``/widget/panel.js``, ``/widget/frame`` and ``/widget/essai``."""

    @cache  # once all routes are there; the same for every page of every site
    def panel() -> str:
        rated = any(getattr(route, "path", "").endswith(_OPINIONS) for route in app.router.routes)
        return panel_script(assistant.examples(), rated, settings.journal_days)

    @app.api_route("/widget.js", methods=["GET", "HEAD"], include_in_schema=False)
    def loader() -> Response:
        script = loader_script(settings.widget_origins, version(panel()))
        return _script(script, f"public, max-age={_HELD['loader']}")

    @app.api_route("/widget/panel.js", methods=["GET", "HEAD"], include_in_schema=False)
    def dialog(v: str = "") -> Response:
        script = panel()
        current = v == version(script)
        held = f"public, max-age={_HELD['panel']}, immutable" if current else "no-cache"
        return _script(script, held)

    @app.api_route("/widget/frame", methods=["GET", "HEAD"], include_in_schema=False)
    def frame(request: Request) -> HTMLResponse:
        return HTMLResponse(frame_page(Look.read(request.query_params)))

    @app.api_route("/widget/essai", methods=["GET", "HEAD"], include_in_schema=False)
    def trial(request: Request) -> HTMLResponse:
        look, base = Look.read(request.query_params), str(request.base_url)
        return HTMLResponse(
            trial_page(look, base, settings.widget_origins), headers={"cache-control": "no-store"}
        )


def loader_script(origins: tuple[str, ...], panel: str) -> str:
    """``/widget.js`` for these origins; ``panel`` is the version of the dialog's script."""
    told = {"origins": origins, "panel": f"widget/panel.js?v={panel}", "texts": _both(_LOADER)}
    return _filled("widget.js", told)


def panel_script(examples: tuple[str, ...], rated: bool, journal_days: int = 0) -> str:
    """``/widget/panel.js``; ``rated`` when opinions on the answers are taken.

    ``journal_days`` is how long questions are kept, 0 where they are not.
    """
    told = _both(_PANEL)
    for language, sentences in told.items():
        notice = (texts.AUTOMATIC, texts.NO_PERSONAL_DATA)
        told_first = [getattr(text, language) for text in notice]
        if journal_days:
            told_first.append(texts.kept(texts.JOURNAL, journal_days, language))
            sentences["promise"] = texts.kept(texts.OPINION_KEPT, journal_days, language)
        sentences["notice"] = " ".join(told_first)
    settings = {
        "examples": examples[:_EXAMPLES],
        "feedback": rated,
        "limit": QUESTION_LIMIT,
        "reason": REASON_LIMIT,
        "texts": told,
    }
    return _filled("widget-panel.js", settings)


def version(script: str) -> str:
    """A name for exactly this script."""
    return sha256(script.encode()).hexdigest()[:12]


def _both(sentences: Mapping[str, texts.Text]) -> dict[str, dict[str, str]]:
    return {
        language: {name: getattr(text, language) for name, text in sentences.items()}
        for language in ("fr", "en")
    }


def _filled(name: str, settings: Mapping[str, Any]) -> str:
    before, _, after = asset(name).rpartition("SETTINGS")
    return before + json.dumps(settings, ensure_ascii=False, separators=(",", ":")) + after


def _script(script: str, held: str) -> Response:
    return Response(script, media_type="text/javascript", headers={"cache-control": held})


def frame_page(look: Look) -> str:
    """The dialog alone, filling a frame of a site that takes no script of ours."""
    language = look.lang or "fr"
    title = look.title or getattr(texts.WIDGET_TITLE, language)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title></head><body>"
        f'<script src="../widget.js" data-frame{look.attributes()} defer></script></body></html>'
    )


def trial_page(look: Look, base: str, origins: tuple[str, ...]) -> str:
    """A page with the widget on it, a form for its look, and the lines to paste."""
    body = (
        '<link rel="stylesheet" href="../assets/widget-essai.css">'
        f"<h1>{texts.TRIAL.fr}</h1><p>{texts.TRIAL_INTRO.fr}</p>{_form(look)}"
        f"{_lines(look, base)}{_allowed(origins)}"
        f'<script src="../widget.js"{look.attributes()} defer></script>'
    )
    return page(texts.TRIAL.fr, body, 1)


def _form(look: Look) -> str:
    left, english = look.position == "left", look.lang == "en"
    checked = " checked" if look.keep else ""
    return (
        f'<form class="ch-about" method="get"><h2>{texts.TRIAL_LOOK.fr}</h2>'
        + _field("title", texts.TRIAL_TITLE, look.title)
        + _field("label", texts.TRIAL_LABEL, look.label)
        + _field("greeting", texts.TRIAL_GREETING, look.greeting)
        + _field("color", texts.TRIAL_COLOR, look.color or _COLOR, kind="color")
        + _choice("lang", texts.TRIAL_LANGUAGE, ("fr", "français"), ("en", "English"), english)
        + _choice(
            "position",
            texts.TRIAL_POSITION,
            ("right", texts.TRIAL_RIGHT.fr),
            ("left", texts.TRIAL_LEFT.fr),
            left,
        )
        + f'<p><input type="checkbox" id="keep" name="keep" value="session"{checked}> '
        f'<label for="keep">{texts.TRIAL_KEEP.fr}</label></p>'
        f'<p><button class="ch-button">{texts.TRIAL_APPLY.fr}</button></p></form>'
    )


def _field(name: str, label: texts.Text, value: str, kind: str = "text") -> str:
    return (
        f'<p><label for="{name}">{label.fr}</label><input type="{kind}" id="{name}" name="{name}"'
        f' value="{escape(value)}" maxlength="{_LONGEST}"></p>'
    )


def _choice(
    name: str, label: texts.Text, first: tuple[str, str], second: tuple[str, str], chosen: bool
) -> str:
    """A list of two; ``chosen`` when the second is."""
    options = "".join(
        f'<option value="{value}"{" selected" if selected else ""}>{shown}</option>'
        for (value, shown), selected in ((first, not chosen), (second, chosen))
    )
    return (
        f'<p><label for="{name}">{label.fr}</label>'
        f'<select id="{name}" name="{name}">{options}</select></p>'
    )


def _lines(look: Look, base: str) -> str:
    """What a webmaster pastes, ready to be copied."""
    site = urljoin(base, "/").removesuffix("/")
    policy = f"script-src {site}; connect-src {site}"
    return (
        _line("line", texts.TRIAL_LINE, script_line(look, base))
        + _line("frame", texts.TRIAL_FRAME, frame_line(look, base))
        + _line("policy", texts.TRIAL_POLICY, policy)
    )


def _line(name: str, label: texts.Text, text: str) -> str:
    return (
        f'<p><label for="{name}">{label.fr}</label>'
        f'<textarea id="{name}" rows="3" readonly spellcheck="false">{escape(text)}</textarea></p>'
    )


def script_line(look: Look, base: str) -> str:
    """The line to paste, for the server at ``base``."""
    return f'<script src="{escape(base)}widget.js"{look.attributes()} defer></script>'


def frame_line(look: Look, base: str) -> str:
    """The same for a site that takes frames alone; there, no button has a text or a place."""
    shown = {name: getattr(look, name) for name in ("title", "greeting", "lang", "color", "keep")}
    query = urlencode({name: text for name, text in shown.items() if text})
    address = f"{base}widget/frame{'?' if query else ''}{query}"
    title = look.title or getattr(texts.WIDGET_TITLE, look.lang or "fr")
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="400" height="640">'
        "</iframe>"
    )


def _allowed(origins: tuple[str, ...]) -> str:
    """Which sites may show the widget, or what to set."""
    title = f"<h2>{texts.TRIAL_ALLOWED.fr}</h2>"
    if not origins:
        setting = "<code>CHARTISTE_WIDGET_ORIGINS=https://www.ville.fr</code>"
        return f"{title}<p>{texts.TRIAL_NONE.fr} {setting}</p>"
    listed = "".join(f"<li>{escape(origin)}</li>" for origin in origins)
    return f"{title}<p>{texts.TRIAL_SOME.fr}</p><ul>{listed}</ul>"
