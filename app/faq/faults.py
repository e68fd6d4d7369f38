"""Why an entry of the FAQ is not changed, each with its French sentence.

::

    EntryError              (exit 2)
    ├── EntryMissing        there is no such entry
    ├── EntryChanged        somebody else changed it meanwhile; ``current`` is what it is now
    ├── NotAllowed          who asks may not, or its status does not allow it
    ├── InvalidEdit         what is written breaks a rule; a line for each in ``faults``
    └── EntriesWouldLose    a release lacks what published entries cite
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.faq.entry import Entry
from ingest.errors import ChartisteError


class EntryError(ChartisteError):
    """An entry of the FAQ cannot be changed in this way."""

    exit_code = 2


class EntryMissing(EntryError):
    """There is no entry of that id."""

    def __init__(self) -> None:
        super().__init__("Cette fiche n'existe pas, ou n'existe plus.")


class EntryChanged(EntryError):
    """Somebody changed the entry since it was read: nothing is written over it."""

    def __init__(self, current: Entry) -> None:
        self.current = current
        super().__init__(
            f"Cette fiche a été modifiée depuis que vous l'avez ouverte (version "
            f"{current.version}, le {current.changed:%d/%m/%Y à %H:%M} UTC) : rien n'a été "
            "enregistré. Relisez-la, puis reportez votre changement."
        )


class NotAllowed(EntryError):
    """Who asks may not do this, or the entry's status does not allow it."""


class InvalidEdit(EntryError):
    """What is written breaks rules."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


class EntriesWouldLose(EntryError):
    """Published entries would lose their source: a release is not put in service.

    ``losing`` are these entries as ``chartiste faq check --json`` shows them.
    """

    def __init__(self, losing: Sequence[Mapping[str, Any]]) -> None:
        self.losing = tuple(losing)
        many = f"{len(losing)} fiches publiées perdraient leur source"
        lost = many if len(losing) > 1 else "1 fiche publiée perdrait sa source"
        lines = [f"La nouvelle version n'a pas été mise en service : {lost}."]
        lines += [f"- « {one['question']} » : {one['why']}" for one in losing]
        lines.append("Corrigez les sources, ou relancez sans --check-faq.")
        super().__init__("\n".join(lines))
