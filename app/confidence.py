"""Whether what was found answers the question: features of it, and their calibrated probabilities.

The features were chosen on PIAF (234 articles as one corpus, and half of them asked about the
other half), the golden questions and off-topic ones. Each one beyond the two cosines and the
coverage earned its place there; what did not is named in ``docs/evaluation.md``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.calibration import Calibration
from app.query import Query
from app.retrieve import Candidate

LARGE = 100  # passages: above, the size of the corpus makes no difference that was measured


@dataclass(frozen=True, slots=True)
class Judgement:
    """``probability`` that the best passages answer, ``topic`` that the question is about them.

    ``features`` are what both were computed from; there are none when nothing was found.
    """

    probability: float
    topic: float
    threshold: float
    sure: float
    features: dict[str, float] = field(default_factory=dict)

    @property
    def answers(self) -> bool:
        """Whether they are quoted as the answer."""
        return self.probability >= self.threshold

    @property
    def is_sure(self) -> bool:
        """Whether they are quoted without a word of caution."""
        return self.probability >= self.sure

    @property
    def is_on_topic(self) -> bool:
        """Whether they are worth showing, answer or not."""
        return self.answers or self.topic >= 0.5


def judge(
    query: Query, candidates: Sequence[Candidate], passages: int, calibration: Calibration
) -> Judgement:
    """What is thought of candidates found among so many passages."""
    regime = calibration.regime(query.language, query.vector is not None)
    if not candidates:
        return Judgement(0.0, 0.0, regime.threshold, regime.sure)
    found = features(query, candidates, passages)
    return Judgement(
        regime.answer.probability(found),
        regime.topic.probability(found),
        regime.threshold,
        regime.sure,
        found,
    )


def features(query: Query, candidates: Sequence[Candidate], passages: int) -> dict[str, float]:
    """The features of the best candidate, named as in
    :data:`app.calibration.ANSWER_FEATURES`; there must be one.

    The size of the corpus is one of them, up to ``LARGE``: the best of many passages is near to
    any question, so the same cosine means less in a large corpus than in one of a few passages.
    ``question_weight`` is the idf of the whole question (of one that says more, the same coverage
    says more); ``unmet`` counts what the question expects (a date, a number, a reason) and the
    best sentence lacks, and a year of the question that the passage lacks.
    """
    best = candidates[0]
    return {
        "sentence_cosine": best.sentence_cosine,
        "passage_cosine": best.passage_cosine,
        "coverage": best.coverage,
        "bm25": best.bm25,
        "log_passages": math.log(min(LARGE, max(1, passages))),
        "question_weight": query.total,
        "unmet": float(_unmet(query, best)),
    }


def _unmet(query: Query, best: Candidate) -> int:
    expected = query.expectation
    # Names are left out: a sentence of a corpus about organisations nearly always has one.
    lacking = expected.kinds - expected.met(best.best.text) - {"name"}
    return len(lacking) + expected.lacks_year(best.entry.passage.embedded)
