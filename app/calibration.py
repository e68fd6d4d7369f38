"""Coefficients fitted on questions whose answers are known, one file per embedding space.

``chartiste eval --calibrate`` writes them into the store, where they come before those that are
shipped beside this module. A space that has none is judged by words alone (``lexical``).

::

    {"space": "…", "fitted_on": ["…"],
     "mix": {"weights": {"cosine": 35.0, …}, "gain": 0.0003},
     "regimes": {"french": {"answer": {"intercept": -60.0, "weights": {…}},
                            "threshold": 0.7, "sure": 0.9,
                            "topic": {"intercept": -80.0, "weights": {…}}}, "foreign": …}}
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app import fitted
from ingest.errors import SettingsError, reason

_SHIPPED = Path(__file__).with_name("calibrations")
RISK = 0.05  # of the questions that the sources do not answer: what a threshold lets through
WORDS = "words"  # the calibration of every space that has none
Features = Mapping[str, float]
# The features there are: of the best passage (app.confidence), of a sentence (app.quotable).
ANSWER_FEATURES = (
    "sentence_cosine", "passage_cosine", "coverage", "bm25", "log_passages", "question_weight",
    "unmet",
)  # fmt: skip
PART_FEATURES = ("cosine", "passage", "coverage", "log_length", "cosine_before", "met", "unmet")


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression."""

    intercept: float
    weights: dict[str, float]

    def probability(self, features: Features) -> float:
        """Between 0 and 1."""
        logit = self.intercept + sum(w * features[name] for name, w in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit))))


@dataclass(frozen=True, slots=True)
class Regime:
    """How one kind of question is judged.

    ``answer`` gives the probability that what was found answers; from ``threshold`` on it is
    quoted as the answer, with a word of caution below ``sure``. ``topic`` gives the probability
    that the question is about what the sources are about at all; one half parts the two.
    """

    answer: Logistic
    threshold: float
    sure: float
    topic: Logistic


@dataclass(frozen=True, slots=True)
class Mix:
    """How sentences are weighed for a quotation.

    ``weights`` of a sentence's features sum to its score; the softmax of the scores shares one
    among all sentences. A further sentence is quoted while it brings ``gain`` of it a character.
    """

    weights: dict[str, float]
    gain: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that was fitted for one embedding space, and the files it was fitted on.

    ``french`` and ``foreign`` are None where the space was not calibrated for them.
    """

    space: str
    fitted_on: tuple[str, ...]
    mix: Mix
    lexical: Regime
    french: Regime | None = None
    foreign: Regime | None = None

    def regime(self, language: str, has_vector: bool) -> Regime:
        """The regime for a question: its language's, or words alone without vectors."""
        of_language = self.french if language == "fr" else self.foreign
        return of_language if has_vector and of_language else self.lexical


def load_calibration(space: str, store: Path | None = None) -> Calibration:
    """The calibration of a space: the store's own, else the shipped one, else that of words.

    Raises:
        SettingsError: the file in the store cannot be read or understood.
    """
    file = fitted.file_of(space, _SHIPPED, own_file(store, space) if store else None)
    if file is not None:
        return _read(file)
    return replace(_read(_SHIPPED / f"{WORDS}.json"), space=space)


def save_calibration(calibration: Calibration, store: Path) -> Path:
    """Write a calibration into the store, whole or not at all; returns the file.

    Raises:
        SettingsError: it cannot be written.
    """
    return fitted.save(as_text(calibration), own_file(store, calibration.space))


def own_file(store: Path, space: str) -> Path:
    """Where a store keeps its calibration of a space."""
    return store / "calibrations" / fitted.name_of(space)


def as_text(calibration: Calibration) -> str:
    """The file's text, numbers rounded to six digits."""
    regimes = {
        name: asdict(regime)
        for name in ("french", "foreign", "lexical")
        if (regime := getattr(calibration, name))
    }
    shown = {
        "space": calibration.space,
        "fitted_on": calibration.fitted_on,
        "mix": asdict(calibration.mix),
        "regimes": regimes,
    }
    return fitted.as_text(shown)


def _read(file: Path) -> Calibration:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        regimes = {name: _regime(regime) for name, regime in values["regimes"].items()}
        weights = _weights(values["mix"]["weights"], PART_FEATURES)
        mix = Mix(weights, float(values["mix"]["gain"]))
        return Calibration(values["space"], tuple(values["fitted_on"]), mix, **regimes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = reason(error) if isinstance(error, OSError) else "il n'a pas la forme attendue"
        raise SettingsError(
            f"Le calibrage « {file} » ne peut pas être lu : {why}. Supprimez-le pour revenir à "
            "celui d'origine, ou refaites-le avec chartiste eval --calibrate."
        ) from error


def _regime(values: Any) -> Regime:
    answer, topic = (
        Logistic(
            float(values[name]["intercept"]), _weights(values[name]["weights"], ANSWER_FEATURES)
        )
        for name in ("answer", "topic")
    )
    return Regime(answer, float(values["threshold"]), float(values["sure"]), topic)


def _weights(values: Any, known: tuple[str, ...]) -> dict[str, float]:
    if unknown := values.keys() - set(known):
        raise ValueError(f"unknown features: {unknown}")
    return {name: float(weight) for name, weight in values.items()}
