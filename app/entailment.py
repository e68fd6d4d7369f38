"""Whether one text follows from another, by a model of natural language inference.

Asked where an agency configures one, of what rules cannot tell: whether a passage says in other
words what a statement says.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ingest.engines.failure import require_place
from ingest.engines.hub import open_with
from ingest.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_LABEL = "entailment"  # as the models of the hub name it


class Entailment:
    """A cross-encoder of sentence-transformers, by its name on the hub or its folder.

    Safe to use from several threads.

    Raises:
        ModelError: the library, the model or the device is missing, or the model is no NLI one.
    """

    def __init__(self, place: str, device: str = "auto") -> None:
        self._place = require_place(place, "CHARTISTE_NLI")
        self._model: CrossEncoder = open_with("CrossEncoder", self._place, device)
        self._label = _label(self._model, place)
        self._lock = threading.Lock()

    def probability(self, premise: str, hypothesis: str) -> float:
        """The probability that the premise entails the hypothesis.

        0 when the two are longer than the model reads: it would judge a statement by its beginning.

        Raises:
            ModelError: the model fails.
        """
        try:
            with self._lock:
                if not self._reads(premise, hypothesis):
                    return 0.0
                scores = self._model.predict(
                    [(premise, hypothesis)],
                    activation_fn=lambda logits: logits,
                    apply_softmax=True,
                    show_progress_bar=False,
                )
        except Exception as error:  # the library raises many kinds
            raise ModelError(
                f"Le modèle « {self._place} » ne juge plus ({type(error).__name__})."
            ) from error
        return float(scores[0][self._label])

    def _reads(self, premise: str, hypothesis: str) -> bool:
        most = self._model.max_seq_length
        tokens = self._model.tokenizer(premise, hypothesis, truncation=False, verbose=False)
        return most is None or len(tokens["input_ids"]) <= most


def _label(model: CrossEncoder, place: str) -> int:
    """The number of the label that says so.

    Raises:
        ModelError: there is none, or it is the only one.
    """
    labels = {str(name).strip().lower(): int(n) for n, name in model.config.id2label.items()}
    if _LABEL not in labels or model.num_labels < 2:
        raise ModelError(
            f"Le modèle « {place} » n'a pas l'étiquette « {_LABEL} » : CHARTISTE_NLI veut un "
            "modèle d'inférence (NLI)."
        )
    return labels[_LABEL]
