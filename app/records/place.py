"""Where the database of a server is, and whether there is one: asked before it is ever opened."""

from __future__ import annotations

from urllib.parse import quote

from app.records.address import DatabaseFile, read_address
from app.settings import Settings

FILE = "chartiste.db"  # in the store


def database_url(settings: Settings) -> str:
    """``CHARTISTE_DATABASE_URL``, or the file of the store. It may hold a password."""
    if settings.database_url:
        return settings.database_url
    return f"sqlite:///{quote((settings.ingest.store / FILE).absolute().as_posix())}"


def exists(url: str) -> bool:
    """False when it is a file that is not there; a server is believed to have its database."""
    address = read_address(url)
    return not isinstance(address, DatabaseFile) or address.file.is_file()
