"""A shipped fake of the embedding port: fast, deterministic, and alike for texts alike."""

from __future__ import annotations

import hashlib

import numpy as np

from ingest.embed import EmbeddingModel
from ingest.french import Analysis


class FakeModel(EmbeddingModel):
    """Sums one random direction per French term, so that shared words mean a higher cosine."""

    name = "fake"
    space = "fake-space"
    dimension = 64

    def __init__(self) -> None:
        self._analysis = Analysis()
        self.calls = 0
        self.texts: list[str] = []

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.calls += 1
        self.texts.extend(texts)
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        total = np.full(self.dimension, 1e-3)
        for term in self._analysis.terms(text):
            seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:8], "big")
            total = total + np.random.default_rng(seed).standard_normal(self.dimension)
        vector: list[float] = (total / np.linalg.norm(total)).tolist()
        return vector
