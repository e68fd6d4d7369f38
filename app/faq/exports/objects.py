"""JSON, for other programs: the whole entries, with what they cite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.faq.entry import Entry


def as_json(entries: Sequence[Entry], agency: str) -> bytes:
    """``{"agency": …, "entries": […]}``, in UTF-8."""
    shown = {"agency": agency, "entries": [_entry(entry) for entry in entries]}
    return (json.dumps(shown, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _entry(entry: Entry) -> dict[str, Any]:
    """The entry, without the passages proposed in the place of lost ones."""
    shown = entry.as_json()
    for cited in shown["citations"]:
        del cited["found"]
    return shown
