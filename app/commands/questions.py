"""``chartiste ask`` and ``search``: one question, or a batch."""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from app import console
from app.answers import Reply, Search, as_json, search_as_json
from app.assistant import Assistant
from app.commands.opening import open_assistant
from app.settings import Settings
from ingest.errors import SettingsError, reason

Row = dict[str, str]
Result = TypeVar("Result")


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
