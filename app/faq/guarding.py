"""Whether a new release may take the place of the one in service: published entries decide."""

from __future__ import annotations

from app.faq.entries import Entries
from app.faq.faults import EntriesWouldLose
from app.faq.library import Library
from app.faq.staleness import look_at_all
from ingest.progress import Step, silent


def require_sources(entries: Entries, library: Library, progress: Step = silent) -> None:
    """Refuse a release that lacks what a published entry cites.

    Raises:
        EntriesWouldLose: naming these entries.
        RecordsError, StoreError: the entries or the release cannot be read.
    """
    looks = look_at_all(entries, library, ("published",), progress)
    if losing := [one.as_json() for one in looks if one.lost]:
        raise EntriesWouldLose(losing)
