"""Calibrations made by hand, in which a test can see what decides."""

from __future__ import annotations

from app.calibration import Calibration, Logistic, Mix, Regime

# A tenth of a cosine or of a passage's score is worth 3 logits: twenty times as likely.
MIX = Mix({"cosine": 30.0, "passage": 30.0, "met": 1.0, "unmet": -1.0}, gain=0.0005)
WORDS = Regime(Logistic(-3.0, {"coverage": 5.0}), 0.6, 0.8, Logistic(-1.0, {"coverage": 4.0}))
FRENCH = Regime(
    Logistic(-20.0, {"sentence_cosine": 25.0, "unmet": -1.0}),
    0.7,
    0.9,
    Logistic(-8.0, {"passage_cosine": 10.0}),
)
FOREIGN = Regime(
    Logistic(-21.0, {"sentence_cosine": 25.0}), 0.5, 0.5, Logistic(-8.0, {"passage_cosine": 10.0})
)
CALIBRATION = Calibration("a-space", ("questions.csv",), MIX, WORDS, FRENCH, FOREIGN)
