"""``chartiste staff`` as a person meets it: passwords are asked, never given as arguments."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.arguments import staff as arguments
from app.cli import main
from app.commands import staff
from app.records.database import Database
from app.staff.accounts import Accounts
from app.staff.sessions import Sessions
from app.staff.throttle import Throttle
from tests.staff.fakes import PASSWORD, Counted

OTHER = "un autre mot de passe bien long"
CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without settings, and hashes that cost nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(staff, "Hashing", Counted)


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run ``chartiste staff …`` with something on the standard input."""

    def run(*words: str, given: bytes = b"") -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        return main(["staff", *words, "--store", "store"])

    return run


@pytest.fixture
def base() -> Database:
    return Database("sqlite:///store/chartiste.db")


def accounts(base: Database) -> Accounts:
    return Accounts(base, Counted())


def made(say: Callable[..., int], name: str = "Ana", *more: str) -> None:
    assert say("add", name, *more, given=f"{PASSWORD}\n".encode()) == 0


def test_the_first_account_makes_the_database(
    say: Callable[..., int], base: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    made(say, "Ana Lefèvre", "--role", "validator")
    out = capsys.readouterr()
    assert out.out == "Compte « Ana Lefèvre » créé (validation).\n"
    assert "redémarrez-le pour ouvrir /staff/" in out.err
    assert accounts(base).verified("ana lefèvre", PASSWORD)
    assert Path("store/chartiste.db").stat().st_mode & 0o777 == 0o600
    made(say, "Bruno")
    assert capsys.readouterr().err == ""


def test_a_line_may_end_as_windows_ends_it(say: Callable[..., int], base: Database) -> None:
    assert say("add", "Ana", given=f"{PASSWORD}\r\nautre ligne\n".encode()) == 0
    assert accounts(base).verified("Ana", PASSWORD)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (b"", "moins de 12"),
        (b"court\n", "moins de 12"),
        (b"motdepasse2026\n", "parmi les plus courants"),
        (b"Ana-Lefevre!\n", "ressemble au nom"),
        (b"\xff\xfe mot de passe", "n'est pas en UTF-8"),
        (b"x" * 300, "dépasse 256"),
    ],
)
def test_a_password_that_is_not_taken_makes_nothing(
    say: Callable[..., int], capsys: pytest.CaptureFixture[str], given: bytes, sentence: str
) -> None:
    assert say("add", "Ana Lefevre", given=given) == 2
    told = capsys.readouterr().err
    assert sentence in told and (not given.strip() or given.strip().decode("latin-1") not in told)
    assert not Path("store").exists()


def test_no_password_is_an_argument(
    say: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    for given in ([PASSWORD], ["--password", PASSWORD]):
        with pytest.raises(SystemExit, match="2"):
            say("add", "Ana", *given)
    assert "inconnu" in capsys.readouterr().err
    source = Path(arguments.__file__).read_text(encoding="utf-8")
    assert "--password" not in source and '"password"' in source


def test_a_name_is_looked_at_before_the_password_is_asked(
    say: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(say)
    monkeypatch.setattr(staff, "_password", lambda name: pytest.fail("it was asked"))
    assert say("add", "ANA") == 2
    assert "existe déjà" in capsys.readouterr().err
    assert say("add", " ") == 2 and say("password", "Zoé") == 2
    assert "Il n'y a pas de compte « Zoé »" in capsys.readouterr().err


def test_on_a_terminal_it_is_typed_twice(
    say: Callable[..., int], base: Database, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    typed = iter([PASSWORD, OTHER, PASSWORD, PASSWORD])
    monkeypatch.setattr(staff, "getpass", lambda prompt: next(typed))
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert main(["staff", "add", "Ana", "--store", "store"]) == 2
    assert capsys.readouterr().err == "Les deux mots de passe ne sont pas les mêmes.\n"
    assert main(["staff", "add", "Ana", "--store", "store"]) == 0
    assert accounts(base).verified("Ana", PASSWORD)

    def ended(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(staff, "getpass", ended)
    assert main(["staff", "password", "Ana", "--store", "store"]) == 2
    assert "Aucun mot de passe" in capsys.readouterr().err


def test_a_real_terminal_does_not_show_it() -> None:
    leader, follower = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "staff", "add", "Ana", "--store", "store"],
        stdin=follower, stdout=follower, stderr=follower, env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(follower)
    shown = b""
    for asked in (b"Mot de passe (", b"une seconde fois"):
        while asked not in shown:
            shown += os.read(leader, 1_000)
        os.write(leader, f"{PASSWORD}\n".encode())
    while b"Compte" not in shown:
        shown += os.read(leader, 1_000)
    assert process.wait(60) == 0
    os.close(leader)
    assert PASSWORD.encode() not in shown


def test_the_list_says_who_enters_and_how(
    say: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert say("list") == 0 and "Aucun compte" in capsys.readouterr().out
    assert not Path("store").exists()
    single_sign_on(monkeypatch)
    made(say, "Bruno", "--role", "validator")
    assert say("add", "Ana", "--subject", "abc|1") == 0
    assert say("add", "Chloé", "--email", "Chloe@Ville.fr") == 0
    assert say("disable", "bruno") == 0
    capsys.readouterr()
    assert say("list") == 0
    shown = [line.split("  ")[0] + "|" + line for line in capsys.readouterr().out.splitlines()]
    assert [line.partition("|")[0] for line in shown] == ["nom", "Ana", "Bruno", "Chloé"]
    assert "authentification unique" in shown[1] and "rédaction" in shown[1]
    assert "mot de passe" in shown[2] and "fermé" in shown[2] and "validation" in shown[2]
    assert "invitation de chloe@ville.fr" in shown[3]
    assert say("list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)["accounts"]
    assert [one["subject"] for one in listed] == [
        "https://sso.ville.fr|abc|1", None, "mailto:chloe@ville.fr",
    ]  # fmt: skip
    assert "hash" not in str(listed[0])


def test_a_role_is_changed(say: Callable[..., int], base: Database) -> None:
    made(say)
    assert say("role", "ana", "validator") == 0
    with pytest.raises(SystemExit, match="2"):
        say("role", "ana", "chef")
    assert [one.role for one in accounts(base).all()] == ["validator"]


def test_a_new_password_ends_sessions_and_waits(say: Callable[..., int], base: Database) -> None:
    made(say)
    proof = accounts(base).verified("Ana", PASSWORD)
    assert proof
    token = Sessions(base).open(proof.account, proof.password_hash)
    assert token and say("password", "Ana", given=f"{OTHER}\n".encode()) == 0
    assert Sessions(base).find(token) is None
    assert accounts(base).verified("Ana", OTHER) and not accounts(base).verified("Ana", PASSWORD)
    throttle = Throttle(base, Path("store/staff.key").read_bytes())
    for _ in range(7):
        wait = throttle.begin(throttle.login("Ana", None))
    assert wait == 5
    assert say("password", "Ana", given=f"{PASSWORD}\n".encode()) == 0
    assert throttle.begin(throttle.login("Ana", None)) == 0


def test_an_account_is_closed_and_opened_again(say: Callable[..., int], base: Database) -> None:
    made(say)
    assert say("disable", "Ana") == 0 and not accounts(base).verified("Ana", PASSWORD)
    assert say("enable", "Ana") == 0 and accounts(base).verified("Ana", PASSWORD)


@pytest.mark.parametrize(
    "words",
    [("role", "Ana", "validator"), ("disable", "Ana"), ("enable", "Ana"), ("password", "Ana")],
)
def test_without_a_database_nothing_is_made(
    say: Callable[..., int], capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert say(*words, given=f"{PASSWORD}\n".encode()) == 2
    assert "créez le premier, chartiste staff add" in capsys.readouterr().err
    assert not Path("store").exists()


def single_sign_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("ISSUER", "https://sso.ville.fr"),
        ("CLIENT_ID", "c"),
        ("CLIENT_SECRET", "s"),
    ):
        monkeypatch.setenv(f"CHARTISTE_OIDC_{name}", value)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--subject", "1", "--email", "a@b.fr"), "l'un des deux"),
        (("--subject", " "), "est vide"),
        (("--email", "sans-arobase"), "n'est pas une adresse"),
        (("--email", "a@b"), "n'est pas une adresse"),
    ],
)
def test_an_identity_is_checked(
    say: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...], sentence: str,
) -> None:  # fmt: skip
    assert say("add", "Ana", "--subject", "1") == 2
    assert "réglez CHARTISTE_OIDC_ISSUER" in capsys.readouterr().err
    single_sign_on(monkeypatch)
    assert say("add", "Ana", *words) == 2
    assert sentence in capsys.readouterr().err and not Path("store").exists()
