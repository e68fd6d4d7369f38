"""What ``CHARTISTE_DATABASE_URL`` may say, and what it means; no library of databases is asked.

::

    sqlite:///faq.db                                       a file, below the current folder
    sqlite:////srv/chartiste/faq.db                        a file
    postgresql://user:password@server:5432/base            a server (postgresql+pg8000:// too)
    postgresql://user:password@server/base?sslmode=verify-full
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ingest.errors import SettingsError

VARIABLE = "CHARTISTE_DATABASE_URL"
Encryption = Literal["disable", "prefer", "require", "verify-full"]

_POSTGRES = ("postgresql", "postgresql+pg8000", "postgres")
_FORM = (
    f"{VARIABLE} n'est pas l'adresse d'une base : écrivez « sqlite:///dossier/base.db » ou "
    "« postgresql://utilisateur:mot-de-passe@serveur/base » (les signes : / ? # @ % d'un mot de "
    "passe s'écrivent %3A %2F %3F %23 %40 %25)."
)
_ENCRYPTION = f"{VARIABLE} : sslmode vaut {', '.join(get_args(Encryption))}, sans autre option."


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """A file of SQLite."""

    file: Path

    def __str__(self) -> str:
        return str(self.file)


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """A database of a PostgreSQL server. Its ``str`` may be shown: it has no password.

    ``encryption`` is libpq's ``sslmode``: by default encrypted where the server can, and only
    ``verify-full`` makes sure whose server it is.
    """

    host: str
    port: int
    base: str
    user: str
    password: str | None = field(default=None, repr=False)
    encryption: Encryption = "prefer"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{self.user}@{host}:{self.port}/{self.base}"


def read_address(url: str) -> DatabaseFile | DatabaseServer:
    """What the address names.

    Raises:
        SettingsError: it names nothing; the sentence shows none of it, as it may hold a password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise SettingsError(_FORM) from None  # its message would show the address
    if "#" in url or not url.strip().isprintable():
        raise SettingsError(_FORM)
    if parts.scheme == "sqlite":
        return _file(parts)
    if parts.scheme in _POSTGRES:
        return _server(parts, 5432 if port is None else port)
    raise SettingsError(_FORM)


def read_database_url(env: Mapping[str, str]) -> tuple[str, list[str]]:
    """The address that a setting gives, empty for the store's own file; a line if it is wrong."""
    url = env.get(VARIABLE, "").strip()
    try:
        if url:
            read_address(url)
    except SettingsError as error:
        return "", [str(error)]
    return url, []


def _file(parts: SplitResult) -> DatabaseFile:
    path = unquote(parts.path.removeprefix("/"))
    if parts.netloc or parts.query or not path or path.endswith("/") or ":memory:" in path:
        raise SettingsError(_FORM)
    return DatabaseFile(Path(path).expanduser().absolute())


def _server(parts: SplitResult, port: int) -> DatabaseServer:
    base = unquote(parts.path.removeprefix("/"))
    user = unquote(parts.username or "")
    if not (parts.hostname and user and base) or "/" in base or parts.netloc.count("@") != 1:
        raise SettingsError(_FORM)
    password = None if parts.password is None else unquote(parts.password)
    return DatabaseServer(parts.hostname, port, base, user, password, _encryption(parts.query))


def _encryption(query: str) -> Encryption:
    options = dict(parse_qsl(query, keep_blank_values=True))
    asked = options.pop("sslmode", "prefer")
    for known in get_args(Encryption):
        if asked == known and not options:
            found: Encryption = known
            return found
    raise SettingsError(_ENCRYPTION)
