"""Releases of a few sheets, entries that cite them, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from app.faq.anchors import anchored
from app.faq.entries import Entries
from app.faq.entry import Cited, Entry
from app.faq.library import ReleaseLibrary, opened_library
from ingest.store import Store
from tests.app.texts import SHEETS, publish
from tests.fakes import FakeModel
from tests.faq.edits import ANA, PAUL, cited, edit

SIGN = "Toute collectivité peut signer la charte."
PRICE = "L’adhésion annuelle coûte cinquante euros."
SEAT = "Son siège se trouve à Privas."
ASSEMBLY = "Le président convoque l’assemblée générale\r\nchaque année au printemps."


def library(folder: Path, sheets: dict[str, str]) -> AbstractContextManager[ReleaseLibrary]:
    """The release of these sheets, put in service in a store; open while it is needed."""
    publish(folder, sheets)
    return current(folder)


def current(folder: Path) -> AbstractContextManager[ReleaseLibrary]:
    """The release in service."""
    store = Store(folder)
    return opened_library(store.path(store.serving()), store, FakeModel())


def quotes(library: ReleaseLibrary, *said: str) -> tuple[Cited, ...]:
    """Citations of these words, in whatever sheet of a release has them."""
    return tuple(_quote(library, number, words) for number, words in enumerate(said, start=1))


def _quote(library: ReleaseLibrary, number: int, words: str) -> Cited:
    for source, _ in library.near(words, 20):
        document = library.document(source.id)
        if document and words in document.text:
            asked = cited(number, words, source={"id": source.id, "title": source.title})
            [placed] = anchored([asked], library, library.release())
            return placed
    raise AssertionError(words)


def draft(entries: Entries, citations: Sequence[Cited], question: str = "Qui signe ?") -> Entry:
    """A draft that cites this."""
    return entries.create(edit(question, citations=citations), ANA)


def published(entries: Entries, citations: Sequence[Cited], question: str = "Qui ?") -> Entry:
    """A published entry that cites this."""
    return entries.publish(draft(entries, citations, question).id, 1, PAUL)


def with_charter(old: str, new: str) -> dict[str, str]:
    """The sheets, some words of the charter being others."""
    assert old in SHEETS["charte.md"]
    return {**SHEETS, "charte.md": SHEETS["charte.md"].replace(old, new)}


def without(name: str) -> dict[str, str]:
    """The sheets but one."""
    return {known: text for known, text in SHEETS.items() if known != name}
