"""Vectors of questions that are asked again and again, computed once and kept beside the store."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from ingest.cache import CachedEmbeddings
from ingest.engines.base import EmbeddingModel, checked
from ingest.errors import StoreError
from ingest.store import in_french

log = logging.getLogger("chartiste.faq")

FILE = "questions.cache"  # in the store

Rows = np.ndarray[Any, np.dtype[np.float32]]


class _Questions(EmbeddingModel):
    """A model whose texts are questions: its « documents » are what it makes of questions."""

    batch_texts = 16  # kept as soon as they are computed

    def __init__(self, model: EmbeddingModel) -> None:
        self._model = model
        self.name = model.name
        self.space = f"{model.space} question"
        self.dimension = model.dimension

    def embed_query(self, text: str) -> list[float]:
        return self._model.embed_query(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._model.embed_queries(texts)


def question_vectors(texts: Sequence[str], model: EmbeddingModel, file: Path | None = None) -> Rows:
    """The vectors of questions, a row each; those in ``file`` are read, the others kept there.

    Where the file cannot be used they are computed, and the log says so.

    Raises:
        ModelError: the model fails.
    """
    questions = _Questions(model)
    if file is not None:
        try:
            with in_french(file.parent), closing(CachedEmbeddings(questions, file)) as cache:
                return cache.vectors(texts)
        except StoreError as error:
            log.warning("vectors of questions are not kept: %s", error)
    rows: Rows = checked(
        questions.embed_documents(list(texts)), len(texts), model.dimension, model.name
    )
    return rows
