"""Building releases, serving them, asking, measuring, and keeping all of it in order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.arguments.parser import add, number

if TYPE_CHECKING:
    from app.arguments.parser import Subparsers


def add_ingest(subparsers: Subparsers) -> None:
    parser = add(
        subparsers, "ingest", "building.ingest", "construit une version et la met en service"
    )
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
    parser.add_argument(
        "--check-faq", action="store_true",
        help="ne pas mettre la version en service si des fiches publiées de la FAQ y perdent leur "
        "source ; les nommer",
    )  # fmt: skip


def add_serve(subparsers: Subparsers) -> None:
    parser = add(
        subparsers, "serve", "serving.serve",
        "sert la page et l'API ; indexe d'abord les fiches fournies s'il n'y a pas d'index",
    )  # fmt: skip
    parser.add_argument("--host", metavar="H", help="adresse d'écoute (127.0.0.1)")
    parser.add_argument("--port", type=number(0, 65_535), metavar="P", help="port d'écoute (7860)")


def add_questions(subparsers: Subparsers) -> None:
    for name, run, help in (
        ("ask", "questions.ask", "répond à une question, en citant les passages"),
        ("search", "questions.search", "montre les passages trouvés, du meilleur au moins bon"),
    ):
        parser = add(subparsers, name, run, help)
        parser.add_argument("question", nargs="?", metavar="QUESTION")
        parser.add_argument(
            "--batch", type=Path, metavar="FICHIER.csv",
            help="une colonne « question » (et « id », « follows ») ; « - » : l'entrée standard",
        )  # fmt: skip
        if name == "search":
            parser.add_argument(
                "-k", dest="limit", type=number(1, 100), default=5, metavar="N", help="combien (5)"
            )


def add_evaluation(subparsers: Subparsers) -> None:
    parser = add(
        subparsers, "eval", "evaluation.evaluate",
        "mesure les réponses sur des questions dont la réponse est connue",
    )  # fmt: skip
    parser.add_argument(
        "files", type=Path, nargs="*", metavar="FICHIER",
        help="questions de référence (.csv), ou articles et questions à la SQuAD (.json)",
    )  # fmt: skip
    parser.add_argument(
        "--faq", action="store_true",
        help="demander aussi les questions des fiches publiées, et leurs autres formulations : la "
        "réponse doit venir de la source que la fiche cite",
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
        "--generated",
        action="store_true",
        help="mesurer aussi les réponses du modèle de langue (CHARTISTE_MODEL), dont le temps",
    )
    parser.add_argument(
        "--limit",
        type=number(1, 1_000_000),
        metavar="N",
        help="au plus N questions, tirées au sort",
    )
    parser.add_argument(
        "--seed", type=number(0, 2**31), default=0, metavar="N", help="graine du tirage (0)"
    )


def add_upkeep(subparsers: Subparsers) -> None:
    add(subparsers, "releases", "upkeep.releases", "liste les versions gardées")
    parser = add(subparsers, "rollback", "upkeep.rollback", "revient à une version antérieure")
    parser.add_argument("id", nargs="?", metavar="VERSION", help="par défaut : la précédente")
    add(
        subparsers,
        "doctor",
        "doctor.doctor",
        "vérifie l'installation, l'index, la base de données et le modèle de langue",
    )
    parser = add(
        subparsers, "prompts", "upkeep.prompts", "vérifie les consignes du modèle de langue"
    )
    parser.add_argument(
        "action", choices=["check"], metavar="check", help="les lire et les remplir"
    )
