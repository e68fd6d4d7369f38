"""Fits the mix of a quotation: a conditional logit (McFadden, 1974) of which part of the best
passages holds the answer. Its gain is the one at which the mean quotation has ``LENGTH``
characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.calibration import PART_FEATURES as FEATURES
from app.calibration import Mix
from app.evaluate.folds import FOLDS, Crossed, fold
from app.evaluate.measure import Measured
from app.quote import LENGTH as MOST
from app.quote import SENTENCES

Rows = Sequence[Measured]
LENGTH = 350  # characters, on average; antecedents bring it to some 380
LEAST = 300  # questions whose answer is in a part
_RIDGE = 1e-3


def fitted_mix(measured: Rows, before: Mix) -> tuple[Mix, list[Crossed]]:
    """The mix that fits the cases, and its cross-validated figure; that of before for too few."""
    rows = [row for row in measured if any(part.holds for part in row.parts)]
    if len(rows) < LEAST:
        return before, []
    held = 0
    for number in range(FOLDS):
        unseen = [row for row in rows if fold(row) == number]
        if unseen and (seen := [row for row in rows if fold(row) != number]):
            weights = _conditional_logit(seen)
            held += sum(_first_holds(row, weights) for row in unseen)
    weights = _conditional_logit(rows)
    mix = Mix(dict(zip(FEATURES, weights.tolist(), strict=True)), 0.0)
    crossed = Crossed("réponse dans la première phrase", held / len(rows), len(rows))
    return replace(mix, gain=_gain([row for row in measured if row.parts], weights)), [crossed]


def _values(row: Measured) -> np.ndarray:
    return np.array([[part.features[name] for name in FEATURES] for part in row.parts])


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _first_holds(row: Measured, weights: np.ndarray) -> bool:
    return row.parts[int((_values(row) @ weights).argmax())].holds


def _conditional_logit(rows: Rows) -> np.ndarray:
    """Weights of the parts' features, shape (features,): a ridge on standardised values."""
    from scipy.optimize import minimize

    everything = np.vstack([_values(row) for row in rows])
    mean, spread = everything.mean(axis=0), everything.std(axis=0) + 1e-9
    most = max(len(row.parts) for row in rows)
    values = np.zeros((len(rows), most, len(FEATURES)))
    blank = np.full((len(rows), most), -1e9)
    target = np.zeros((len(rows), most))
    for number, row in enumerate(rows):
        size = len(row.parts)
        values[number, :size] = (_values(row) - mean) / spread
        blank[number, :size] = 0.0
        target[number, :size] = [part.holds for part in row.parts]
    target /= target.sum(axis=1, keepdims=True)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        shares = _softmax(values @ weights + blank)
        value = -(target * np.log(shares + 1e-12)).sum() / len(rows)
        slope = np.einsum("rp,rpf->f", shares - target, values) / len(rows)
        return value + _RIDGE * float(weights @ weights), slope + 2 * _RIDGE * weights

    found = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


def _gain(rows: Rows, weights: np.ndarray) -> float:
    """The gain at which the parts that are quoted have ``LENGTH`` characters on average."""
    ladders = [_ladder(row, weights) for row in rows]
    lowest, highest = 1e-8, 1.0
    for _ in range(40):
        middle = (lowest * highest) ** 0.5
        if np.mean([_quoted_length(ladder, middle) for ladder in ladders]) > LENGTH:
            lowest = middle
        else:
            highest = middle
    return highest


Ladder = list[tuple[float, int]]  # gain and length of each part: the first, then by gain


def _ladder(row: Measured, weights: np.ndarray) -> Ladder:
    shares = _softmax(_values(row) @ weights)
    parts = [(float(s) / p.length, p.length) for s, p in zip(shares, row.parts, strict=True)]
    first = parts.pop(int(shares.argmax()))
    return [(np.inf, first[1]), *sorted(parts, reverse=True)]


def _quoted_length(ladder: Ladder, gain: float) -> int:
    length = count = 0
    for worth, size in ladder:
        if worth < gain or count == SENTENCES:
            break
        if not count or length + size <= MOST:
            length, count = length + size, count + 1
    return length
