"""The journal of a server, opened where there is a database: else nothing of it is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.journal.recording import SILENT, Recording
from app.settings import Settings

if TYPE_CHECKING:
    from app.records.database import Database


def open_recording(settings: Settings, database: Database | None) -> Recording:
    """What replies are told to, for as long as the setting says; it is the caller's to close.

    Without the setting nothing is kept, and what was kept before goes after 30 days all the same.
    """
    if database is None:
        return SILENT
    from app.journal.journal import Journal
    from app.journal.recorder import Recorder

    days = settings.journal_days
    return Recorder(Journal(database, days), keep=days > 0)
