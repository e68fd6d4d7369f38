"""Fits how vectors of questions are looked at, so that those of one intent are near.

It starts from the within-class covariance: directions in which questions of one intent differ
count less (Hatch, Kajarekar and Stolcke, Within-class covariance normalization for SVM-based
speaker recognition, 2006). Some steps of a supervised contrastive loss follow (Khosla et al., 2020,
Supervised contrastive learning), over a linear map alone, with numbers left out by lot.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.evaluate.labelled import Labelled, labels_of
from app.faq.likeness import View

AXES = 64  # kept; 128 and all 384 gave the same
_TAIL = 3e-4  # variance below which a direction is one like any other
_STEPS, _PACE = 40, 2e-3
_TEMPERATURE = 0.1
_LEFT_OUT = 0.2  # of the numbers of each vector, at each step
_FIRST, _SECOND = 0.9, 0.999  # Adam's (Kingma and Ba, 2015)

Array = np.ndarray


def fitted_view(rows: Sequence[Labelled]) -> View:
    """The view of labelled questions: the same for the same rows in the same order."""
    vectors = np.array([row.vector for row in rows], dtype=np.float32)
    labels = np.array(labels_of(rows))
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    turned = _contrasted(centred, labels[:, None] == labels[None], _whitened(centred, labels))
    left, lengths, _ = np.linalg.svd(turned, full_matrices=False)
    axes = (left * lengths).T[:AXES]
    return View(mean.astype(np.float32), axes.astype(np.float32))


def _whitened(centred: Array, labels: Array) -> Array:
    """The map that turns down the directions in which questions of one intent differ."""
    own = [centred[labels == one] for one in np.unique(labels)]
    apart = np.concatenate([rows - rows.mean(axis=0) for rows in own if len(rows) > 1])
    variances, axes = np.linalg.eigh(apart.T @ apart / len(apart))
    shares = np.sqrt(_TAIL / (np.maximum(variances, 0) + _TAIL))
    return np.asarray((axes * shares) @ axes.T)


def _contrasted(centred: Array, same: Array, start: Array) -> Array:
    """The map after some steps towards questions of one intent, away from all others."""
    luck = np.random.default_rng(0)
    found, first, second = start.astype(np.float32), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, _STEPS + 1):
        kept = luck.random(centred.shape, dtype=np.float32) > _LEFT_OUT
        slope = _slope(centred * kept, same, found)
        first = _FIRST * first + (1 - _FIRST) * slope
        second = _SECOND * second + (1 - _SECOND) * slope**2
        pace = first / (1 - _FIRST**step) / (np.sqrt(second / (1 - _SECOND**step)) + 1e-8)
        found -= _PACE * pace
    return found


def _slope(seen: Array, same: Array, turned: Array) -> Array:
    """The gradient of the loss by the map."""
    mapped = seen @ turned
    lengths = np.linalg.norm(mapped, axis=1, keepdims=True) + 1e-9
    unit = mapped / lengths
    likes = unit @ unit.T / _TEMPERATURE
    np.fill_diagonal(likes, -np.inf)
    chosen = np.exp(likes - likes.max(axis=1, keepdims=True))
    chosen /= chosen.sum(axis=1, keepdims=True)
    others = same & ~np.eye(len(same), dtype=bool)
    counts = others.sum(axis=1, keepdims=True)
    wanted = others / np.maximum(counts, 1)
    pull = np.where(counts > 0, chosen - wanted, 0) / max(1, int((counts > 0).sum()))
    of_unit = (pull + pull.T) @ unit / _TEMPERATURE
    of_mapped = (of_unit - unit * (unit * of_unit).sum(axis=1, keepdims=True)) / lengths
    return np.asarray(seen.T @ of_mapped)
