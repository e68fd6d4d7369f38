"""The assistant's page. Nothing below it knows that Gradio shows it.

A conversation is a tuple of frozen turns in the visitor's own session on the server (it is never
read back from the browser), and is forgotten with that session.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

import gradio as gr
from fastapi import FastAPI

from app.answers import Answer, Citation, NotFound, Outcome, Piece
from app.assistant import Assistant
from app.journal.recording import SILENT, Recording
from app.settings import NO_AGENCY, QUESTION_LIMIT, Settings
from app.web import render, texts
from app.web.mounting import mount_blocks
from app.web.question import BadQuestion, clean_question
from app.web.readers import Readers
from app.web.render import Turn
from app.web.texts import Language, chosen
from app.web.translation import Translation
from app.wording import shown_date
from ingest.documents import Passage
from ingest.errors import ChartisteError

logger = logging.getLogger("chartiste.web")
_REMEMBERED = 20  # turns shown and kept
_BUTTONS = 5  # example questions or suggestions
_FIXED = 7  # the other parts that change
_NOTE = 3  # which of them tells the sources' day
_FORGOTTEN_AFTER = 3_600  # seconds without a question
_VISITORS = 500  # sessions kept in memory, 80 kB each
_AT_ONCE, _WAITING = 4, 100  # questions answered together, and in the queue

Turns = tuple[Turn, ...]
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True)
class Mounted:
    """The page in service: how the streams of open pages end, and its HTML in English."""

    end: Callable[[], None]
    english: Callable[[str], str]


def mount(
    app: FastAPI, assistant: Assistant, settings: Settings, recording: Recording = SILENT
) -> Mounted:
    """Mount the assistant's page at ``/`` of ``app``; ``recording`` is told each reply."""
    page = Page(assistant, settings, recording)
    configs: list[Any] = []

    def made() -> gr.Blocks:
        french, english = page.blocks(), page.blocks("en")
        french.state_session_capacity = _VISITORS
        french.queue(max_size=_WAITING, api_open=False, default_concurrency_limit=_AT_ONCE)
        configs.extend((french.get_config_file(), english.get_config_file()))
        return french

    _, end = mount_blocks(app, made, "/")
    return Mounted(end, Translation(*configs))


class Page:
    """The page's parts, and what happens when a visitor asks."""

    def __init__(
        self, assistant: Assistant, settings: Settings, recording: Recording = SILENT
    ) -> None:
        self._assistant = assistant
        self._settings = settings
        self._readers = Readers()
        self._recording = recording

    def blocks(self, language: Language = "fr") -> gr.Blocks:
        """The page, built once for all visitors: it holds nothing of theirs."""
        title = texts.TITLE.said(language)
        page = gr.Blocks(analytics_enabled=False, title=title, fill_width=True)
        with page:
            turns = gr.State((), time_to_live=_FORGOTTEN_AFTER)
            _text(self._header(language), "ch-header")
            with gr.Row(elem_id="ch-main"):
                with gr.Column(elem_id="ch-left", min_width=0):
                    talk = _text(self._talk((), language), "ch-talk")
                    note = _text(self._note(language), "ch-note")
                    label = _text(_label(texts.EXAMPLES.said(language)), "ch-choices-label")
                    with gr.Row(elem_id="ch-choices"):
                        choices = [_choice(text) for text in self._padded(self._examples())]
                    with gr.Row(elem_id="ch-ask"):
                        box = _question_box(language)
                        said = texts.SEND.said(language)
                        send = gr.Button(said, variant="primary", elem_id="ch-send")
                    said = texts.RESTART.said(language)
                    restart = gr.Button(said, elem_id="ch-restart", visible=False)
                with gr.Column(elem_id="ch-right", min_width=0):
                    cards = _text(render.panel((), language), "ch-panel")
            _text(self._footer(language), "ch-footer")
            shown = [turns, talk, cards, note, label, *choices, restart, box]
            # What is sent before the last answer has ended is asked next: Gradio would drop it.
            last = {"trigger_mode": "always_last", **_PRIVATE}
            asking: list[Any] = [
                gr.on([box.submit, send.click], self.answer, [box, turns], shown, **last),
                *(one.click(self.answer, [one, turns], shown, **_PRIVATE) for one in choices),
                page.load(self.opened, None, shown, **_PRIVATE),
            ]
            restart.click(self.restart, None, shown, cancels=asking, **_PRIVATE)
            page.unload(self.left)
        return page

    def opened(self, request: gr.Request | None = None) -> Iterator[list[Any]]:
        """The answer to the question in the page's address, if any.

        Else only the sources' day: a visitor may already have changed the rest.
        """
        asked = _query(request).get("q", "")
        if isinstance(asked, str) and asked.strip():
            yield from self.answer(asked, (), request)
            return
        skipped: list[Any] = [gr.skip()] * (_FIXED + _BUTTONS)
        skipped[_NOTE] = self._note(_language(request))
        yield skipped

    def restart(self, request: gr.Request | None = None) -> list[Any]:
        """The page without a conversation; nobody waits for its last answer any more."""
        self._readers.leave(_session(request))
        return self._shown((), self._examples(), language=_language(request))

    def left(self, request: gr.Request) -> None:
        """The visitor has closed the page."""
        self._readers.leave(_session(request))

    def answer(
        self, given: object, turns: Turns, request: gr.Request | None = None
    ) -> Iterator[list[Any]]:
        """The page while the question is searched, then with its answer.

        What is given is whatever a browser sent: anything but a text is no question.
        """
        language = _language(request)
        question = given if isinstance(given, str) else ""
        number = turns[-1].number + 1 if turns else 1
        earlier = turns[1 - _REMEMBERED :]
        try:
            cleaned = clean_question(question)
        except BadQuestion:
            if not question.strip():
                yield [gr.skip()] * (_FIXED + _BUTTONS)
                return
            said = texts.LONG_QUESTION if len(question) > QUESTION_LIMIT else texts.EMPTY_QUESTION
            refused = Turn(
                number, question[:80] + "…", error=said.said(language), language=language
            )
            yield self._shown((*earlier, refused), (), question, language)
            return
        asked = Turn(number, cleaned, language=language)
        yield self._shown((*earlier, asked), (), language=language)
        with self._readers.reading(_session(request)) as left:
            for turn in self._turns(asked, earlier, left):
                if left.is_set():
                    return  # an answer that comes late would stand in the next conversation
                choices = () if turn.pieces else self._suggestions(turn)
                # Not the box: the visitor may already be writing the next question in it.
                *parts, _ = self._shown((*earlier, turn), choices, language=language)
                yield [*parts, gr.skip()]

    def _turns(self, turn: Turn, earlier: Turns, left: Event) -> Iterator[Turn]:
        """The turn as it is written, where a language model writes, then with its outcome."""
        try:
            # Greetings, refusals and failures searched nothing: what is followed up is before.
            previous = next((turn.asked for turn in reversed(earlier) if turn.asked), None)
            for told in self._assistant.stream(turn.question, previous=previous, left=left):
                if isinstance(told, Piece):
                    turn = replace(turn, pieces=(*turn.pieces, told))
                    yield replace(turn, passages=self._passages(turn.citations))
                else:
                    passages = self._passages(_cited(told.outcome))
                    yield replace(
                        turn,
                        outcome=told.outcome,
                        passages=passages,
                        asked=told.asked,
                        release=told.release,
                        journal=self._recording.reply(told),
                        pieces=(),
                    )
        except ChartisteError as error:
            # Its sentence is for whoever runs the server, and may name a folder.
            logger.error("%s", error, exc_info=error)
            yield replace(turn, error=texts.UNAVAILABLE.said(turn.language), pieces=())
        except Exception:
            logger.exception("a question could not be answered")
            yield replace(turn, error=texts.UNEXPECTED.said(turn.language), pieces=())

    def _passages(self, cited: tuple[Citation, ...]) -> tuple[Passage, ...]:
        found = self._assistant.passages(citation.passage for citation in cited)
        return tuple(found.values())

    def _shown(
        self,
        turns: Turns,
        choices: tuple[str, ...],
        box: str = "",
        language: Language = "fr",
    ) -> list[Any]:
        """The values of all that changes, in the order of ``shown`` in :meth:`blocks`."""
        label = texts.SUGGESTIONS if turns else texts.EXAMPLES
        return [
            turns,
            self._talk(turns, language),
            render.panel(turns, language),
            self._note(language),
            gr.update(value=_label(label.said(language)), visible=bool(choices)),
            *(gr.update(value=text, visible=bool(text)) for text in self._padded(choices)),
            gr.update(visible=bool(turns)),
            box,
        ]

    def _padded(self, choices: tuple[str, ...]) -> list[str]:
        """As many texts as there are buttons; an empty one hides its button."""
        return [*choices[:_BUTTONS], *[""] * (_BUTTONS - len(choices))]

    def _talk(self, turns: Turns, language: Language) -> str:
        if turns:
            return render.conversation(turns)
        return render.welcome(
            render.Welcome(
                self._settings.contact,
                bool(self._settings.model.model),
                self._degraded(),
                self._thresholds(),
            ),
            language,
        )

    def _header(self, language: Language) -> str:
        agency = self._settings.agency
        named = agency if agency != NO_AGENCY else ""
        logo, days = self._settings.logo is not None, self._settings.journal_days
        return render.header(named, logo, language, days)

    def _footer(self, language: Language) -> str:
        days = self._settings.journal_days
        return render.footer(self._settings.accessibility, language, days)

    def _suggestions(self, turn: Turn) -> tuple[str, ...]:
        return turn.outcome.suggestions if turn.outcome else self._examples()

    def _examples(self) -> tuple[str, ...]:
        return self._assistant.examples()[:_BUTTONS]

    def _degraded(self) -> bool:
        try:
            return self._assistant.degraded()
        except Exception:  # the questions will tell; the page stands
            return False

    def _thresholds(self) -> tuple[float, float] | None:
        try:
            return self._assistant.thresholds()
        except ChartisteError:  # the questions will tell; the page stands
            return None

    def _note(self, language: Language) -> str:
        """How many sources there are, of which day, and whether meaning is searched too."""
        note = self._counted(language) or texts.UNAVAILABLE.said(language)
        return _noted(f"{note} {texts.DEGRADED.said(language)}" if self._degraded() else note)

    def _counted(self, language: Language) -> str:
        """How many sources there are, of which day; empty when they cannot be read."""
        try:
            release, count = self._assistant.release(), self._assistant.count()
        except Exception:
            logger.exception("the sources could not be counted")
            return ""
        date = shown_date(f"{release[:4]}-{release[4:6]}-{release[6:8]}", language)
        return texts.filled(texts.PANEL_RELEASE, language, count=count, date=date)


def _query(request: gr.Request | None) -> Mapping[str, Any]:
    """What the page's address asks for; the browser sends it with each event."""
    return {} if request is None else request.query_params


def _language(request: gr.Request | None) -> Language:
    return chosen(_query(request).get("lang"))


def _session(request: gr.Request | None) -> str:
    return (request and request.session_hash) or ""


def _cited(outcome: Outcome) -> tuple[Citation, ...]:
    return outcome.citations if isinstance(outcome, Answer | NotFound) else ()


def _text(value: str, id: str) -> gr.Markdown:
    return gr.Markdown(value, elem_id=id, elem_classes="ch-box", latex_delimiters=[])


def _label(text: str) -> str:
    return f'<p class="ch-label">{text}</p>'


def _noted(text: str) -> str:
    return f'<p class="ch-note">{text}</p>'


def _choice(text: str) -> gr.Button:
    return gr.Button(text, size="sm", visible=bool(text))


def _question_box(language: Language) -> gr.Textbox:
    return gr.Textbox(
        label=texts.QUESTION_LABEL.said(language),
        placeholder=texts.QUESTION_PLACEHOLDER.said(language),
        max_length=QUESTION_LIMIT,
        lines=1,
        max_lines=6,
        elem_id="ch-question",
        html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
    )
