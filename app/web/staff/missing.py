"""``/staff/manquantes``: the sources that are missing, for the person who ingests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from app.faq.faults import InvalidEdit
from app.faq.wanted import TEXT_LIMIT, NoteChanged, Want, Wanted
from app.staff.person import Person
from app.web.markup import escape
from app.web.staff import forms, frame
from app.web.staff.gate import changed, person_of

TITLE = "Sources manquantes"
INTRO = "Ce que les sources devraient dire, et ne disent pas : pour la personne qui les ajoute."
NOTHING = "Aucune note. « Ce qui est demandé » permet d'en écrire une pour un groupe de questions."
_DONE = {
    "ajoutee": "La note est écrite.",
    "faite": "La note est marquée comme faite.",
    "rouverte": "La note est de nouveau à faire.",
    "ecrite": "La note est enregistrée.",
}


def add_missing(app: FastAPI, wanted: Wanted) -> None:
    """Add ``/staff/manquantes``."""

    @app.api_route("/staff/manquantes", methods=["GET", "HEAD"], include_in_schema=False)
    def notes(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        told = forms.done(_DONE.get(request.query_params.get("fait", ""), ""))
        return _page(request, wanted, told)

    @app.post("/staff/manquantes", include_in_schema=False)
    def act(
        request: Request,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        number, text = str(form.get("note", "")), str(form.get("texte", ""))
        id = int(number[:9]) if number.isascii() and number.isdigit() else 0
        try:
            told, want = _done(wanted, form, id, text, person)
        except InvalidEdit as error:
            return _page(request, wanted, forms.alert(error.faults), 422, {id: text})
        except NoteChanged as error:
            written = {id: text} if "texte" in form else {}
            return _page(request, wanted, forms.alert([str(error)]), 409, written)
        return frame.going(request, f"/staff/manquantes?fait={told}#note-{want.id}")


def _done(wanted: Wanted, form: FormData, id: int, text: str, person: Person) -> tuple[str, Want]:
    read = str(form.get("lu", ""))
    match str(form.get("faire", "")):
        case "faite":
            return "faite", wanted.mark(id, read, True)
        case "rouvrir":
            return "rouverte", wanted.mark(id, read, False)
        case "ecrire":
            return "ecrite", wanted.write(id, read, text)
        case _:
            return "ajoutee", wanted.add(text, (), person)


def _page(
    request: Request,
    wanted: Wanted,
    told: str,
    status: int = 200,
    written: Mapping[int, str] = MappingProxyType({}),
) -> HTMLResponse:
    """The page; ``written`` is what stands in the form of a note, 0 for a new one, unsaved."""
    notes = wanted.all()
    left = [note for note in notes if not note.done]
    made = [note for note in notes if note.done]
    body = f"<h1>{TITLE}</h1><p>{INTRO}</p>{told}"
    body += f'<p class="ch-count">{len(left)} à faire, {forms.plural(len(made), "faite")}.</p>'
    shown = "".join(_note(request, note, written) for note in left)
    body += f"<h2>À faire</h2>{shown}" if left else "" if made else f"<p>{NOTHING}</p>"
    area = forms.text_area(
        "texte", "Que devrait dire cette source ?", written.get(0, ""), most=TEXT_LIMIT, rows=2
    )
    body += f"<h2>Ajouter une note</h2>{_form(request, None, area + forms.button('Ajouter'))}"
    if made:
        shown = "".join(_note(request, note, written) for note in made)
        body += f"<h2>Faites</h2>{shown}"
    return frame.page(request, TITLE, body, status=status)


def _note(request: Request, note: Want, written: Mapping[int, str]) -> str:
    id = f"note-{note.id}"
    questions = "".join(f"<li>{escape(question)}</li>" for question in note.questions)
    asked = f"<details><summary>Les questions</summary><ul>{questions}</ul></details>"
    return (
        f'<article class="ch-block" aria-labelledby="{id}"><h3 id="{id}" tabindex="-1">'
        f"{escape(note.text)}</h3>"
        f'<p class="ch-meta">{escape(note.who)}, {forms.moment(note.at)}</p>'
        f"{asked if questions else ''}{_actions(request, note, written.get(note.id))}</article>"
    )


def _actions(request: Request, note: Want, written: str | None) -> str:
    told = f": {note.text}"
    if note.done:
        return _form(request, note, forms.button("Rouvrir", "rouvrir", quiet=True, told=told))
    area = forms.text_area(
        "texte", "Texte de la note", note.text if written is None else written,
        most=TEXT_LIMIT, rows=2, id=f"texte-{note.id}",
    )  # fmt: skip
    write = _form(request, note, area + forms.button("Enregistrer", "ecrire", quiet=True))
    finish = _form(request, note, forms.button("C'est fait", "faite", told=told))
    opened = "" if written is None else " open"
    return f"{finish}<details{opened}><summary>Changer le texte</summary>{write}</details>"


def _form(request: Request, note: Want | None, inner: str) -> str:
    of = frame.hidden("note", str(note.id)) + frame.hidden("lu", note.text) if note else ""
    return forms.post_form(request, "manquantes", of + inner)
