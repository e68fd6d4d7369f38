"""How long the staff wait, and what the journal costs an answer, with a journal of 10,000 lines.

    python -m tests.bench.staff [--rows 10000] [--database postgresql://…]

Without ``--database`` the journal lies in a file of SQLite. Times are medians and the longest; the
processor's are those of this process, which says more on a machine that does other work.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import httpx

from app.assistant import Assistant
from app.journal.entry import Filter, JournalEntry
from app.journal.journal import Journal
from app.journal.measures import Measures
from app.journal.numbers import last_days
from app.journal.recorder import Recorder
from app.records.database import Database
from app.server import create_app
from app.settings import Settings, settings
from app.staff.sessions import Sessions
from app.web.staff.dashboard import Choice, Dashboard
from app.web.staff.gate import SESSION
from ingest.store import Store
from tests.app.journal.replies import entry, reply
from tests.web.conftest import SOURCE, FakeAssistant, serving
from tests.web.staff.people import account

_REPEATED = 20
_DAYS = 30


def row(name: str, act: Callable[[], object], repeated: int = _REPEATED) -> None:
    """A line of the table: some calls, the first of which is not counted."""
    act()
    times, busy = [], time.process_time()
    for _ in range(repeated):
        started = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - started))
    spent = 1000 * (time.process_time() - busy) / repeated
    print(
        f"| {name} | {statistics.median(times):.1f} | {max(times):.1f} | {spent:.2f} |", flush=True
    )


def lines(count: int, now: datetime) -> Iterator[JournalEntry]:
    """Lines like those of an agency, the same each time, spread over the days."""
    chance = random.Random(1)
    for number in range(count):
        [outcome] = chance.choices(["answered", "not_found", "declined"], [70, 20, 10])
        [mode] = chance.choices(["quoted", "generated", "faq"], [5, 3, 2])
        yield entry(
            number,
            now - timedelta(days=chance.random() * (_DAYS - 0.1)),
            question=f"Quelles aides pour isoler une maison, cas {number % 700} ?",
            outcome=outcome,
            mode=mode if outcome == "answered" else None,
            sources=(SOURCE.id, *(f"source-{n}" for n in chance.sample(range(60), 2))),
            elapsed_ms=chance.lognormvariate(3.5, 0.8),
            verdict=chance.choices([None, "up", "down"], [80, 15, 5])[0],
        )


def fill(journal: Journal, count: int) -> None:
    """Keep lines of the last days."""
    journal.prepare()
    journal.erase(all=True)
    entries = list(lines(count, datetime.now(UTC)))
    for start in range(0, count, 1_000):
        journal.keep(entries[start : start + 1_000])


def store_times(database: Database, journal: Journal) -> None:
    """What pages ask of the store."""
    measures, now = Measures(database, journal), datetime.now().astimezone()
    for days in (1, 7, 30):
        row(f"numbers of {days} days", lambda d=days: measures.read(last_days(d, now)))  # type: ignore[misc]
    kind = Filter(outcomes=("answered",), modes=("faq",))
    row("numbers of a kind", lambda: measures.read(last_days(30, now), kind))
    row("100 lines, the newest", lambda: journal.rows(limit=100))
    row("100 lines, after 9,900", lambda: journal.rows(limit=100, offset=9_900))
    row("lines that hold a word", lambda: journal.rows(Filter(text="CAS 69"), 100))
    row("all lines, exported", lambda: sum(1 for _ in journal.export()), 3)


def page_times(database: Database, chosen: Settings) -> None:
    """What a browser waits for from the server: its page, and the figures through Gradio."""
    fake = cast(Assistant, FakeAssistant())
    measures = Measures(database, Journal(database, _DAYS))
    dashboard = Dashboard(fake, measures, Store.of(chosen.ingest), _DAYS)
    row("figures as HTML, 30 days", lambda: dashboard.chose("periode", "30", Choice()))
    token = Sessions(database).open(account(database, f"Banc {time.time()}", "validator"), None)
    assert token is not None
    with serving(create_app(fake, chosen, database)) as address:
        with httpx.Client(base_url=address, cookies={SESSION: token}, timeout=30) as client:
            client.headers.update({"sec-fetch-site": "same-origin"})
            row("GET /staff/tableau/", lambda: client.get("/staff/tableau/").read())
            row("figures through Gradio's queue", lambda: _asked(client))


def _asked(client: httpx.Client) -> None:
    """What the page asks when it opens: an event, and its outcome in a stream."""
    visit = f"{random.random()}"[2:12]
    base = "/staff/tableau/gradio_api/queue"
    config = client.get("/staff/tableau/").text
    loads = json.loads(config.partition("window.gradio_config = ")[2].partition(";</script>")[0])
    loading = [one for one in loads["dependencies"] if "load" in str(one["targets"])]
    event = loading[0]["id"]
    asked = {"data": [], "fn_index": event, "session_hash": visit, "event_data": None}
    client.post(f"{base}/join", json=asked).raise_for_status()
    with client.stream("GET", f"{base}/data", params={"session_hash": visit}) as stream:
        for line in stream.iter_lines():
            if "process_completed" in line:
                assert "ch-facts" in line, line[:300]
                return
    raise AssertionError("no figures came")


def answer_times(database: Database) -> None:
    """What the journal costs an answer, and how fast lines are written behind it."""
    recorder = Recorder(Journal(database, _DAYS), size=10_000)
    asked = reply("Je m'appelle Jean Dupont : quelles aides pour isoler ma maison à Aubenas ?")
    started = time.perf_counter()
    row("a reply told to the journal", lambda: recorder.reply(asked), 2_000)
    assert recorder.flush(120)
    rate = 2_001 / (time.perf_counter() - started)
    recorder.close()
    print(f"\n{rate:.0f} lines masked and written a second; lost: {recorder.lost}")


@contextmanager
def opened(address: str | None) -> Iterator[tuple[Database, Settings]]:
    """The database, and settings whose store is a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings({"CHARTISTE_JOURNAL_DAYS": str(_DAYS)}, Path(folder))
        with closing(Database(address or f"sqlite:///{folder}/chartiste.db")) as database:
            yield database, chosen


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--database", help="its journal is erased")
    options = parser.parse_args()
    with opened(options.database) as (database, chosen):
        journal = Journal(database, _DAYS)
        fill(journal, options.rows)
        print(
            f"| {options.rows} lines | median ms | longest ms | processor ms |\n|---|---|---|---|"
        )
        store_times(database, journal)
        page_times(database, chosen)
        answer_times(database)


if __name__ == "__main__":
    main()
