"""From the questions of a file to drafts: nothing twice, what is wrong is told, the rest goes on.

A question that an entry already asks, in these words or as one of its variants, is passed over, or
brings that entry up to date when that is asked for. A published entry whose answer changes so is
put in review: nobody validated what the file says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from app.faq.entries import Entries
from app.faq.entry import Edit, Entry
from app.faq.faults import EntryError
from app.faq.imports.row import Reading, Row
from app.faq.imports.support import Supported, without_markers
from app.faq.phrasings import by_words, words_of
from app.faq.rules import require_valid, tidied
from app.staff.person import Person
from ingest.progress import Step, silent

Result = Literal["created", "updated", "same", "skipped", "bad"]
Supporting = Callable[[str, str], Supported]  # a question and its answer

STEP = "Questions importées"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one place of a file, and why where that is to be told.

    ``entry`` is the id of the entry, None for none and in a trial. ``citations`` are proposed ones,
    ``lacking`` the sentences that no source supports, with the reason.
    """

    place: str
    result: Result
    question: str = ""
    why: str = ""
    entry: str | None = None
    citations: int = 0
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of each question of a file, in its order; nothing is written in a trial."""

    file: str
    is_trial: bool
    taken: tuple[Taken, ...]

    def of(self, *results: Result) -> list[Taken]:
        """Those of these results."""
        return [one for one in self.taken if one.result in results]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each result."""
        found = Counter(one.result for one in self.taken)
        return {name: found[name] for name in ("created", "updated", "same", "skipped", "bad")}

    def as_json(self) -> dict[str, Any]:
        """The report as JSON."""
        taken = [asdict(one) for one in self.taken]
        return {"file": self.file, "dry_run": self.is_trial, **self.counts, "rows": taken}


class Intake:
    """Takes the questions of one file into ``entries``, for ``who``."""

    def __init__(
        self,
        entries: Entries,
        who: Person,
        supporting: Supporting,
        updates: bool = False,
        is_trial: bool = False,
    ) -> None:
        self._entries = entries
        self._who = who
        self._supporting = supporting
        self._updates = updates
        self._is_trial = is_trial
        self._known: dict[str, Entry] = {}
        self._seen: dict[str, str] = {}  # where in the file a question was met first
        self._file = ""

    def take(self, reading: Reading, file: str, step: Step = silent) -> ImportReport:
        """What became of each question.

        Raises:
            StoreError: no release can be read.
            RecordsError: the database cannot be used; what was written before stays.
        """
        self._file = file
        self._known = by_words(self._entries.find())
        taken = [Taken(one.place, "bad", why=one.why) for one in reading.bad]
        for number, row in enumerate(reading.rows, start=1):
            taken.append(self._one(row))
            step(STEP, number, len(reading.rows))
        return ImportReport(file, self._is_trial, tuple(taken))

    def _one(self, row: Row) -> Taken:
        key = words_of(row.question)
        if first := self._seen.get(key):
            why = f"Cette question est déjà dans le fichier ({first})."
            return Taken(row.place, "skipped", row.question, why)
        self._seen[key] = row.place
        try:
            known = self._known.get(key)
            return self._created(row) if known is None else self._met(row, known, key)
        except EntryError as error:
            return Taken(row.place, "bad", row.question, str(error))

    def _created(self, row: Row) -> Taken:
        edit = tidied(Edit(row.question, row.variants or (), row.answer, row.theme or "", ()))
        require_valid(edit)
        found = self._supporting(edit.question, edit.answer)
        edit = replace(edit, answer=found.answer, citations=found.citations)
        require_valid(edit)
        made = Taken(row.place, "created", edit.question, "", None, len(edit.citations),
                     found.lacking)  # fmt: skip
        if self._is_trial:
            return made
        entry = self._entries.create(edit, self._who, f"Importée de {self._file}.")
        self._note(entry, found)
        return replace(made, entry=entry.id)

    def _met(self, row: Row, known: Entry, key: str) -> Taken:
        if words_of(known.edit.question) != key:
            why = f"Cette question est déjà une variante de « {known.edit.question} »."
            return Taken(row.place, "skipped", row.question, why, known.id)
        if not self._updates:
            why = "Une fiche répond déjà à cette question."
            return Taken(row.place, "skipped", row.question, why, known.id)
        edit, found = self._edited(row, known)
        if edit == known.edit:
            return Taken(row.place, "same", row.question, "", known.id)
        require_valid(edit)
        if not self._is_trial:
            self._save(known, edit, found)
        return Taken(row.place, "updated", row.question, "", known.id, len(edit.citations),
                     found.lacking)  # fmt: skip

    def _edited(self, row: Row, known: Entry) -> tuple[Edit, Supported]:
        """The entry as the file has it; what the file does not say stays."""
        before = known.edit
        variants = before.variants if row.variants is None else row.variants
        theme = before.theme if row.theme is None else row.theme
        edit = tidied(Edit(row.question, variants, row.answer, theme, before.citations))
        same = without_markers(edit.answer) == without_markers(before.answer)
        if same:
            return replace(edit, answer=before.answer), Supported(before.answer, (), ())
        if edit.markers and set(edit.markers) <= {one.number for one in before.citations}:
            return edit, Supported(edit.answer, (), ())  # who wrote it cites what is there
        found = self._supporting(edit.question, edit.answer)
        return replace(edit, answer=found.answer, citations=found.citations), found

    def _save(self, known: Entry, edit: Edit, found: Supported) -> None:
        why = f"Mise à jour par l'import de {self._file}."
        version = known.version
        if known.status == "published":
            again = f"Le fichier {self._file} en change le texte : à relire avant de publier."
            version = self._entries.review(known.id, version, self._who, again).version
        self._note(self._entries.save(known.id, version, edit, self._who, why), found)

    def _note(self, entry: Entry, found: Supported) -> None:
        """Say to who takes the entry up what no source supports."""
        if found.lacking:
            said = "\n".join(["Sans appui dans les sources :", *found.lacking])
            self._entries.comment(entry.id, self._who, said[:_COMMENT])


_COMMENT = 2_000  # characters: as many as a comment takes
