"""From the questions of a file to drafts: nothing twice, what is wrong is told, the rest goes on.

A question that an entry already asks, in these words or as one of its variants, is passed over, or
brings that entry up to date when that is asked for. A published entry that changes so is put in
review: nobody validated what the file says. One that is archived stays as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol

from app.answers import Search
from app.faq.anchors import Texts
from app.faq.checking import unsupported, verified
from app.faq.entries import Entries
from app.faq.entry import Action, Edit, Entry
from app.faq.faults import EntryError
from app.faq.imports.row import Reading, Row
from app.faq.imports.support import supported, without_markers
from app.faq.phrasings import by_words, words_of
from app.faq.rules import COMMENT_LIMIT, next_status, require_valid, tidied
from app.staff.person import Person
from ingest.progress import Step, silent

Result = Literal["created", "updated", "same", "skipped", "bad"]

STEP = "Questions importées"


class Sources(Texts, Protocol):
    """What an answer is held against: an assistant's texts, and its search."""

    def search(self, question: str, limit: int, /) -> Search:
        """Passages, the nearest first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one place of a file, and why where that is to be told.

    ``entry`` is the id of the entry, None for none and in a trial. ``citations`` are proposed ones,
    ``lacking`` the sentences that no source supports, with the reason. It is ``withdrawn`` when it
    was published, and is to be reviewed now.
    """

    place: str
    result: Result
    question: str = ""
    why: str = ""
    entry: str | None = None
    citations: int = 0
    lacking: tuple[str, ...] = ()
    withdrawn: bool = False


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
    def withdrawn(self) -> list[Taken]:
        """Those that citizens do not see any more."""
        return [one for one in self.taken if one.withdrawn]

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
        sources: Sources,
        updates: bool = False,
        is_trial: bool = False,
    ) -> None:
        self._entries = entries
        self._who = who
        self._sources = sources
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
        words = words_of(row.question)
        if first := self._seen.get(words):
            why = f"Cette question est déjà dans le fichier ({first})."
            return Taken(row.place, "skipped", row.question, why)
        try:
            known = self._known.get(words)
            return self._created(row) if known is None else self._met(row, known)
        except EntryError as error:
            return Taken(row.place, "bad", row.question, str(error))

    def _saw(self, row: Row, edit: Edit) -> None:
        """What an entry of the file asks is no question of another row."""
        for phrasing in edit.phrasings:
            self._seen.setdefault(words_of(phrasing), row.place)

    def _created(self, row: Row) -> Taken:
        edit = tidied(Edit(row.question, row.variants, row.answer, row.theme, ()))
        require_valid(edit)
        edit, lacking = self._supported(edit)
        require_valid(edit)
        made = Taken(row.place, "created", edit.question, "", None, len(edit.citations), lacking)
        if self._is_trial:
            self._saw(row, edit)
            return made
        entry = self._entries.create(edit, self._who, f"Importée de {self._file}.")
        self._saw(row, edit)
        self._note(entry, lacking)
        return replace(made, entry=entry.id)

    def _met(self, row: Row, known: Entry) -> Taken:
        if why := self._why_passed_over(row, known):
            return Taken(row.place, "skipped", row.question, why, known.id)
        edit, lacking = self._edited(row, known)
        if edit == known.edit:
            self._saw(row, edit)
            return Taken(row.place, "same", row.question, "", known.id)
        require_valid(edit)
        self._save(known, edit, lacking)
        self._saw(row, edit)
        return Taken(row.place, "updated", row.question, "", known.id, len(edit.citations),
                     lacking, known.status == "published")  # fmt: skip

    def _why_passed_over(self, row: Row, known: Entry) -> str:
        question = known.edit.question
        if known.status == "archived":
            return (
                f"La fiche archivée « {question} » pose déjà cette question : rétablissez-la pour "
                "la reprendre."
            )
        if words_of(question) != words_of(row.question):
            return f"Cette question est déjà une autre formulation de « {question} »."
        return "" if self._updates else "Une fiche répond déjà à cette question."

    def _edited(self, row: Row, known: Entry) -> tuple[Edit, tuple[str, ...]]:
        """The entry as the file has it, where the file says something; and what nothing supports.

        An answer that names citations of the entry keeps these: who wrote it cites what is there.
        """
        before = known.edit
        variants, theme = row.variants or before.variants, row.theme or before.theme
        edit = tidied(Edit(row.question, variants, row.answer, theme, before.citations))
        if without_markers(edit.answer) == without_markers(before.answer):
            return self._verified(replace(edit, answer=before.answer))
        if not edit.markers or set(edit.markers) - {one.number for one in before.citations}:
            return self._supported(edit)
        left = set(before.markers) - set(edit.markers)
        kept = tuple(one for one in before.citations if one.number not in left)
        return self._verified(replace(edit, citations=kept))

    def _verified(self, edit: Edit) -> tuple[Edit, tuple[str, ...]]:
        """The edit as it is, and what its own citations do not support."""
        wrong = unsupported(verified(edit, self._sources))
        return edit, tuple(f"« {one.text} » : {one.reason}" for one in wrong)

    def _supported(self, edit: Edit) -> tuple[Edit, tuple[str, ...]]:
        """The edit with the citations that a search proposes, and what nothing supports."""
        found = supported(edit.question, edit.answer, self._sources.search)
        return replace(edit, answer=found.answer, citations=found.citations), found.lacking

    def _save(self, known: Entry, edit: Edit, lacking: tuple[str, ...]) -> None:
        """Write an entry anew; in a trial, only refuse what would be refused."""
        action: Action = "review" if known.status == "published" else "save"
        why = (
            f"Le fichier {self._file} en change le texte : à relire avant de publier."
            if action == "review"
            else f"Mise à jour par l'import de {self._file}."
        )
        next_status(known, action, self._who, why)
        if not self._is_trial:
            change = self._entries.review if action == "review" else self._entries.save
            self._note(change(known.id, known.version, edit=edit, who=self._who, why=why), lacking)

    def _note(self, entry: Entry, lacking: tuple[str, ...]) -> None:
        """Say to who takes the entry up what no source supports."""
        if lacking:
            said = "\n".join(["Sans appui dans les sources :", *lacking])
            self._entries.comment(entry.id, self._who, said[:COMMENT_LIMIT])
