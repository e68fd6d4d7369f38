"""From measured cases to figures: retrieval, quotation, refusal, speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.evaluate.measure import ASKED, OFF_TOPIC, REMOVED, Measured
from app.evaluate.statistics import (
    Figure,
    auroc,
    calibration_error,
    coverage_at,
    figure,
    mean,
    percentile,
)

Rows = Sequence[Measured]
Named = tuple[str, str, Figure]  # key, French name, figure


def figures(measured: Rows, seed: int = 0) -> list[Named]:
    """Every figure that the cases allow, in the order of the walk."""
    asked = [m for m in measured if m.group == ASKED]
    answerable = [m for m in asked if m.answerable]
    checked = [m for m in answerable if m.quoted is not None]
    found: list[tuple[str, str, Figure | None]] = [
        ("first", "réponse dans le premier passage", _share(checked, lambda m: m.first, seed)),
        ("five", "réponse dans les cinq premiers", _share(checked, lambda m: m.five, seed)),
        ("quoted", "réponse dans la citation", _share(checked, lambda m: m.quoted, seed)),
        ("length", "longueur de la citation (caractères)",
         figure(mean, [m.length for m in checked], seed=seed)),
        ("precision", "citations qui touchent la réponse",
         figure(mean, [p for m in checked for p in m.precise], seed=seed)),
        ("answered", "questions à réponse, répondues",
         _share(answerable, lambda m: m.answered, seed)),
        ("right", "questions à réponse, bien répondues",
         _share(checked, lambda m: m.answered and bool(m.quoted), seed)),
    ]  # fmt: skip
    for key, name, negatives in _negatives(measured):
        found += _refusal(key, name, answerable, negatives, seed)
    times = [m.milliseconds for m in asked]
    found += [
        ("p50", "latence p50 (ms)", figure(percentile(50), times, seed=seed)),
        ("p95", "latence p95 (ms)", figure(percentile(95), times, seed=seed)),
    ]
    return [(key, name, value) for key, name, value in found if value is not None]


def _negatives(measured: Rows) -> list[tuple[str, str, Rows]]:
    groups = [
        ("unanswerable", "sans réponse",
         [m for m in measured if m.group == ASKED and not m.answerable]),
        ("removed", "article retiré", [m for m in measured if m.group == REMOVED]),
        ("off_topic", "hors sujet", [m for m in measured if m.group == OFF_TOPIC]),
    ]  # fmt: skip
    return [(key, name, rows) for key, name, rows in groups if rows]


def _refusal(
    key: str, name: str, positives: Rows, negatives: Rows, seed: int
) -> list[tuple[str, str, Figure | None]]:
    rows = [*positives, *negatives]
    scores = [m.probability for m in rows]
    labels = [float(m.answerable) for m in rows]

    def of(measure: Callable[..., float]) -> Figure | None:
        return figure(measure, scores, labels, seed=seed) if positives else None

    return [
        (f"{key}_answered", f"{name} : répondues à tort",
         _share(negatives, lambda m: m.answered, seed)),
        (f"{key}_auroc", f"{name} : AUROC du refus", of(auroc)),
        (f"{key}_coverage5", f"{name} : couverture à 5 % d'erreurs", of(coverage_at(0.05))),
        (f"{key}_coverage10", f"{name} : couverture à 10 % d'erreurs", of(coverage_at(0.10))),
        (f"{key}_ece", f"{name} : erreur de calibration", of(calibration_error)),
    ]  # fmt: skip


def _share(rows: Rows, value: Callable[[Measured], bool | None], seed: int) -> Figure | None:
    return figure(mean, np.array([float(bool(value(m))) for m in rows]), seed=seed)


def failures(measured: Rows, limit: int = 200) -> list[Measured]:
    """What went wrong: an answer that is not there or not right, or one that should not be."""
    wrong = [
        m
        for m in measured
        if (m.answerable and (not m.answered or m.quoted is False))
        or (not m.answerable and m.answered)
    ]
    return wrong[:limit]
