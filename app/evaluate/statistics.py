"""The figures of an evaluation, each with its number of cases and a 95 % interval.

Everything here is pure: arrays in, numbers out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
RESAMPLES = 1_000
BINS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, the number of cases it rests on, and its 95 % bootstrap interval."""

    value: float
    cases: int
    low: float
    high: float


def figure(
    measure: Callable[..., float], *columns: Sequence[float] | Array, seed: int = 0
) -> Figure | None:
    """``measure`` of the columns, with the percentile bootstrap over their rows.

    (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.) None without rows.
    """
    arrays = [np.asarray(column, dtype=float) for column in columns]
    count = len(arrays[0])
    if not count:
        return None
    generator = np.random.default_rng(seed)
    values = []
    for _ in range(RESAMPLES):
        rows = generator.integers(0, count, count)
        values.append(measure(*(array[rows] for array in arrays)))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Figure(float(measure(*arrays)), count, float(low), float(high))


def mean(values: Array) -> float:
    """The arithmetic mean."""
    return float(values.mean())


def ratio(parts: Array, wholes: Array) -> float:
    """The share that all parts together are of all wholes together, of which none is zero."""
    return float(parts.sum() / wholes.sum())


def percentile(share: float) -> Callable[[Array], float]:
    """A measure: the value below which ``share`` percent of the cases are."""
    return lambda values: float(np.percentile(values, share))


def auroc(scores: Array, labels: Array) -> float:
    """The probability that a positive case scores above a negative one, ties counting half.

    (The Mann-Whitney statistic.) NaN when one of the two classes is missing.
    """
    positives, negatives = int((labels > 0.5).sum()), int((labels <= 0.5).sum())
    if not positives or not negatives:
        return float("nan")
    order = np.argsort(scores, kind="stable")
    _, first, counts = np.unique(scores[order], return_index=True, return_counts=True)
    ranks = np.empty(len(scores))
    ranks[order] = np.repeat(first + (counts + 1) / 2, counts)
    above = ranks[labels > 0.5].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def coverage_at(risk: float) -> Callable[[Array, Array], float]:
    """A measure of (scores, labels): the share of positives answered when at most ``risk`` of
    the negatives are, at the threshold that just allows it.
    """

    def measure(scores: Array, labels: Array) -> float:
        positives, negatives = scores[labels > 0.5], np.sort(scores[labels <= 0.5])[::-1]
        if not len(positives) or not len(negatives):
            return float("nan")
        allowed = int(risk * len(negatives))
        return float((positives > negatives[min(allowed, len(negatives) - 1)]).mean())

    return measure


def calibration_error(probabilities: Array, outcomes: Array) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al., 2017)."""
    return float(
        sum(len(p) / len(probabilities) * abs(p.mean() - o.mean())
            for p, o in _bins(probabilities, outcomes))
    )  # fmt: skip


def reliability(probabilities: Array, outcomes: Array) -> list[tuple[float, float, int]]:
    """Per filled bin: mean probability, share of right ones, cases."""
    return [(float(p.mean()), float(o.mean()), len(p)) for p, o in _bins(probabilities, outcomes)]


def _bins(probabilities: Array, outcomes: Array) -> list[tuple[Array, Array]]:
    index = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    return [
        (probabilities[index == n], outcomes[index == n]) for n in range(BINS) if (index == n).any()
    ]


def refusal_curve(probabilities: Array, right: Array) -> list[tuple[float, float]]:
    """Per threshold: the share of questions refused, and the share right among those answered."""
    points = []
    for threshold in np.linspace(0, 1, 41):
        kept = probabilities >= threshold
        if kept.any():
            points.append((float(1 - kept.mean()), float(right[kept].mean())))
    return points
