"""Guessing slows down, whether a name exists or not; nobody is locked out for good."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from app.records.database import Database
from app.records.tables import AttemptRow
from app.staff import throttle as module
from app.staff.throttle import Throttle
from tests.staff.fakes import Watch

SECRET = b"s" * 32
HERE, THERE = "203.0.113.5", "198.51.100.7"


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def throttle(database: Database, watch: Watch) -> Throttle:
    return Throttle(database, SECRET, watch)


def rows(database: Database) -> list[AttemptRow]:
    with database.read() as session:
        return list(session.scalars(select(AttemptRow).order_by(AttemptRow.key)))


def waits(throttle: Throttle, watch: Watch, count: int, name: str = "Ana") -> list[int]:
    """The waits between wrong passwords, each tried as soon as it may be."""
    found = []
    for number in range(count):
        attempt = throttle.login(name, f"203.0.113.{number}")
        wait = throttle.begin(attempt)
        found.append(wait)
        if wait:
            watch.goes(seconds=wait)
            assert throttle.begin(attempt) == 0
    return found


@pytest.mark.parametrize("name", ["Ana", "personne", ""])
def test_waits_grow_to_a_quarter_of_an_hour(throttle: Throttle, watch: Watch, name: str) -> None:
    growing = [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
    assert waits(throttle, watch, 17, name) == [0] * 6 + growing


def test_a_try_that_comes_too_early_is_refused_and_not_counted(
    throttle: Throttle, watch: Watch, database: Database
) -> None:
    attempt = throttle.login("Ana", HERE)
    for _ in range(6):
        assert throttle.begin(attempt) == 0
    before = [(row.key, row.failures, row.until) for row in rows(database)]
    for _ in range(50):
        assert throttle.begin(attempt) == 5
    assert [(row.key, row.failures, row.until) for row in rows(database)] == before
    watch.goes(seconds=4.5)
    assert throttle.begin(attempt) == 1
    watch.goes(seconds=0.5)
    assert throttle.begin(attempt) == 0


def test_a_name_is_the_same_however_it_is_written(throttle: Throttle) -> None:
    for name in ("Élise", "élise", "e\u0301LISE", " ÉLISE ", "Élise", "Élise"):
        assert throttle.begin(throttle.login(name, None)) == 0
    assert throttle.begin(throttle.login("ÉLISE", THERE)) == 5


def test_an_address_that_tries_many_names_waits_too(throttle: Throttle) -> None:
    tried = [throttle.begin(throttle.login(f"nom {number}", HERE)) for number in range(22)]
    assert tried == [0] * 21 + [5]
    assert throttle.begin(throttle.login("nom 30", THERE)) == 0


def test_a_right_password_forgets_the_account_s_and_one_of_the_address(
    throttle: Throttle, database: Database
) -> None:
    for _ in range(3):
        throttle.begin(throttle.login("Bruno", HERE))
    attempt = throttle.login("Ana", HERE)
    throttle.begin(attempt)
    throttle.succeeded(attempt)
    kept = {row.key.partition(":")[0]: row.failures for row in rows(database)}
    assert kept == {"account": 3, "address": 3}
    throttle.succeeded(throttle.login("Zoé", THERE))


def test_a_try_whose_password_nobody_could_look_at_is_not_counted(
    throttle: Throttle, database: Database
) -> None:
    attempt = throttle.login("Ana", HERE)
    assert [throttle.begin(attempt) for _ in range(6)] == [0] * 6
    throttle.given_up(attempt)
    assert {row.failures for row in rows(database)} == {5}
    assert throttle.begin(attempt) == 0, "nor is its wait"
    for _ in range(6):
        throttle.given_up(attempt)
    assert rows(database) == []


def test_a_browser_that_the_account_knows_is_not_kept_waiting_by_a_stranger(
    throttle: Throttle, watch: Watch
) -> None:
    mark = throttle.mark("Ana")
    waits(throttle, watch, 12)
    assert throttle.begin(throttle.login("Ana", HERE)) > 0
    known = throttle.login("ana", HERE, mark)
    assert throttle.begin(known) == 0
    throttle.succeeded(known)


def test_such_a_browser_has_a_count_of_its_own(throttle: Throttle) -> None:
    known = throttle.login("Ana", HERE, throttle.mark("Ana"))
    assert [throttle.begin(known) for _ in range(7)] == [0] * 6 + [5]
    assert throttle.begin(throttle.login("Ana", HERE)) == 0


def test_a_mark_is_one_account_s_of_this_server(throttle: Throttle, database: Database) -> None:
    ordinary = throttle.login("Ana", HERE).keys
    mark = throttle.mark("Ana")
    assert throttle.mark("Ana") != mark and "Ana" not in mark
    foreign = Throttle(database, b"other" * 7).mark("Ana")
    number = mark.partition(".")[0]
    for forged in ("", ".", "a.b", "é.é", mark[:-1], f"x{mark}", number, foreign,
                   throttle.mark("Bruno"), f"{number}.{foreign.partition('.')[2]}"):  # fmt: skip
        assert throttle.login("Ana", HERE, forged).keys == ordinary, forged


def test_the_command_lets_an_account_try_at_once(throttle: Throttle, watch: Watch) -> None:
    waits(throttle, watch, 9)
    throttle.forget("ANA")
    assert throttle.begin(throttle.login("Ana", THERE)) == 0


def test_a_hundred_tries_at_once_are_a_hundred(throttle: Throttle) -> None:
    let: list[int] = []
    threads = [
        threading.Thread(target=lambda: let.append(throttle.begin(throttle.login("Ana", HERE))))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert let.count(0) == 6 and len(let) == 12


def test_neither_names_nor_addresses_are_written(throttle: Throttle, database: Database) -> None:
    throttle.begin(throttle.login("un mot de passe tapé trop haut", HERE))
    for row in rows(database):
        kind, _, rest = row.key.partition(":")
        assert kind in ("account", "address") and len(rest) == 64 and int(rest, 16)
    other = Throttle(database, b"o" * 32)
    assert not set(other.login("Ana", HERE).keys) & set(throttle.login("Ana", HERE).keys)


def test_they_are_forgotten_after_a_day(
    throttle: Throttle, watch: Watch, database: Database
) -> None:
    for number in range(3):
        throttle.begin(throttle.login(f"nom {number}", HERE))
    watch.goes(hours=24, seconds=1)
    throttle.begin(throttle.login("Ana", THERE))
    assert len(rows(database)) == 2


def test_a_flood_of_names_is_bounded_and_forgets_nobody_who_waits(
    throttle: Throttle, watch: Watch, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_KEPT", 10)
    for _ in range(6):
        throttle.begin(throttle.login("Ana", None))
    for number in range(30):
        throttle.begin(throttle.login(f"nom {number}", None))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(AttemptRow)) == 11
    assert throttle.begin(throttle.login("Ana", None)) == 5


def test_a_session_counts_by_itself(throttle: Throttle) -> None:
    assert [throttle.begin(throttle.within("clé")) for _ in range(7)] == [0] * 6 + [5]
    assert throttle.begin(throttle.within("autre")) == 0
