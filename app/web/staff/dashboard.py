"""``/staff/tableau``: the dashboard, by Gradio, in the frame of the staff's pages.

Gradio's own plots need ``unsafe-eval`` or scripts of a megabyte: these are SVG images of ours. Its
radio buttons do not say what they are about: a choice is a row of buttons.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import gradio as gr
from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.assistant import Assistant
from app.journal.entry import Filter
from app.journal.journal import Journal
from app.journal.measures import Measures
from app.journal.numbers import Numbers, last_days
from app.journal.words import RESULT
from app.records.database import Database
from app.settings import Settings
from app.staff.person import Person
from app.web import texts
from app.web.guard import Gate, Rewriter
from app.web.markup import escape
from app.web.mounting import mount_blocks
from app.web.problems import inner_path
from app.web.shell import around
from app.web.staff import board, forms, frame, words
from app.web.staff.board import MODE_NAMES, OUTCOME_NAMES, Served
from app.web.staff.gate import Gate as StaffGate
from app.web.staff.gate import Inside, person_of
from ingest.errors import ChartisteError
from ingest.report import kept_report
from ingest.store import Store

logger = logging.getLogger("chartiste.web")
PATH = "/staff/tableau"
_PERIODS = {"1": "Aujourd'hui", "7": "7 jours", "30": "30 jours"}
# What may be chosen: the name in the address, what is said, the values; the first is all of them.
_CHOICES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("periode", "Période", _PERIODS),
    ("resultat", RESULT, {"": "Tous", **OUTCOME_NAMES}),
    ("sorte", "Sorte de réponse", {"": "Toutes", **MODE_NAMES}),
)
_TITLE = f"{board.TITLE} – {words.SPACE} – {texts.NAME.fr}"
LOADING = "Chargement du tableau de bord…"
AS_TEXT = "Lire les chiffres sans script"
NEEDS_SCRIPT = "Le tableau de bord a besoin de JavaScript ; ses chiffres se lisent aussi sans lui."
SHOW = "Afficher"
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at; an empty choice is all of it."""

    periode: str = "7"
    resultat: str = ""
    sorte: str = ""

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Choice:
        """What an address asks for; what means nothing is left out."""
        known = {
            name: text
            for name, _, values in _CHOICES
            if isinstance(text := query.get(name), str) and text in values
        }
        return cls(**known)

    @property
    def days(self) -> int:
        """How many days, today among them."""
        return int(self.periode)

    @property
    def kind(self) -> Filter:
        """The lines that are meant."""
        return Filter(
            outcomes=(self.resultat,) if self.resultat else (),
            modes=(self.sorte,) if self.sorte else (),
        )


class Dashboard:
    """The page's parts, and what happens when somebody chooses."""

    def __init__(self, assistant: Assistant, measures: Measures, store: Store, days: int) -> None:
        self._assistant = assistant
        self._measures = measures
        self._store = store
        self._days = days

    def blocks(self) -> gr.Blocks:
        """The page, built once for everybody: it holds nothing of theirs."""
        page = gr.Blocks(analytics_enabled=False, title=_TITLE, fill_width=True)
        with page:
            chosen = gr.State(Choice())
            _text(f"<h1>{board.TITLE}</h1>", "ch-board-title")
            buttons: list[tuple[gr.Button, str, str]] = []
            for name, label, values in _CHOICES:
                with gr.Row(elem_id=f"ch-{name}", elem_classes="ch-choice"):
                    _text(f'<p class="ch-label">{label}</p>', f"ch-{name}-label")
                    buttons += [(gr.Button(said, size="sm"), name, v) for v, said in values.items()]
            told = _text("", "ch-board-told")
            body = _text("", "ch-board-body")
            now = _text("", "ch-board-now")
            shown = [chosen, *(button for button, *_ in buttons), told, body, now]
            page.load(self.opened, None, shown, **_PRIVATE)
            for button, name, value in buttons:
                button.click(partial(self.chose, name, value), [chosen], shown, **_PRIVATE)
        page.queue(max_size=50, api_open=False, default_concurrency_limit=2)
        return page

    def opened(self, request: gr.Request | None = None) -> list[Any]:
        """The page as its address asks for it."""
        return self._shown(Choice.read({} if request is None else request.query_params))

    def chose(self, name: str, value: str, chosen: Choice) -> list[Any]:
        """The page after a choice."""
        return self._shown(replace(chosen, **{name: value}))

    def plain(self, choice: Choice) -> tuple[str, str, str]:
        """What is told, the figures and the release, where no script asks for them."""
        return (*self._numbers(choice), board.served(self._served()))

    def _shown(self, choice: Choice) -> list[Any]:
        """The values of all that changes, in the order of ``shown`` in :meth:`blocks`."""
        buttons = [
            gr.update(variant="primary" if getattr(choice, name) == value else "secondary")
            for name, _, values in _CHOICES
            for value in values
        ]
        told, body = self._numbers(choice)
        return [choice, *buttons, told, body, board.served(self._served())]

    def _numbers(self, choice: Choice) -> tuple[str, str]:
        """What is announced, and the figures."""
        try:
            days = last_days(choice.days, datetime.now().astimezone())
            numbers = self._measures.read(days, choice.kind)
        except ChartisteError as error:
            logger.error("%s", error)
            return board.DOWN, f'<p class="ch-error">{board.DOWN}</p>'
        told = board.told(numbers, _PERIODS[choice.periode])
        off = "" if self._days else f'<p class="ch-note">{board.OFF}</p>'
        return told, off + board.shown(numbers, self._titles(numbers))

    def _titles(self, numbers: Numbers) -> dict[str, str]:
        cited = {id for id, _ in numbers.sources}
        try:
            return {one.id: one.title for one in self._assistant.sources() if one.id in cited}
        except ChartisteError as error:
            logger.error("%s", error)
            return {}

    def _served(self) -> Served | None:
        try:
            kept = kept_report(self._store.report)
            return Served(self._assistant.release(), self._assistant.count(), kept)
        except ChartisteError as error:
            logger.error("%s", error)
            return None


def _text(value: str, id: str) -> gr.Markdown:
    return gr.Markdown(value, elem_id=id, elem_classes="ch-box", latex_delimiters=[])


def add_dashboard(
    app: FastAPI, gate: StaffGate, database: Database, assistant: Assistant, settings: Settings
) -> Callable[[], None]:
    """Mount the dashboard behind the gate; what comes back ends the streams of open pages."""

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    def moved(request: Request) -> Response:
        query = request.url.query
        return RedirectResponse(f"tableau/{'?' if query else ''}{query}", 303)

    measures = Measures(database, Journal(database, settings.journal_days))
    page = Dashboard(assistant, measures, Store.of(settings.ingest), settings.journal_days)
    _add_plain(app, page)
    own = list(app.router.routes)
    route, end = mount_blocks(app, page.blocks, PATH)
    route.app = Inside(Framed(Gate(route.app, own, _as_it_is)), gate)
    return end


def _add_plain(app: FastAPI, board_page: Dashboard) -> None:
    """Add the same figures on a page that needs no script."""

    @app.api_route(f"{PATH}/texte", methods=["GET", "HEAD"], include_in_schema=False)
    def plain(request: Request, person: Annotated[Person, Depends(person_of)]) -> Response:
        choice = Choice.read(request.query_params)
        told, figures, served = board_page.plain(choice)
        choices = "".join(
            forms.choice(name, label, values, getattr(choice, name))
            for name, label, values in _CHOICES
        )
        body = (
            f'<h1>{board.TITLE}</h1><form method="get" action="texte" class="ch-filters" '
            f'aria-label="Filtres">{choices}<button>{SHOW}</button></form>'
            f'<p class="ch-count">{told}</p><div id="ch-board-body">{figures}</div>'
            f'<div id="ch-board-now">{served}</div>'
        )
        style = f'<link rel="stylesheet" href="{frame.up_from(request)}assets/staff-board.css">'
        return frame.page(request, board.TITLE, body, head=style)


def _as_it_is(html: str, language: str) -> str:
    return html


class Framed:
    """Puts Gradio's page in the staff's frame."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and inner_path(scope) == "/":
            request = Request(scope)
            send = Rewriter(send, lambda html: _framed(request, html))
        await self._app(scope, receive, send)


def _framed(request: Request, html: str) -> str:
    up = frame.up_from(request)
    head = (
        f"<head><title>{_TITLE}</title>"
        '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="data:,"><script src="{up}assets/staff-board.js"></script>'
        + "".join(
            f'<link rel="stylesheet" href="{up}assets/{name}.css">'
            for name in ("chartiste", "staff", "staff-board")
        )
    )
    body = (
        f'<a class="ch-skip" href="#ch-board-body">{texts.SKIP.fr}</a>'
        f'<div class="ch-staff">{frame.bar(request)}</div>'
        '<div id="ch-told" class="ch-invisible" role="status" aria-live="polite" '
        f'data-lost="{escape(texts.LOST.fr)}" data-lost-title="{escape(texts.LOST_TITLE.fr)}" '
        f'data-close="{escape(texts.CLOSE.fr)}"></div>'
        f'<div id="ch-loading" class="ch-staff"><noscript><p>{NEEDS_SCRIPT}</p></noscript>'
        f'<p><span class="ch-wait">{LOADING}</span> '
        f'<a href="{up}{PATH[1:]}/texte">{AS_TEXT}</a></p></div>'
    )
    # Gradio's files are those of the assistant's page: its addresses may be kept by the browser.
    return around(html, head, body).replace('"./assets/', f'"{up}assets/')
