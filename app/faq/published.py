"""The published entries as a server shows them: kept in memory, read anew when they change."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.exports.order import in_order
from app.intent import folded
from ingest.french import Analysis

_LEAST_OPENING = 3  # letters of a word's beginning that is looked for


@dataclass(frozen=True)
class Edition:
    """What is published at one time, in the order of its themes.

    ``changed`` is when that changed last, by what was withdrawn too; None when nothing ever was
    published.
    """

    counter: int
    entries: tuple[Entry, ...]
    changed: datetime | None

    def search(self, text: str) -> list[Entry]:
        """The entries that hold all words of a text, in any form: « communes » finds « commune ».

        All of them for a text without words.
        """
        wanted = set(_terms(text)) or set(folded(text).split())
        if not wanted:
            return list(self.entries)
        return [
            entry
            for entry, held in zip(self.entries, self._held, strict=True)
            if all(_is_in(term, held) for term in wanted)
        ]

    @cached_property
    def _held(self) -> list[frozenset[str]]:
        """The words of each entry, stemmed and as they are."""
        return [_words(entry) for entry in self.entries]


class Published:
    """What is published, of a store. Safe to use from several threads."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._edition: Edition | None = None
        self._lock = threading.Lock()

    def edition(self) -> Edition:
        """What is published now; no entry of which a source lacks what it cites.

        Raises:
            RecordsError: the database cannot be read: what was shown may not be true any more.
        """
        counter = self._entries.counter()
        with self._lock:
            if self._edition is None or self._edition.counter != counter:
                shown = in_order(filter(_may_be_shown, self._entries.published()))
                self._edition = Edition(counter, tuple(shown), self._entries.shown_last())
            return self._edition


def _may_be_shown(entry: Entry) -> bool:
    return bool(entry.edit.citations) and entry.edit.is_alive


def _words(entry: Entry) -> frozenset[str]:
    edit = entry.edit
    text = "\n".join((*edit.phrasings, edit.answer, edit.theme))
    return frozenset((*_terms(text), *folded(text).split()))


def _terms(text: str) -> list[str]:
    return _ANALYSIS.terms(text)


def _is_in(term: str, held: frozenset[str]) -> bool:
    if term in held:
        return True
    return len(term) >= _LEAST_OPENING and any(word.startswith(term) for word in held)


_ANALYSIS = Analysis()
