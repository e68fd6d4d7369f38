"""Where the vectors of a release live: in its folder, or in a server started by ``chroma run``."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from ingest.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Place:
    """Where one collection lives: exactly one of ``folder`` and ``url`` is given.

    ``url`` is ``http(s)://host:port``, with a prefix where a proxy adds one and with a name and a
    password where it asks for them. Only :attr:`address` may be shown: it holds neither.

    Raises:
        SettingsError: ``url`` is not the address of a server.
    """

    collection: str
    folder: Path | None = None
    url: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if (self.folder is None) == (self.url is None):
            raise ValueError("a place is either a folder or a server")
        if self.url is not None and not _is_server(self.url):
            # Not shown: it may hold a password, and who can say where in a malformed address.
            raise SettingsError(
                "L'adresse du serveur Chroma n'est pas valable : "
                "écrivez-la comme http://127.0.0.1:8000."
            )

    @property
    def address(self) -> str:
        """The server's address without name, password or final slash; empty for a folder."""
        if self.url is None:
            return ""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path.rstrip('/')}"

    @property
    def headers(self) -> dict[str, str]:
        """What a request to the server carries besides: the name and password, if any."""
        parts = urlsplit(self.url or "")
        if parts.username is None:
            return {}
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _is_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return _is_complete(parts) and url.isprintable() and " " not in url
    except ValueError:  # a port that is no number, brackets that do not close
        return False


def _is_complete(parts: SplitResult) -> bool:
    named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    return named and not parts.query and not parts.fragment
