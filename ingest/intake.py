"""Documents on their way to a release: each text once, each document under an id of its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from ingest.documents import Document, Source, content_id
from ingest.draft import Counts, Draft


class Intake:
    """Writes documents into a new draft; :meth:`close` ends it."""

    def __init__(self, file: Path) -> None:
        self._draft = Draft(file, new=True)
        self._sources: dict[str, Source] = {}  # by the digest of their texts
        self._ids: set[str] = set()

    def add(self, document: Document) -> Source | None:
        """Write a document; the source that has its text already when it does not need to be.

        That source then cites the address of both.
        """
        text = content_id("text", document.text)
        if (same := self._sources.get(text)) is not None:
            if document.source.url:
                self._draft.cite_also(same.id, document.source.url)
            return same
        document = self._told_apart(document)
        self._draft.add(document)
        self._sources[text] = document.source
        return None

    def _told_apart(self, document: Document) -> Document:
        """The document under an id of its own: two folders may hold files of one name."""
        source, number = document.source, 1
        while source.id in self._ids:
            number += 1
            source = dataclasses.replace(source, name=f"{document.source.name} ({number})")
        self._ids.add(source.id)
        return dataclasses.replace(document, source=source)

    def finish(self, salt: str) -> tuple[str, Counts]:
        """Commit; the digest of all documents, and how many there are."""
        self._draft.keep()
        return self._draft.digest(salt), self._draft.counts()

    def close(self) -> None:
        """Close the file."""
        self._draft.close()
