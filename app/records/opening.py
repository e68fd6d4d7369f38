"""The database of a server, opened where there is one: else nothing of it is imported."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.records.place import database_url, exists
from app.settings import Settings
from ingest.errors import RecordsError

if TYPE_CHECKING:
    from app.records.database import Database

logger = logging.getLogger("chartiste.records")


def open_database(settings: Settings) -> Database | None:
    """The database, its tables up to date; None when no setting needs one and no file is there.

    One that cannot be reached now is given back all the same, and the log says why: citizens
    are answered without it, and it is found again when it comes back.

    Raises:
        SettingsError: the driver of PostgreSQL is not installed.
    """
    url = database_url(settings)
    if not (settings.database_url or settings.journal_days or exists(url)):
        return None
    from app.records.database import Database

    database = Database(url)
    try:
        database.migrate()
    except RecordsError as error:
        logger.error("%s", error)
    return database
