"""Passwords as they are kept: argon2id, and a few at once, as each takes 64 MiB of memory."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ingest.errors import ChartisteError

_AT_ONCE, _WAITING = 2, 6  # hashes made together, and others that wait for them


class TooManyLogins(ChartisteError):
    """More people log in at this instant than the machine hashes passwords for."""


class Hashing:
    """Makes hashes and verifies passwords; the same work whether there is an account or not."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        # RFC 9106's second choice, which is the library's: 64 MiB, three passes, four lanes.
        self._hasher = hasher or PasswordHasher()
        self._working = threading.BoundedSemaphore(_AT_ONCE)
        self._inside = threading.BoundedSemaphore(_AT_ONCE + _WAITING)
        self._nobody = self._hasher.hash("")

    def hash(self, password: str) -> str:
        """What is kept of a password, with the parameters that it was made with.

        Raises:
            TooManyLogins: too many are being made.
        """
        with self._turn():
            return self._hasher.hash(_composed(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether it is the password. Without one that is kept, a hash is computed all the same.

        Raises:
            TooManyLogins: too many are being verified.
        """
        with self._turn():
            try:
                return self._hasher.verify(kept or self._nobody, _composed(password)) and bool(kept)
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with other parameters than those in use."""
        return self._hasher.check_needs_rehash(kept)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._inside.acquire(blocking=False):
            raise TooManyLogins("Trop de connexions à la fois : réessayez dans un instant.")
        try:
            with self._working:
                yield
        finally:
            self._inside.release()


def _composed(password: str) -> bytes:
    """The bytes that are hashed: however a keyboard writes an accent, it is the same password."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
