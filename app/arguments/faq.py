"""The FAQ as files: taking it out, and bringing an existing one in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.arguments.parser import add

if TYPE_CHECKING:
    from app.arguments.parser import Subparsers

_FORMATS = ("markdown", "html", "csv", "xlsx", "docx", "json")
_STATUSES = ("draft", "submitted", "published", "review", "archived", "all")


def add_faq(subparsers: Subparsers) -> None:
    help = "la foire aux questions : l'exporter, en importer une"
    actions = subparsers.add_parser("faq", help=help, description=help).add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    _add_export(actions)
    _add_import(actions)
    _add_check(actions)
    _add_calibrate(actions)


def _add_export(actions: Subparsers) -> None:
    parser = add(actions, "export", "faq.export", "écrit les fiches dans un fichier")
    parser.add_argument(
        "file", type=Path, metavar="FICHIER",
        help="son nom dit le format : .md ou .csv (que « faq import » relit), .html, .xlsx, .docx "
        "ou .json ; « - » : la sortie standard",
    )  # fmt: skip
    parser.add_argument("--format", choices=_FORMATS, help="le format, quand le nom ne le dit pas")
    parser.add_argument(
        "--status", choices=_STATUSES, action="append",
        help="lesquelles (peut être répété) : published, publiées (par défaut) ; draft, "
        "brouillons ; submitted, à valider ; review, à revoir ; archived, archivées ; all, toutes",
    )  # fmt: skip


def _add_import(actions: Subparsers) -> None:
    parser = add(
        actions, "import", "faq.take_in",
        "fait des brouillons d'une FAQ existante, et propose leurs citations",
    )  # fmt: skip
    parser.add_argument(
        "file", type=Path, metavar="FICHIER",
        help="un tableau (.csv : colonnes « question » et « réponse »), du Markdown (.md : un "
        "titre par question) ou la page d'une FAQ (.html)",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="dire ce qui serait fait, sans rien écrire"
    )
    parser.add_argument(
        "--update", action="store_true",
        help="mettre à jour les fiches qui répondent déjà à une question du fichier ; une fiche "
        "publiée dont le texte change passe à revoir",
    )  # fmt: skip


def _add_check(actions: Subparsers) -> None:
    parser = add(
        actions, "check", "following.check",
        "dit l'état de toutes les fiches, et ce que leurs citations sont devenues",
    )  # fmt: skip
    parser.add_argument(
        "--apply", action="store_true",
        help="l'écrire aussi, comme après chaque indexation : une fiche publiée qui a perdu sa "
        "source passe à revoir",
    )  # fmt: skip


def _add_calibrate(actions: Subparsers) -> None:
    parser = add(
        actions, "calibrate", "calibrating.calibrate",
        "ajuste au modèle de vecteurs ce qui reconnaît une même question (quelques minutes, plus "
        "avec un grand modèle)",
    )  # fmt: skip
    parser.add_argument(
        "files", type=Path, nargs="*", metavar="FICHIER",
        help="vos propres questions (.csv : colonnes « question » et « intent », le même mot pour "
        "celles qui demandent la même chose), en plus de celles fournies",
    )  # fmt: skip
