"""Models of sentence-transformers, which enters here and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ingest.engines.base import QUESTION_READ, BatchedModel, unit_vectors
from ingest.engines.choice import setting_of
from ingest.engines.description import prompts, space_of
from ingest.engines.failure import require_place, unopened
from ingest.errors import ModelError

if TYPE_CHECKING:
    pass

# A graphics card is idle on batches that suit a processor. Chosen, not measured.
_GPU_CHARACTERS = 64_000


class HubModel(BatchedModel):
    """Any model of sentence-transformers, by its name on the hub or its folder.

    Raises:
        ModelError: the library, the model or the device is missing.
    """

    def __init__(self, place: str, device: str = "auto") -> None:
        found = require_place(place)
        self._model = open_with("SentenceTransformer", found, device)
        self.name = setting_of(place)
        self.space = space_of(found)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._prompts = prompts(self._model.prompts, found)
        if self._model.device.type != "cpu":
            self.batch_characters = _GPU_CHARACTERS
        self._lock = threading.Lock()

    def embed_query(self, text: str) -> list[float]:
        [vector] = self.embed_queries([text])
        return vector

    def embed_queries(self, texts: Sequence[str]) -> list[list[float]]:
        read = [text[:QUESTION_READ] for text in texts]
        with self._lock:
            rows = self._model.encode_query(
                read, prompt=self._prompts.query, show_progress_bar=False
            )
        found: list[list[float]] = unit_vectors(rows, len(read), self.dimension, self.name).tolist()
        return found

    def embed_batch(self, texts: list[str]) -> Any:
        with self._lock:
            return self._model.encode_document(
                texts,
                prompt=self._prompts.document,
                batch_size=len(texts),
                show_progress_bar=False,
            )


def open_with(kind: str, place: str, device: str) -> Any:
    """A model of sentence-transformers, of the class named ``kind``.

    Raises:
        ModelError: the library, the model or the device is missing.
    """
    try:
        import sentence_transformers
    except ImportError as error:
        raise ModelError(
            "sentence-transformers n'est pas installé : pip install 'chartiste[models]'."
        ) from error
    _require_device(device)
    _hide_bars()
    try:
        return getattr(sentence_transformers, kind)(
            place, device=None if device == "auto" else device, trust_remote_code=False
        )
    except Exception as error:  # the library raises many kinds
        raise unopened(place, error) from error


def _hide_bars() -> None:
    """Have no English bar for each part of a model that is read; what downloads has its own."""
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled, enable_progress_bars
    from transformers.utils import logging

    is_quiet = are_progress_bars_disabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # those of the hub, too
    if not is_quiet:
        enable_progress_bars()


def _require_device(device: str) -> None:
    """Refuse a device that torch does not see; it would fail later, in words of its own.

    Raises:
        ModelError: the machine has no such device.
    """
    if device not in ("cuda", "mps"):
        return
    import torch

    seen = torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available()
    if not seen:
        raise ModelError(
            f"CHARTISTE_EMBEDDING_DEVICE vaut « {device} », que torch ne trouve pas sur cette "
            "machine : écrivez « auto » ou « cpu »."
        )
