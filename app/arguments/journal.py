"""The journal of what is asked: reading it, taking it out, erasing it."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.arguments.parser import add, number
from app.journal.words import OUTCOMES, said

if TYPE_CHECKING:
    from app.arguments.parser import Subparsers

_RESULTS = " ; ".join(f"{name}, {text}" for name, text in said(OUTCOMES).items())


def add_journal(subparsers: Subparsers) -> None:
    help = "le journal des questions posées : le lire, l'exporter, l'effacer"
    actions = subparsers.add_parser("journal", help=help, description=help).add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    _add_show(actions)
    _add_export(actions)
    _add_erase(actions)
    add(
        actions, "purge", "journal.purge",
        "efface ce qui dépasse CHARTISTE_JOURNAL_DAYS ; le serveur le fait de lui-même",
    )  # fmt: skip


def _add_show(actions: Subparsers) -> None:
    parser = add(actions, "show", "journal.show", "montre les dernières questions")
    parser.add_argument(
        "-n", dest="limit", type=number(1, 1_000), default=20, metavar="N", help="combien (20)"
    )
    _add_filters(parser)


def _add_export(actions: Subparsers) -> None:
    parser = add(actions, "export", "journal.export", "écrit toutes les lignes du journal")
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FICHIER", help="par défaut : la sortie standard"
    )
    parser.add_argument(
        "--format", choices=("csv", "jsonl"),
        help="tableau CSV, ou un objet JSON par ligne ; par défaut, selon le nom du fichier",
    )  # fmt: skip
    _add_filters(parser)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--outcome", choices=OUTCOMES, action="append",
        help=f"seulement ce résultat (peut être répété) : {_RESULTS}",
    )  # fmt: skip
    parser.add_argument("--since", type=_day, metavar="AAAA-MM-JJ", help="depuis ce jour")
    parser.add_argument("--text", default="", metavar="TEXTE", help="dont la question contient")


def _add_erase(actions: Subparsers) -> None:
    parser = add(actions, "erase", "journal.erase", "efface des lignes du journal, pour de bon")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--before", type=_day, metavar="AAAA-MM-JJ", help="celles d'avant ce jour")
    which.add_argument("--all", action="store_true", help="toutes")
    parser.add_argument("--yes", action="store_true", help="sans demander confirmation")


def _day(text: str) -> datetime:
    """The beginning of a day, where this machine is."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError("un jour comme 2026-11-30 est attendu") from None
