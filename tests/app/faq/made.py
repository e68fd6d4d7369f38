"""A likeness of simple numbers, and questions with vectors of the fake model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.calibration import Logistic
from app.faq.likeness import Likeness, Rows, View
from tests.fakes import FakeModel

VIEW = View(np.zeros(64, dtype=np.float32), np.eye(64, dtype=np.float32))
BY_WORDS = Likeness(
    space="words",
    fitted_on=("made up",),
    view=None,
    pair=Logistic(-6.0, {"terms": 10.0, "denied": -2.0}),
    together=-1.0,
    entry=Logistic(0.0, {"best": 1.0, "lead": 0.5}),
    threshold=0.8,
)
BY_VECTORS = Likeness(
    space="fake-space",
    fitted_on=("made up",),
    view=VIEW,
    pair=Logistic(-6.0, {"cosine": 10.0}),
    together=-1.0,
    entry=Logistic(0.0, {"best": 1.0, "lead": 0.5}),
    threshold=0.8,
)


def vectors_of(questions: Sequence[str]) -> Rows:
    """Vectors of the fake model, a row each."""
    model = FakeModel()
    rows = [model.embed_query(question) for question in questions]
    return np.array(rows, dtype=np.float32).reshape(-1, 64)
