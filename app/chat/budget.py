"""Tokens spent a day, in a small SQLite file that every process of the store shares.

What a question may cost is reserved before it is asked, in one transaction, and corrected by what
it did cost. A process that is killed in between leaves its reservation spent.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

FILE = "model-budget.sqlite"
_PATIENCE = 2.0  # seconds to wait for another process's transaction
_KEPT_DAYS = 31


def _now() -> datetime:
    return datetime.now(UTC)


class BudgetError(Exception):
    """The file cannot be read or written, so that nothing may be spent."""


class Budget:
    """At most ``limit`` tokens a day (UTC), counted in ``folder``; 0 is no limit, and no file.

    Safe to use from several threads and processes.
    """

    def __init__(self, folder: Path, limit: int, now: Callable[[], datetime] = _now) -> None:
        self._file = folder / FILE
        self._limit = limit
        self._now = now
        # SQLite's own waiting is no queue: of many threads, some would wait too long.
        self._lock = threading.Lock()

    def reserve(self, tokens: int) -> str | None:
        """The day they were reserved on, or None when they would exceed the limit.

        Raises:
            BudgetError: the count cannot be kept.
        """
        day = self._now().astimezone(UTC).date().isoformat()
        if not self._limit:
            return day
        with self._transaction() as base:
            base.execute("INSERT OR IGNORE INTO days VALUES (?, 0)", (day,))
            done = base.execute(
                "UPDATE days SET tokens = tokens + ?1 WHERE day = ?2 AND tokens + ?1 <= ?3",
                (tokens, day, self._limit),
            )
            base.execute("DELETE FROM days WHERE day < date(?, ?)", (day, f"-{_KEPT_DAYS} days"))
            return day if done.rowcount else None

    def settle(self, day: str, reserved: int, spent: int) -> None:
        """Put what was spent in place of what was reserved that day.

        Raises:
            BudgetError: the count cannot be kept; the reservation stays spent.
        """
        if not self._limit or spent == reserved:
            return
        with self._transaction() as base:
            base.execute(
                "UPDATE days SET tokens = max(0, tokens + ?) WHERE day = ?", (spent - reserved, day)
            )

    def spent(self) -> int:
        """The tokens of today, those reserved included; 0 without a limit.

        Raises:
            BudgetError: the count cannot be read.
        """
        if not self._limit:
            return 0
        day = self._now().astimezone(UTC).date().isoformat()
        with self._transaction() as base:
            row = base.execute("SELECT tokens FROM days WHERE day = ?", (day,)).fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            opened = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
            with self._lock, closing(opened) as base:
                base.execute("BEGIN IMMEDIATE")
                base.execute(
                    "CREATE TABLE IF NOT EXISTS days "
                    "(day TEXT PRIMARY KEY, tokens INTEGER NOT NULL)"
                )
                yield base
                base.execute("COMMIT")
        except (sqlite3.Error, OSError, OverflowError) as error:
            raise BudgetError(str(error)) from error


def estimated(text: str) -> int:
    """Tokens of a text, on the high side for French: one for three bytes of UTF-8."""
    return len(text.encode("utf-8", "replace")) // 3 + 1
