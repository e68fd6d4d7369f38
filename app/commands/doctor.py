"""``chartiste doctor``."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import console
from app.calibration import load_calibration
from app.commands.opening import model_opener, open_assistant
from app.faq.likeness import load_likeness
from app.journal.words import keeping
from app.model import load_chat_model
from app.records.address import read_address
from app.records.place import database_url, exists
from app.settings import Settings
from ingest.errors import ChartisteError, SettingsError
from ingest.release import verify
from ingest.store import Store

_NOT_THERE = (
    "le fichier « {file} » n'existe pas : corrigez CHARTISTE_DATABASE_URL ou, si la base est "
    "nouvelle, faites-la par « chartiste staff add »."
)


def doctor(options: Namespace, settings: Settings) -> None:
    """Check the installation and the store; exit code 1 when something is wrong.

    Raises:
        SystemExit: with code 1, after the table.
    """
    wanted = _CHECKS if settings.model.model else _CHECKS[:-1]
    checks = [_check(name, check, settings) for name, check in wanted]
    good = all(check["ok"] for check in checks)
    if options.json:
        console.say_json({"ok": good, "checks": checks})
    else:
        for check in checks:
            console.say(f"{'✓' if check['ok'] else '✗'} {check['name']} : {check['detail']}")
    if not good:
        raise SystemExit(1)


def _check(name: str, check: Callable[[Settings], str], settings: Settings) -> dict[str, Any]:
    try:
        return {"name": name, "ok": True, "detail": check(settings)}
    except ChartisteError as error:
        return {"name": name, "ok": False, "detail": str(error)}
    except Exception as error:  # a check-up reports, whatever is wrong
        return {"name": name, "ok": False, "detail": f"erreur inattendue ({type(error).__name__})"}


def _check_python(settings: Settings) -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _check_model(settings: Settings) -> str:
    model = model_opener(settings)()
    model.embed_query("essai")
    told = f"{model.name}, {model.dimension} dimensions, espace {model.space}"
    return told + _uncalibrated(model.space, settings.ingest.store)


def _uncalibrated(space: str, store: Path) -> str:
    """What has to be fitted to a space; empty when all is."""
    lacking = []
    if load_calibration(space, store).french is None:
        lacking.append("le refus (chartiste eval --calibrate)")
    if load_likeness(space, store).view is None:
        lacking.append("la FAQ (chartiste faq calibrate)")
    told = f". Restent à calibrer : {' et '.join(lacking)} ; d'ici là, seuls les mots comptent"
    return told if lacking else ""


def _check_store(settings: Settings) -> str:
    store = Store.of(settings.ingest)
    count = len(store.ids())
    return f"{store.folder} ({count} version{'s' if count > 1 else ''})"


def _check_release(settings: Settings) -> str:
    store = Store.of(settings.ingest)
    manifest = verify(store.path(store.serving()), store.server)
    return f"{manifest.id}, {manifest.documents} documents, {manifest.passages} passages, vérifiée"


def _check_question(settings: Settings) -> str:
    assistant = open_assistant(settings)
    try:
        found = assistant.search("essai", 1)
    finally:
        assistant.close()
    return f"une recherche prend {found.elapsed_ms:.0f} ms"


def _check_database(settings: Settings) -> str:
    url, journal = database_url(settings), keeping(settings.journal_days)
    if not exists(url):
        if settings.database_url:
            raise SettingsError(_NOT_THERE.replace("{file}", str(read_address(url))))
        return f"il n'y en a pas encore : le premier compte ou le journal la fera. {journal}"
    from app.records.database import Database

    database = Database(url)
    try:
        with database.read():  # it is refused where the tables are not up to date
            return f"{read_address(url)}, lisible et à jour. {journal}"
    finally:
        database.close()


def _check_language_model(settings: Settings) -> str:
    from langchain_core.messages import HumanMessage

    model = load_chat_model(settings)
    assert model is not None
    got = model.probe([HumanMessage("Réponds par un seul mot : bonjour.")])
    tokens = "jetons non comptés par le serveur" if got.tokens is None else f"{got.tokens} jetons"
    return (
        f"{model.name}, premiers mots en {got.first_seconds:.1f} s, "
        f"réponse entière en {got.seconds:.1f} s, {tokens}"
    )


_CHECKS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("Python", _check_python),
    ("Modèle de vecteurs", _check_model),
    ("Dossier", _check_store),
    ("Version en service", _check_release),
    ("Recherche", _check_question),
    ("Base de données", _check_database),
    ("Modèle de langue", _check_language_model),  # where one is set
)
