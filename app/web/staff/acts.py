"""What the buttons of an entry's form do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from app.faq.checking import verified
from app.faq.entry import Edit, Entry, Status
from app.faq.faults import EntryChanged, InvalidEdit, NotAllowed
from app.faq.rules import broken, tidied
from app.staff.person import Person
from app.web.staff import frame, words, writing
from app.web.staff.editor import Editor
from app.web.staff.editor_page import NEW, show
from app.web.staff.gate import Refused
from app.web.staff.writing import Writing

# What is told after each button that saves, and what the entry is then; None is what it was.
SAVES: dict[str, tuple[str, Status | None]] = {
    "enregistrer": ("enregistree", None),
    "soumettre": ("soumise", "submitted"),
    "publier": ("publiee", "published"),
}
# What is told where it is not: when its text was saved, and when there was nothing to save.
NOT_YET = {
    "soumettre": (
        "La fiche est enregistrée, mais n'est pas soumise à validation.",
        "La fiche n'est pas soumise à validation.",
    ),
    "publier": (
        "La fiche est enregistrée, mais n'est pas publiée.",
        "La fiche n'est pas publiée.",
    ),
}
LIVE = "Cette fiche est publiée, et ce texte ne peut pas l'être : rien n'est enregistré."
UNCONFIRMED_LIVE = (
    "Cette fiche est publiée, et des phrases de ce texte ne sont pas confirmées par les "
    "citations : rien n'est enregistré. Corrigez-les, ou cochez la case qui dit que vous les avez "
    "relues."
)
UNCONFIRMED = (
    "Certaines phrases ne sont pas confirmées par les citations. Corrigez-les, ou cochez la case "
    "qui est au-dessus des boutons pour publier malgré tout."
)
UNCONFIRMED_TOO = (
    "Certaines phrases ne sont pas confirmées par les citations. Corrigez-les ; une case pour "
    "publier malgré tout sera proposée quand rien d'autre ne l'empêchera."
)


def act_of(
    request: Request, editor: Editor, person: Person, id: str, form: FormData, key: str
) -> Act:
    """What the buttons of a form do to an entry.

    Raises:
        EntryMissing: there is none of that id.
    """
    entry = editor.opened(id)
    base = editor.base(entry, writing.version_of(form))
    return Act(request, editor, person, entry, base, key)


@dataclass(frozen=True, slots=True)
class Act:
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
        written = self.editor.written(form, self.base)
        return self._saved(str(form.get("faire")), written, is_sure=form.get("malgre") == "oui")

    def show(self, form: FormData) -> HTMLResponse:
        """The page after another button, which writes nothing."""
        written = self.editor.written(form, self.base)
        verifies = form.get("faire") in ("verifier", *SAVES)  # the latter were refused
        return self._shown(written, list(broken(tidied(written.edit))) if verifies else ())

    def _shown(
        self, written: Writing, faults: Sequence[str] = (), status: int = 200
    ) -> HTMLResponse:
        editing = self.editor.editing(self.person, self.entry, written)
        told = (*editing.faults, *faults)
        return show(self.request, replace(editing, faults=told, key=self.key), status)

    def _saved(self, what: str, written: Writing, is_sure: bool) -> Response:
        if what == "publier" and not self.person.validates:
            raise Refused(words.NOT_ALLOWED)
        faults = self._hindrances(what, written, is_sure)
        if written.faults or (faults and what == "enregistrer"):
            return self._shown(written, faults, 422)
        try:
            entry = self._save(what, written)
        except EntryChanged as error:
            return self._conflict(written, error.current)
        except InvalidEdit as error:
            return self._shown(written, list(dict.fromkeys((*error.faults, *faults))), 422)
        except NotAllowed as error:
            return self._shown(written, [str(error)], 403)
        id = self.entry.id if self.entry else NEW
        self.editor.unsaved.drop(self.key, self.person.name, id)
        return self._after(what, entry, written, faults)

    def _hindrances(self, what: str, written: Writing, is_sure: bool) -> list[str]:
        """All that keeps a text from becoming what its button says, but for what its form lost."""
        live = self._goes_live(what, written)
        shown = what == "publier" or live
        if what == "enregistrer" and not live:
            return []
        id = self.entry.id if self.entry else ""
        twins = self.editor.entries.asking(written.edit, id) if shown else ()
        faults = self.editor.hindrances(written, twins)
        others = bool(faults or written.faults)
        if shown and not is_sure and self._is_unconfirmed(written):
            alone = UNCONFIRMED_LIVE if live else UNCONFIRMED
            faults.append(UNCONFIRMED_TOO if others else alone)
        return [LIVE, *faults] if live and others else faults

    def _after(self, what: str, entry: Entry, written: Writing, faults: Sequence[str]) -> Response:
        """What comes once the entry is saved; ``faults`` keep it from becoming anything else."""
        if faults and entry.status != SAVES[what][1]:
            return self._of(entry, [self._not_yet(what, entry), *faults], 422)
        try:
            return self._moved_on(what, entry, written.why)
        except EntryChanged as error:
            current = error.current
            if current.edit == entry.edit and current.status == SAVES[what][1]:
                return self._told(what, current)  # the form was sent twice
            return self._conflict(written, current)
        except InvalidEdit as error:
            return self._of(entry, [self._not_yet(what, entry), *error.faults], 422)
        except NotAllowed as error:
            return self._of(entry, [self._not_yet(what, entry), str(error)], 403)

    def _not_yet(self, what: str, entry: Entry) -> str:
        """That its status is what it was, and whether its text was saved."""
        known = self.entry
        return NOT_YET[what][known is not None and known.version == entry.version]

    def _goes_live(self, what: str, written: Writing) -> bool:
        """Whether citizens would read what is saved: the entry is published, and is still so."""
        entry = self.entry
        if entry is None or what != "enregistrer" or not self.person.validates:
            return False
        return entry.status == "published" and entry.version == written.version

    def _save(self, what: str, written: Writing) -> Entry:
        """The entry with what was written; it is not written again where it says so already.

        Raises:
            EntryChanged: somebody else decided otherwise meanwhile, though the text is the same.
        """
        entries = self.editor.entries
        if self.entry is None:
            return entries.create(written.edit, self.person, written.why)
        if written.says(self.entry.edit):
            wanted = SAVES[what][1]
            if self.entry.version != written.version and wanted not in (None, self.entry.status):
                raise EntryChanged(self.entry)
            return self.entry
        return entries.save(self.entry.id, written.version, written.edit, self.person, written.why)

    def _moved_on(self, what: str, entry: Entry, why: str) -> Response:
        entries = self.editor.entries
        if entry.status == SAVES[what][1]:
            return self._told(what, entry)
        if what == "publier":
            entries.publish(entry.id, entry.version, self.person, why)
            self.editor.assistant.entries_changed()
        elif what == "soumettre":
            entries.submit(entry.id, entry.version, self.person, why)
        return self._told(what, entry)

    def _told(self, what: str, entry: Entry) -> Response:
        told, _ = SAVES[what]
        return frame.going(self.request, f"/staff/fiches/{entry.id}?fait={told}#verification")

    def _is_unconfirmed(self, written: Writing) -> bool:
        if not written.is_short:
            return False
        return any(not one.supported for one in verified(written.edit, self.editor.assistant))

    def _of(self, entry: Entry, faults: Sequence[str], status: int) -> Response:
        """The page of an entry as it is saved now."""
        opened = writing.opened(entry, self.editor.assistant)
        return replace(self, entry=entry)._shown(opened, faults, status)

    def _conflict(self, written: Writing, current: Entry) -> Response:
        mine = writing.on_top_of(written, current)
        editing = self.editor.editing(self.person, current, mine)
        return show(self.request, replace(editing, conflict=current, key=self.key), 409)
