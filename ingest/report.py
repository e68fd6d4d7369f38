"""What an ingestion did, and how long each step took."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from ingest.gather import Skipped


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingestion did.

    ``embedded`` and ``reused`` count vectors, ``removed`` names old releases that were deleted,
    ``gone`` the documents that the release before held and this one does not; ``seconds`` is by
    step.
    """

    release: str
    changed: bool
    read: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    sentences: int
    embedded: int
    reused: int
    removed: tuple[str, ...]
    gone: tuple[str, ...]
    seconds: dict[str, float]

    @property
    def failures(self) -> int:
        """How many sources could not be read as they should."""
        return sum(entry.failed for entry in self.skipped)

    def as_json(self) -> dict[str, Any]:
        """The object that ``ingest --json`` prints."""
        return asdict(self)


class Clock:
    """Seconds spent in each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """The time since the last lap goes to ``step``."""
        now = time.perf_counter()
        self.seconds[step] = round(self.seconds.get(step, 0.0) + now - self._last, 3)
        self._last = now
