"""What the headers of an answer say. Names are in lower case; servers write values as they can."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import urljoin

from ingest.documents import legible
from ingest.errors import FetchError
from ingest.inflate import ENCODINGS, Encoding
from ingest.page import Validators

Headers = Mapping[str, str]

# What the parsers read, feeds and sitemaps included.
READABLE = (
    "text/html", "application/xhtml+xml", "application/pdf", "text/plain", "text/markdown",
    "text/x-markdown",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
    "text/xml", "application/xml", "application/rss+xml", "application/atom+xml",
    "application/rdf+xml", "application/gzip", "application/x-gzip",
)  # fmt: skip
# What servers send for a file whose kind they do not know: its name then tells.
_UNKNOWN = ("application/octet-stream", "binary/octet-stream")
_SUFFIXES = {".html", ".htm", ".pdf", ".txt", ".md", ".markdown", ".docx", ".odt", ".xml", ".gz"}

_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z0-9._:+-]{1,40})""", re.IGNORECASE)
_LONGEST_VALIDATOR = 1_000


def media_type(headers: Headers) -> tuple[str, str]:
    """The content type without its parameters, and the charset, in lower case; "" for none."""
    value = headers.get("content-type", "")
    charset = _CHARSET.search(value)
    return re.split("[;,]", value)[0].strip().lower(), charset[1].lower() if charset else ""


def check_readable(kind: str, path: str) -> None:
    """Let pass what a parser reads, and what has no type.

    Raises:
        FetchError: a parser reads no document of this type.
    """
    if kind in _UNKNOWN:
        readable = PurePosixPath(path.partition("?")[0]).suffix.lower() in _SUFFIXES
    else:
        readable = kind in READABLE or not kind
    if not readable:
        raise FetchError(f"Le type « {legible(kind[:100])} » n'est pas de ceux qui sont lus.")


def content_encoding(headers: Headers) -> Encoding:
    """How the body is compressed.

    Raises:
        FetchError: in a way that was not asked for.
    """
    name = headers.get("content-encoding", "").strip().lower().removeprefix("x-") or "identity"
    for encoding in ENCODINGS:
        if name == encoding:
            return encoding
    raise FetchError(f"La page est compressée en « {legible(name[:100])} », ce qui n'est pas lu.")


def content_length(headers: Headers) -> int:
    """The length a body is said to have, in bytes; 0 when it is not said."""
    value = headers.get("content-length", "")
    return int(value) if re.fullmatch(r"[0-9]{1,19}", value) else 0


def location(headers: Headers, base: str) -> str:
    """The address a redirect names, made absolute.

    Raises:
        FetchError: it names none, or one that is malformed.
    """
    value = headers.get("location", "").strip(" \t").replace(" ", "%20")
    if not value:
        raise FetchError("La page est redirigée, mais le site ne dit pas où.")
    try:
        return urljoin(base, value)
    except ValueError as error:
        raise FetchError("La page est redirigée vers une adresse mal écrite.") from error


def retry_after(headers: Headers, now: datetime) -> float:
    """The seconds a site asks us to wait, given as a number or as a date; 0 when it does not."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", value):
        return float(value[:9])
    try:
        date = email.utils.parsedate_to_datetime(value)
        if date.tzinfo is None:
            date = date.replace(tzinfo=UTC)
        return max(0.0, (date - now).total_seconds())
    except (ValueError, OverflowError):
        return 0.0


def validators(headers: Headers) -> tuple[str, str]:
    """``ETag`` and ``Last-Modified``, each empty unless it may be kept and sent back."""
    return _validator(headers.get("etag", "")), _validator(headers.get("last-modified", ""))


def conditions(known: Validators | None) -> dict[str, str]:
    """The headers that ask for a page only if it changed; none when nothing is known of it."""
    if known is None:
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if _validator(value)}


def _validator(value: str) -> str:
    sound = len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    return value.strip() if sound else ""
