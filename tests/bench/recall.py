"""Recall of the nearest ten against brute force, with speed and size, as a table.

    python -m tests.bench.recall CACHE [--sizes 1000,10000,100000] [--questions CACHE] [--server]

CACHE is a store's ``vectors.cache``. Where it holds fewer vectors than a size asks for, near
duplicates make up the number: real vectors turned a little, to a cosine of .98 to .995. Five
hundred vectors are held out and asked; ``--questions`` names a cache of questions' vectors, asked
in a second row. A vector as near as the tenth is right, whichever of several equals it is.
``--server`` puts the vectors in a server started for the time of the run.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.vectors import COLLECTION, PREFIX, Matrix, Place, Vectors, VectorWriter
from tests.bench.performance import resident_mb
from tests.ingest.servers import ChromaServer

HELD_OUT = 500
NEAREST = 10
COLUMNS = (
    "vectors", "real", "asked", "recall", "p50 ms", "p95 ms", "build/s", "open ms", "MB disk",
    "MB RSS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """One collection, and what it cost."""

    place: Place
    rows: Matrix
    rate: float
    resident: float


def load(cache: Path) -> Matrix:
    """The unit vectors of a cache, of its most frequent dimension, in an order of no meaning."""
    database = sqlite3.connect(f"file:{cache}?mode=ro", uri=True)
    blobs = [blob for (blob,) in database.execute("SELECT vector FROM vectors ORDER BY key")]
    database.close()
    [(size, _)] = Counter(map(len, blobs)).most_common(1)
    same = [np.frombuffer(blob, np.float16) for blob in blobs if len(blob) == size]
    return unit(np.array(same, dtype=np.float32))


def unit(rows: Matrix) -> Matrix:
    """The rows at length one."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def grown(rows: Matrix, size: int) -> Matrix:
    """``size`` rows: some of them, or all of them and near duplicates, shuffled."""
    luck = np.random.default_rng(0)
    if size <= len(rows):
        return rows[:size]
    origin = rows[luck.integers(0, len(rows), size - len(rows))]
    cosine = luck.uniform(0.98, 0.995, (len(origin), 1)).astype(np.float32)
    noise = luck.standard_normal(origin.shape).astype(np.float32)
    noise = unit(noise - (noise * origin).sum(axis=1, keepdims=True) * origin)
    near = unit(cosine * origin + np.sqrt(1 - cosine**2) * noise)
    return luck.permutation(np.concatenate([rows, near]))


def build(rows: Matrix, place: Place) -> Built:
    """Write the collection, with texts of 150 characters, in calls of 1,000 vectors."""
    started = time.perf_counter()
    with VectorWriter(place, rows.shape[1], len(rows)) as writer:
        for start in range(0, len(rows), 1_000):
            part = rows[start : start + 1_000]
            ids = [f"{number:016x}:0" for number in range(start, start + len(part))]
            texts = [f"La phrase {id} d'un article, tout autre que les autres. " * 2 for id in ids]
            writer.add(ids, part, texts)
    rate = len(rows) / (time.perf_counter() - started)
    return Built(place, rows, rate, resident_mb("self"))


def ask(built: Built, questions: Matrix) -> tuple[float, list[float]]:
    """Recall, and the milliseconds of each question."""
    opened = Vectors(built.place)
    opened.probe(built.rows.shape[1])
    right, times = 0, []
    for question in questions:
        exact = np.sort(built.rows @ question)[-NEAREST]
        vector = question.tolist()
        started = time.perf_counter()
        found = opened.nearest(vector, NEAREST)
        times.append((time.perf_counter() - started) * 1_000)
        right += sum(cosine >= exact - 1e-6 for _, cosine in found)
    opened.close()
    return right / (NEAREST * len(questions)), times


def opening(place: Place, dimension: int) -> float:
    """Milliseconds until a collection has answered for the first time."""
    started = time.perf_counter()
    opened = Vectors(place)
    opened.probe(dimension)
    milliseconds = (time.perf_counter() - started) * 1_000
    opened.close()
    return milliseconds


def disk_mb(folder: Path) -> float:
    """What a folder takes."""
    files = (Path(at, name) for at, _, names in os.walk(folder) for name in names)
    return sum(file.stat().st_size for file in files) / 1e6


def measure(rows: Matrix, asked: dict[str, Matrix], size: int, served: bool) -> None:
    """Print the lines of one size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "vectors"
        server = ChromaServer(folder) if served else None
        if server is not None:
            server.start()
        url = server.url if server else None
        place = Place(f"{PREFIX}bench", url=url) if url else Place(COLLECTION, folder=folder)
        try:
            built = build(grown(rows, size), place)
            ready = opening(place, rows.shape[1])
            for kind, questions in asked.items():
                recall, times = ask(built, questions)
                p50, p95 = np.percentile(times, [50, 95])
                show(f"{size:,}", f"{min(size, len(rows)):,}", kind, f"{recall:.4f}", f"{p50:.1f}",
                     f"{p95:.1f}", f"{built.rate:,.0f}", f"{ready:.0f}", f"{disk_mb(folder):.0f}",
                     f"{built.resident:.0f}")  # fmt: skip
        finally:
            if server is not None:
                server.kill()


def show(*cells: str) -> None:
    """Print a line of the table."""
    sys.stdout.write(" ".join(f"{cell:>10}" for cell in cells) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--server", action="store_true")
    options = parser.parse_args()
    rows = np.random.default_rng(0).permutation(load(options.cache))
    asked = {"held out": rows[:HELD_OUT]}
    if options.questions is not None:
        asked["questions"] = load(options.questions)[:HELD_OUT]
    show(*COLUMNS)
    for size in map(int, options.sizes.split(",")):
        measure(rows[HELD_OUT:], asked, size, options.server)


if __name__ == "__main__":
    main()
