"""Fits the refusal of one regime: whether a question has an answer, and whether it is on topic.

- Whether it has an **answer** is a logistic regression in which each group of questions weighs
  the square root of its size, and both classes the same.
- The **threshold** is the lowest at which at most ``RISK`` of each group of questions about what
  is not in the sources at all (off topic, or their article removed) are answered.
- Above **sure** at most ``RISK`` of the unanswerable questions that were asked of the file are:
  most of them are on topic, which no feature tells well. Below it an answer is worded with care.
- The **topic** is a logistic regression of what is off topic against all that is on it, moved so
  that one half is where ``LOST`` of the questions on topic would be sent away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.calibration import RISK, Logistic, Regime
from app.evaluate.folds import FOLDS, Crossed, fold
from app.evaluate.measure import ASKED, OFF_TOPIC, OTHER, REMOVED, Measured
from app.evaluate.statistics import auroc

Rows = Sequence[Measured]
LOST = 0.03
ENOUGH = 30  # questions, for a group to be held to the risk
_STRENGTH = 10.0  # of the data against the prior (scikit-learn's C), on standardised features
_OUT_OF_SCOPE = {"out-of-scope", "adversarial"}  # kinds of questions of a golden file


def fitted_regime(
    rows: Rows, features: Sequence[str], topic: Sequence[str], least: int, before: Regime | None
) -> tuple[Regime | None, list[Crossed]]:
    """The regime that fits the cases, and its cross-validated figure.

    With fewer than ``least`` cases of a class, what they would tell is that of ``before``.
    """
    labels = np.array([row.answerable for row in rows], dtype=bool)
    if not _are_enough(labels, least):
        return before, []
    weights = _weights(rows, labels)
    answer = _logistic(rows, labels, features, weights)
    scores = np.array([answer.probability(row.features) for row in rows])
    absent = [_group(rows, labels, scores, group) for group in (REMOVED, OTHER, OFF_TOPIC)]
    threshold = _risked(absent) or _risked([_group(rows, labels, scores, ASKED)]) or 0.5
    sure = _risked([_group(rows, labels, scores, ASKED)]) or threshold
    crossed = _crossed(rows, labels, features, weights)
    figure = Crossed("AUROC du refus", auroc(crossed, labels.astype(float)), len(rows))
    kept = before.topic if before else Logistic(1.0, {})  # everything is on topic
    fitted = _topic(rows, topic, least) or kept
    return Regime(answer, threshold, max(sure, threshold), fitted), [figure]


def _are_enough(labels: np.ndarray, least: int) -> bool:
    return min(int(labels.sum()), int((~labels).sum())) >= least


def _weights(rows: Rows, labels: np.ndarray) -> np.ndarray:
    groups = [(row.group, row.answerable) for row in rows]
    sizes = Counter(groups)
    weights = np.array([sizes[group] ** -0.5 for group in groups])
    weights[labels] *= weights[~labels].sum() / weights[labels].sum()
    return np.asarray(weights * len(rows) / weights.sum())


def _matrix(rows: Rows, names: Sequence[str]) -> np.ndarray:
    return np.array([[row.features[name] for name in names] for row in rows])


def _logistic(
    rows: Rows, labels: np.ndarray, names: Sequence[str], weights: np.ndarray
) -> Logistic:
    from sklearn.linear_model import LogisticRegression

    values = _matrix(rows, names)
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    model = LogisticRegression(C=_STRENGTH, max_iter=2_000)
    model.fit((values - mean) / spread, labels, weights)
    slopes = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - (slopes * mean).sum())
    return Logistic(intercept, dict(zip(names, slopes.tolist(), strict=True)))


def _crossed(
    rows: Rows, labels: np.ndarray, names: Sequence[str], weights: np.ndarray
) -> np.ndarray:
    """Probabilities of each row by a regression that did not see its source's questions."""
    folds = np.array([fold(row) for row in rows])
    scores = np.zeros(len(rows))
    for number in range(FOLDS):
        seen, unseen = folds != number, folds == number
        if unseen.any() and len(set(labels[seen].tolist())) == 2:
            part = [row for row, kept in zip(rows, seen, strict=True) if kept]
            model = _logistic(part, labels[seen], names, weights[seen])
            scores[unseen] = [
                model.probability(row.features)
                for row, kept in zip(rows, unseen, strict=True)
                if kept
            ]
    return scores


def _group(rows: Rows, labels: np.ndarray, scores: np.ndarray, group: str) -> np.ndarray:
    """The scores of the unanswerable questions of a group."""
    return np.asarray(scores[np.array([row.group == group for row in rows]) & ~labels])


def _risked(groups: Sequence[np.ndarray]) -> float | None:
    """The lowest score that at most ``RISK`` of each group reach; None without a group."""
    large = [np.sort(scores)[::-1] for scores in groups if len(scores) >= ENOUGH]
    return max(
        (float(np.nextafter(scores[int(RISK * len(scores))], 1.0)) for scores in large),
        default=None,
    )


def _topic(rows: Rows, features: Sequence[str], least: int) -> Logistic | None:
    """None where there are too few questions off topic, or on it."""
    judged = [row for row in rows if row.group in (ASKED, OFF_TOPIC)]
    labels = np.array(
        [row.group == ASKED and row.case.kind not in _OUT_OF_SCOPE for row in judged], dtype=bool
    )
    if not _are_enough(labels, least):
        return None
    weights = np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    fitted = _logistic(judged, labels, features, weights)
    logits = _matrix(judged, features)[labels] @ np.array(list(fitted.weights.values()))
    return replace(fitted, intercept=-float(np.quantile(logits, LOST)))
