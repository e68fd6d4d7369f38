"""Small entries of the FAQ, and a clock that tells what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.faq.entry import Cited, Edit
from app.staff.person import Person

ANA = Person("Ana", "redactor")
PAUL = Person("Paul", "validator")
NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
SOURCE = {
    "id": "s1", "title": "La charte", "publisher": "Fabrique", "author": None, "date": "2019-12",
    "url": "https://example.org/charte", "language": "fr", "kind": "charte", "originals": [],
    "copies": [],
}  # fmt: skip


class Clock:
    """Noon, then a minute later at each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def cited(number: int = 1, quote: str = "Toute commune peut signer.", **values: Any) -> Cited:
    """A citation."""
    known = {
        "passage": "p1", "start": 0, "end": len(quote), "source": SOURCE, "heading": ("Signer",),
        "release": "r1",
    }  # fmt: skip
    return Cited(number=number, quote=quote, **{**known, **values})


def edit(
    question: str = "Qui peut signer ?",
    answer: str = "Toute commune peut signer. [1]",
    variants: Sequence[str] = ("Une commune signe-t-elle ?",),
    citations: Sequence[Cited] | None = None,
    theme: str = "Charte",
) -> Edit:
    """What is written of an entry that may be published."""
    shown = (cited(),) if citations is None else tuple(citations)
    return Edit(question, tuple(variants), answer, theme, shown)
