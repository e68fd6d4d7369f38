"""argparse in French, and what all subcommands share."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from app import console


class Help(argparse.HelpFormatter):
    """The help of a command, in French."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """The line that shows how it is called."""
        super().add_usage(usage, actions, groups, "usage : " if prefix is None else prefix)


class RawHelp(Help, argparse.RawDescriptionHelpFormatter):
    """The same, with its last paragraph as it is written."""


class Parser(argparse.ArgumentParser):
    """argparse, whose help and errors are said in French."""

    _FRENCH = (
        (r"the following arguments are required: (.+)", r"il manque : \1"),
        (r"one of the arguments (.+) is required", r"il manque l'un de : \1"),
        (r"argument (.+?): not allowed with argument (.+)", r"\1 et \2 ne vont pas ensemble"),
        (r"argument (.+?): invalid choice: '?(.*?)'? \(.*", r"« \2 » n'existe pas (\1)"),
        (r"argument (.+?): expected .*", r"\1 : il manque une valeur"),
        (r"unrecognized arguments: (.+)", r"option ou argument inconnu : \1"),
        (r"ambiguous option: (\S+).*", r"option ambiguë : \1"),
        (r"argument (.+?): (.+)", r"\1 : \2"),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": Help, **options, "add_help": False})
        self._positionals.title, self._optionals.title = "arguments ", "options "
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit code 2."""
        for pattern, french in self._FRENCH:
            if re.fullmatch(pattern, message, re.DOTALL):
                message = re.sub(pattern, french, message, flags=re.DOTALL)
                break
        console.tell(f"{message}. Voyez « {self.prog} --help ».")
        raise SystemExit(2)


if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction["Parser"]


def add(subparsers: Subparsers, name: str, run: str, help: str) -> argparse.ArgumentParser:
    """A subcommand; ``run`` is what it calls: a file of ``app/commands`` and a function of it."""
    parser = subparsers.add_parser(name, help=help, description=help)
    parser.set_defaults(run=run)
    parser.add_argument(
        "--store", type=Path, metavar="DOSSIER", help="dossier des versions (CHARTISTE_STORE)"
    )
    if name != "serve":
        parser.add_argument("--json", action="store_true", help="écrire un objet JSON")
    return parser


def number(lowest: int, highest: int) -> Callable[[str], int]:
    """What reads a number between these two."""

    def read(text: str) -> int:
        if text.isdecimal() and lowest <= int(text) <= highest:
            return int(text)
        raise argparse.ArgumentTypeError(f"un nombre entre {lowest} et {highest} est attendu")

    return read
