"""A file that is written whole, or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import SettingsError, reason

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@contextmanager
def whole(file: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """What becomes the file at the end; one that was there stays until then, and when it fails.

    ``mode`` is who may read it, as far as the system lets new files be read. What fails beside
    the file stays the error that it is.

    Raises:
        SettingsError: it cannot be written.
    """
    if not file.name:
        raise SettingsError(f"« {file} » n'est pas un nom de fichier.")
    waiting = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with _told(file):
        raw = _New(waiting, mode, file)
    try:
        with BufferedWriter(raw) as out:
            yield out
        with _told(file):
            waiting.replace(file)
    finally:
        with suppress(OSError):
            waiting.unlink()


class _New(FileIO):
    """A file that was not there, not even as a link; its errors name the one it becomes."""

    def __init__(self, file: Path, mode: int, becomes: Path) -> None:
        self._becomes = becomes
        super().__init__(str(file), "xb", opener=lambda name, flags: os.open(name, flags, mode))

    def write(self, data: ReadableBuffer, /) -> int:
        with _told(self._becomes):
            return super().write(data)

    def close(self) -> None:
        with _told(self._becomes):
            super().close()


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        why = reason(error)
        raise SettingsError(f"Le fichier « {file} » ne peut pas être écrit : {why}.") from error
