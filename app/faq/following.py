"""A running server follows each new release once, with what each version of its entries cites."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from app.faq.rules import OPEN
from app.faq.staleness import follow
from ingest.errors import ChartisteError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.assistant import Assistant
    from app.faq.entries import Entries
    from ingest.documents import Document, Passage, Source

log = logging.getLogger("chartiste.faq")
_END = 5.0  # seconds given to a look, when the server stops
_EVERY = 5.0  # seconds between two looks at which release is in service


class ServedLibrary:
    """The release that an assistant serves, as :mod:`app.faq.staleness` reads it."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def release(self) -> str:
        """Its id."""
        return self._assistant.release()

    def document(self, id: str) -> Document | None:
        """A document by its source's id, or None."""
        return self._assistant.document(id)

    def passages_of(self, document: str) -> list[Passage]:
        """Its passages, in reading order."""
        return self._assistant.passages_of(document)

    def near(self, text: str, limit: int) -> Sequence[tuple[Source, Passage]]:
        """Passages, the nearest first."""
        return [(one.source, one.passage) for one in self._assistant.search(text, limit).found]


class Follower:
    """Looks every few seconds whether another release is served, or another version of an entry is
    there, and follows.

    A save that looked for its citations in the release before may be written after the entries
    were looked at in the next one.

    What fails is tried again at the next look. Used as a context: it stops at its end.
    """

    def __init__(self, entries: Entries, assistant: Assistant, every: float = _EVERY) -> None:
        self._entries = entries
        self._library = ServedLibrary(assistant)
        self._every = every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="faq-follower", daemon=True)
        self._release = ""
        self._versions: dict[str, int] = {}  # of entries, as they were looked at in that release
        self._told = ""

    def __enter__(self) -> Follower:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(_END)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
                self._told = ""
            except ChartisteError as error:
                self._tell(str(error))
            except Exception:
                log.exception("the entries could not follow the release")
            self._stopped.wait(self._every)

    def look(self) -> bool:
        """Look at what was not yet looked at in the release that is served; whether there was any.

        Raises:
            RecordsError, StoreError: the entries or the release cannot be read or written.
        """
        release = self._library.release()
        there = self._entries.versions(OPEN)
        seen = self._versions if release == self._release else {}
        if release == self._release and there.items() <= seen.items():
            return False
        done = follow(self._entries, self._library, seen=seen)
        self._release = release if done.release == release else ""
        self._versions = seen | done.versions
        for entry in done.reviewed:
            log.warning("entry %s is to be reviewed: a source changed", entry.id)
        if done.changed:
            told = (done.release, len(done.changed), len(done.reviewed))
            log.info("release %s: %d entries followed it, %d of them are to be reviewed", *told)
        return True

    def _tell(self, error: str) -> None:
        if error != self._told:  # once, and not every few seconds
            log.error("the entries could not follow the release: %s", error)
        self._told = error
