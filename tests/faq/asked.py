"""Lines of a journal, and topics made of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.faq.topics import Line, Result, Topic
from app.journal.entry import JournalEntry
from tests.app.journal.replies import NOON

QUESTIONS = (
    "Qui peut signer la charte ?",
    "qui peut signer la charte",
    "Qui peut signer cette charte ?",
    "Combien coûte l’adhésion ?",
    "Combien coûte une adhésion ?",
    "La gare a-t-elle un parking ?",
)


def journal_line(number: int, question: str, days: float = 1, **others: object) -> JournalEntry:
    """A line of the journal, of some days before noon."""
    values: dict[str, object] = {
        "id": f"n{number:05}", "at": NOON - timedelta(days=days), "question": question,
        "outcome": "answered", "mode": "quoted", "confidence": 0.9, "sources": (), "passages": (),
        "release": "r1", "language": "fr", "elapsed_ms": 10.0,
    }  # fmt: skip
    return JournalEntry(**{**values, **others})  # type: ignore[arg-type]


def line(
    id: str, question: str, days: float = 1, result: Result = "answered", now: datetime = NOON
) -> Line:
    """A line of a topic, of some days before noon."""
    return Line(id, now - timedelta(days=days), question, result)


def topic(*lines: Line) -> Topic:
    """A topic whose first line is the typical one."""
    return Topic(lines[0].id, lines[0].question, tuple(sorted(lines, key=lambda one: one.at)))
