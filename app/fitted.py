"""Files of what was fitted, one per embedding space: JSON, a store's own before what is shipped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.files import whole


def name_of(space: str) -> str:
    """What the file of a space is called."""
    return f"{re.sub(r'[^A-Za-z0-9.@-]+', '_', space)}.json"


def file_of(space: str, shipped: Path, own: Path | None) -> Path | None:
    """The file that a space has: a store's ``own``, else that of the folder ``shipped``."""
    for file in (own, shipped / name_of(space)):
        if file and file.is_file():
            return file
    return None


def as_text(values: Mapping[str, Any]) -> str:
    """A file's text: numbers rounded to six digits."""
    return json.dumps(_rounded(values), indent=1, ensure_ascii=False) + "\n"


def save(text: str, file: Path) -> Path:
    """Write a file, whole or not at all, in a folder that is made; returns it.

    Raises:
        SettingsError: it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with whole(file) as out:
        out.write(text.encode())
    return file


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return float(f"{value:.6g}")
        case dict():
            return {key: _rounded(one) for key, one in value.items()}
        case list() | tuple():
            return [_rounded(one) for one in value]
    return value
