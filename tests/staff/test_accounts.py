"""Accounts: made, found by their password or their identity, changed, closed."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from app.records.database import Database
from app.records.tables import AccountRow
from app.staff.accounts import NAME_LIMIT, AccountError, Accounts, invited
from app.staff.sessions import Sessions
from tests.staff.fakes import NOON, PASSWORD, Counted, Watch

OTHER = "un autre mot de passe bien long"
SUBJECT = "https://sso.example|42"


@pytest.fixture
def hashing() -> Counted:
    return Counted()


@pytest.fixture
def accounts(database: Database, hashing: Counted) -> Accounts:
    return Accounts(database, hashing, Watch())


def test_an_account_is_made_and_its_password_kept_as_a_hash(
    accounts: Accounts, database: Database
) -> None:
    assert accounts.are_none()
    made = accounts.add("  Ana   Lefèvre ", "validator", PASSWORD)
    assert (made.name, made.role, made.has_password) == ("Ana Lefèvre", "validator", True)
    assert (made.subject, made.disabled, made.created) == (None, False, NOON)
    assert accounts.all() == [made] and accounts.get(made.id) == made
    assert not accounts.are_none() and accounts.get(999) is None
    with database.read() as session:
        kept = session.execute(text("SELECT * FROM account")).one()
    assert PASSWORD not in str(kept) and "$argon2id$" in str(kept)


def test_a_name_is_one_account_s_however_it_is_written(accounts: Accounts) -> None:
    accounts.add("Élise", "redactor", PASSWORD)
    with pytest.raises(AccountError, match="« e\u0301LISE » existe déjà"):
        accounts.add("e\u0301LISE", "redactor", PASSWORD)
    assert accounts.verified(" elise".replace("e", "é", 1), PASSWORD)


@pytest.mark.parametrize("name", ["", "   ", "a" * (NAME_LIMIT + 1), "a\x00b", "a\u202eb"])
def test_a_name_can_be_read(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="Un nom de compte a de 1 à 80 caractères"):
        accounts.add(name, "redactor", PASSWORD)


@pytest.mark.parametrize("name", ["ingestion", "Import", " INGESTION "])
def test_nobody_is_named_like_the_machines_of_the_history(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="choisissez-en un autre"):
        accounts.add(name, "validator", PASSWORD)
    with pytest.raises(AccountError, match="choisissez-en un autre"):
        accounts.check_free(name)


def test_a_weak_password_is_refused_wherever_it_is_given(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="moins de 12"):
        accounts.add("Ana", "redactor", "court")
    accounts.add("Ana", "redactor", PASSWORD)
    with pytest.raises(AccountError, match="courants"):
        accounts.set_password("ana", "motdepasse2026")
    assert accounts.verified("Ana", PASSWORD)


def test_its_own_password_alone_proves_who_it_is(accounts: Accounts) -> None:
    ana = accounts.add("Ana", "redactor", PASSWORD)
    accounts.add("Bruno", "redactor", OTHER)
    proof = accounts.verified("aNA", PASSWORD)
    assert proof and (proof.account, proof.name) == (ana.id, "Ana")
    for name, password in (
        ("Ana", OTHER),
        ("Bruno", PASSWORD),
        ("Ana", ""),
        ("", ""),
        ("x", PASSWORD),
    ):
        assert accounts.verified(name, password) is None


def test_the_same_work_is_done_whoever_is_named(accounts: Accounts, hashing: Counted) -> None:
    """Counted, not timed: one hash is verified, none is made, whatever the reason of a refusal."""
    accounts.add("Ana", "redactor", PASSWORD)
    accounts.add("Bruno", "redactor", PASSWORD)
    accounts.set_disabled("Bruno", True)
    accounts.add("Chloé", "redactor", subject=SUBJECT)
    tries = [
        ("Ana", "faux"), ("Bruno", PASSWORD), ("Bruno", "faux"), ("Chloé", PASSWORD), ("Chloé", ""),
        ("personne", PASSWORD), ("", ""), ("Ana\0", "a" * 5_000),
    ]  # fmt: skip
    for name, password in tries:
        hashing.verified = hashing.made = 0
        assert accounts.verified(name, password) is None
        assert (hashing.verified, hashing.made) == (1, 0), name


def test_a_hash_of_other_parameters_is_made_again(database: Database) -> None:
    old = Accounts(database, Counted())
    old.add("Ana", "redactor", PASSWORD)
    stronger = Accounts(database, Counted(PasswordHasher(2, 16, 1)))
    for name, password in (("Ana", "faux"), ("Ana", PASSWORD)):
        stronger.verified(name, password)
        with database.read() as session:
            kept = session.scalar(text("SELECT password_hash FROM account"))
        assert ("m=16,t=2" in kept) is (password == PASSWORD)
    proof = stronger.verified("Ana", PASSWORD)
    assert proof and proof.password_hash == kept
    assert Sessions(database).open(proof.account, kept)


def test_a_new_password_ends_all_sessions_and_the_old_one(
    accounts: Accounts, database: Database
) -> None:
    accounts.add("Ana", "redactor", PASSWORD)
    sessions = Sessions(database)
    proof = accounts.verified("Ana", PASSWORD)
    assert proof
    token = sessions.open(proof.account, proof.password_hash)
    assert token and sessions.find(token)
    accounts.set_password("ana", OTHER)
    assert sessions.find(token) is None
    assert sessions.open(proof.account, proof.password_hash) is None
    assert accounts.verified("Ana", PASSWORD) is None and accounts.verified("Ana", OTHER)


def test_disabling_ends_all_sessions_and_can_be_undone(
    accounts: Accounts, database: Database
) -> None:
    ana = accounts.add("Ana", "redactor", PASSWORD)
    sessions = Sessions(database)
    proof = accounts.verified("Ana", PASSWORD)
    assert proof
    token = sessions.open(ana.id, proof.password_hash)
    assert accounts.set_disabled("Ana", True).disabled
    assert accounts.verified("Ana", PASSWORD) is None
    assert accounts.set_disabled("Ana", False).disabled is False
    assert token and sessions.find(token) is None and accounts.verified("Ana", PASSWORD)


def test_a_role_can_be_changed(accounts: Accounts) -> None:
    accounts.add("Ana", "redactor", PASSWORD)
    assert accounts.set_role("ANA", "validator").role == "validator"


def test_an_account_that_is_not_there_is_said(accounts: Accounts) -> None:
    for act in (
        lambda: accounts.set_role("Zoé", "validator"),
        lambda: accounts.set_disabled("Zoé", True),
        lambda: accounts.set_password("Zoé", PASSWORD),
    ):
        with pytest.raises(AccountError, match="Il n'y a pas de compte « Zoé »"):
            act()


# Single sign-on


def test_an_identity_is_its_account_s(accounts: Accounts) -> None:
    ana = accounts.add("Ana", "redactor", subject=SUBJECT)
    proof = accounts.identified(SUBJECT, None)
    assert proof and (proof.account, proof.password_hash) == (ana.id, None)
    for other in ("https://sso.example|43", "https://other.example|42", "42", ""):
        assert accounts.identified(other, "ana@ville.fr") is None
    accounts.set_disabled("Ana", True)
    assert accounts.identified(SUBJECT, None) is None


def test_an_invitation_is_taken_once(accounts: Accounts) -> None:
    """Whoever has the address later is somebody else."""
    accounts.add("Ana", "redactor", subject=invited("Ana@Ville.fr"))
    assert accounts.identified("https://sso.example|1", None) is None
    assert accounts.identified("https://sso.example|1", "bruno@ville.fr") is None
    assert accounts.identified("https://sso.example|1", "ana@ville.FR")
    assert accounts.identified("https://sso.example|2", "ana@ville.fr") is None
    assert accounts.identified("https://sso.example|1", None)


def test_a_disabled_invitation_is_not_bound(accounts: Accounts, database: Database) -> None:
    ana = accounts.add("Ana", "redactor", subject=invited("ana@ville.fr"))
    accounts.set_disabled("Ana", True)
    assert accounts.identified("https://sso.example|1", "ana@ville.fr") is None
    with database.read() as session:
        assert session.get_one(AccountRow, ana.id).subject == "mailto:ana@ville.fr"


def test_an_identity_is_one_account_s(accounts: Accounts) -> None:
    accounts.add("Ana", "redactor", subject=SUBJECT)
    with pytest.raises(AccountError, match="déjà cette identité"):
        accounts.add("Bruno", "redactor", subject=SUBJECT)
