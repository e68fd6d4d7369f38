"""A session opens with what was verified, and ends: idle, old, closed, or with its account."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.records.database import Database
from app.records.tables import AccountRow, SessionRow
from app.staff.person import Person
from app.staff.sessions import Login, Sessions, digest
from ingest.errors import RecordsError
from tests.staff.fakes import NOON, Watch


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def sessions(database: Database, watch: Watch) -> Sessions:
    return Sessions(database, watch)


@pytest.fixture
def ana(database: Database) -> int:
    return account(database, "Ana")


def account(database: Database, name: str) -> int:
    row = AccountRow(name=name, role="redactor", password_hash="h", created=NOON)
    with database.begin() as session:
        session.add(row)
    return row.id


def opened(sessions: Sessions, id: int) -> tuple[str, Login]:
    token = sessions.open(id, "h")
    assert token
    login = sessions.find(token)
    assert login
    return token, login


def test_a_token_is_its_session_s_alone(sessions: Sessions, ana: int) -> None:
    token, login = opened(sessions, ana)
    other, another = opened(sessions, ana)
    assert login.person == Person("Ana", "redactor") and login.account == ana
    assert len({token, other, login.csrf, another.csrf, login.key, another.key}) == 6
    assert len(token) == len(login.csrf) == 43  # 32 bytes
    for wrong in (
        "",
        token[:-1],
        token + "=",
        login.key,
        login.csrf,
        token.swapcase(),
        "é\0\ud800",
    ):
        assert sessions.find(wrong) is None


def test_the_database_holds_no_token(sessions: Sessions, database: Database, ana: int) -> None:
    token, _ = opened(sessions, ana)
    with database.read() as session:
        row = session.scalars(select(SessionRow)).one()
        kept = session.execute(text("SELECT * FROM session")).one()
    assert row.token_hash == digest(token) and token not in str(kept)


def test_it_ends_after_two_idle_hours(sessions: Sessions, watch: Watch, ana: int) -> None:
    token, _ = opened(sessions, ana)
    for _ in range(3):
        watch.goes(hours=1, minutes=59)
        assert sessions.find(token)
    watch.goes(hours=2)
    assert sessions.find(token) is None


def test_it_ends_after_twelve_hours_whatever_is_done(
    sessions: Sessions, watch: Watch, ana: int
) -> None:
    token, _ = opened(sessions, ana)
    for _ in range(11):
        watch.goes(hours=1)
        assert sessions.find(token)
    watch.goes(hours=1)
    assert sessions.find(token) is None


def test_a_page_is_written_down_once_a_minute(
    sessions: Sessions, watch: Watch, database: Database, ana: int
) -> None:
    token, login = opened(sessions, ana)
    for seconds, seen in ((59, NOON), (1, NOON.replace(minute=1))):
        watch.goes(seconds=seconds)
        sessions.find(token)
        with database.read() as session:
            assert session.get_one(SessionRow, login.key).seen == seen


def test_what_is_closed_is_over_for_good(sessions: Sessions, ana: int) -> None:
    token, login = opened(sessions, ana)
    other, _ = opened(sessions, ana)
    sessions.close(login)
    assert sessions.find(token) is None and sessions.find(other)
    sessions.close(login)


def test_all_of_an_account_can_be_closed(sessions: Sessions, database: Database, ana: int) -> None:
    tokens = [opened(sessions, ana)[0] for _ in range(3)]
    kept, _ = opened(sessions, account(database, "Bruno"))
    sessions.close_all(ana)
    assert [sessions.find(token) for token in tokens] == [None] * 3
    assert sessions.find(kept)


@pytest.mark.parametrize("change", [{"disabled": True}, {"password_hash": "other"}])
def test_what_changed_since_the_password_was_verified_opens_nothing(
    sessions: Sessions, database: Database, ana: int, change: dict[str, object]
) -> None:
    with database.begin() as session:
        for name, value in change.items():
            setattr(session.get_one(AccountRow, ana), name, value)
    assert sessions.open(ana, "h") is None
    assert sessions.open(999, None) is None


def test_a_disabled_account_s_session_is_over(
    sessions: Sessions, database: Database, ana: int
) -> None:
    token, _ = opened(sessions, ana)
    with database.begin() as session:
        session.get_one(AccountRow, ana).disabled = True
    assert sessions.find(token) is None


def test_a_role_holds_from_the_next_page_on(
    sessions: Sessions, database: Database, ana: int
) -> None:
    token, _ = opened(sessions, ana)
    with database.begin() as session:
        session.get_one(AccountRow, ana).role = "validator"
    login = sessions.find(token)
    assert login and login.person.validates


def test_sessions_that_are_over_are_deleted(
    sessions: Sessions, watch: Watch, database: Database, ana: int
) -> None:
    for _ in range(3):
        opened(sessions, ana)
    watch.goes(hours=2)
    opened(sessions, ana)
    with database.read() as session:
        assert len(session.scalars(select(SessionRow)).all()) == 1


def test_a_database_that_cannot_be_written_keeps_nobody_from_a_page(
    sessions: Sessions, watch: Watch, database: Database, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = opened(sessions, ana)
    watch.goes(minutes=5)

    def busy() -> None:
        raise RecordsError("occupée")

    monkeypatch.setattr(database, "begin", busy)
    assert sessions.find(token)


def test_no_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="n'existe pas"):
        Sessions(Database(f"sqlite:///{tmp_path / 'x.db'}")).find("a")
