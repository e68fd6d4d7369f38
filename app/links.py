"""Which addresses a page of ours may link to."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_url(url: str | None) -> str | None:
    """The address when it is a whole http(s) one, without control characters, else None."""
    if any(char < " " for char in url or ""):
        return None
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
