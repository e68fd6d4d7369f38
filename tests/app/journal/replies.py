"""Replies to keep, and a clock that tests set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.answers import Answer, Citation, Declined, NotFound, Outcome, Reply, Statement
from app.journal.entry import JournalEntry
from ingest.documents import Source

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RELEASE = "20261120-080000-76ed564c"
CHARTER, ARTICLE = Source("La charte", kind="charte"), Source("Un article", name="article.md")


def citation(source: Source, passage: str, number: int) -> Citation:
    return Citation(number, passage, "Elle date de 2019.", 0, 18, ("Objectifs",), source)


CITED = (citation(CHARTER, "p1", 1), citation(CHARTER, "p2", 2), citation(ARTICLE, "p1", 3))
ANSWER = Answer("Elle date de 2019. [1]", (Statement("Elle date de 2019.", (1,)),), CITED, 0.91234)
NOT_FOUND = NotFound("Rien.", (citation(ARTICLE, "p9", 1),), 0.2)
DECLINED = Declined("Je ne réponds pas à cela.", "off_topic", (), 0.01)


def reply(question: str, outcome: Outcome = ANSWER, asked: str = "") -> Reply:
    return Reply(question, outcome, RELEASE, 12.345, None, asked)


def entry(number: int, at: datetime = NOON, **others: object) -> JournalEntry:
    """A line of the journal, of that number."""
    values: dict[str, object] = {
        "id": f"n{number:05}",
        "at": at,
        "question": f"Question {number} ?",
        "outcome": "answered",
        "mode": "quoted",
        "confidence": 0.9,
        "sources": ("s1",),
        "passages": ("p1",),
        "release": RELEASE,
        "language": "fr",
        "elapsed_ms": 10.0,
    }
    return JournalEntry(**{**values, **others})  # type: ignore[arg-type]


class Clock:
    """A time that stands until a test moves it."""

    def __init__(self, time: datetime = NOON) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)
