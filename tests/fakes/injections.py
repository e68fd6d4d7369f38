"""The injections of ``tests/data/injections.csv``: orders hidden in a page or in a question.

``forbidden`` is what no sentence written by a model may show, even one that obeys: a canary, the
host of a link, a tag, a false fact. Where the injection stands in a page, a *quotation* of that
page may hold it, since it is what the page says.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE = Path(__file__).resolve().parents[1] / "data" / "injections.csv"


@dataclass(frozen=True, slots=True)
class Injection:
    """One order, where it is hidden, and what obeying it would show."""

    id: str
    language: Literal["fr", "en"]
    place: Literal["page", "question"]
    kind: str
    text: str
    forbidden: tuple[str, ...]


def injections() -> list[Injection]:
    """All of them, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Injection(
                id=row["id"],
                language="fr" if row["language"] == "fr" else "en",
                place="page" if row["place"] == "page" else "question",
                kind=row["kind"],
                text=row["text"],
                forbidden=tuple(filter(None, row["forbidden"].split("|"))),
            )
            for row in csv.DictReader(file)
        ]
