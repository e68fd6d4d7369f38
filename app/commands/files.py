"""A file that a command writes: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ingest.errors import SettingsError, reason


@contextmanager
def whole(file: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """What becomes the file at the end; one that was there stays until then, and when it fails.

    ``mode`` is who may read it, as far as the system lets new files be read.

    Raises:
        SettingsError: it cannot be written.
    """
    if not file.name:
        raise SettingsError(f"« {file} » n'est pas un nom de fichier.")
    waiting = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with open(waiting, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as out:
            yield out
        waiting.replace(file)
    except (OSError, ValueError) as error:
        why = reason(error)
        raise SettingsError(f"Le fichier « {file} » ne peut pas être écrit : {why}.") from error
    finally:
        with suppress(OSError, ValueError):
            waiting.unlink()
