"""``/staff/fiches/<id>``: an entry is written, checked, saved, changes its status, is commented.

What is in the form comes back with every button: nothing is lost until it is saved, and nothing is
written over what somebody else saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from app.faq.additions import addition, additions
from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.faults import EntryChanged, InvalidEdit
from app.faq.phrasings import by_words
from app.faq.rules import may_write
from app.faq.topics import Topic
from app.staff.person import Person
from app.web.staff import frame, words, writing
from app.web.staff.acts import SAVES, act_of
from app.web.staff.editor import Editor
from app.web.staff.editor_page import show
from app.web.staff.gate import Refused, changed, person_of
from app.web.staff.unsaved import KEY

_DONE = {
    "prete": (
        "Le brouillon est prêt : relisez sa réponse et ses autres formulations, corrigez-les, puis "
        "soumettez-le."
    ),
    "vide": (
        "Le brouillon est créé. Les sources n'y répondent pas : cherchez un passage, ou notez une "
        "source manquante."
    ),
    "existe": "Cette question a déjà une fiche : la voici.",
    "enregistree": "La fiche est enregistrée.",
    "soumise": "La fiche est enregistrée et soumise à validation.",
    "publiee": "La fiche est publiée : elle répond maintenant aux citoyens.",
    "renvoyee": "La fiche est renvoyée en brouillon.",
    "revue": "La fiche est à revoir : les citoyens ne la voient plus.",
    "archivee": "La fiche est archivée.",
    "retablie": "La fiche est rétablie en brouillon.",
}
NOTHING_ADDED = (
    "Rien n'est ajouté : une fiche a déjà ces formulations ou y répond, ou le groupe a été refait."
)
NOT_KEPT = (
    "Le texte de cette adresse n'est plus gardé, ou est enregistré depuis : voici la fiche telle "
    "qu'elle est enregistrée."
)
NOT_KEPT_NEW = (
    "Le texte de cette adresse n'est plus gardé, ou est enregistré depuis : il est alors parmi les "
    "fiches. Voici une fiche vide."
)


def add_editor(app: FastAPI, editor: Editor, topic: Callable[[str], Topic | None]) -> None:
    """Add the page of an entry, what its buttons do, its changes of status and its comments.

    ``topic`` gives the group of a key, whose questions an entry may take, where it is there still.
    """
    _add_page(app, editor, topic)
    _add_status(app, editor)

    @app.post("/staff/fiches/{id}", include_in_schema=False)
    def write(
        request: Request,
        id: str,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        editor.opened(id)
        if form.get("faire") == "oublier":
            editor.unsaved.drop(str(form.get(KEY, "")), person.name, id)
            return frame.going(request, f"/staff/fiches/{id}")
        key = editor.unsaved.keep(person.name, id, form)
        if str(form.get("faire", "")) not in SAVES:
            return frame.going(request, f"/staff/fiches/{id}?{KEY}={key}")
        return act_of(request, editor, person, id, form, key).save(form)

    @app.post("/staff/fiches/{id}/commentaire", include_in_schema=False)
    def comment(
        request: Request,
        id: str,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        text = str(form.get("commentaire", ""))
        try:
            editor.entries.comment(id, person, text)
        except InvalidEdit as error:
            entry = editor.entry(id)
            shown = editor.editing(person, entry, writing.opened(entry, editor.assistant))
            return show(request, replace(shown, comment=text, faults=error.faults), 422)
        return frame.going(request, f"/staff/fiches/{id}#commentaires")


def _add_page(app: FastAPI, editor: Editor, topic: Callable[[str], Topic | None]) -> None:
    @app.api_route("/staff/fiches/{id}", methods=["GET", "HEAD"], include_in_schema=False)
    def page(
        request: Request, id: str, person: Annotated[Person, Depends(person_of)]
    ) -> HTMLResponse:
        key = request.query_params.get(KEY, "")
        form = editor.unsaved.find(key, person.name, id)
        if form is not None:
            return act_of(request, editor, person, id, form, key).show(form)
        entry = editor.opened(id)
        opened = writing.opened(entry, editor.assistant)
        if entry and not entry.edit.citations and entry.status == "draft":
            opened = replace(opened, search=entry.edit.question)
        more = _further(request, editor, person, entry, topic)
        editing = editor.editing(person, entry, writing.with_phrasings(opened, more))
        done = _DONE.get(request.query_params.get("fait", ""), "")
        if not more and not {words.GROUP, words.FORMULATION}.isdisjoint(request.query_params):
            done = NOTHING_ADDED if editing.may_edit else ""
        waiting = editor.waiting(person, entry)
        shown = replace(editing, done=done, waiting=waiting, added=len(more))
        told = NOT_KEPT if entry else NOT_KEPT_NEW
        return show(request, replace(shown, faults=(told,)) if key else shown)


def _further(
    request: Request,
    editor: Editor,
    person: Person,
    entry: Entry | None,
    topic: Callable[[str], Topic | None],
) -> Sequence[str]:
    """The phrasings that an address adds to an entry: those of a group, or one that was tried."""
    key, said = (request.query_params.get(name, "") for name in (words.GROUP, words.FORMULATION))
    if entry is None or not (key or said) or not may_write(entry, person):
        return ()
    if key:
        asked = topic(key)
        return additions(entry, asked, by_words(editor.entries.find())) if asked else ()
    return addition(entry, said)


def _add_status(app: FastAPI, editor: Editor) -> None:
    @app.post("/staff/fiches/{id}/statut", include_in_schema=False)
    def status(
        request: Request,
        id: str,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        try:
            told = _moved(editor.entries, id, form, person)
        except EntryChanged as error:
            opened = writing.opened(error.current, editor.assistant)
            editing = editor.editing(person, error.current, opened)
            return show(request, replace(editing, faults=(str(error),)), 409)
        return frame.going(request, f"/staff/fiches/{id}?fait={told}")


def _moved(entries: Entries, id: str, form: FormData, person: Person) -> str:
    """Change a status; what is told of it.

    Raises:
        EntryError: as the store does.
        Refused: there is no such change.
    """
    version, why = writing.version_of(form), str(form.get("pourquoi", ""))
    match str(form.get("faire", "")):
        case "renvoyer":
            entries.send_back(id, version, person, why)
            return "renvoyee"
        case "revoir":
            entries.review(id, version, person, why)
            return "revue"
        case "archiver":
            entries.archive(id, version, person, why)
            return "archivee"
        case "retablir":
            entries.restore(id, version, person, why)
            return "retablie"
    raise Refused(words.UNREADABLE, 400)
