"""The probability that the best passages answer the question, and what to do with it.

Logistic regressions over a few features of what was found, one per embedding space and per case:
a question in the corpus's language (French terms can be matched), a question in another language
(only vectors can), and no vectors at all. Fitted by ``tests/bench/calibrate.py`` on PIAF
(answerable, own article removed, single articles as corpora), on ``data/golden`` and on off-topic
questions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.query import Query
from app.retrieve import Candidate
from ingest.embed import E5_SMALL

FEATURES = ("sentence_cosine", "passage_cosine", "coverage", "bm25", "log_passages")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of a logistic regression, and the two thresholds chosen on it.

    At ``answer`` and above the passages are quoted as the answer; between ``near`` and ``answer``
    they are offered as passages that may help.
    """

    intercept: float
    weights: dict[str, float]
    answer: float = 0.5
    near: float = 0.05

    def probability(self, features: dict[str, float]) -> float:
        """Between 0 and 1."""
        logit = self.intercept + sum(w * features[name] for name, w in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit))))


FRENCH = Calibration(
    -44.16,
    {"sentence_cosine": 30.67, "passage_cosine": 22.47, "coverage": 6.16, "log_passages": -0.63},
    answer=0.7,
    near=0.2,
)
# Fitted on the starter release alone (142 passages): the weight of its size is the French one.
FOREIGN = Calibration(
    -63.58,
    {"sentence_cosine": 38.97, "passage_cosine": 41.60, "log_passages": -0.63},
    answer=0.5,
    near=0.2,
)
LEXICAL = Calibration(-3.36, {"coverage": 3.74, "bm25": 2.31}, answer=0.6)
CALIBRATIONS = {E5_SMALL: (FRENCH, FOREIGN)}


def features(candidates: Sequence[Candidate], passages: int) -> dict[str, float]:
    """The features of what was found among so many passages; all zero when nothing was.

    The size of the corpus is one of them: the best of many passages is near to any question, so
    the same cosine means less in a large corpus than in a small one.
    """
    if not candidates:
        return dict.fromkeys(FEATURES, 0.0)
    best = candidates[0]
    return {
        "sentence_cosine": best.sentence_cosine,
        "passage_cosine": best.passage_cosine,
        "coverage": best.coverage,
        "bm25": best.bm25,
        "log_passages": math.log(max(1, passages)),
    }


def estimate(
    query: Query, candidates: Sequence[Candidate], passages: int, space: str
) -> tuple[float, Calibration]:
    """The probability that what was found answers, and the calibration it comes from."""
    scale = calibration(query, space)
    return scale.probability(features(candidates, passages)), scale


def calibration(query: Query, space: str) -> Calibration:
    """The calibration for this question and embedding space."""
    if query.vector is None or space not in CALIBRATIONS:
        return LEXICAL
    french, foreign = CALIBRATIONS[space]
    return french if query.language == "fr" else foreign
