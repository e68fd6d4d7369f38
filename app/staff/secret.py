"""A secret of this server, made once: what is written with it means nothing without it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ingest.errors import RecordsError, reason

FILE = "staff.key"  # in the store, its owner's alone; not in the database that it protects
_BYTES = 32


def server_secret(store: Path) -> bytes:
    """The secret of the store, made at the first call; the same for all processes of the store.

    Raises:
        RecordsError: it can be neither read nor written.
    """
    file = store / FILE
    try:
        if not file.exists():
            _make(file)
        found = file.read_bytes()
    except OSError as error:
        raise RecordsError(f"« {file} » ne peut être ni lu ni écrit : {reason(error)}.") from error
    if len(found) != _BYTES:
        raise RecordsError(f"« {file} » est abîmé : effacez-le, il sera refait.")
    return found


def _make(file: Path) -> None:
    """Write it aside and give it its name at once: of several processes, the first one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f"{FILE}.{os.getpid()}-{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(secrets.token_bytes(_BYTES))
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(aside, file)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
