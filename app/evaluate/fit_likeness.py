"""Fits what tells whether two questions ask the same thing, on questions labelled by intent.

- The **view** is that of :mod:`app.evaluate.fit_view`.
- The **pair** is a logistic regression over pairs. Its cosines are of views fitted on other
  topics, as a view is too sure of what it was fitted on.
- **together** is the mean logit at which groups of the folds are the most precise (pairwise), among
  those whose Rand index is within ``NEAR`` of the best: a wrong member costs staff more than a
  group in two.
- The **entry** is a logistic regression over the nearest entry of questions asked of others that
  are published, all of topics that the view has not seen, with near-misses of small FAQs; its
  **threshold** lets ``WRONG`` of the questions of a larger FAQ be answered by a wrong entry, and
  none of those that are off topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np

from app.calibration import Logistic
from app.evaluate.fit_view import fitted_view
from app.evaluate.groupings import adjusted_rand, groups_of, pairwise
from app.evaluate.labelled import Labelled, NearMiss, labels_of, vectors_of
from app.evaluate.publishing import Asked, asked_of, publications, small_publications
from app.faq.grouping import linked
from app.faq.likeness import Heard, Likeness, Rows
from app.faq.matching import ENTRY_FEATURES
from app.faq.pairs import FEATURES, VECTOR_FEATURES, WORD_FEATURES, Scale, features
from app.faq.reading import read
from ingest.progress import Step, silent

FOLDS = 4
NEAR = 0.02
WRONG = 0.01
_STRENGTH = 1.0  # of the data against the prior (scikit-learn's C), on standardised features
_OFTEN = 3  # draws of each small FAQ
_FITTED = "Calibrage"
_STEPS = np.arange(-5.0, 3.01, 0.25)


class _Told:
    """How many of the parts are done: a pair of folds each, and each fold."""

    def __init__(self, step: Step) -> None:
        self._step, self._done = step, 0

    def one_more(self) -> None:
        self._done += 1
        self._step(_FITTED, self._done, FOLDS * (FOLDS + 1) // 2 + FOLDS)


def fitted_likeness(
    space: str,
    rows: Sequence[Labelled],
    files: Sequence[str],
    words_alone: bool = False,
    misses: Sequence[NearMiss] = (),
    step: Step = silent,
) -> Likeness:
    """What fits the questions, or their words alone; what is held out is left out.

    ``step`` hears how far it is.
    """
    rows = [row for row in rows if not row.is_held_out]
    misses = [one for one in misses if not one.row.is_held_out]
    told = _Told(step)
    view = None if words_alone else fitted_view(rows)
    folds = folds_of(rows)
    crossed = _crossed(rows, folds, WORD_FEATURES if words_alone else FEATURES, told)
    pair = _fitted_pair(rows, crossed)
    start = Likeness(space, tuple(files), view, pair, 0.0, Logistic(0.0, {}), 1.0, _heard(rows))
    together = _together(rows, crossed, pair)
    entry, threshold = _fitted_entry(rows, folds, misses, start, told)
    return replace(start, together=together, entry=entry, threshold=threshold)


def _heard(rows: Sequence[Labelled]) -> Heard:
    """How many of the questions hold each term."""
    holding = Counter(term for row in rows for term in read(row.question).terms)
    return Heard(len(rows), dict(holding))


def folds_of(rows: Sequence[Labelled]) -> np.ndarray:
    """The fold of each question, the same for all of one topic."""
    topics = {topic: n % FOLDS for n, topic in enumerate(sorted({row.topic for row in rows}))}
    return np.array([topics[row.topic] for row in rows])


def _crossed(
    rows: Sequence[Labelled], folds: np.ndarray, names: Sequence[str], told: _Told
) -> dict[str, Rows]:
    """The features of all pairs, shape (rows, rows), by views that saw the topic of neither."""
    scale = Scale([read(row.question) for row in rows])
    found = {name: np.zeros((len(rows), len(rows)), dtype=np.float32) for name in names}
    for one, other in combinations_with_replacement(range(FOLDS), 2):
        unseen = (folds != one) & (folds != other)
        view = fitted_view(_part(rows, unseen)) if VECTOR_FEATURES[0] in names else None
        left, right = np.flatnonzero(folds == one), np.flatnonzero(folds == other)
        sides = [scale.side(*_asked(_part(rows, folds == fold)), view) for fold in (one, other)]
        for name, values in features(*(side.part(range(len(side))) for side in sides)):
            if name in found:
                found[name][np.ix_(left, right)] = values
                found[name][np.ix_(right, left)] = values.T
        told.one_more()
    return found


def _part(rows: Sequence[Labelled], kept: np.ndarray) -> list[Labelled]:
    return [row for row, is_kept in zip(rows, kept, strict=True) if is_kept]


def _asked(rows: Sequence[Labelled]) -> tuple[list[str], Rows]:
    return [row.question for row in rows], vectors_of(rows)


def _fitted_pair(rows: Sequence[Labelled], crossed: Mapping[str, Rows]) -> Logistic:
    above = np.triu_indices(len(rows), 1)
    truth = np.array(labels_of(rows))
    labels = (truth[:, None] == truth[None])[above]
    return _logistic(
        np.column_stack([values[above] for values in crossed.values()]), labels, list(crossed)
    )


def _logistic(matrix: np.ndarray, labels: np.ndarray, names: Sequence[str]) -> Logistic:
    from sklearn.linear_model import LogisticRegression

    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    model = LogisticRegression(C=_STRENGTH, max_iter=2_000)
    model.fit((matrix - mean) / spread, labels)
    slopes = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - (slopes * mean).sum())
    return Logistic(intercept, dict(zip(names, slopes.tolist(), strict=True)))


def _together(rows: Sequence[Labelled], crossed: Mapping[str, Rows], pair: Logistic) -> float:
    """The most precise step of those about as good as the best."""
    likes = sum(
        (pair.weights[name] * values for name, values in crossed.items()),
        start=np.full((len(rows), len(rows)), pair.intercept),
    )
    truth = labels_of(rows)
    found = []
    for step in _STEPS.tolist():
        groups = groups_of(linked(likes, step))
        found.append((pairwise(truth, groups)[0], adjusted_rand(truth, groups), step))
    best = max(rand for _, rand, _ in found)
    return float(max(one for one in found if one[1] >= best - NEAR)[2])


def _fitted_entry(
    rows: Sequence[Labelled],
    folds: np.ndarray,
    misses: Sequence[NearMiss],
    start: Likeness,
    told: _Told,
) -> tuple[Logistic, float]:
    found, near = list[Asked](), list[Asked]()
    for fold in range(FOLDS):
        fitted, part = _unseen(rows, folds != fold, start), _part(rows, folds == fold)
        for publication in publications(part):
            found.extend(asked_of(publication, fitted))
        for publication in small_publications(part, misses, _OFTEN):
            near.extend(asked_of(publication, fitted))
        told.one_more()
    asked = [*found, *near]
    matrix = np.array([[one.features[name] for name in ENTRY_FEATURES] for one in asked])
    entry = _logistic(matrix, np.array([one.is_right for one in asked]), ENTRY_FEATURES)
    scores = np.array([entry.probability(one.features) for one in found])
    wrong = np.sort(scores[[not one.is_right for one in found]])[::-1]
    off_topic = scores[[one.is_off_topic for one in found]]
    least = [*wrong[int(WRONG * len(found)) :], 0.0][0]
    return entry, float(np.nextafter(max(least, off_topic.max(initial=0.0)), 1.0))


def _unseen(rows: Sequence[Labelled], kept: np.ndarray, start: Likeness) -> Likeness:
    return replace(start, view=fitted_view(_part(rows, kept))) if start.view else start
