"""Folds by source, so that what is fitted on a source is never tried on it."""

from __future__ import annotations

from typing import NamedTuple

from app.evaluate.measure import Measured

FOLDS = 5


class Crossed(NamedTuple):
    """A figure on cases that the fit did not see: its French name, value, number of cases."""

    name: str
    value: float
    cases: int


def fold(row: Measured) -> int:
    """The fold of a case, the same for all questions of one source."""
    name = "|".join(sorted(row.case.sources)) or row.case.id
    return sum(name.encode()) % FOLDS
