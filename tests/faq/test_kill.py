"""Two hundred kills while entries are changed: what was acknowledged is there, and whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

import app as package
from app.faq.entries import Entries
from app.records.database import Database
from app.records.tables import EntryRow, HistoryRow
from tests.faq.edits import ANA, edit
from tests.faq.test_entries import is_consistent

ROOT = Path(package.__file__).parent.parent
KILLS = 200
LONGEST = 0.06  # seconds of work before a kill

# A process that has imported all it needs forks, at each line, one that changes entries for ever.
# Each change that returned is a line on stdout: the entry, its version, its question, its status.
_CHILD = """
import itertools, os, sys
from app.faq.entries import Entries
from app.records.database import Database
from tests.faq.edits import PAUL, edit

def work(url, run):
    entries = Entries(Database(url))
    known = entries.find()
    for number in itertools.count():
        entry = known[number % len(known)]
        said = edit(f"Question {run}-{number} ?", variants=[f"Variante {n}" for n in range(20)])
        step = {"draft": "save" if number % 2 else "submit", "submitted": "publish",
                "published": "save" if number % 3 else "review", "review": "publish"}[entry.status]
        given = {"save": (said, PAUL), "review": (PAUL, "à revoir")}.get(step, (PAUL,))
        after = getattr(entries, step)(entry.id, entry.version, *given)
        known[number % len(known)] = after
        line = f"{after.id}|{after.version}|{after.edit.question}|{after.status}\\n"
        os.write(1, line.encode())

for run in sys.stdin:
    child = os.fork()
    if not child:
        try:
            work(sys.argv[1], run.strip())
        finally:
            os._exit(1)
    os.write(1, f"pid {child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"end\\n")
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="needs kill -9 and fork"),
]


class Worker:
    """What changes entries, killed again and again."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, url], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def killed(self, run: int, after: float) -> list[tuple[str, int, str, str]]:
        """What one acknowledged until it was killed."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{run}\n")
        self._process.stdin.flush()
        pid, lines = 0, list[str]()
        for line in self._process.stdout:
            if line.startswith("pid "):
                pid = int(line.split()[1])
            elif line.startswith("end"):
                break
            else:
                lines.append(line.rstrip("\n"))
            if pid and lines and after >= 0:  # it works: from now on it may be killed
                time.sleep(after)
                os.kill(pid, signal.SIGKILL)
                after = -1
        return [_acknowledged(line) for line in lines]

    def close(self) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait(10)
        self._process.stdout.close()  # type: ignore[union-attr]


def _acknowledged(line: str) -> tuple[str, int, str, str]:
    id, version, question, status = line.split("|")
    return id, int(version), question, status


def changes_of_what_is_published(database: Database) -> int:
    """How many changes made, changed or withdrew what citizens see, by the history."""
    count = 0
    with database.read() as session:
        for id in session.scalars(select(EntryRow.id)):
            before = ""
            wanted = select(HistoryRow.snapshot).where(HistoryRow.entry_id == id)
            for snapshot in session.scalars(wanted.order_by(HistoryRow.id)):
                count += "published" in (before, snapshot["status"])
                before = snapshot["status"]
    return count


def test_no_acknowledged_change_is_lost(database: Database, made_url: str) -> None:
    entries, seed = Entries(database), random.Random(7)
    for number in range(3):
        entries.create(edit(f"Question {number} ?"), ANA)
    worker = Worker(made_url)
    acknowledged: dict[tuple[str, int], tuple[str, str]] = {}
    try:
        for run in range(KILLS):
            told = worker.killed(run, seed.uniform(0, LONGEST))
            assert told, run
            acknowledged |= {(id, version): (said, status) for id, version, said, status in told}
            for entry in entries.find():
                last = max(v for id, v in [*acknowledged, (entry.id, 0)] if id == entry.id)
                assert entry.version >= last
    finally:
        worker.close()

    assert len(acknowledged) > KILLS
    kept: dict[tuple[str, int], tuple[str, str]] = {}
    with database.read() as session:
        for row in session.scalars(select(HistoryRow)):
            kept[row.entry_id, row.version] = row.snapshot["question"], row.snapshot["status"]
    assert {key: kept.get(key) for key in acknowledged} == acknowledged
    assert is_consistent(database)
    assert entries.counter() == changes_of_what_is_published(database)
