"""What ``ingest`` and ``rollback`` do with the FAQ, and ``chartiste faq check``.

Nothing of it is imported where no database is: an agency without a FAQ has nothing to wait for.
"""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import console
from app.commands.opening import open_model
from app.records.place import database_url, exists
from app.settings import Settings
from ingest.embed import EmbeddingModel
from ingest.errors import ChartisteError, RecordsError, SettingsError
from ingest.progress import Step
from ingest.store import Store

if TYPE_CHECKING:
    from app.faq.entries import Entries
    from app.faq.staleness import Followed, Look

_NOT_FOLLOWED = (
    "Les fiches de la FAQ n'ont pas été revues avec la version en service : {error} Lancez ensuite "
    "chartiste faq check --apply."
)
_WAITS, _UNWRITTEN = "!", "–"
_WAITING = f"{_WAITS} : une source y manque, mais les citoyens ne lisent pas cette fiche."
_WRITING = f"{_UNWRITTEN} : cette fiche n'a pas de réponse, ou ne cite aucune source."
_MISTYPED = (
    "--check-faq ne trouve pas la base des fiches : CHARTISTE_DATABASE_URL nomme un fichier qui "
    "n'existe pas. Corrigez l'adresse, ou retirez --check-faq."
)
_LEGENDS = {_WAITS: _WAITING, _UNWRITTEN: _WRITING}
_NO_ENTRIES = "Il n'y a pas encore de fiches : aucune base de données n'a été créée."


@contextmanager
def opened_entries(settings: Settings) -> Iterator[Entries | None]:
    """The entries of the settings' database; None when it is a file that is not there."""
    url = database_url(settings)
    if not exists(url):
        yield None
        return
    from app.faq.entries import Entries
    from app.records.database import Database

    database = Database(url)
    try:
        yield Entries(database)
    finally:
        database.close()


@contextmanager
def accepting(
    options: Namespace, settings: Settings, model: EmbeddingModel, step: Step
) -> Iterator[Callable[[Path], None]]:
    """What a release must pass before it is put in service: everything, without ``--check-faq``.

    Raises:
        SettingsError: ``--check-faq`` with ``--dry-run``, which builds no release, or with a
            database that the settings name and that is not there.
        RecordsError: the entries cannot be read: it is told before anything is built.
        EntriesWouldLose: (of what comes back) published entries would lose their source.
    """
    if not options.check_faq:
        yield lambda _: None
        return
    if options.dry_run:
        raise SettingsError("--check-faq regarde la version construite : retirez --dry-run.")
    with opened_entries(settings) as entries:
        if entries is None and settings.database_url:
            raise SettingsError(_MISTYPED)
        if entries is None:
            console.tell("Aucune fiche à protéger : il n'y a pas de base de données.")
            yield lambda _: None
            return
        entries.counter()
        yield partial(_accept, entries, Store.of(settings.ingest), model, step)


def _accept(
    entries: Entries, store: Store, model: EmbeddingModel, step: Step, folder: Path
) -> None:
    from app.faq.guarding import require_sources
    from app.faq.library import opened_library

    with opened_library(folder, store, model) as library:
        require_sources(entries, library, step)


def follow_release(
    settings: Settings, model: Callable[[], EmbeddingModel]
) -> dict[str, Any] | None:
    """Have the entries follow the release in service; what became of them, None without any.

    What fails is told, and ends nothing: the release is up, and a server tries again.
    """
    try:
        with opened_entries(settings) as entries:
            if entries is None:
                return None
            return _told(_followed(settings, entries, model()))
    except ChartisteError as error:
        console.tell(_NOT_FOLLOWED.replace("{error}", str(error)))
        return None


def _followed(settings: Settings, entries: Entries, model: EmbeddingModel) -> Followed:
    from app.faq.library import opened_library
    from app.faq.staleness import follow

    store = Store.of(settings.ingest)
    folder = store.path(store.serving())
    with opened_library(folder, store, model) as library, console.Steps() as steps:
        return follow(entries, library, steps)


def _told(done: Followed) -> dict[str, Any]:
    reviewed = [
        {"id": one.id, "question": one.edit.question, "why": one.why} for one in done.reviewed
    ]
    return {"looked": done.looked, "changed": len(done.changed), "reviewed": reviewed}


def shown_followed(told: dict[str, Any]) -> str:
    """What became of the entries, in a few lines; empty when nothing did."""
    if not told["changed"]:
        return ""
    lines = [
        f"FAQ, fiches mises à jour d'après leurs sources : {told['changed']} sur {told['looked']}."
    ]
    if told["reviewed"]:
        lines.append(f"À revoir ({len(told['reviewed'])}) :")
        lines += [f"- « {one['question']} » : {one['why']}" for one in told["reviewed"]]
    return "\n".join(lines)


def check(options: Namespace, settings: Settings) -> None:
    """Tell the state of all entries in the release in service; write it down with ``--apply``.

    Raises:
        RecordsError: there is no database, or it cannot be read.
        StoreError: there is no release, or it cannot be read.
        SystemExit: with code 1, after the list, when an entry is to be reviewed.
    """
    from app.faq.library import opened_library
    from app.faq.staleness import follow, look_at_all

    with opened_entries(settings) as entries:
        if entries is None:
            raise RecordsError(_NO_ENTRIES)
        store = Store.of(settings.ingest)
        folder = store.path(store.serving())
        with opened_library(folder, store, open_model(settings)) as library, console.Steps() as bar:
            if options.apply:
                follow(entries, library, bar)
            looks = look_at_all(entries, library, tuple(_statuses()), bar)
            release = library.release()
    good = all(map(_is_good, looks))
    if options.json:
        shown = [one.as_json() for one in looks]
        console.say_json({"ok": good, "release": release, "entries": shown})
    else:
        console.say(_shown(looks, release))
    if not good:
        raise SystemExit(1)


def _statuses() -> Sequence[Any]:
    from app.faq.rules import STATUSES

    return list(STATUSES)


def _is_good(one: Look) -> bool:
    """Whether nobody has anything to do about it: a draft or what is put aside may wait."""
    status = one.entry.status
    return status != "review" and not (status in ("published", "submitted") and one.lost)


def _shown(looks: Sequence[Look], release: str) -> str:
    from app.faq.rules import STATUSES, counted

    counts = Counter(one.entry.status for one in looks)
    told = ", ".join(counted(counts[one], one) for one in STATUSES if counts[one])
    lines = [f"Version {release} en service : {told or 'aucune fiche'}."]
    for one in looks:
        lines.append(f"{_mark(one)} {STATUSES[one.entry.status]} : « {one.entry.edit.question} »")
        if one.lost:
            lines.append(f"    {one.why}")
        elif one.entry.status == "review":
            lines.append(f"    {one.entry.why}")
    marks = set(map(_mark, looks))
    lines += [told for mark, told in _LEGENDS.items() if mark in marks]
    return "\n".join(lines)


def _mark(one: Look) -> str:
    """Whether it is in order, to be mended, to be mended before anybody reads it, or to be written.

    What is published or handed in has an answer and citations.
    """
    if not _is_good(one):
        return "✗"
    if one.lost:
        return _WAITS
    edit = one.entry.edit
    return "✓" if edit.answer and edit.citations else _UNWRITTEN
