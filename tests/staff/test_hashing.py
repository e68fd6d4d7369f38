"""Passwords are kept as argon2id; the work is the same for who is not there."""

from __future__ import annotations

import threading

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from app.staff.hashing import Hashing, TooManyLogins
from tests.staff.fakes import PASSWORD, QUICK


def test_what_is_kept_is_argon2id_with_the_memory_that_its_rfc_asks_for() -> None:
    kept = Hashing().hash(PASSWORD)
    least = RFC_9106_LOW_MEMORY
    assert kept.startswith(f"$argon2id$v=19$m={least.memory_cost},t={least.time_cost},p=")
    assert least.memory_cost == 65_536 and PASSWORD not in kept


def test_a_password_is_its_own_alone() -> None:
    hashing = Hashing(QUICK)
    kept = hashing.hash(PASSWORD)
    assert hashing.verify(kept, PASSWORD)
    for wrong in ("", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1], PASSWORD + "\0", "\ud800"):
        assert not hashing.verify(kept, wrong), wrong
    assert hashing.hash(PASSWORD) != kept


def test_an_accent_is_the_same_however_it_is_typed() -> None:
    hashing = Hashing(QUICK)
    assert hashing.verify(hashing.hash("caf\u00e9 noir du matin"), "cafe\u0301 noir du matin")


@pytest.mark.parametrize("kept", [None, "", "faux", "$argon2id$v=19$m=8"])
def test_nobody_has_no_password_at_all(kept: str | None) -> None:
    hashing = Hashing(QUICK)
    assert not hashing.verify(kept, PASSWORD)
    assert not hashing.verify(kept, "")  # what the hash of nobody is made of


def test_without_an_account_the_same_hash_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    verify = PasswordHasher.verify

    def seen(self: PasswordHasher, kept: str, password: bytes) -> bool:
        done.append(kept.rpartition("$")[0].rpartition("$")[0])
        return bool(verify(self, kept, password))

    monkeypatch.setattr(PasswordHasher, "verify", seen)
    hashing = Hashing(QUICK)
    hashing.verify(hashing.hash(PASSWORD), "faux")
    hashing.verify(None, "faux")
    assert len(done) == 2 and done[0] == done[1]  # the same parameters


def test_other_parameters_are_seen() -> None:
    kept = Hashing(QUICK).hash(PASSWORD)
    assert not Hashing(QUICK).is_outdated(kept)
    assert Hashing(PasswordHasher(2, 8, 1)).is_outdated(kept)


def test_more_than_a_few_at_once_are_told_to_come_back() -> None:
    entered, done = threading.Semaphore(0), threading.Event()

    class Slow(PasswordHasher):
        def verify(self, kept: str | bytes, password: str | bytes) -> bool:
            entered.release()
            done.wait(10)
            return False

    hashing = Hashing(Slow(1, 8, 1))
    threads = [threading.Thread(target=hashing.verify, args=(None, "a")) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert entered.acquire(timeout=10) and entered.acquire(timeout=10)
    assert not entered.acquire(timeout=0.05)  # two at a time
    while hashing._inside._value:
        pass
    with pytest.raises(TooManyLogins, match="réessayez"):
        hashing.verify(None, "a")
    done.set()
    for thread in threads:
        thread.join(10)
    assert not hashing.verify(None, "a")
