"""``/staff/fiches``: the entries, by status, theme and text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse

from app.faq.entries import Entries
from app.faq.entry import Entry, Status
from app.faq.faults import EntryMissing, InvalidEdit, NotAllowed
from app.faq.rules import STATUSES
from app.staff.person import Person
from app.web.markup import attribute, escape
from app.web.staff import forms, frame
from app.web.staff.gate import person_of

TITLE = "Fiches"
NOTHING = "Aucune fiche ne correspond à ces critères."
EMPTY = "Il n'y a encore aucune fiche : commencez par « Ce qui est demandé », ou par une page vide."
_ALL = "tous"
_LONGEST = 200  # characters of what is looked for


def add_entries(app: FastAPI, entries: Entries) -> None:
    """Add ``GET /staff/fiches``, and what is said where there is no entry or no right to it."""
    app.add_exception_handler(EntryMissing, _on_missing)
    app.add_exception_handler(NotAllowed, _on_not_allowed)
    app.add_exception_handler(InvalidEdit, _on_invalid)

    @app.api_route("/staff/fiches", methods=["GET", "HEAD"], include_in_schema=False)
    def listed(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        return frame.page(request, TITLE, _body(entries, request.query_params))


async def _on_missing(request: Request, error: Exception) -> HTMLResponse:
    return refused(request, "Introuvable", str(error), 404)


async def _on_not_allowed(request: Request, error: Exception) -> HTMLResponse:
    return refused(request, "Action impossible", str(error), 403)


async def _on_invalid(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, InvalidEdit)
    return refused(request, "Rien n'est enregistré", " ".join(error.faults), 422)


def refused(request: Request, title: str, sentence: str, status: int) -> HTMLResponse:
    """A page that says why something was not done."""
    back = f'<p><a href="{frame.up_from(request)}staff/fiches">Retour aux fiches</a></p>'
    body = f"<h1>{escape(title)}</h1>{forms.alert([sentence])}{back}"
    return frame.page(request, title, body, status=status)


def status_of(text: str) -> Status | None:
    """The status of a query, None for all."""
    return next((status for status in STATUSES if status == text), None)


def _body(entries: Entries, query: Mapping[str, str]) -> str:
    status, theme = status_of(query.get("statut", "")), query.get("theme", "")
    text = query.get("texte", "")[:_LONGEST]
    found = entries.find(theme=theme or None, text=text)
    counts = Counter(entry.status for entry in found)
    shown = [entry for entry in found if status is None or entry.status == status]
    number = forms.page_number(query.get("page", ""), len(shown))
    kept = {"statut": status or "", "theme": theme, "texte": text}
    return (
        f'<h1>{TITLE}</h1><p><a class="ch-button" href="fiches/nouvelle">Nouvelle fiche</a></p>'
        f"{_filters(entries.themes(), kept, counts)}"
        f'<p class="ch-count">{forms.plural(len(shown), "fiche")}.</p>'
        f"{_list(forms.of_page(shown, number), bool(found) or bool(theme or text))}"
        f"{forms.pager(number, len(shown), kept, 'des fiches')}"
    )


def _filters(themes: Sequence[str], kept: Mapping[str, str], counts: Mapping[Status, int]) -> str:
    statuses = {"": f"{_ALL} ({sum(counts.values())})"}
    statuses |= {name: f"{label} ({counts.get(name, 0)})" for name, label in STATUSES.items()}
    status = forms.choice("statut", "Statut", statuses, kept["statut"])
    theme = forms.choice(
        "theme", "Thème", {"": _ALL, **{name: name for name in themes}}, kept["theme"]
    )
    text = forms.text_field("texte", "Mots", kept["texte"], most=_LONGEST)
    return (
        '<form method="get" action="fiches" class="ch-filters" aria-label="Filtres">'
        f"{status}{theme}{text}<button>Filtrer</button></form>"
    )


def _list(entries: Sequence[Entry], asked: bool) -> str:
    if not entries:
        return f"<p>{NOTHING if asked else EMPTY}</p>"
    return f'<ul class="ch-list">{"".join(map(_line, entries))}</ul>'


def _line(entry: Entry) -> str:
    theme = f"{escape(entry.edit.theme)} · " if entry.edit.theme else ""
    why = f'<span class="ch-reason-why">{escape(entry.why)}</span>' if entry.why else ""
    return (
        f'<li><a href="fiches/{attribute(entry.id)}">{escape(entry.edit.question)}</a> '
        f'{badge(entry.status)}<span class="ch-meta">{theme}{escape(entry.author)}, '
        f"changée le {forms.moment(entry.changed)}</span>{why}</li>"
    )


def badge(status: Status) -> str:
    """A status as it is shown beside a question."""
    return f'<span class="ch-badge ch-badge-{status}">{STATUSES[status]}</span>'
