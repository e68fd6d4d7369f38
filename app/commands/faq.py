"""``chartiste faq export`` and ``import``."""

from __future__ import annotations

import sys
import tempfile
from argparse import Namespace
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app import console
from app.commands.opening import open_assistant
from app.faq.anchors import Anchors
from app.faq.entries import Entries
from app.faq.entry import Entry, Status
from app.faq.exports.formats import Format, format_named, format_of
from app.files import whole
from app.records.database import Database
from app.records.place import FILE, database_url, exists
from app.settings import Settings
from app.staff.person import IMPORT
from ingest.errors import RecordsError, SettingsError, reason

if TYPE_CHECKING:
    from app.assistant import Assistant
    from app.faq.imports.intake import ImportReport
    from app.faq.imports.row import Reading

_NONE_YET = "Il n'y a pas encore de fiches : aucune base de données n'a été créée."


def export(options: Namespace, settings: Settings) -> None:
    """Write entries to a file, or to stdout.

    Raises:
        SettingsError: the format is not known, or the file cannot be written.
        RecordsError: there is no database, or it cannot be read.
    """
    format = _format(options)
    wanted = None if "all" in (options.status or ()) else set(options.status or {"published"})
    entries = entries_of(settings, wanted)
    data = format.made(entries, settings.agency)
    if str(options.file) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with whole(options.file) as out:
        out.write(data)
    if options.json:
        told = {"file": str(options.file), "format": format.name, "entries": len(entries)}
        console.say_json(told)
    else:
        plural = "s" if len(entries) > 1 else ""
        console.say(f"{len(entries)} fiche{plural} dans « {options.file} » ({format.label}).")


def entries_of(settings: Settings, statuses: Collection[Status] | None) -> list[Entry]:
    """The entries of these statuses; of all of them for None.

    Raises:
        RecordsError: there is no database, or it cannot be read.
    """
    url = database_url(settings)
    if not exists(url):
        raise RecordsError(_NONE_YET)
    with _opened(url) as database:
        return Entries(database).find(statuses)


def _format(options: Namespace) -> Format:
    found = format_named(options.format) if options.format else format_of(options.file.name)
    if found is None:
        raise SettingsError(
            f"Le nom « {options.file.name} » ne dit pas le format : finissez-le par .md, .html, "
            ".csv, .xlsx, .docx ou .json, ou donnez --format."
        )
    return found


def take_in(options: Namespace, settings: Settings) -> None:
    """Make drafts of the questions of a file.

    Raises:
        SettingsError: the file cannot be read.
        UnreadableFaq: it is no FAQ.
        SystemExit: with code 2, after the report, when some of its questions are bad.
    """
    from app.faq.imports.apart import read_apart
    from app.faq.imports.row import kind_of

    kind = kind_of(options.file.name)
    reading = read_apart(_read(options.file, settings), kind)
    with _database(options, settings) as database:
        assistant = open_assistant(settings)
        try:
            report = _taken(reading, options, database, assistant)
        finally:
            assistant.close()
    if options.json:
        console.say_json(report.as_json())
    else:
        console.say(console.shown_import(report))
    if report.of("bad"):
        raise SystemExit(2)


def _taken(
    reading: Reading, options: Namespace, database: Database, assistant: Assistant
) -> ImportReport:
    from app.faq.imports.intake import Intake

    entries = Entries(database, anchor=Anchors(assistant))
    intake = Intake(entries, IMPORT, assistant, options.update, options.dry_run)
    with console.Steps() as steps:
        return intake.take(reading, options.file.name, steps)


def _read(file: Path, settings: Settings) -> bytes:
    limit = settings.ingest.max_file_bytes
    try:
        if file.stat().st_size > limit:
            raise SettingsError(
                f"Le fichier « {file} » a plus de {limit} octets (CHARTISTE_MAX_FILE_BYTES)."
            )
        return file.read_bytes()
    except (OSError, ValueError) as error:
        why = reason(error)
        raise SettingsError(f"Le fichier « {file} » ne peut pas être lu : {why}.") from error


@contextmanager
def _database(options: Namespace, settings: Settings) -> Iterator[Database]:
    """The database, made where it is not there; in a trial, an empty one that is not kept."""
    url = database_url(settings)
    if options.dry_run and not exists(url):
        with tempfile.TemporaryDirectory(prefix="chartiste-") as folder:
            with _opened(f"sqlite:///{Path(folder) / FILE}") as database:
                yield database
        return
    with _opened(url) as database:
        yield database


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        database.migrate()
        yield database
    finally:
        database.close()
