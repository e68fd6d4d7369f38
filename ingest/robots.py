"""What a site's ``robots.txt`` asks of us (RFC 9309)."""

from __future__ import annotations

import re

from protego import Protego

TOKEN = "chartiste"
MAX_BYTES = 500_000

_AGENT = re.compile(r"\s*user[- ]?agent\s*:?\s*([^#\s]*)", re.IGNORECASE)
_NAME = re.compile(r"[a-z_-]*")


class Robots:
    """The rules of one site; an empty file allows everything."""

    def __init__(self, data: bytes = b"") -> None:
        text = data[:MAX_BYTES].decode("utf-8-sig", errors="replace")
        self._rules = Protego.parse("\n".join(map(_told_apart, text.splitlines())))

    def allows(self, url: str) -> bool:
        """Whether ``chartiste`` may ask for this address."""
        return self._rules.can_fetch(url, TOKEN)

    @property
    def delay(self) -> float:
        """The seconds asked for between two requests; 0 when nothing is asked."""
        return self._rules.crawl_delay(TOKEN) or 0.0


def _told_apart(line: str) -> str:
    """The line; if it names a robot, as ours, all, or another.

    A file that names 15,000 robots above 25,000 rules would otherwise be kept 15,000 times.
    """
    found = _AGENT.match(line)
    if found is None or found[1] == "*":
        return line
    name = _NAME.match(found[1].lower())
    return f"User-agent: {TOKEN if name and name[0] == TOKEN else 'other'}"
