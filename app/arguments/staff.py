"""The accounts of the staff. A password is never an argument: others would read it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.arguments.parser import add

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from app.arguments.parser import Subparsers

_ROLES = ("redactor", "validator")
_HELP = "les comptes de l'espace de l'équipe (/staff/)"


def add_staff(subparsers: Subparsers) -> None:
    """``staff``, whose own subcommands are one account's life."""
    actions = subparsers.add_parser("staff", help=_HELP, description=_HELP).add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    made = _on_one(
        actions, "add", "crée un compte ; le mot de passe est demandé, ou lu sur l'entrée standard"
    )
    made.add_argument(
        "--role", choices=_ROLES, default="redactor", metavar="ROLE",
        help="redactor (rédige, par défaut) ou validator (valide et publie aussi)",
    )  # fmt: skip
    made.add_argument(
        "--subject", metavar="ID",
        help="sans mot de passe : l'identifiant que l'authentification unique donne à la personne",
    )  # fmt: skip
    made.add_argument(
        "--email", metavar="ADRESSE",
        help="sans mot de passe : l'adresse que l'authentification unique a vérifiée",
    )  # fmt: skip
    add(actions, "list", "staff.list_all", "liste les comptes")
    role = _on_one(actions, "role", "change le rôle d'un compte")
    role.add_argument("role", choices=_ROLES, metavar="ROLE", help="redactor ou validator")
    _on_one(actions, "password", "change un mot de passe, ce qui ferme les sessions du compte")
    _on_one(actions, "disable", "ferme un compte et ses sessions")
    _on_one(actions, "enable", "rouvre un compte")


def _on_one(actions: Subparsers, name: str, help: str) -> ArgumentParser:
    parser = add(actions, name, f"staff.{name}", help)
    parser.add_argument("name", metavar="NOM", help="le nom du compte, comme « Ana Lefèvre »")
    return parser
