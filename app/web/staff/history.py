"""``/staff/fiches/<id>/historique``: who changed an entry, when, why, and what."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse

from app.faq.entries import Entries
from app.faq.entry import Action, Change
from app.faq.faults import EntryMissing
from app.staff.person import Person
from app.web.markup import attribute, escape
from app.web.staff import compared, forms, frame
from app.web.staff.gate import person_of

TITLE = "Historique"
ACTIONS: dict[Action, str] = {
    "create": "Créée",
    "save": "Modifiée",
    "submit": "Soumise à validation",
    "publish": "Publiée",
    "send_back": "Renvoyée en brouillon",
    "review": "Mise à revoir",
    "archive": "Archivée",
    "restore": "Rétablie",
    "follow": "Citations suivies",
}


def add_history(app: FastAPI, entries: Entries) -> None:
    """Add the page."""

    @app.api_route(
        "/staff/fiches/{id}/historique", methods=["GET", "HEAD"], include_in_schema=False
    )
    def history(
        request: Request, id: str, person: Annotated[Person, Depends(person_of)]
    ) -> HTMLResponse:
        entry = entries.get(id)
        if entry is None:
            raise EntryMissing
        changes = entries.history(id)[::-1]
        number = forms.page_number(request.query_params.get("page", ""), len(changes))
        shown = "".join(_change(one) for one in forms.of_page(changes, number))
        title = f"{TITLE} : {entry.edit.question}"
        body = (
            f'<p><a href="../{attribute(id)}">Retour à la fiche</a></p><h1>{escape(title)}</h1>'
            f'<p class="ch-hint">{compared.LEGEND}</p>{shown}'
            f"{forms.pager(number, len(changes), {}, 'des changements')}"
        )
        return frame.page(request, title, body)


def _change(change: Change) -> str:
    id = f"version-{change.version}"
    why = f'<p class="ch-reason-why">{escape(change.why)}</p>' if change.why else ""
    name = ACTIONS.get(change.action, change.action)
    told = f"<h3>Ce qui a changé</h3>{changed}" if (changed := compared.changes_of(change)) else ""
    return (
        f'<article class="ch-block" aria-labelledby="{id}"><h2 id="{id}">Version '
        f"{change.version} : {escape(name.lower())}</h2>"
        f'<p class="ch-meta">{escape(change.who)}, {forms.moment(change.at)}</p>{why}{told}'
        "</article>"
    )
