"""What was fitted to tell whether two questions ask the same thing, one file per embedding space.

The files lie in ``calibrations/`` beside this module; a store's own come before them. A space
that has none is judged by words alone. ``python -m tests.bench.intents --calibrate`` fits those
that are shipped, ``chartiste faq calibrate`` a store's own (see ``docs/faq.md``).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from app import fitted
from app.calibration import Logistic
from ingest.errors import SettingsError, reason

Rows = np.ndarray[Any, np.dtype[np.floating[Any]]]

_SHIPPED = Path(__file__).with_name("calibrations")
WORDS = "words"  # the file of every space that has none


@dataclass(frozen=True, slots=True)
class View:
    """How vectors are looked at: from the ``mean`` of questions, shape (dimension,), along
    ``axes``, shape (n, dimension), which weigh what questions ask more than how they are typed
    (length, spelling, language).
    """

    mean: Rows
    axes: Rows

    def of(self, vectors: Rows) -> Rows:
        """The rows as they are compared, shape (rows, n), at length one."""
        seen = (np.asarray(vectors, dtype=np.float32) - self.mean) @ self.axes.T
        lengths = np.linalg.norm(seen, axis=-1, keepdims=True)
        return np.asarray(seen / np.maximum(lengths, 1e-9), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Heard:
    """How many ``questions`` were heard before, and how many of them held each term.

    What is rare among a few questions is not always rare: these are counted with them.
    """

    questions: int
    holding: Mapping[str, int]


UNHEARD = Heard(0, {})


@dataclass(frozen=True, slots=True)
class Likeness:
    """All that was fitted for one space.

    ``pair`` gives the probability that two questions ask the same; questions are grouped while the
    mean logit between two groups is at least ``together``. ``entry`` gives the probability that a
    question is that of the nearest published entry, which answers it from ``threshold`` on.
    ``view`` is None for words alone. ``heard`` says which terms are rare.
    """

    space: str
    fitted_on: tuple[str, ...]
    view: View | None
    pair: Logistic
    together: float
    entry: Logistic
    threshold: float
    heard: Heard = UNHEARD


def load_likeness(space: str, store: Path | None = None) -> Likeness:
    """What was fitted for a space: the store's own, else what is shipped, else that of words.

    Raises:
        SettingsError: the file in the store cannot be read or understood.
    """
    file = fitted.file_of(space, _SHIPPED, own_file(store, space) if store else None)
    if file is not None:
        return _read(file)
    return replace(_read(_SHIPPED / f"{WORDS}.json"), space=space)


def own_file(store: Path, space: str) -> Path:
    """Where a store keeps what was fitted for a space."""
    return store / "calibrations" / "faq" / fitted.name_of(space)


def save_likeness(likeness: Likeness, folder: Path) -> Path:
    """Write it into a folder, whole or not at all; returns the file.

    Raises:
        SettingsError: it cannot be written.
    """
    return fitted.save(as_text(likeness), folder / fitted.name_of(likeness.space))


def as_text(likeness: Likeness) -> str:
    """The file's text: numbers rounded to six digits, arrays at half precision in base 64."""
    view = likeness.view
    shown = {
        "space": likeness.space,
        "fitted_on": likeness.fitted_on,
        "pair": asdict(likeness.pair),
        "together": likeness.together,
        "entry": asdict(likeness.entry),
        "threshold": likeness.threshold,
        "heard": _as_lines(likeness.heard),
        "view": {name: _packed(getattr(view, name)) for name in _PARTS} if view else None,
    }
    return fitted.as_text(shown)


_PARTS = ("mean", "axes")


def _as_lines(heard: Heard) -> dict[str, Any]:
    """Terms in one line by how many questions held them; those of a single one are left out."""
    terms: dict[int, list[str]] = {}
    for term, count in sorted(heard.holding.items()):
        if count > 1:
            terms.setdefault(count, []).append(term)
    holding = {str(count): " ".join(terms[count]) for count in sorted(terms)}
    return {"questions": heard.questions, "holding": holding}


def _heard(values: Any) -> Heard:
    """What a file holds; nothing where it is of a time when nothing was kept."""
    if values is None:
        return UNHEARD
    lines = values["holding"].items()
    holding = {term: int(count) for count, terms in lines for term in terms.split()}
    return Heard(int(values["questions"]), holding)


def _packed(values: Rows) -> dict[str, Any]:
    content = base64.b64encode(values.astype("<f2").tobytes()).decode("ascii")
    return {"shape": list(values.shape), "float16": content}


def _unpacked(packed: Any) -> Rows:
    values = np.frombuffer(base64.b64decode(packed["float16"], validate=True), dtype="<f2")
    found: Rows = values.reshape(packed["shape"]).astype(np.float32)
    if not np.isfinite(found).all():
        raise ValueError("not finite")
    return found


def _read(file: Path) -> Likeness:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        view = values["view"]
        return Likeness(
            space=values["space"],
            fitted_on=tuple(values["fitted_on"]),
            view=View(*(_unpacked(view[name]) for name in _PARTS)) if view else None,
            pair=_logistic(values["pair"]),
            together=float(values["together"]),
            entry=_logistic(values["entry"]),
            threshold=float(values["threshold"]),
            heard=_heard(values.get("heard")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = reason(error) if isinstance(error, OSError) else "il n'a pas la forme attendue"
        raise SettingsError(
            f"Le calibrage « {file} » ne peut pas être lu : {why}. Supprimez-le pour revenir à "
            "celui d'origine."
        ) from error


def _logistic(values: Any) -> Logistic:
    weights = {str(name): float(weight) for name, weight in values["weights"].items()}
    return Logistic(float(values["intercept"]), weights)
