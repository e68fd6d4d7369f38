"""The ``chartiste`` command: arguments in, exit code out, never a traceback for a person."""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before anything that loads OpenMP

from app import console
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
        from app import commands  # heavy: an interruption while it loads is one like any other

        getattr(commands, options.run)(options, _settings(options))
    except ChartisteError as error:
        console.tell(str(error))
        return NOTHING_BUILT if options.run == "ingest" else error.exit_code
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


class _Parser(argparse.ArgumentParser):
    """argparse, whose errors are said in French."""

    _FRENCH = (
        (r"the following arguments are required: (.+)", r"il manque : \1"),
        (r"argument (.+?): invalid choice: '?(.*?)'? \(.*", r"« \2 » n'existe pas (\1)"),
        (r"argument (.+?): expected .*", r"\1 : il manque une valeur"),
        (r"unrecognized arguments: (.+)", r"option ou argument inconnu : \1"),
        (r"ambiguous option: (\S+).*", r"option ambiguë : \1"),
        (r"argument (.+?): (.+)", r"\1 : \2"),
    )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit code 2."""
        for pattern, french in self._FRENCH:
            if re.fullmatch(pattern, message, re.DOTALL):
                message = re.sub(pattern, french, message, flags=re.DOTALL)
                break
        console.tell(f"{message}. Voyez « {self.prog} --help ».")
        raise SystemExit(2)


def _settings(options: argparse.Namespace) -> Settings:
    read = settings(environment(), options.store)
    if getattr(options, "host", None):
        read = replace(read, host=options.host)
    if getattr(options, "port", None) is not None:
        read = replace(read, port=options.port)
    return read


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="chartiste",
        description="Répond aux questions sur une charte, en citant les passages des sources.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"chartiste {_version()}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    _add_ingest(subparsers)
    _add_serve(subparsers)
    _add_questions(subparsers)
    _add_evaluation(subparsers)
    _add_upkeep(subparsers)
    return parser


if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction["_Parser"]


def _add(subparsers: Subparsers, name: str, run: str, help: str) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=help, description=help)
    parser.set_defaults(run=run)
    parser.add_argument(
        "--store", type=Path, metavar="DOSSIER", help="dossier des versions (CHARTISTE_STORE)"
    )
    if name != "serve":
        parser.add_argument("--json", action="store_true", help="écrire un objet JSON")
    return parser


def _add_ingest(subparsers: Subparsers) -> None:
    parser = _add(subparsers, "ingest", "ingest", "construit une version et la met en service")
    parser.add_argument(
        "places", nargs="*", metavar="SOURCE",
        help="tout ce que la version doit contenir : fichiers, dossiers, motifs ou adresses "
        "(.md, .txt, .html, .pdf, .docx, .odt) ; sans rien, les fiches fournies",
    )  # fmt: skip
    parser.add_argument(
        "--sources", type=Path, metavar="FICHIER",
        help="sources.toml : fichiers, pages, fils et plans de site, avec leurs métadonnées",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help="dire ce qui serait téléchargé et calculé, sans rien écrire",
    )  # fmt: skip
    parser.add_argument(
        "--engine", choices=("local", "ray"), default="local",
        help="qui analyse et calcule : « local », cette machine (par défaut) ; « ray », le cluster "
        "de RAY_ADDRESS, ou un Ray démarré ici",
    )  # fmt: skip


def _add_serve(subparsers: Subparsers) -> None:
    parser = _add(
        subparsers, "serve", "serve",
        "sert la page et l'API ; indexe d'abord les fiches fournies s'il n'y a pas d'index",
    )  # fmt: skip
    parser.add_argument("--host", metavar="H", help="adresse d'écoute (127.0.0.1)")
    parser.add_argument("--port", type=_port, metavar="P", help="port d'écoute (7860)")


def _add_questions(subparsers: Subparsers) -> None:
    for name, run, help in (
        ("ask", "ask", "répond à une question, en citant les passages"),
        ("search", "search", "montre les passages trouvés, du meilleur au moins bon"),
    ):
        parser = _add(subparsers, name, run, help)
        parser.add_argument("question", nargs="?", metavar="QUESTION")
        parser.add_argument(
            "--batch", type=Path, metavar="FICHIER.csv",
            help="une colonne « question » (et « id », « follows ») ; « - » : l'entrée standard",
        )  # fmt: skip
        if name == "search":
            parser.add_argument(
                "-k", dest="limit", type=_count, default=5, metavar="N", help="combien (5)"
            )


def _add_evaluation(subparsers: Subparsers) -> None:
    parser = _add(
        subparsers, "eval", "evaluate",
        "mesure les réponses sur des questions dont la réponse est connue",
    )  # fmt: skip
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FICHIER",
        help="questions de référence (.csv), ou articles et questions à la SQuAD (.json)",
    )  # fmt: skip
    parser.add_argument("--html", type=Path, metavar="PAGE", help="écrire une page avec des tracés")
    parser.add_argument(
        "--off-topic",
        type=Path,
        action="append",
        metavar="FICHIER",
        help="questions hors sujet, une par ligne (peut être répété)",
    )
    parser.add_argument(
        "--calibrate",
        action="store_true",
        help="ajuster le refus et le choix des phrases à ces questions ; écrit dans le dossier",
    )
    parser.add_argument(
        "--limit", type=_many, metavar="N", help="au plus N questions, tirées au sort"
    )
    parser.add_argument("--seed", type=_seed, default=0, metavar="N", help="graine du tirage (0)")


def _add_upkeep(subparsers: Subparsers) -> None:
    _add(subparsers, "releases", "releases", "liste les versions gardées")
    parser = _add(subparsers, "rollback", "rollback", "revient à une version antérieure")
    parser.add_argument("id", nargs="?", metavar="VERSION", help="par défaut : la précédente")
    _add(subparsers, "doctor", "doctor", "vérifie l'installation, l'index et le modèle de langue")
    parser = _add(subparsers, "prompts", "prompts", "vérifie les consignes du modèle de langue")
    parser.add_argument(
        "action", choices=["check"], metavar="check", help="les lire et les remplir"
    )


def _port(text: str) -> int:
    return _bounded(text, 0, 65_535)


def _count(text: str) -> int:
    return _bounded(text, 1, 100)


def _many(text: str) -> int:
    return _bounded(text, 1, 1_000_000)


def _seed(text: str) -> int:
    return _bounded(text, 0, 2**31)


def _bounded(text: str, lowest: int, highest: int) -> int:
    if text.isdecimal() and lowest <= int(text) <= highest:
        return int(text)
    raise argparse.ArgumentTypeError(f"un nombre entre {lowest} et {highest} est attendu")


def _version() -> str:
    try:
        return version("chartiste")
    except PackageNotFoundError:
        return "(non installé)"


if __name__ == "__main__":
    sys.exit(main())
