"""A Ray cluster as the machines of an ingestion.

Two pipelines of Ray Data, with the intake of documents between them: which of two documents of one
text is kept, and whether a release of these documents is there already, is known only once all are
read, in order. Nothing is embedded that one machine would not have embedded.

::

    jobs       -> parse (one capped process a processor)                -> documents, in order
    documents  -> split, and leave out what the cache holds -> embed    -> vectors, to the cache

The streams are cut into rounds, whose memory is bounded here and in Ray's store. Vectors are
committed as they come, so that a run that stops loses only what was being computed.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ingest.cache import CachedEmbeddings, Keys, Progress
from ingest.cluster.rounds import rounds
from ingest.cluster.session import session, stopped
from ingest.cluster.stages import (
    Embedding,
    Opener,
    Parsing,
    document_table,
    job_table,
    missing,
)
from ingest.documents import Document
from ingest.errors import ClusterError, ModelError, SourceError
from ingest.machines import Outcomes
from ingest.parse.pool import Job

if TYPE_CHECKING:
    import pyarrow as pa

Item = TypeVar("Item")
Tag = TypeVar("Tag")

_LEFT = 0.1  # of each processor: what splits needs some while all others embed


@dataclass(frozen=True, slots=True)
class Portions:
    """How much goes at once: chosen so that a round fits in Ray's store, not measured."""

    bytes: int = 128_000_000  # of a round
    documents: int = 10_000  # of a round
    block: int = 8_000_000  # bytes handed to one machine
    block_documents: int = 64
    texts: int = 256  # embedded by one call: about 80 passages with their sentences
    gpu_texts: int = 2_048


class Cluster:
    """The machines of a Ray cluster, for the time of a ``with`` block.

    ``opener`` opens the model on each of them; ``gpu`` tells that it can use a graphics card.
    Each must have ``chartiste[ray]`` of this version.

    Raises:
        ClusterError: Ray is not installed, does not start, or is not at ``RAY_ADDRESS``.
    """

    def __init__(self, opener: Opener, gpu: bool = False, portions: Portions | None = None) -> None:
        self._opener = opener
        self._gpu = gpu
        self._portions = portions or Portions()
        self._open = ExitStack()
        self._ray: Any = None
        self._cpus = self._gpus = 0

    def __enter__(self) -> Cluster:
        self._ray = self._open.enter_context(session())
        resources = self._ray.cluster_resources()
        self._cpus = max(1, int(resources.get("CPU", 1)))
        self._gpus = int(resources.get("GPU", 0)) if self._gpu else 0
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def parse(self, jobs: Iterable[Job[Tag]]) -> Outcomes[Tag]:
        """Each job's tag, with its document or why there is none, in the order of the jobs.

        Raises:
            ClusterError: the cluster stopped.
        """
        portions = self._portions
        for some in rounds(jobs, _weight, portions.bytes, portions.documents):
            outcomes = self._parsed([_untagged(job) for job in some])
            for job, outcome in zip(some, outcomes, strict=True):
                yield job.tag, outcome

    def _parsed(self, jobs: Sequence[Job[None]]) -> Iterator[Document | SourceError]:
        """What came of each job, in their order."""
        blocks, first = [], 0
        for block in self._blocks(jobs, _weight):
            blocks.append(job_table(first, block))
            first += len(block)
        actors = self._actors(min(self._cpus, len(blocks)))
        data = _through(self._ray.data.from_arrow(blocks), Parsing, num_cpus=1, **actors)
        data.context.execution_options.preserve_order = True  # the first are given first
        done: dict[int, Document | SourceError] = {}
        tables = _streamed(data)
        for position in range(len(jobs)):
            while position not in done:
                table = next(tables, None)
                if table is None:
                    raise ClusterError("Ray n'a pas rendu tous les documents : recommencez.")
                done.update(_outcomes(table))
            yield done.pop(position)

    def embed(
        self, documents: Iterable[Document], embeddings: CachedEmbeddings, told: Progress
    ) -> None:
        """Put the vectors of the documents' passages that it misses into the cache.

        Raises:
            ClusterError: the cluster stopped.
            ModelError: the model cannot be loaded there, or answers badly.
        """
        known, done = embeddings.keys(), 0
        portions = self._portions
        for some in rounds(documents, _length, portions.bytes, portions.documents):
            new: set[int] = set()
            for table in self._embedded(some, known, embeddings.model.space):
                rows, reason = _vectors(table)
                # Two machines may have met one text in the same round.
                rows = {key: vector for key, vector in rows.items() if key not in new}
                embeddings.keep(rows)
                new.update(rows)
                told(done + len(new), 0)
                if reason:
                    raise ModelError(reason)
            done += len(new)
            known = np.union1d(known, np.fromiter(new, np.uint64, len(new)))

    def _embedded(
        self, documents: Sequence[Document], known: Keys, space: str
    ) -> Iterator[pa.Table]:
        blocks = [document_table(block) for block in self._blocks(documents, _length)]
        texts = _through(
            self._ray.data.from_arrow(blocks), missing, num_cpus=_LEFT,
            fn_args=[self._ray.put(known), space],
        )  # fmt: skip
        if self._gpus:
            hardware = {"num_gpus": 1.0, "batch_size": self._portions.gpu_texts}
        else:
            hardware = {"num_cpus": 1 - _LEFT, "batch_size": self._portions.texts}
        actors = self._actors(self._gpus or min(self._cpus, len(blocks)))
        opened = {"fn_constructor_args": [self._opener, space]}
        yield from _streamed(_through(texts, Embedding, **opened, **hardware, **actors))

    def _blocks(self, items: Sequence[Item], weight: Callable[[Item], int]) -> list[list[Item]]:
        """The items of a round in what is handed out at once: at least two for each processor."""
        share = -(-len(items) // (2 * self._cpus))
        portions = self._portions
        most = min(portions.block_documents, share)
        return list(rounds(items, weight, portions.block, most))

    def _actors(self, count: int) -> dict[str, Any]:
        """So many processes, each started again three times when it dies (else for ever)."""
        return {
            "compute": self._ray.data.ActorPoolStrategy(size=count),
            "ray_remote_args_fn": lambda: {"max_restarts": 3, "max_task_retries": 3},
        }


def _through(data: Any, stage: Any, **options: Any) -> Any:
    """The pipeline with one more stage, which is given tables: whole blocks, unless said."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a later version drops
        return data.map_batches(stage, **{"batch_format": "pyarrow", "batch_size": None} | options)


def _weight(job: Job[Any]) -> int:
    return len(job.data)


def _untagged(job: Job[Any]) -> Job[None]:
    return replace(job, tag=None)


def _length(document: Document) -> int:
    return len(document.text)


def _outcomes(table: pa.Table) -> Iterator[tuple[int, Document | SourceError]]:
    """What came of each job of a table, by its position."""
    for row in table.to_pylist():
        if row["document"] is None:
            yield row["position"], SourceError(row["reason"])
        else:
            yield row["position"], Document.from_json(json.loads(row["document"]))


def _vectors(table: pa.Table) -> tuple[dict[int, bytes], str | None]:
    """The vectors of a table by their keys, and the first reason why some are missing."""
    rows = table.to_pylist()
    reasons = [row["reason"] for row in rows if row["reason"] is not None]
    vectors = {row["key"]: row["vector"] for row in rows if row["reason"] is None}
    return vectors, reasons[0] if reasons else None


def _streamed(data: Any) -> Iterator[pa.Table]:
    """The tables of a pipeline, as they come.

    Raises:
        ClusterError: the work did not end well.
    """
    tables: Iterator[pa.Table] | None = None
    while True:
        try:
            tables = tables or iter(data.iter_batches(batch_size=None, batch_format="pyarrow"))
            table = next(tables, None)
        except Exception as error:  # of many kinds
            raise stopped(error) from error
        if table is None:
            return
        yield table
