"""``/staff/fiches/<id>``: an entry is written, checked, saved, and changes its status.

What is in the form comes back with every button: nothing is lost until it is saved, and nothing is
written over what somebody else saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from app.answers import Ranked
from app.assistant import Assistant
from app.faq.bulk import is_of_topic
from app.faq.checking import verified
from app.faq.citing import Held, proposed
from app.faq.entries import Entries
from app.faq.entry import Edit, Entry, Status
from app.faq.faults import EntryChanged, EntryMissing, InvalidEdit, NotAllowed
from app.faq.rules import require_valid, tidied
from app.staff.person import Person
from app.web.staff import frame, words, writing
from app.web.staff.editor_page import NEW, Editing, show
from app.web.staff.gate import Refused, changed, person_of
from app.web.staff.unsaved import KEY, Unsaved
from app.web.staff.writing import Writing

_FOUND = 6  # passages
_LOOKED_FOR = 300  # characters
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
NOT_KEPT = (
    "Le texte de cette adresse n'est plus gardé, ou est enregistré depuis : voici la fiche telle "
    "qu'elle est enregistrée."
)
# What is told after each button that saves, and what the entry is then; None is what it was.
_SAVES: dict[str, tuple[str, Status | None]] = {
    "enregistrer": ("enregistree", None),
    "soumettre": ("soumise", "submitted"),
    "publier": ("publiee", "published"),
}
SAVED = "La fiche est enregistrée, mais son statut n'a pas changé."
UNCONFIRMED_LIVE = (
    "Cette fiche est publiée, et des phrases de ce texte ne sont pas confirmées par les "
    "citations : rien n'est enregistré. Corrigez-les, ou cochez la case qui dit que vous les avez "
    "relues."
)
UNCONFIRMED = (
    "Certaines phrases ne sont pas confirmées par les citations. Corrigez-les, ou cochez la case "
    "qui est au-dessus des boutons pour publier malgré tout."
)


@dataclass(frozen=True, slots=True)
class Editor:
    """The stores behind the page; ``agency`` is whose answers they are."""

    entries: Entries
    assistant: Assistant
    agency: str
    unsaved: Unsaved = field(default_factory=Unsaved)

    def entry(self, id: str) -> Entry:
        """An entry.

        Raises:
            EntryMissing: there is none of that id.
        """
        entry = self.entries.get(id)
        if entry is None:
            raise EntryMissing
        return entry

    def opened(self, id: str) -> Entry | None:
        """The entry that an address names, None for a new one.

        Raises:
            EntryMissing: there is none of that id.
        """
        return None if id == NEW else self.entry(id)

    def base(self, entry: Entry | None, version: int) -> Edit:
        """What was written of an entry in one of its versions; empty when there is none."""
        if entry is None:
            return writing.EMPTY
        if entry.version == version:
            return entry.edit
        changes = self.entries.history(entry.id)
        found = [change.after for change in changes if change.version <= version]
        return found[-1] if found else entry.edit

    def waiting(self, person: Person, entry: Entry | None) -> str:
        """The key of a text of this person that the entry does not say yet; empty for none."""
        id = entry.id if entry else NEW
        key = self.unsaved.last(person.name, id)
        form = self.unsaved.find(key, person.name, id)
        if form is None:
            return ""
        edit = entry.edit if entry else writing.EMPTY
        return "" if writing.read(form, edit, self.assistant).says(edit) else key

    def editing(self, person: Person, entry: Entry | None, written: Writing) -> Editing:
        """All that the page shows of what is in the editor."""
        assistant = self.assistant
        lost = [one for one in written.citations if one.place is None]
        proposals = {
            one.cited.number: found
            for one in lost
            if (found := proposed(one, assistant, self.nearest)) is not None
        }
        return Editing(
            person=person,
            entry=entry,
            writing=written,
            sentences=verified(written.edit, assistant) if written.is_short else (),
            proposals=proposals,
            results=self.passages(written.search),
            comments=self.entries.comments(entry.id) if entry else (),
            themes=self.entries.themes(),
            twins=self.entries.asking(written.edit, entry.id if entry else ""),
            agency=self.agency,
            faults=written.faults,
            is_of_group=self._is_of_group(entry),
        )

    def _is_of_group(self, entry: Entry | None) -> bool:
        if entry is None or entry.status not in ("draft", "submitted"):
            return False
        return is_of_topic(self.entries.history(entry.id))

    def passages(self, text: str) -> Sequence[Ranked]:
        """The passages nearest to a text."""
        if not text.strip():
            return ()
        return self.assistant.search(text[:_LOOKED_FOR], _FOUND).found

    def nearest(self, text: str) -> str | None:
        """The id of the passage nearest to a text."""
        found = self.assistant.search(text[:_LOOKED_FOR], 1).found
        return found[0].passage.id if found else None


def add_editor(app: FastAPI, editor: Editor) -> None:
    """Add the page of an entry, what its buttons do, its changes of status and its comments."""
    _add_page(app, editor)
    _add_status(app, editor)

    @app.post("/staff/fiches/{id}", include_in_schema=False)
    def write(
        request: Request,
        id: str,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        editor.opened(id)
        key = editor.unsaved.keep(person.name, id, form)
        if str(form.get("faire", "")) not in _SAVES:
            return frame.going(request, f"/staff/fiches/{id}?{KEY}={key}")
        return _act(request, editor, person, id, form, key).save(form)

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


def _add_page(app: FastAPI, editor: Editor) -> None:

    @app.api_route("/staff/fiches/{id}", methods=["GET", "HEAD"], include_in_schema=False)
    def page(
        request: Request, id: str, person: Annotated[Person, Depends(person_of)]
    ) -> HTMLResponse:
        key = request.query_params.get(KEY, "")
        form = editor.unsaved.find(key, person.name, id)
        if form is not None:
            return _act(request, editor, person, id, form, key).show(form)
        entry = editor.opened(id)
        opened = writing.opened(entry, editor.assistant)
        if entry and not entry.edit.citations and entry.status == "draft":
            opened = replace(opened, search=entry.edit.question)
        editing = editor.editing(person, entry, opened)
        done = _DONE.get(request.query_params.get("fait", ""), "")
        shown = replace(editing, done=done, waiting=editor.waiting(person, entry))
        return show(request, replace(shown, faults=(NOT_KEPT,)) if key else shown)


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


def _faults(edit: Edit) -> Sequence[str]:
    """The rules that a text breaks, which saving it would tell."""
    try:
        require_valid(tidied(edit))
    except InvalidEdit as error:
        return error.faults
    return ()


def _act(
    request: Request, editor: Editor, person: Person, id: str, form: FormData, key: str
) -> _Act:
    """What the buttons of a form do to an entry.

    Raises:
        EntryMissing: there is none of that id.
    """
    entry = editor.opened(id)
    base = editor.base(entry, writing.version_of(form))
    return _Act(request, editor, person, entry, base, key)


@dataclass(frozen=True, slots=True)
class _Act:
    """What a button of the form does; ``base`` is the entry as the form found it, ``key`` is that
    of the text while it is not saved.
    """

    request: Request
    editor: Editor
    person: Person
    entry: Entry | None
    base: Edit
    key: str

    def save(self, form: FormData) -> Response:
        """The page after a button that saves."""
        written = writing.read(form, self.base, self.editor.assistant)
        return self._saved(str(form.get("faire")), written, is_sure=form.get("malgre") == "oui")

    def show(self, form: FormData) -> HTMLResponse:
        """The page after another button, which writes nothing."""
        what, _, of = str(form.get("faire", "")).partition(":")
        written = writing.read(form, self.base, self.editor.assistant)
        match what:
            case "citer":
                written = writing.with_passage(written, of, self.base, self.editor.assistant)
            case "retirer" if of.isascii() and of.isdigit():
                written = writing.without(written, int(of[:4]))
            case "prendre" if of.isascii() and of.isdigit():
                written = self._with_proposed(written, int(of[:4]))
            case "renumeroter":
                written = writing.renumbered(written)
            case "verifier" | "enregistrer" | "soumettre" | "publier":  # the latter were refused
                return self._shown(written, _faults(written.edit))
        return self._shown(written)

    def _with_proposed(self, written: Writing, number: int) -> Writing:
        lost: Held | None = next(
            (one for one in written.citations if one.cited.number == number), None
        )
        found = proposed(lost, self.editor.assistant, self.editor.nearest) if lost else None
        return writing.replacing(written, number, found) if found else written

    def _shown(
        self, written: Writing, faults: Sequence[str] = (), status: int = 200
    ) -> HTMLResponse:
        editing = self.editor.editing(self.person, self.entry, written)
        told = (*editing.faults, *faults)
        return show(self.request, replace(editing, faults=told, key=self.key), status)

    def _saved(self, what: str, written: Writing, is_sure: bool) -> Response:
        if what == "publier" and not self.person.validates:
            raise Refused(words.NOT_ALLOWED)
        if written.faults:
            return self._shown(written, status=422)
        if self._goes_live(what, written) and not is_sure and self._is_unconfirmed(written.edit):
            return self._shown(written, [UNCONFIRMED_LIVE], 422)
        try:
            entry = self._save(written)
        except EntryChanged as error:
            return self._conflict(written, error.current)
        except InvalidEdit as error:
            return self._shown(written, error.faults, 422)
        except NotAllowed as error:
            return self._shown(written, [str(error)], 403)
        self.editor.unsaved.drop(self.key)
        return self._after(what, entry, written, is_sure)

    def _after(self, what: str, entry: Entry, written: Writing, is_sure: bool) -> Response:
        """What comes once the entry is saved."""
        try:
            return self._moved_on(what, entry, written.why, is_sure)
        except EntryChanged as error:
            current = error.current
            if current.edit == entry.edit and current.status == _SAVES[what][1]:
                return self._told(what, current)  # the form was sent twice
            return self._conflict(written, current)
        except InvalidEdit as error:
            return self._of(entry, [SAVED, *error.faults], 422)
        except NotAllowed as error:
            return self._of(entry, [SAVED, str(error)], 403)

    def _goes_live(self, what: str, written: Writing) -> bool:
        """Whether citizens would read what is saved: the entry is published, and is still so."""
        entry = self.entry
        if entry is None or what != "enregistrer" or not self.person.validates:
            return False
        return entry.status == "published" and entry.version == written.version

    def _save(self, written: Writing) -> Entry:
        """The entry with what was written; it is not written again where it says so already."""
        entries = self.editor.entries
        if self.entry is None:
            return entries.create(written.edit, self.person, written.why)
        if written.says(self.entry.edit):
            return self.entry
        return entries.save(self.entry.id, written.version, written.edit, self.person, written.why)

    def _moved_on(self, what: str, entry: Entry, why: str, is_sure: bool) -> Response:
        entries = self.editor.entries
        if entry.status == _SAVES[what][1]:
            return self._told(what, entry)
        if what == "publier":
            if not is_sure and self._is_unconfirmed(entry.edit):
                return self._of(entry, [SAVED, UNCONFIRMED], 422)
            entries.publish(entry.id, entry.version, self.person, why)
            self.editor.assistant.entries_changed()
        elif what == "soumettre":
            entries.submit(entry.id, entry.version, self.person, why)
        return self._told(what, entry)

    def _told(self, what: str, entry: Entry) -> Response:
        told, _ = _SAVES[what]
        return frame.going(self.request, f"/staff/fiches/{entry.id}?fait={told}#verification")

    def _is_unconfirmed(self, edit: Edit) -> bool:
        return any(not one.supported for one in verified(edit, self.editor.assistant))

    def _of(self, entry: Entry, faults: Sequence[str], status: int) -> Response:
        """The page of an entry as it is saved now."""
        opened = writing.opened(entry, self.editor.assistant)
        return replace(self, entry=entry)._shown(opened, faults, status)

    def _conflict(self, written: Writing, current: Entry) -> Response:
        mine = writing.on_top_of(written, current)
        editing = self.editor.editing(self.person, current, mine)
        return show(self.request, replace(editing, conflict=current, key=self.key), 409)
