"""Entries as rows of cells, none of which a spreadsheet takes for a formula."""

from __future__ import annotations

from collections.abc import Sequence

from app.faq.entry import Cited, Entry
from app.faq.exports.formulas import neutral
from app.faq.exports.lists import listed
from app.faq.exports.order import cited_line, in_order, original_of, printable, validated
from app.faq.rules import STATUSES
from app.faq.sourced import source_of
from app.wording import shown_date

COLUMNS = (
    "Question",
    "Variantes",
    "Réponse",
    "Thème",
    "Statut",
    "Validé",
    "Validé par",
    "Sources",
)
CITED_COLUMNS = ("Question", "Numéro", "Citation", "Titre", "Éditeur", "Date", "Adresse")


def rows(entries: Sequence[Entry], agency: str) -> list[list[str]]:
    """The entries under :data:`COLUMNS`; several texts in one cell stand a line each."""
    return [list(COLUMNS), *(_row(entry, agency) for entry in in_order(entries))]


def cited_rows(entries: Sequence[Entry]) -> list[list[str]]:
    """Their citations under :data:`CITED_COLUMNS`."""
    found = [
        _cited_row(entry, cited) for entry in in_order(entries) for cited in entry.edit.citations
    ]
    return [list(CITED_COLUMNS), *found]


def _row(entry: Entry, agency: str) -> list[str]:
    edit = entry.edit
    sources = (
        f"[{one.number}] {cited_line(one)} {original_of(one)}".rstrip() for one in edit.citations
    )
    cells = (
        edit.question,
        listed(edit.variants),
        edit.answer,
        edit.theme,
        STATUSES[entry.status],
        validated(entry, agency),
        entry.validator or "",
        "\n".join(sources),
    )
    return [neutral(printable(cell)) for cell in cells]


def _cited_row(entry: Entry, cited: Cited) -> list[str]:
    source = source_of(cited)
    cells = (
        entry.edit.question,
        str(cited.number),
        cited.quote,
        source.title,
        source.publisher or "",
        shown_date(source.date),
        original_of(cited),
    )
    return [neutral(printable(cell)) for cell in cells]
