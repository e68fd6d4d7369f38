"""``chartiste staff``: who may enter the workspace."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from dataclasses import asdict
from getpass import getpass
from typing import Any

from app import console
from app.records.database import Database
from app.records.place import database_url, exists
from app.settings import Settings
from app.staff.accounts import INVITED, Account, AccountError, Accounts, checked_name, invited
from app.staff.hashing import Hashing
from app.staff.passwords import SHORTEST, fault_of
from app.staff.secret import server_secret
from app.staff.throttle import Throttle

_LONGEST_LINE = 4_096  # bytes read of a password on the standard input
_ROLES = {"redactor": "rédaction", "validator": "validation"}


def add(options: Namespace, settings: Settings) -> None:
    """Make an account; the database too, when there is none.

    Raises:
        AccountError: the name, the password or the identity is not taken.
    """
    name = checked_name(options.name)
    subject = _subject(options, settings)
    url = database_url(settings)
    is_new = not exists(url)
    if not is_new:
        _accounts(settings).check_free(name)
    password = None if subject else _password(name)
    database = Database(url)
    database.migrate()
    made = Accounts(database, Hashing()).add(name, options.role, password, subject)
    _tell(options, made, f"Compte « {made.name} » créé ({_ROLES[made.role]}).")
    if is_new:
        console.tell("Si « chartiste serve » tourne déjà, redémarrez-le pour ouvrir /staff/.")


def list_all(options: Namespace, settings: Settings) -> None:
    """List the accounts."""
    accounts = _accounts(settings).all() if exists(database_url(settings)) else []
    if options.json:
        console.say_json({"accounts": [_as_json(account) for account in accounts]})
    elif accounts:
        console.say(_table(accounts))
    else:
        console.say('Aucun compte : chartiste staff add "Prénom Nom" --role validator')


def role(options: Namespace, settings: Settings) -> None:
    """Give an account another role."""
    changed = _accounts(settings).set_role(options.name, options.role)
    _tell(options, changed, f"« {changed.name} » : {_ROLES[changed.role]}.")


def password(options: Namespace, settings: Settings) -> None:
    """Give an account a new password, which ends its sessions and its waits."""
    accounts = _accounts(settings)
    accounts.check_there(options.name)
    changed = accounts.set_password(options.name, _password(options.name))
    _throttle(settings).forget(options.name)
    _tell(options, changed, f"Mot de passe de « {changed.name} » changé, ses sessions fermées.")


def disable(options: Namespace, settings: Settings) -> None:
    """Let an account enter no more."""
    changed = _accounts(settings).set_disabled(options.name, True)
    _tell(options, changed, f"Compte « {changed.name} » fermé, ses sessions aussi.")


def enable(options: Namespace, settings: Settings) -> None:
    """Let an account enter again."""
    changed = _accounts(settings).set_disabled(options.name, False)
    _throttle(settings).forget(options.name)
    _tell(options, changed, f"Compte « {changed.name} » rouvert.")


def _accounts(settings: Settings) -> Accounts:
    """The accounts of a database that is there.

    Raises:
        AccountError: there is none yet.
    """
    return Accounts(_database(settings), Hashing())


def _throttle(settings: Settings) -> Throttle:
    return Throttle(_database(settings), server_secret(settings.ingest.store))


def _database(settings: Settings) -> Database:
    url = database_url(settings)
    if not exists(url):
        raise AccountError("Il n'y a encore aucun compte : créez le premier, chartiste staff add.")
    database = Database(url)
    database.migrate()
    return database


def _subject(options: Namespace, settings: Settings) -> str | None:
    """Who the single sign-on will say that it is; None for somebody who has a password."""
    if options.subject is None and options.email is None:
        return None
    if options.subject is not None and options.email is not None:
        raise AccountError("Donnez --subject ou --email, l'un des deux.")
    if not settings.oidc.is_set:
        raise AccountError(
            "--subject et --email demandent une authentification unique : réglez "
            "CHARTISTE_OIDC_ISSUER."
        )
    given = (options.subject or options.email or "").strip()
    if not given or not given.isprintable():
        raise AccountError("L'identifiant ou l'adresse est vide, ou n'est pas du texte.")
    if options.subject is not None:
        return f"{settings.oidc.oidc_issuer}|{given}"
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", given):
        raise AccountError(f"« {given} » n'est pas une adresse électronique.")
    return invited(given)


def _password(name: str) -> str:
    """The password that is typed twice without being shown, or a line of the standard input.

    Raises:
        AccountError: it is not taken, not typed twice alike, or cannot be read.
    """
    if sys.stdin.isatty():
        given = _typed()
    else:
        try:
            given = sys.stdin.buffer.readline(_LONGEST_LINE).decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise AccountError("Le mot de passe de l'entrée standard n'est pas en UTF-8.") from None
    if fault := fault_of(given, name):
        raise AccountError(fault)
    return given


def _typed() -> str:
    try:
        given = getpass(f"Mot de passe ({SHORTEST} caractères au moins, rien ne s'affiche) : ")
        again = getpass("Le même, une seconde fois : ")
    except EOFError:
        raise AccountError("Aucun mot de passe n'a été donné.") from None
    if given != again:
        raise AccountError("Les deux mots de passe ne sont pas les mêmes.")
    return given


def _tell(options: Namespace, account: Account, sentence: str) -> None:
    if options.json:
        console.say_json(_as_json(account))
    else:
        console.say(sentence)


def _as_json(account: Account) -> dict[str, Any]:
    return asdict(account) | {"created": account.created.isoformat(timespec="seconds")}


def _table(accounts: list[Account]) -> str:
    rows = [("nom", "rôle", "entre par", "état", "créé le")]
    rows += [
        (
            account.name,
            _ROLES[account.role],
            _way_in(account),
            "fermé" if account.disabled else "ouvert",
            account.created.date().isoformat(),
        )
        for account in accounts
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _way_in(account: Account) -> str:
    subject = account.subject or ""
    ways = ["mot de passe"] if account.has_password else []
    if subject.startswith(INVITED):
        ways.append(f"invitation de {subject.removeprefix(INVITED)}")
    elif subject:
        ways.append("authentification unique")
    return ", ".join(ways) or "rien"
