"""``/staff/``: where one arrives after logging in, and what waits to be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.faq.entries import Entries
from app.faq.entry import Status
from app.faq.wanted import Wanted
from app.staff.person import Person
from app.web.markup import escape
from app.web.staff import forms, frame
from app.web.staff.gate import person_of

TITLE = "Accueil"
TO_DO, NOT_YOURS = "À faire", "En attente d'une personne qui valide"
_WAITING: dict[Status, str] = {
    "review": "à revoir",
    "submitted": "à valider",
    "draft": "en brouillon",
}


def add_home(app: FastAPI, entries: Entries, wanted: Wanted) -> None:
    """Add ``GET /staff/``, and ``/staff`` that leads there."""

    @app.api_route("/staff", methods=["GET", "HEAD"], include_in_schema=False)
    def moved() -> Response:
        return RedirectResponse("staff/", 303)

    @app.api_route("/staff/", methods=["GET", "HEAD"], include_in_schema=False)
    def home(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        pages = getattr(request.app.state, "staff_pages", frame.PAGES)[1:]
        up = frame.up_from(request)
        body = f"<h1>Bonjour, {escape(person.name)}</h1>"
        counts = entries.counts()
        body += _list(TO_DO, _waiting(up, counts, person, wanted.open()))
        if not person.validates:
            body += _list(NOT_YOURS, _entries(up, counts, ("submitted",)))
        links = (f'<a href="{up}{at[1:]}">{escape(label)}</a>' for at, label in pages)
        return frame.page(request, TITLE, body + _list("Pages", links))


def _waiting(up: str, counts: Mapping[Status, int], person: Person, sources: int) -> Iterator[str]:
    """What this person may do something about: a redactor validates nothing."""
    yield from _entries(
        up, counts, [one for one in _WAITING if person.validates or one != "submitted"]
    )
    if sources:
        said = f"{forms.plural(sources, 'source')} à trouver"
        yield f'<a href="{up}staff/manquantes">{said}</a>'


def _entries(up: str, counts: Mapping[Status, int], of: Sequence[Status]) -> Iterator[str]:
    for status in of:
        if count := counts.get(status, 0):
            said = f"{forms.plural(count, 'fiche')} {_WAITING[status]}"
            yield f'<a href="{up}staff/fiches?statut={status}">{said}</a>'


def _list(title: str, links: Iterator[str]) -> str:
    items = "".join(f"<li>{link}</li>" for link in links)
    return f'<h2>{title}</h2><ul class="ch-list">{items}</ul>' if items else ""
