"""``/staff/``: where one arrives after logging in, and what waits to be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.faq.entries import Entries
from app.faq.entry import Status
from app.faq.wanted import Wanted
from app.staff.person import Person
from app.web.markup import escape
from app.web.staff import forms, frame, words
from app.web.staff.gate import person_of

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
        body += _list("À faire", _waiting(up, entries, wanted))
        links = (f'<a href="{up}{at[1:]}">{escape(label)}</a>' for at, label in pages)
        return frame.page(request, words.SPACE, body + _list("Pages", links))


def _waiting(up: str, entries: Entries, wanted: Wanted) -> Iterator[str]:
    counts = entries.counts()
    for status, label in _WAITING.items():
        if count := counts.get(status, 0):
            said = f"{forms.plural(count, 'fiche')} {label}"
            yield f'<a href="{up}staff/fiches?statut={status}">{said}</a>'
    if count := wanted.open():
        said = f"{forms.plural(count, 'source')} à trouver"
        yield f'<a href="{up}staff/manquantes">{said}</a>'


def _list(title: str, links: Iterator[str]) -> str:
    items = "".join(f"<li>{link}</li>" for link in links)
    return f'<h2>{title}</h2><ul class="ch-list">{items}</ul>' if items else ""
