"""The store of the FAQ's entries: each change is one transaction, with its history.

::

    entries = Entries(database)
    entry = entries.create(edit, ana)
    entry = entries.save(entry.id, entry.version, edit, ana)     # EntryChanged if it is not last
    entry = entries.publish(entry.id, entry.version, paul)

What is changed carries the version that was read: when another change came first nothing is
written. The history keeps the entry as it was after each change, so that its last line is always
what the entry is.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from app.faq.entry import Action, Change, Cited, Comment, Edit, Entry, Status
from app.faq.faults import EntryChanged, EntryMissing, InvalidEdit
from app.faq.phrasings import words_of
from app.faq.rows import entry_of, note, write
from app.faq.rules import (
    COMMENT_LIMIT,
    OPEN,
    WHY_LIMIT,
    next_status,
    one_line,
    require_alone,
    require_complete,
    require_valid,
    thousands,
    tidied,
)
from app.intent import folded
from app.records.database import Database
from app.records.tables import (
    FAQ_COUNTER,
    CommentRow,
    CounterRow,
    EntryRow,
    HistoryRow,
)
from app.staff.person import INGESTION, Person

Clock = Callable[[], datetime]
Anchor = Callable[[Sequence[Cited]], tuple[Cited, ...]]


def _now() -> datetime:
    return datetime.now(UTC)


class Entries:
    """The entries of a database. Safe to use from several threads and processes.

    ``anchor`` checks that each citation stands in the release in service when an edit is saved
    (:mod:`app.faq.anchors`); without it, citations are believed.
    """

    def __init__(
        self, database: Database, clock: Clock = _now, anchor: Anchor | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._anchor = anchor

    def close(self) -> None:
        """Close the connections that are kept; the next call opens new ones."""
        self._database.close()

    # Reading

    def get(self, id: str) -> Entry | None:
        """An entry, or None."""
        with self._database.read() as session:
            row = session.get(EntryRow, id)
            return entry_of(row) if row else None

    def find(
        self,
        statuses: Collection[Status] | None = None,
        theme: str | None = None,
        text: str = "",
    ) -> list[Entry]:
        """Entries of these statuses, of a theme, that hold all words of a text; newest first.

        Words are looked for in what is asked and answered, in any case and without accents.
        """
        wanted = select(EntryRow).options(selectinload(EntryRow.citations))
        if statuses is not None:
            wanted = wanted.where(EntryRow.status.in_(statuses))
        if theme is not None:
            wanted = wanted.where(EntryRow.theme == theme)
        wanted = wanted.order_by(EntryRow.changed.desc(), EntryRow.id)
        with self._database.read() as session:
            found = [entry_of(row) for row in session.scalars(wanted)]
        words = folded(text).split()
        return [entry for entry in found if _holds(entry.edit, words)] if words else found

    def asking(self, edit: Edit, but: str = "") -> list[Entry]:
        """The entries but one that have a phrasing of an edit too; archived ones are left aside."""
        with self._database.read() as session:
            return _asking(session, edit.phrasings, OPEN, but)

    def published(self) -> list[Entry]:
        """What citizens may see, by theme, then in the order it was made."""
        shown = self.find({"published"})
        return sorted(shown, key=lambda one: (folded(one.edit.theme), one.created, one.id))

    def asked(self) -> list[Entry]:
        """What questions are compared with: what is published, and what was and is being mended.

        The second answer nothing, and keep others from answering what is asked of them.
        """
        return [entry for entry in self.find(OPEN) if entry.published is not None]

    def shown_last(self) -> datetime | None:
        """When an entry that citizens see, or saw, was changed last; None without any."""
        wanted = select(func.max(EntryRow.changed)).where(EntryRow.published.is_not(None))
        with self._database.read() as session:
            return session.scalar(wanted)

    def counts(self) -> dict[Status, int]:
        """How many entries there are of each status that has any."""
        wanted = select(EntryRow.status, func.count()).group_by(EntryRow.status)
        with self._database.read() as session:
            return {status: count for status, count in session.execute(wanted)}

    def versions(self, statuses: Collection[Status]) -> dict[str, int]:
        """The version of each entry of these statuses, by its id."""
        wanted = select(EntryRow.id, EntryRow.version).where(EntryRow.status.in_(statuses))
        with self._database.read() as session:
            return {id: version for id, version in session.execute(wanted)}

    def themes(self) -> list[str]:
        """The themes that entries have, in order."""
        with self._database.read() as session:
            found = session.scalars(select(EntryRow.theme).distinct()).all()
        return sorted(filter(None, found), key=folded)

    def counter(self) -> int:
        """A number that grows at each change of what is or was published."""
        with self._database.read() as session:
            wanted = select(CounterRow.value).where(CounterRow.name == FAQ_COUNTER)
            return session.scalar(wanted) or 0

    def history(self, id: str) -> list[Change]:
        """The changes of an entry, the first one first; none when there is no such entry."""
        wanted = select(HistoryRow).where(HistoryRow.entry_id == id).order_by(HistoryRow.id)
        with self._database.read() as session:
            rows = session.scalars(wanted).all()
        changes: list[Change] = []
        for row in rows:
            after = Edit.from_json(row.snapshot)
            before = changes[-1].after if changes else None
            action: Action = row.action  # type: ignore[assignment]  # only we write it
            changes.append(Change(row.version, row.at, row.who, action, row.why, before, after))
        return changes

    def comments(self, id: str) -> list[Comment]:
        """What was said of an entry, the first one first."""
        wanted = select(CommentRow).where(CommentRow.entry_id == id).order_by(CommentRow.id)
        with self._database.read() as session:
            return [Comment(row.at, row.who, row.text) for row in session.scalars(wanted)]

    # Changing

    def create(self, edit: Edit, who: Person, why: str = "") -> Entry:
        """A new draft; or the entry that says the very same, as a form may be sent twice.

        Raises:
            InvalidEdit: what is written breaks a rule, or a citation is not in its source.
        """
        edit = self._checked(edit, ())
        same = select(EntryRow).where(EntryRow.question == edit.question, EntryRow.status.in_(OPEN))
        with self._database.begin() as session:
            _alone(session)
            known = (entry for entry in map(entry_of, session.scalars(same)) if entry.edit == edit)
            return next(known, None) or self._added(session, edit, who, why)

    def draft(self, edit: Edit, who: Person, why: str = "") -> Entry:
        """A new draft; or the entry that has its question, if it is not archived.

        Raises:
            InvalidEdit: as :meth:`create` does.
        """
        edit = self._checked(edit, ())
        with self._database.begin() as session:
            _alone(session)
            known = _asking(session, [edit.question], OPEN)
            return known[0] if known else self._added(session, edit, who, why)

    def _added(self, session: Session, edit: Edit, who: Person, why: str) -> Entry:
        id, now = secrets.token_hex(8), self._clock()
        made = Entry(id, edit, "draft", 1, who.name, None, now, now, None, "")
        row = EntryRow(id=id, created=now, author=who.name)
        session.add(row)
        write(row, made)
        note(session, made, "create", who, one_line(why)[:WHY_LIMIT])
        return made

    def save(self, id: str, version: int, edit: Edit, who: Person, why: str = "") -> Entry:
        """The entry with what was written; its status stays.

        When it is published, it must be complete and share its question with no other that is, and
        who saves it says that it is right.

        Raises:
            EntryMissing, EntryChanged, NotAllowed, InvalidEdit: nothing is written.
        """
        return self._change(id, version, "save", who, why, edit)

    def submit(self, id: str, version: int, who: Person, why: str = "") -> Entry:
        """Hand a complete entry to who validates.

        Raises:
            EntryMissing, EntryChanged, NotAllowed, InvalidEdit: as :meth:`save` does.
        """
        return self._change(id, version, "submit", who, why)

    def publish(self, id: str, version: int, who: Person, why: str = "") -> Entry:
        """Show a complete entry to citizens, of which no other published one has the question.

        Raises:
            EntryMissing, EntryChanged, NotAllowed, InvalidEdit: as :meth:`save` does.
        """
        return self._change(id, version, "publish", who, why)

    def send_back(self, id: str, version: int, who: Person, why: str) -> Entry:
        """Make a submitted entry a draft again, and say why.

        Raises:
            EntryMissing, EntryChanged, NotAllowed: as :meth:`save` does.
        """
        return self._change(id, version, "send_back", who, why)

    def review(
        self, id: str, version: int, who: Person, why: str, edit: Edit | None = None
    ) -> Entry:
        """Take a published entry from citizens until it is mended, and say why.

        With an ``edit``, that is what is to be read again.

        Raises:
            EntryMissing, EntryChanged, NotAllowed: as :meth:`save` does.
        """
        return self._change(id, version, "review", who, why, edit)

    def archive(self, id: str, version: int, who: Person, why: str = "") -> Entry:
        """Put an entry aside.

        Raises:
            EntryMissing, EntryChanged, NotAllowed: as :meth:`save` does.
        """
        return self._change(id, version, "archive", who, why)

    def restore(self, id: str, version: int, who: Person, why: str = "") -> Entry:
        """Make an archived entry a draft.

        Raises:
            EntryMissing, EntryChanged, NotAllowed: as :meth:`save` does.
        """
        return self._change(id, version, "restore", who, why)

    def follow(self, id: str, version: int, citations: Sequence[Cited], why: str) -> Entry:
        """The entry with its citations as a release has them.

        A published one of which some are not there any more is put in review, and says ``why``; so
        does one in review of which more is lost, or found again. Else a reviewer's reason stays.

        Raises:
            EntryMissing, EntryChanged: as :meth:`save` does.
        """
        why = one_line(why)[:WHY_LIMIT]
        with self._database.begin() as session:
            row, before = _held(session, id, version)
            edit = replace(before.edit, citations=tuple(citations))
            lost = before.status == "published" and not edit.is_alive
            status: Status = "review" if lost else before.status
            is_other = before.edit.is_alive != edit.is_alive
            told = why if status == "review" and (lost or is_other) else before.why
            after = replace(before, edit=edit, status=status, why=told)
            return self._written(session, row, before, after, "follow", INGESTION, why)

    def comment(self, id: str, who: Person, text: str) -> Comment:
        """Say something of an entry; returns what was kept.

        Raises:
            EntryMissing: there is none.
            InvalidEdit: it is empty or too long.
        """
        said = text.strip()
        if not 1 <= len(said) <= COMMENT_LIMIT:
            raise InvalidEdit([f"Un commentaire a de 1 à {thousands(COMMENT_LIMIT)} caractères."])
        now = self._clock()
        with self._database.begin() as session:
            if session.get(EntryRow, id) is None:
                raise EntryMissing
            session.add(CommentRow(entry_id=id, at=now, who=who.name, text=said))
        return Comment(now, who.name, said)

    def _change(
        self,
        id: str,
        version: int,
        action: Action,
        who: Person,
        why: str,
        edit: Edit | None = None,
    ) -> Entry:
        why = one_line(why)
        with self._database.begin() as session:
            row, before = _held(session, id, version)
            status = next_status(before, action, who, why)
            written = before.edit
            if edit is not None:
                written = self._checked(edit, before.edit.citations)
            if action in ("submit", "publish") or status == "published":
                require_complete(written)
                written = self._anchored(written, ())
            after = replace(before, edit=written, status=status)
            if status == "published":
                _alone(session)
                require_alone(written, _asking(session, written.phrasings, {"published"}, id))
                after = replace(after, validator=who.name, published=self._clock(), why="")
            elif action != "save":
                after = replace(after, why=why if action in ("send_back", "review") else "")
            return self._written(session, row, before, after, action, who, why)

    def _checked(self, edit: Edit, known: tuple[Cited, ...]) -> Edit:
        """The edit tidied and valid; citations that it already had are not looked for again."""
        edit = self._anchored(tidied(edit), known)
        require_valid(edit)
        return edit

    def _anchored(self, edit: Edit, known: tuple[Cited, ...]) -> Edit:
        """The edit with its citations in their place in the release in service."""
        new = [one for one in edit.citations if one not in known]
        if self._anchor is None or not new:
            return edit
        placed = {one.number: one for one in self._anchor(new)}
        return replace(edit, citations=tuple(placed.get(c.number, c) for c in edit.citations))

    def _written(
        self,
        session: Session,
        row: EntryRow,
        before: Entry,
        after: Entry,
        action: Action,
        who: Person,
        why: str,
    ) -> Entry:
        after = replace(after, version=before.version + 1, changed=self._clock())
        write(row, after)
        note(session, after, action, who, why)
        if after.published is not None:
            # Last, so that no two changes wait for one another for longer than they must.
            session.flush()
            grown = update(CounterRow).values(value=CounterRow.value + 1)
            session.execute(grown.where(CounterRow.name == FAQ_COUNTER))
        return after


def _held(session: Session, id: str, version: int) -> tuple[EntryRow, Entry]:
    """The entry, which nobody else changes before the transaction's end.

    Raises:
        EntryMissing: there is none.
        EntryChanged: it is not of that version.
    """
    row = session.get(EntryRow, id, with_for_update=True)
    if row is None:
        raise EntryMissing
    entry = entry_of(row)
    if entry.version != version:
        raise EntryChanged(entry)
    return row, entry


def _alone(session: Session) -> None:
    """Wait until nobody else makes or shows an entry, and keep others waiting until the end.

    It comes after any entry that is held, so that no two wait for one another.
    """
    session.execute(select(CounterRow).where(CounterRow.name == FAQ_COUNTER).with_for_update())


def _asking(
    session: Session, phrasings: Iterable[str], statuses: Collection[Status], but: str = ""
) -> list[Entry]:
    """The entries of these statuses that have one of these phrasings, the oldest first."""
    words = set(map(words_of, phrasings)) - {""}
    if not words:
        return []
    listed = select(EntryRow.id, EntryRow.question, EntryRow.variants)
    listed = listed.where(EntryRow.status.in_(statuses), EntryRow.id != but)
    found = [
        id
        for id, question, variants in session.execute(listed)
        if not words.isdisjoint(map(words_of, (question, *variants)))
    ]
    rows = select(EntryRow).where(EntryRow.id.in_(found)).options(selectinload(EntryRow.citations))
    rows = rows.order_by(EntryRow.created, EntryRow.id)
    return [entry_of(row) for row in session.scalars(rows)] if found else []


def _holds(edit: Edit, words: Sequence[str]) -> bool:
    said = folded("\n".join((*edit.phrasings, edit.answer, edit.theme)))
    return all(word in said for word in words)
