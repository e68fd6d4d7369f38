"""Entries as rows of the database, and back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.faq.entry import Action, Cited, Edit, Entry
from app.records.tables import CitationRow, EntryRow, HistoryRow
from app.staff.person import Person


def write(row: EntryRow, entry: Entry) -> None:
    """Have a row say what an entry says; its author and when it was made stay."""
    edit = entry.edit
    row.question, row.variants = edit.question, list(edit.variants)
    row.answer, row.theme = edit.answer, edit.theme
    row.status, row.version, row.why = entry.status, entry.version, entry.why
    row.validator, row.published = entry.validator, entry.published
    row.changed = entry.changed
    row.citations = [CitationRow(**one.as_json()) for one in edit.citations]


def note(session: Session, entry: Entry, action: Action, who: Person, why: str) -> None:
    """Add to the history what an entry became."""
    session.add(
        HistoryRow(
            entry_id=entry.id,
            version=entry.version,
            at=entry.changed,
            who=who.name,
            action=action,
            why=why,
            snapshot=entry.as_json(),
        )
    )


def entry_of(row: EntryRow) -> Entry:
    """The entry that a row says."""
    edit = Edit(
        row.question, tuple(row.variants), row.answer, row.theme, tuple(map(_cited, row.citations))
    )
    return Entry(
        row.id,
        edit,
        row.status,
        row.version,
        row.author,
        row.validator,
        row.created,
        row.changed,
        row.published,
        row.why,
    )


def _cited(row: CitationRow) -> Cited:
    return Cited(
        row.number,
        row.passage,
        row.start,
        row.end,
        row.quote,
        row.source,
        tuple(row.heading),
        row.release,
        row.state,
        row.found,
    )
