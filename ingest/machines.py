"""Who parses and embeds: this machine alone, or several that share the work.

The release is the same either way: documents come in the order of their jobs, and vectors stand
in the cache under their texts.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Protocol, TypeVar

from ingest.cache import CachedEmbeddings, Progress
from ingest.documents import Document
from ingest.errors import SourceError
from ingest.parse.pool import Job, Pool

Tag = TypeVar("Tag")
Outcomes = Generator[tuple[Tag, Document | SourceError], None, None]


class Machines(Protocol):
    """What an ingestion asks of the machines that it has."""

    def parse(self, jobs: Iterable[Job[Tag]]) -> Outcomes[Tag]:
        """Each job's tag, with its document or why there is none, in the order of the jobs.

        Raises:
            ClusterError: the machines cannot be reached, or stopped.
        """
        ...

    def embed(
        self, documents: Iterable[Document], embeddings: CachedEmbeddings, told: Progress
    ) -> None:
        """Put vectors of the documents' passages into the cache ahead of the build.

        Those that are left out are computed by the build itself. ``told`` is given how many
        were computed, and 0.

        Raises:
            ClusterError: the machines cannot be reached, or stopped.
            ModelError: the model cannot be loaded there, or answers badly.
        """
        ...


class OneMachine:
    """This machine: its processes parse, and the build embeds as it writes."""

    def parse(self, jobs: Iterable[Job[Tag]]) -> Outcomes[Tag]:
        """Each job's tag, with its document or why there is none, in the order of the jobs."""
        with Pool() as pool:
            yield from pool.map(jobs)

    def embed(
        self, documents: Iterable[Document], embeddings: CachedEmbeddings, told: Progress
    ) -> None:
        """Leave everything to the build."""


ALONE = OneMachine()
