"""The files that a path stands for: itself, all that a folder holds, what a pattern matches."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import reason


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read under ``name``, or why it cannot be.

    ``named`` tells a file that was asked for by its own name from one that a folder holds.
    """

    path: Path
    name: str = ""
    refused: str | None = None
    named: bool = True


def found(path: str | Path) -> Iterator[Found]:
    """The files of a path, by name; a pattern may hold ``*``, ``?``, ``[…]`` and ``**``.

    What is hidden is left out of a folder. What does not exist or cannot be read comes with the
    reason.
    """
    given = str(path)
    if os.path.isdir(given):
        yield from _below(Path(given))
    elif glob.has_magic(given) and not os.path.lexists(given):
        yield from _matching(given)
    else:
        yield _file(Path(given), Path(given).name)


def _matching(pattern: str) -> Iterator[Found]:
    fixed = Path(*_before_magic(Path(pattern).parts))
    matched = [Path(path) for path in sorted(glob.glob(pattern, recursive=True))]
    files = [path for path in matched if not path.is_dir()]
    if not files:
        yield Found(Path(pattern), refused="Aucun fichier ne correspond à ce motif.")
    for path in files:
        yield _file(path, path.relative_to(fixed).as_posix(), named=False)


def _before_magic(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if glob.has_magic(part):
            return
        yield part


def _below(folder: Path) -> Iterator[Found]:
    files: list[Found] = []

    def refuse(error: OSError) -> None:
        files.append(Found(Path(str(error.filename)), refused=_refusal(error)))

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in (Path(place, name) for name in names if not name.startswith(".")):
            files.append(_file(file, file.relative_to(folder).as_posix(), named=False))
    yield from sorted(files, key=lambda found: found.path)


def _file(path: Path, name: str, named: bool = True) -> Found:
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return Found(path, name, named=named)
        return Found(path, refused="Ce n'est pas un fichier ordinaire.", named=named)
    except (OSError, ValueError) as error:
        return Found(path, refused=_refusal(error), named=named)


def _refusal(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "Le fichier ou le dossier n'existe pas."
    return f"Le fichier ou le dossier ne peut pas être lu : {reason(error)}."
