"""A line of the journal, and which lines are meant; no database is asked here."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.answers import Answer, Declined, Reply, name_of
from app.journal.masking import masked
from app.journal.recording import Verdict
from app.query import language_of
from app.wording import in_sources, of_sources


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A question as it was searched for, personal data masked, and what came of it.

    ``mode`` is None where nothing was answered; ``sources`` and ``passages`` are the ids of what
    was cited or shown as near, in that order, each once.
    """

    id: str
    at: datetime
    question: str
    outcome: str
    mode: str | None
    confidence: float | None
    sources: tuple[str, ...]
    passages: tuple[str, ...]
    release: str | None
    language: str
    elapsed_ms: float
    verdict: Verdict | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The object that ``chartiste journal`` prints."""
        shown = asdict(self)
        lists = {name: list(shown[name]) for name in ("sources", "passages")}
        return {**shown, **lists, "at": self.at.isoformat(timespec="milliseconds")}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a visitor thinks of the reply of an id; the reason is masked when it is kept."""

    id: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines: all those for which each part that is given holds.

    ``since`` is within; ``text`` stands in the question, in any case.
    """

    since: datetime | None = None
    outcomes: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    text: str = ""


EVERYTHING = Filter()


def new_id() -> str:
    """An id that nobody guesses: whoever has it may judge the reply."""
    return secrets.token_urlsafe(16)


def entry_of(reply: Reply, id: str, at: datetime) -> JournalEntry:
    """The line of a reply. A follow-up is kept as the question that was searched for.

    What was asked of the sources alone is kept as such: :func:`app.wording.of_sources` reads it.
    """
    outcome = reply.outcome
    alone = of_sources(" ".join(reply.question.split()))
    question = reply.asked or alone or reply.question
    language, kept = language_of(question), masked(question)
    cited = () if isinstance(outcome, Declined) else outcome.citations
    return JournalEntry(
        id=id,
        at=at,
        question=in_sources(kept, language) if alone else kept,
        outcome=name_of(outcome),
        mode=outcome.mode if isinstance(outcome, Answer) else None,
        confidence=round(outcome.confidence, 4),
        sources=tuple(dict.fromkeys(citation.source.id for citation in cited)),
        passages=tuple(dict.fromkeys(citation.passage for citation in cited)),
        release=reply.release,
        language=language,
        elapsed_ms=round(reply.elapsed_ms, 1),
    )
