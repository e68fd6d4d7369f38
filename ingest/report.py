"""What an ingestion did, and how long each step took; the last one's is kept in the store."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
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


@dataclass(frozen=True, slots=True)
class Kept:
    """The report of the last ingestion, and when it ended; it does not say what was ``read``."""

    at: datetime
    report: Report


def keep_report(file: Path, report: Report) -> None:
    """Keep what an ingestion did, for the staff; where that cannot be written, it is not kept."""
    kept = {"at": datetime.now(UTC).isoformat(), **replace(report, read=()).as_json()}
    waiting = file.with_name(f"{file.name}.new")
    with contextlib.suppress(OSError):
        waiting.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        os.replace(waiting, file)


def kept_report(file: Path) -> Kept | None:
    """What was kept; None where there is nothing that can be understood."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(values.pop("at"))
        values["skipped"] = tuple(Skipped(**entry) for entry in values["skipped"])
        lists = {name: tuple(values[name]) for name in ("read", "removed", "gone")}
        return Kept(at, Report(**{**values, **lists}))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


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
