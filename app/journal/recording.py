"""What the doors of the assistant tell the journal. Nothing of a database is imported here.

A door asks nothing of the journal but the name under which a reply is kept, to give it to the
visitor's page: an opinion on that reply comes back with it.
"""

from __future__ import annotations

from typing import Literal, Protocol

from app.answers import Reply

Verdict = Literal["up", "down"]

LONGEST = 30  # days that a question may be kept


class Recording(Protocol):
    """Takes what was asked and what is thought of the answers; neither waits nor fails."""

    def reply(self, reply: Reply) -> str:
        """Keep a reply; the id to give back with an opinion, empty where nothing is kept."""
        ...

    def opinion(self, id: str, verdict: Verdict, reason: str) -> None:
        """Keep what a visitor thinks of the reply of that id; an unknown id is nobody's."""
        ...

    def close(self) -> None:
        """Write what is still to be written, for a while, and stop."""
        ...


class Silent:
    """The journal that is off: nothing is kept."""

    def reply(self, reply: Reply) -> str:
        """No id: nothing is kept."""
        return ""

    def opinion(self, id: str, verdict: Verdict, reason: str) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is to be written."""


SILENT: Recording = Silent()
