"""What runs on the machines of a cluster, on tables of Arrow: parsing, splitting, embedding.

::

    position, job   -> Parsing   -> position, document, reason   (one of the two)
    document        -> missing   -> key, text                    (of the vectors not known yet)
    key, text       -> Embedding -> key, vector, reason          (a reason alone: it failed)

What goes wrong is a ``reason``, in French: an exception does not come back from Ray as it was.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.cache import half_vectors, key_of
from ingest.cluster.rounds import unknown
from ingest.cluster.session import lent
from ingest.documents import Document
from ingest.engines.base import EmbeddingModel
from ingest.errors import ChartisteError, ModelError
from ingest.parse.pool import Job, Limits, Pool
from ingest.passages import units
from ingest.split import split

if TYPE_CHECKING:
    import pyarrow as pa

Opener = Callable[[], EmbeddingModel]


def job_table(first: int, jobs: Sequence[Job[None]]) -> pa.Table:
    """Jobs to parse, numbered from ``first``."""
    import pyarrow as pa

    positions = range(first, first + len(jobs))
    return pa.table({
        "position": pa.array(positions, pa.int64()),
        "job": pa.array([pickle.dumps(job) for job in jobs], pa.large_binary()),
    })  # fmt: skip


def document_table(documents: Sequence[Document]) -> pa.Table:
    """Documents to split and embed."""
    import pyarrow as pa

    shown = [json.dumps(document.as_json()) for document in documents]
    return pa.table({"document": pa.array(shown, pa.large_string())})


class Parsing:
    """Parses in one capped process, which it keeps: the limits hold on every machine."""

    def __init__(self) -> None:
        self._pool = Pool(Limits(processes=1))

    def __call__(self, table: pa.Table) -> pa.Table:
        import pyarrow as pa

        positions, documents, reasons = table["position"].to_pylist(), [], []
        jobs = [pickle.loads(job) for job in table["job"].to_pylist()]
        for _, outcome in self._pool.map(jobs):
            document, reason = None, None
            if isinstance(outcome, Document):
                document = json.dumps(outcome.as_json())
            else:
                reason = str(outcome)
            documents.append(document)
            reasons.append(reason)
        return pa.table({
            "position": pa.array(positions, pa.int64()),
            "document": pa.array(documents, pa.large_string()),
            "reason": pa.array(reasons, pa.large_string()),
        })  # fmt: skip


def missing(table: pa.Table, known: Any, space: str) -> pa.Table:
    """The texts of the documents' passages and sentences whose key is not known, each once.

    ``known`` is the reference of the sorted keys, which the processes of a machine share.
    """
    import pyarrow as pa

    texts: dict[int, str] = {}
    for document in table["document"].to_pylist():
        for passage in split(Document.from_json(json.loads(document))):
            for _, text in units(passage):
                texts[key_of(space, text)] = text
    keys = np.fromiter(texts, dtype=np.uint64, count=len(texts))
    new = keys[unknown(keys, lent(known))].tolist()
    return pa.table({
        "key": pa.array(new, pa.uint64()),
        "text": pa.array([texts[key] for key in new], pa.large_string()),
    })  # fmt: skip


class Embedding:
    """Embeds with one model, which it opens at its first table and keeps."""

    def __init__(self, opener: Opener, space: str) -> None:
        self._opener = opener
        self._space = space
        self._model: EmbeddingModel | None = None

    def __call__(self, table: pa.Table) -> pa.Table:
        import pyarrow as pa

        keys, texts = table["key"].to_pylist(), table["text"].to_pylist()
        rows: list[tuple[int | None, bytes | None, str | None]] = []
        try:
            model = self._opened()
            for batch in model.batches(texts):
                half = half_vectors(model, [texts[position] for position in batch])
                for position, vector in zip(batch, half, strict=True):
                    rows.append((keys[position], vector.tobytes(), None))
        except ChartisteError as error:  # what was computed before is kept
            rows.append((None, None, str(error)))
        return pa.table({
            "key": pa.array([key for key, _, _ in rows], pa.uint64()),
            "vector": pa.array([vector for _, vector, _ in rows], pa.large_binary()),
            "reason": pa.array([reason for _, _, reason in rows], pa.large_string()),
        })  # fmt: skip

    def _opened(self) -> EmbeddingModel:
        # Not in __init__: Ray starts an actor whose birth failed again and again.
        if self._model is None:
            model = self._opener()
            if model.space != self._space:
                raise ModelError(
                    f"Une machine du cluster ouvre « {model.name} » ({model.space}) au lieu d'un "
                    f"modèle de {self._space} : mettez-y la même version de chartiste et du modèle."
                )
            self._model = model
        return self._model
