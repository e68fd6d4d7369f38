"""A clock that is told the time, and hashes that cost nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from app.staff.hashing import Hashing, TooManyLogins

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "le chat de la voisine"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Watch:
    """A clock that goes when it is told to."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def goes(self, **later: float) -> None:
        self.at += timedelta(**later)


@dataclass
class Counted(Hashing):
    """Hashing that is quick, and counts what it verifies and makes."""

    hasher: PasswordHasher = field(default_factory=lambda: QUICK)
    verified: int = 0
    made: int = 0

    def __post_init__(self) -> None:
        super().__init__(self.hasher)

    def verify(self, kept: str | None, password: str) -> bool:
        self.verified += 1
        return super().verify(kept, password)

    def hash(self, password: str) -> str:
        self.made += 1
        return super().hash(password)


def refuse_all(patched: pytest.MonkeyPatch) -> None:
    """Have no password be looked at, as when too many are being verified."""

    def full(self: Hashing, kept: str | None, password: str) -> bool:
        raise TooManyLogins("trop")

    patched.setattr(Counted, "verify", full)
