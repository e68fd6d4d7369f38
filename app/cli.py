"""The ``chartiste`` command: arguments in, exit code out, never a traceback for a person."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before anything that loads OpenMP

from app import console
from app.arguments import core, faq, journal, staff
from app.arguments.parser import Parser, RawHelp
from app.settings import Settings, settings
from ingest.errors import ChartisteError
from ingest.settings import environment

NOTHING_BUILT = 2  # how `ingest` ends when no release came of it, whatever the reason

_EPILOG = """\
Exemples :
  chartiste serve
  chartiste ingest data/corpus mes-notes/ https://exemple.fr/charte.pdf
  chartiste ingest --sources data/sources.toml --dry-run
  chartiste ask "Qui peut signer la charte ?"
  chartiste ask --batch questions.csv > reponses.jsonl

Les réglages CHARTISTE_* se lisent dans l'environnement ou dans le fichier .env.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code (0, or that of the error: see ingest.errors)."""
    console.never_fail_on_letters()
    options = _parser().parse_args(arguments)
    logging.getLogger("ingest").setLevel(logging.WARNING)
    try:
        module, _, command = options.run.partition(".")
        # Heavy: an interruption while it loads is one like any other.
        commands = import_module(f"app.commands.{module}")
        getattr(commands, command)(options, _settings(options))
    except ChartisteError as error:
        console.tell(str(error))
        return NOTHING_BUILT if options.run == "building.ingest" else error.exit_code
    except KeyboardInterrupt:
        console.tell("Interrompu.")
        return 130
    except BrokenPipeError:  # « | head »: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as ended:
        return int(ended.code or 0)
    except Exception as error:
        logging.getLogger("chartiste").debug("unexpected", exc_info=True)
        console.tell(
            f"Erreur inattendue ({type(error).__name__}). "
            "Relancez avec CHARTISTE_DEBUG=1 pour le détail, et signalez-la."
        )
        if environment().get("CHARTISTE_DEBUG"):
            raise
        return 1
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    read = settings(environment(), options.store)
    if getattr(options, "host", None):
        read = replace(read, host=options.host)
    if getattr(options, "port", None) is not None:
        read = replace(read, port=options.port)
    return read


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="chartiste",
        description="Répond aux questions sur une charte, en citant les passages des sources.",
        epilog=_EPILOG,
        formatter_class=RawHelp,
    )
    parser.add_argument(
        "--version", action="version", version=f"chartiste {_version()}", help="affiche la version"
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    for add in (
        core.add_ingest,
        core.add_serve,
        core.add_questions,
        core.add_evaluation,
        core.add_upkeep,
        journal.add_journal,
        staff.add_staff,
        faq.add_faq,
    ):
        add(subparsers)
    return parser


def _version() -> str:
    try:
        return version("chartiste")
    except PackageNotFoundError:
        return "(non installé)"


if __name__ == "__main__":
    sys.exit(main())
