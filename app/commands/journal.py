"""``chartiste journal show``, ``export``, ``erase`` and ``purge``."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from app import console
from app.faq.exports.formulas import neutral
from app.faq.rules import one_line
from app.files import whole
from app.journal.entry import Filter, JournalEntry
from app.journal.journal import Journal
from app.journal.words import OUTCOMES, keeping, said
from app.records.database import Database
from app.records.place import database_url, exists
from app.settings import Settings
from ingest.errors import RecordsError, SettingsError

_VERDICTS = {"up": "avis favorable", "down": "avis défavorable"}
_COLUMNS = [field.name for field in fields(JournalEntry)]
_YES = ("oui", "o")


def show(options: Namespace, settings: Settings) -> None:
    """Show the last lines."""
    with _opened(settings) as journal:
        wanted = _filter(options)
        entries, count = journal.rows(wanted, options.limit), journal.count(wanted)
    if options.json:
        shown = [entry.as_json() for entry in entries]
        console.say_json({"days": settings.journal_days, "count": count, "entries": shown})
        return
    for entry in entries:
        console.say(_shown(entry))
    console.tell(f"{len(entries)} sur {_lines(count)}. {keeping(settings.journal_days)}")


def export(options: Namespace, settings: Settings) -> None:
    """Write the lines, the oldest first, to a file or to stdout.

    Raises:
        SettingsError: the file cannot be written.
    """
    named = options.file.suffix.lower() if options.file else ""
    form = options.format or ("csv" if named == ".csv" else "jsonl")
    with _opened(settings) as journal, console.Steps() as steps:
        wanted = _filter(options)
        total = journal.count(wanted)

        def lines() -> Iterator[dict[str, Any]]:
            for number, line in enumerate(journal.export(wanted), start=1):
                yield line
                steps("export", number, max(total, number))

        if options.file is None:
            count = _write(lines(), form, sys.stdout)
        else:
            count = _write_file(lines(), form, options.file)
    if options.file is None:
        return
    if options.json:
        console.say_json({"file": str(options.file), "lines": count})
    else:
        console.say(f"{_lines(count)} dans « {options.file} ».")


def erase(options: Namespace, settings: Settings) -> None:
    """Erase lines, once the person has said yes.

    Raises:
        SettingsError: nobody can be asked, and ``--yes`` is not given.
    """
    with _opened(settings) as journal:
        count = journal.size(options.before)
        if count and not (options.yes or _agreed(count)):
            console.say("Rien n'est effacé.")
            return
        erased = journal.erase(options.before, options.all)
    _tell_erased(erased, options)


def purge(options: Namespace, settings: Settings) -> None:
    """Erase what is older than its days, as the server does by itself."""
    with _opened(settings) as journal:
        erased = journal.purge()
    _tell_erased(erased, options)


@contextmanager
def _opened(settings: Settings) -> Iterator[Journal]:
    """The journal of the settings.

    Raises:
        RecordsError: there is none, or its database cannot be used.
    """
    url = database_url(settings)
    if not exists(url):
        raise RecordsError(
            "Il n'y a pas encore de journal : CHARTISTE_JOURNAL_DAYS dit combien de jours les "
            "questions sont gardées, et « chartiste serve » les garde."
        )
    database = Database(url)
    try:
        yield Journal(database, settings.journal_days)
    finally:
        database.close()


def _filter(options: Namespace) -> Filter:
    outcomes = tuple(options.outcome or ())
    return Filter(since=options.since, outcomes=outcomes, text=options.text)


def _shown(entry: JournalEntry) -> str:
    """A line of the journal as lines for a terminal."""
    outcome = said(OUTCOMES, 1).get(entry.outcome, entry.outcome)
    shown = f"{entry.at.astimezone():%d/%m/%Y %H:%M}  {outcome:12}  {one_line(entry.question)}"
    if entry.verdict:
        why = f" : {one_line(entry.reason)}" if entry.reason else ""
        shown += f"\n    {_VERDICTS[entry.verdict]}{why}"
    return shown


def _lines(count: int) -> str:
    return f"{count} ligne{'s' if count > 1 else ''}"


def _write(lines: Iterator[dict[str, Any]], form: str, out: TextIO) -> int:
    """Write the lines; how many."""
    count = 0
    table = csv.DictWriter(out, _COLUMNS, delimiter=";", lineterminator="\r\n")
    if form == "csv":
        table.writeheader()
    for line in lines:
        count += 1
        if form == "csv":
            table.writerow(_cells(line))
        else:
            out.write(console.as_json(line) + "\n")
    return count


def _cells(line: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a line: lists with a comma between, none that a spreadsheet computes."""
    cells = {}
    for name, value in line.items():
        text = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
        cells[name] = neutral(text)
    return cells


def _write_file(lines: Iterator[dict[str, Any]], form: str, file: Path) -> int:
    """Write a file that its owner alone reads; how many lines."""
    encoding = "utf-8-sig" if form == "csv" else "utf-8"  # what spreadsheets know it by
    with whole(file, 0o600) as out, TextIOWrapper(out, encoding, newline="") as text:
        return _write(lines, form, text)


def _agreed(count: int) -> bool:
    """Whether the person at the terminal says yes.

    Raises:
        SettingsError: there is nobody.
    """
    if not sys.stdin.isatty():
        raise SettingsError(
            f"{_lines(count)} à effacer pour de bon : ajoutez --yes pour le confirmer."
        )
    console.tell(f"{_lines(count)} à effacer pour de bon. Écrivez « oui » pour continuer :")
    return sys.stdin.readline().strip().lower() in _YES


def _tell_erased(count: int, options: Namespace) -> None:
    if options.json:
        console.say_json({"erased": count})
    else:
        console.say(f"{_lines(count)} effacée{'s' if count > 1 else ''}.")
