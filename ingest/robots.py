"""What a site's ``robots.txt`` asks of us (RFC 9309)."""

from __future__ import annotations

import re

from protego import Protego

TOKEN = "chartiste"
MAX_BYTES = 500_000

_AGENT = re.compile(r"\s*user[- ]?agent\s*:?\s*([^#\s]*)", re.IGNORECASE)


class Robots:
    """The rules of one site; an empty file allows everything."""

    def __init__(self, data: bytes = b"") -> None:
        text = data[:MAX_BYTES].decode("utf-8", errors="replace")
        self._rules = Protego.parse("\n".join(map(_ours_or_other, text.splitlines())))

    def allows(self, url: str) -> bool:
        """Whether ``chartiste`` may ask for this address."""
        return self._rules.can_fetch(url, TOKEN)

    @property
    def delay(self) -> float:
        """The seconds asked for between two requests; 0 when nothing is asked."""
        return self._rules.crawl_delay(TOKEN) or 0.0


def _ours_or_other(line: str) -> str:
    """The groups of other robots under one name.

    A file that names 15,000 robots above 25,000 rules would otherwise be kept 15,000 times.
    """
    found = _AGENT.match(line)
    if found is None or "*" in found[1] or TOKEN in found[1].lower():
        return line
    return "User-agent: other"
