"""The tables of grouping and of answering first: what is counted, and the questions themselves."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from app.evaluate.labelled import NearMiss
from app.evaluate.publishing import small_publications
from tests.app.evaluate.alike import NINE as ROWS
from tests.app.evaluate.alike import labelled as row
from tests.app.faq.made import BY_VECTORS, BY_WORDS
from tests.bench import intents

LINES = intents.read_lines(intents.FILE)
NEAR_MISSES = intents.read_lines(intents.NEAR_MISSES, ("question", "near", "half"))


NEAR = NearMiss(row("prix vélo", "", "near"), "pompe/prix")


def test_small_publications_are_asked_what_is_nearest_to_them() -> None:
    few = [row(f"{kind} {n}", f"autre/{n}") for n in range(4) for kind in ("prix", "un", "deux")]
    [alone, *_] = small_publications([*ROWS, *few], [NEAR], 1)
    assert list(alone.entries) == ["pompe/prix"]
    published = {one.question for one in alone.entries["pompe/prix"]}
    asked = {one.question for one in ROWS[:4]} - published | {"prix vélo"}
    assert {one.question for one in alone.asked} == asked
    sizes = [
        (one.phrasings, len(one.entries)) for one in small_publications([*ROWS, *few], [NEAR], 2)
    ]
    assert sizes == [(1, 1)] * 2 + [(1, 5)] * 2 + [(3, 1)] * 2 + [(3, 5)] * 2
    [found, *_] = intents.small_of([*ROWS, *few], [NEAR], BY_WORDS)
    assert (found.phrasings, found.entries, found.asked, found.near_misses) == (1, 1, 9, 3)
    assert 0 <= found.answered <= 1 and 0 < found.right <= 1


def test_an_intent_of_few_phrasings_is_published_with_those_it_has() -> None:
    rows = [row("prix pompe", "pompe/prix"), row("tarif pompe", "pompe/prix"), *ROWS[4:]]
    for found in small_publications(rows, [NEAR], 1):
        assert 1 <= len(found.entries["pompe/prix"]) <= 2
        assert "prix vélo" in {one.question for one in found.asked}


def test_a_journal_is_of_any_size_and_the_same_each_time() -> None:
    questions, vectors = intents.journal(ROWS, 50)
    again, _ = intents.journal(ROWS, 50)
    assert len(questions) == 50 and questions == again
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_tables_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    others = [row(one.question, one.intent, one.kind, "held-out") for one in ROWS]
    intents.tables([*ROWS, *others], [NEAR], [BY_VECTORS, BY_WORDS])
    shown = capsys.readouterr().out
    assert shown.count("held-out") == 16  # of each, one of groups, three of answers, four of few
    assert "words alone" in shown and "fake-space" in shown


def test_there_are_as_many_questions_and_intents_as_promised() -> None:
    intended = [line for line in LINES if line["intent"]]
    assert len(intended) >= 360
    assert len({line["intent"] for line in intended}) >= 45
    assert len(LINES) - len(intended) >= 60
    assert sum(line["kind"] == "close" for line in intended) >= 0.35 * len(intended)


def test_no_question_is_twice_and_no_intent_in_two_halves() -> None:
    assert len({line["question"].casefold() for line in LINES}) == len(LINES)
    halves = defaultdict(set)
    for line in LINES:
        if line["intent"]:
            halves[line["intent"]].add(line["half"])
    assert {len(one) for one in halves.values()} == {1}
    assert {line["half"] for line in LINES} == set(intents.HALVES)


def test_every_intent_has_several_questions_and_many_have_a_near_miss() -> None:
    sizes = Counter(line["intent"] for line in LINES if line["intent"])
    assert min(sizes.values()) >= 6
    topics = Counter(intent.partition("/")[0] for intent in sizes)
    assert sum(count > 1 for count in topics.values()) >= 30


def test_every_near_miss_is_near_an_intent_of_its_half() -> None:
    halves = {line["intent"]: line["half"] for line in LINES if line["intent"]}
    for line in NEAR_MISSES:
        assert halves.get(line["near"]) == line["half"], line


def test_no_near_miss_is_twice_or_among_the_questions_of_the_intents() -> None:
    found = [line["question"].casefold() for line in NEAR_MISSES]
    assert len(set(found)) == len(found)
    assert not {line["question"].casefold() for line in LINES}.intersection(found)


def test_each_half_has_as_many_near_misses_as_promised() -> None:
    near = Counter((line["half"], line["near"]) for line in NEAR_MISSES)
    assert set(near.values()) == {4}
    assert Counter(half for half, _ in near) == dict.fromkeys(intents.HALVES, 25)
