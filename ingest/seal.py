"""A seal on files that are written once: the SHA-256 of each, kept beside them.

Chroma reads its HNSW files without checking them: with one bit of a link flipped, the process
ends by a segmentation fault at the first question. They are therefore checked before it sees them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

SEAL = "seal.json"


def seal(folder: Path) -> None:
    """Write the seal of every file in the folders below ``folder``, which change no more."""
    sums = {name: file_digest(folder / name) for name in _below(folder)}
    (folder / SEAL).write_text(json.dumps(sums, indent=1), encoding="utf-8")


def broken(folder: Path) -> str | None:
    """The first sealed file that is missing or differs; the seal itself when it cannot be read.

    None when all are as they were written.
    """
    try:
        sums = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        wrong = [name for name, known in sums.items() if file_digest(folder / name) != known]
    except (OSError, ValueError, TypeError, AttributeError):
        return SEAL
    return wrong[0] if wrong else None


def _below(folder: Path) -> list[str]:
    files = (file for file in folder.glob("*/**/*") if file.is_file())
    return sorted(file.relative_to(folder).as_posix() for file in files)


def file_digest(file: Path) -> str | None:
    """The SHA-256 of a file, in hexadecimal digits; None where there is none."""
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
