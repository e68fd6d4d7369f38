"""The last good copy of each page that was fetched, kept from one run to the next.

What is kept is there after a crash; a copy that was damaged on disk is found out, never given.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.address import normal_url
from ingest.errors import StoreError
from ingest.page import Page, Validators

_SCHEMA = """
CREATE TABLE IF NOT EXISTS copies (
    asked TEXT PRIMARY KEY, url TEXT NOT NULL, moved INTEGER NOT NULL, data BLOB NOT NULL,
    digest BLOB NOT NULL, content_type TEXT NOT NULL, charset TEXT NOT NULL, etag TEXT NOT NULL,
    last_modified TEXT NOT NULL, fetched TEXT NOT NULL, checked TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A page, when it was fetched, and when its site last said that it is still good."""

    page: Page
    fetched: datetime
    checked: datetime

    @property
    def validators(self) -> Validators:
        """What to ask with, to be told whether the page changed."""
        return self.page.validators


class Copies:
    """A file of copies, by the canonical spelling of the address asked for.

    Every method raises ``StoreError`` when the file is damaged or cannot be used, and
    ``FetchError`` for what is no address.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            self._database = sqlite3.connect(path, isolation_level=None)
        try:
            with self._told():
                self._database.execute("PRAGMA journal_mode=WAL")
                self._database.execute(_SCHEMA)
        except StoreError:
            self._database.close()
            raise

    def get(self, url: str) -> Copy | None:
        """The copy of an address, or None when there is none."""
        with self._told():
            row = self._database.execute(
                "SELECT url, moved, data, content_type, charset, etag, last_modified, digest,"
                " fetched, checked FROM copies WHERE asked = ?",
                [normal_url(url)],
            ).fetchone()
            if row is None:
                return None
            final, moved, data, kind, charset, etag, modified, digest, fetched, checked = row
            if _digest(data) != digest:
                raise sqlite3.DatabaseError("a copy does not match its digest")
            page = Page(final, url, bool(moved), data, kind, charset, etag, modified)
            return Copy(page, datetime.fromisoformat(fetched), datetime.fromisoformat(checked))

    def validators(self, url: str) -> Validators | None:
        """What to ask with for an address, or None when there is no copy of it."""
        with self._told():
            row = self._database.execute(
                "SELECT etag, last_modified, url FROM copies WHERE asked = ?", [normal_url(url)]
            ).fetchone()
        return Validators(*row) if row else None

    def keep(self, url: str, page: Page, now: datetime) -> None:
        """Keep a page as the last good copy of an address; it is on disk when this returns."""
        row = (
            normal_url(url), page.url, page.moved_permanently, page.data, _digest(page.data),
            page.content_type, page.charset, page.etag, page.last_modified,
            now.isoformat(), now.isoformat(),
        )  # fmt: skip
        with self._told():
            marks = ",".join("?" * len(row))
            self._database.execute(f"INSERT OR REPLACE INTO copies VALUES ({marks})", row)

    def touch(self, url: str, now: datetime) -> None:
        """Note that the site says the copy is still good; nothing when there is no copy."""
        with self._told():
            self._database.execute(
                "UPDATE copies SET checked = ? WHERE asked = ?", [now.isoformat(), normal_url(url)]
            )

    def forget(self, url: str) -> None:
        """Keep no copy of an address any more."""
        with self._told():
            self._database.execute("DELETE FROM copies WHERE asked = ?", [normal_url(url)])

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise StoreError(
                f"Les copies des pages ne peuvent pas être lues ou écrites ({error}). "
                f"Si le fichier est abîmé, supprimez « {self._path} » : "
                "les pages seront lues de nouveau."
            ) from error


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
