"""What tells whether two questions ask the same, in the tests: the words that they share."""

from __future__ import annotations

from app.calibration import Logistic
from app.faq.likeness import Likeness

ALIKE = Likeness(
    space="fake-space",
    fitted_on=(),
    view=None,
    pair=Logistic(-3.0, {"terms": 6.0}),
    together=0.0,
    entry=Logistic(-1.0, {"best": 1.5, "lead": 0.5}),
    threshold=0.6,
)
