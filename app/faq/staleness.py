"""What became of the texts that entries cite, in a release: they follow it, or are to be reviewed.

A citation is ``alive`` when its source still has its words, at whatever place; ``changed`` when
the source has others, ``gone`` when there is no such source. The nearest text is kept beside one
that is lost (:mod:`app.faq.nearest`). A published entry that loses a citation is shown no more.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from app.faq.anchors import place_of
from app.faq.entries import Entries
from app.faq.entry import Cited, Entry, State, Status
from app.faq.faults import EntryChanged, EntryMissing
from app.faq.library import Library
from app.faq.nearest import nearest
from app.faq.rules import OPEN
from ingest.progress import Step, silent

log = logging.getLogger("chartiste.faq")

_NONE: Mapping[str, int] = MappingProxyType({})
_TRIES = 5  # of an entry that others change meanwhile
_STEP = "Fiches revues"
_CHANGED = "Le texte de « {title} » a changé : la citation [{number}] n'y est plus mot pour mot."
_GONE = "La source « {title} » de la citation [{number}] n'est plus en service."
_BACK = "Les textes cités sont de nouveau dans leurs sources : relisez la fiche, puis publiez-la."
_MOVED = "Les citations ont été retrouvées à leur nouvelle place."


@dataclass(frozen=True, slots=True)
class Look:
    """An entry, and its citations as a release has them."""

    entry: Entry
    citations: tuple[Cited, ...]

    @property
    def lost(self) -> tuple[Cited, ...]:
        """The citations that are not there."""
        return tuple(one for one in self.citations if one.state != "alive")

    @property
    def is_true(self) -> bool:
        """Whether the entry says already what became of them."""
        return self.citations == self.entry.edit.citations and (
            self.entry.status != "published" or not self.lost
        )

    @property
    def why(self) -> str:
        """What became of them, in French."""
        if self.lost:
            return " ".join(told(one) for one in self.lost)
        return _MOVED if self.entry.edit.is_alive else _BACK

    def as_json(self) -> dict[str, Any]:
        """The object that ``faq check --json`` prints of an entry."""
        return {
            "id": self.entry.id,
            "question": self.entry.edit.question,
            "status": self.entry.status,
            "why": self.entry.why or (self.why if self.lost else ""),
            "citations": [_shown(one) for one in self.citations],
        }


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of following a release: how many entries were looked at, which are written anew.

    ``reviewed`` are those that were published and are to be reviewed now. ``versions`` are those of
    the entries that say already what became of them, by their ids.
    """

    release: str
    looked: int
    changed: tuple[Entry, ...]
    reviewed: tuple[Entry, ...]
    versions: dict[str, int]


def told(cited: Cited) -> str:
    """Why a citation is lost, in a French sentence."""
    said = _CHANGED if cited.state == "changed" else _GONE
    title = str(cited.source.get("title", ""))
    return said.replace("{number}", str(cited.number)).replace("{title}", title)


def look(entry: Entry, library: Library) -> Look:
    """The entry's citations as a release has them.

    Raises:
        StoreError: it cannot be read.
    """
    return Look(entry, tuple(_now(one, library) for one in entry.edit.citations))


def look_at_all(
    entries: Entries,
    library: Library,
    statuses: Sequence[Status] = OPEN,
    progress: Step = silent,
    seen: Mapping[str, int] = _NONE,
) -> list[Look]:
    """All entries of these statuses, each with its citations as a release has them.

    Those whose version was ``seen`` are left out.

    Raises:
        RecordsError, StoreError: one of the two cannot be read.
    """
    there = (one for one in entries.find(statuses) if seen.get(one.id) != one.version)
    found = sorted(there, key=lambda one: (one.created, one.id))
    looks: list[Look] = []
    for entry in found:
        looks.append(look(entry, library))
        progress(_STEP, len(looks), len(found))
    return looks


def follow(
    entries: Entries, library: Library, progress: Step = silent, seen: Mapping[str, int] = _NONE
) -> Followed:
    """Write down what became of all citations; entries already true are left as they are.

    Those whose version was ``seen`` in this release are not looked at. Each entry is one
    transaction: what was written stands when the next one fails, and to follow the same release
    again writes nothing.

    Raises:
        RecordsError, StoreError: the database or the release cannot be read or written.
    """
    changed: list[Entry] = []
    reviewed: list[Entry] = []
    looks = look_at_all(entries, library, OPEN, progress, seen)
    versions = {one.entry.id: one.entry.version for one in looks if one.is_true}
    for one in looks:
        after = None if one.is_true else _written(one, entries, library)
        if after is None:
            continue
        changed.append(after)
        versions[after.id] = after.version
        if after.status == "review" and one.entry.status == "published":
            reviewed.append(after)
    return Followed(library.release(), len(looks), tuple(changed), tuple(reviewed), versions)


def _written(one: Look, entries: Entries, library: Library) -> Entry | None:
    """The entry written anew; None when others made it true, archived or changed it ceaselessly."""
    for _ in range(_TRIES):
        if one.is_true or one.entry.status not in OPEN:
            return None
        try:
            return entries.follow(one.entry.id, one.entry.version, one.citations, one.why)
        except EntryChanged as error:
            one = look(error.current, library)
        except EntryMissing:
            return None
    log.error("entry %s could not be looked at: others change it without end", one.entry.id)
    return None


def _now(cited: Cited, library: Library) -> Cited:
    """A citation as a release has it; the very same one where nothing of it changed."""
    place = place_of(cited, library)
    if place is not None:
        now = place.cited(cited.number, cited.release)
        return cited if now == cited else replace(now, release=library.release())
    state: State = "gone" if library.document(cited.source_id) is None else "changed"
    found = nearest(cited, library)
    if state == cited.state and _is_same(found, cited.found):
        return cited
    return replace(cited, state=state, found=found)


def _is_same(found: dict[str, Any] | None, known: dict[str, Any] | None) -> bool:
    """Whether two proposals are one, whichever release they were found in."""
    if found is None or known is None:
        return found is known
    return {**found, "release": None} == {**known, "release": None}


def _shown(cited: Cited) -> dict[str, Any]:
    lost = cited.state != "alive"
    shown = {
        "number": cited.number,
        "state": cited.state,
        "quote": cited.quote,
        "source": cited.source.get("title", ""),
    }
    return {**shown, "why": told(cited), "found": cited.found} if lost else shown
