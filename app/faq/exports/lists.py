"""Several texts in one cell, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MEANT = re.compile(r"[\\|]")
_PARTS = re.compile(r"(?:\\[\\|]|[^\n\r|])+")
_ESCAPED = re.compile(r"\\([\\|])")


def listed(texts: Iterable[str]) -> str:
    """Texts, each on a line of the cell, and ``\\`` before each ``|`` and ``\\`` of them."""
    return "\n".join(_MEANT.sub(r"\\\g<0>", text) for text in texts)


def parted(cell: str) -> tuple[str, ...]:
    """The texts whose :func:`listed` this is; ``|`` alone parts them as the end of a line does."""
    found = (_ESCAPED.sub(r"\1", part).strip() for part in _PARTS.findall(cell))
    return tuple(filter(None, found))
