"""What the editor knows of an entry: the stores behind its page, and what the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from app.answers import Ranked
from app.assistant import Assistant
from app.faq.anchors import fault_of
from app.faq.bulk import is_of_topic
from app.faq.checking import verified
from app.faq.citing import Held, proposed
from app.faq.entries import Entries
from app.faq.entry import Edit, Entry
from app.faq.faults import EntryMissing
from app.faq.rules import broken, lacking, shared, tidied
from app.staff.person import Person
from app.web.staff import writing
from app.web.staff.editor_page import NEW, Editing
from app.web.staff.unsaved import Unsaved
from app.web.staff.writing import Writing

_FOUND = 6  # passages
_LOOKED_FOR = 300  # characters


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
        edit = entry.edit if entry else writing.EMPTY
        for key in self.unsaved.keys(person.name, id):
            form = self.unsaved.find(key, person.name, id)
            if form is not None and not self.written(form, edit).says(edit):
                return key
        return ""

    def written(self, form: FormData, base: Edit) -> Writing:
        """What a form holds, once its button has done what it does to the text."""
        what, _, of = str(form.get("faire", "")).partition(":")
        written = writing.read(form, base, self.assistant)
        match what:
            case "citer":
                return writing.with_passage(written, of, base, self.assistant)
            case "retirer" if of.isascii() and of.isdigit():
                return writing.without(written, int(of[:4]))
            case "prendre" if of.isascii() and of.isdigit():
                return self._with_proposed(written, int(of[:4]))
            case "renumeroter":
                return writing.renumbered(written)
        return written

    def _with_proposed(self, written: Writing, number: int) -> Writing:
        lost: Held | None = next(
            (one for one in written.citations if one.cited.number == number), None
        )
        found = proposed(lost, self.assistant, self.nearest) if lost else None
        return writing.replacing(written, number, found) if found else written

    def editing(self, person: Person, entry: Entry | None, written: Writing) -> Editing:
        """All that the page shows of what is in the editor."""
        assistant = self.assistant
        lost = [one for one in written.citations if one.place is None]
        proposals = {
            one.cited.number: found
            for one in lost
            if (found := proposed(one, assistant, self.nearest)) is not None
        }
        twins = self.entries.asking(written.edit, entry.id if entry else "")
        return Editing(
            person=person,
            entry=entry,
            writing=written,
            sentences=verified(written.edit, assistant) if written.is_short else (),
            proposals=proposals,
            results=self.passages(written.search),
            comments=self.entries.comments(entry.id) if entry else (),
            themes=self.entries.themes(),
            twins=twins,
            agency=self.agency,
            faults=written.faults,
            is_of_group=self._is_of_group(entry),
            is_hindered=bool(written.faults or self.hindrances(written, twins)),
        )

    def hindrances(self, written: Writing, twins: Sequence[Entry]) -> list[str]:
        """A French sentence for each thing that keeps a text from being published, but for its
        unconfirmed sentences and what its form lost; ``twins`` are entries with its questions.
        """
        edit = tidied(written.edit)
        lost = (one.cited for one in written.citations if one.place is None)
        return [
            *broken(edit),
            *lacking(edit),
            *(fault_of(one, self.assistant) for one in lost if one.state == "alive"),
            *shared(edit, (one for one in twins if one.status == "published")),
        ]

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
