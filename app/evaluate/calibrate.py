"""Fits a calibration to measured cases: how sentences are weighed, and the refusal.

What there are too few cases for is kept from the calibration they were measured with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec

from app.calibration import Calibration, Logistic
from app.evaluate.fit_mix import fitted_mix
from app.evaluate.fit_refusal import fitted_regime
from app.evaluate.folds import Crossed
from app.evaluate.measure import ALONE, ASKED, OTHER, Measured
from ingest.errors import SettingsError

_LEAST = 40  # questions with an answer, and as many without
_LEAST_FOREIGN = 15
_SIZE = "log_passages"
_FRENCH = (
    "sentence_cosine", "passage_cosine", "coverage", "log_passages", "question_weight", "unmet"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fitted:
    """A new calibration, and what it is worth on cases it was not fitted on."""

    calibration: Calibration
    crossed: tuple[Crossed, ...]


def calibrate(measured: Sequence[Measured], before: Calibration, files: Sequence[str]) -> Fitted:
    """The calibration that fits the cases.

    Raises:
        SettingsError: scikit-learn is missing, or there are too few cases for anything.
    """
    _require_libraries()
    judged = [row for row in measured if row.features and not row.declined]
    french = [row for row in judged if row.language == "fr"]
    foreign = [row for row in judged if row.language != "fr"]
    whole = [row for row in french if row.group not in (ALONE, OTHER)]
    mix, of_mix = fitted_mix(measured, before.mix)
    in_french, of_french = fitted_regime(
        french, _FRENCH, ("passage_cosine", "coverage"), _LEAST, before.french
    )
    in_others, of_others = fitted_regime(
        foreign, _FRENCH[:2], ("passage_cosine",), _LEAST_FOREIGN, before.foreign
    )
    if in_french and of_french:
        asked = [row for row in french if row.group == ASKED]
        in_french = replace(in_french, topic=_sized(in_french.topic, in_french.answer, asked))
    if in_others and of_others and in_french:
        size = in_french.answer
        in_others = replace(
            in_others,
            answer=_sized(in_others.answer, size, foreign),
            topic=_sized(in_others.topic, size, foreign),
        )
    by_words, of_words = fitted_regime(
        whole, ("coverage", "bm25"), ("coverage",), _LEAST, before.lexical
    )
    crossed = (*of_mix, *of_french, *of_others, *of_words)
    if not crossed:
        raise SettingsError(
            "Trop peu de questions pour un calibrage : il en faut au moins "
            f"{_LEAST} avec réponse et {_LEAST} sans réponse."
        )
    lexical = by_words or before.lexical
    found = Calibration(before.space, tuple(files), mix, lexical, in_french, in_others)
    return Fitted(found, crossed)


def _require_libraries() -> None:
    missing = [name for name in ("sklearn", "scipy") if not find_spec(name)]
    if missing:
        raise SettingsError(
            f"{', '.join(missing)} : pas installé. Faites pip install 'chartiste[eval]'."
        )


def _sized(fitted: Logistic, french: Logistic, rows: Sequence[Measured]) -> Logistic:
    """A regression with the weight that the size of the corpus has in the French one, in scale.

    What it was fitted on comes from one corpus or two as a rule, which cannot tell it. One that
    was kept from before has it already.
    """
    if _SIZE in fitted.weights:
        return fitted
    weight = french.weights.get(_SIZE, 0.0) * _of_cosines(fitted) / _of_cosines(french)
    usual = sum(row.features[_SIZE] for row in rows) / len(rows)
    return Logistic(fitted.intercept - weight * usual, {**fitted.weights, _SIZE: weight})


def _of_cosines(fitted: Logistic) -> float:
    return sum(weight for name, weight in fitted.weights.items() if name.endswith("cosine"))
