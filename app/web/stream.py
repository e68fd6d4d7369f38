"""``POST /api/v1/ask/stream``: an answer as server-sent events, while it is written.

::

    event: citation    a source passage, before the first statement that needs it
    event: statement   a sentence of the answer, verified
    event: done        the whole reply, as ``/api/v1/ask`` gives it: it stands, whatever came before
    event: error       a problem, and nothing after it
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import chain
from threading import Event

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from app.answers import (
    Answer,
    Citation,
    NotFound,
    Piece,
    Reply,
    Statement,
    citation_as_json,
    statement_as_json,
)
from app.assistant import Assistant
from app.journal.recording import Recording
from app.web import texts
from app.web.api import (
    AnswerOut,
    CitationOut,
    QuestionIn,
    StatementOut,
    problems_of,
    recorded_as_json,
)
from app.web.problems import Problem
from app.web.question import clean_question
from ingest.errors import ChartisteError

logger = logging.getLogger("chartiste.web")
PATH = "/api/v1/ask/stream"
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}  # the latter is for nginx


def add_stream(app: FastAPI, assistant: Assistant, recording: Recording) -> None:
    """Add the streaming door over ``assistant``; ``recording`` is told each whole reply."""

    @app.post(
        PATH,
        response_class=StreamingResponse,
        responses={
            200: {"content": {"text/event-stream": {}}, "description": texts.STREAM.fr},
            **problems_of(403, 413, 415, 422, 429, 500, 503),
        },
        summary="Poser une question, la réponse arrivant phrase par phrase",
    )
    def stream(asked: QuestionIn) -> StreamingResponse:
        left = Event()
        question = clean_question(asked.question)
        told = assistant.stream(question, asked.id, asked.previous, left)
        first = next(told)  # what fails before it is an error of HTTP
        return _Events(_events(chain([first], told), recording), left, told.close)


class _Events(StreamingResponse):
    """Events as they come; who makes them is told when nobody reads them any more."""

    def __init__(self, events: Iterator[str], left: Event, close: Callable[[], None]) -> None:
        super().__init__(events, media_type="text/event-stream", headers=_HEADERS)
        self._left = left
        self._close = close

    async def listen_for_disconnect(self, receive: Receive) -> None:
        await super().listen_for_disconnect(receive)
        self._left.set()  # the next event may be long in coming

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()


def _events(told: Iterator[Piece | Reply], recording: Recording) -> Iterator[str]:
    """The events of an answer; those of a quoted one come all at once."""
    written = False
    try:
        for one in told:
            if isinstance(one, Piece):
                written = True
                yield from _of_piece(one)
                continue
            if not written:
                yield from chain.from_iterable(map(_of_piece, _pieces(one)))
            yield _event("done", AnswerOut.model_validate(recorded_as_json(one, recording)))
    except ChartisteError as error:
        # Its sentence is for whoever runs the server, and may name a folder.
        logger.error("%s", error, exc_info=error)
        yield _problem(503, texts.UNAVAILABLE.fr)
    except Exception:
        logger.exception("an answer could not be finished")
        yield _problem(500, texts.UNEXPECTED.fr)


def _pieces(reply: Reply) -> Iterator[Piece]:
    """The statements of a whole reply, each with the citations that it is the first to need."""
    outcome = reply.outcome
    cited = outcome.citations if isinstance(outcome, Answer | NotFound) else ()
    waiting: dict[int, Citation] = {citation.number: citation for citation in cited}
    said: tuple[Statement, ...] = outcome.statements if isinstance(outcome, Answer) else ()
    for statement in said:
        new = tuple(waiting.pop(n) for n in statement.citations if n in waiting)
        yield Piece(statement, new)


def _of_piece(piece: Piece) -> Iterator[str]:
    for citation in piece.citations:
        yield _event("citation", CitationOut.model_validate(citation_as_json(citation)))
    yield _event("statement", StatementOut.model_validate(statement_as_json(piece.statement)))


def _problem(status: int, detail: str) -> str:
    title = texts.PROBLEMS[status].fr
    problem = Problem(type="about:blank", title=title, status=status, detail=detail, instance=PATH)
    return _event("error", problem)


def _event(name: str, data: BaseModel) -> str:
    """An event; its data is what the door that is not streamed would say, on one line."""
    return f"event: {name}\ndata: {data.model_dump_json(exclude_unset=True)}\n\n"
