"""Asking each case of the assistant with a language model, and keeping what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.answers import Answer, Declined, Instead, NotFound, Piece, Reply, Tally
from app.assistant import Assistant
from app.evaluate.author import Meter
from app.evaluate.cases import Case
from app.settings import QUESTION_LIMIT

Progress = Callable[[str, int, int], None]
Fate = Literal["generated", Instead, "unasked", "not_found", "declined"]


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """What became of a case.

    ``text`` is all statements that are shown as supported, ``said`` and ``cited`` whether it and
    the citations hold the answer (None where that is not known, or there is none to hold).
    ``first`` is the milliseconds until the first supported statement, None when there was none;
    ``tokens`` those of all that the model was asked, None when they are not known.
    """

    case: Case
    fate: Fate
    text: str
    said: bool | None
    cited: bool | None
    tally: Tally | None
    first: float | None
    milliseconds: float
    tokens: int | None


def write(
    cases: Sequence[Case], assistant: Assistant, meter: Meter, progress: Progress
) -> list[WrittenCase]:
    """All cases, asked one by one.

    Raises:
        StoreError: no release can be read.
    """
    written = []
    for done, case in enumerate(cases, start=1):
        written.append(_written(case, assistant, meter))
        progress("Réponses du modèle de langue", done, len(cases))
    return written


def _written(case: Case, assistant: Assistant, meter: Meter) -> WrittenCase:
    meter.take()
    reply, first = _asked(case, assistant)
    outcome, answered = reply.outcome, isinstance(reply.outcome, Answer)
    statements = outcome.statements if isinstance(outcome, Answer) else ()
    citations = outcome.citations if isinstance(outcome, Answer) else ()
    text = " ".join(one.text for one in statements if one.supported)
    checked = answered and case.is_checkable
    return WrittenCase(
        case=case,
        fate=_fate(reply),
        text=text,
        said=case.is_said_in(text) if checked else None,
        cited=case.is_quoted_by(citations) if checked else None,
        tally=reply.tally,
        first=first,
        milliseconds=reply.elapsed_ms,
        tokens=meter.take(),
    )


def _asked(case: Case, assistant: Assistant) -> tuple[Reply, float | None]:
    """The reply, and the milliseconds until its first supported statement came."""
    question, previous = case.question[:QUESTION_LIMIT], (case.previous or "")[:QUESTION_LIMIT]
    started = time.perf_counter()
    first = None
    for told in assistant.stream(question, case.id, previous):
        if isinstance(told, Reply):
            return told, first
        if isinstance(told, Piece) and told.statement.supported and first is None:
            first = (time.perf_counter() - started) * 1000
    raise AssertionError("a stream ends with its reply")


def _fate(reply: Reply) -> Fate:
    match reply.outcome:
        case Declined():
            return "declined"
        case NotFound():
            return "not_found"
        case Answer():
            if reply.tally is None:
                return "unasked"
            return reply.tally.instead or "generated"
