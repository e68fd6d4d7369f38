"""The published FAQ as questions whose answers are known."""

from __future__ import annotations

from collections.abc import Iterable

from app.evaluate.cases import Case
from app.faq.entry import Entry

KIND, KIND_OF_VARIANT = "faq", "faq (variante)"


def cases_of(entries: Iterable[Entry]) -> list[Case]:
    """Each question and variant of the entries, to be answered from a source that the entry cites.

    An entry that cites what is not there any more asks nothing: nobody can be right about it.
    """
    return [
        Case(
            id=f"{entry.id}-{number}",
            question=phrasing,
            kind=KIND_OF_VARIANT if number else KIND,
            answerable=True,
            sources=frozenset(cited.source_id for cited in entry.edit.citations),
        )
        for entry in entries
        if entry.edit.citations and entry.edit.is_alive
        for number, phrasing in enumerate(entry.edit.phrasings)
    ]
