"""What to load: files, folders, and the documents that a ``sources.toml`` lists.

Addresses are not fetched here: each is reported as not read, and the rest is loaded.
"""

from __future__ import annotations

import dataclasses
import os
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.documents import Document, legible
from ingest.errors import SettingsError, SourceError, reason
from ingest.parse.files import parse_file
from ingest.parse.frontmatter import read_fields

Step = Callable[[str, int, int], None]  # the step's French name, how much is done, of how much

_KEYS = frozenset({"path", "url", "title", "publisher", "author", "date", "language", "kind"})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that was left out, and why, in French."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to read under ``name``, or why it cannot be; ``fields`` describe it."""

    path: str
    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    refused: str | None = None


def wanted(paths: Iterable[str | Path]) -> Iterator[Wanted]:
    """The files of paths given by hand; a folder gives all that it holds, by name."""
    for given in map(str, paths):
        if given.startswith(("http://", "https://")):
            yield Wanted(given, refused="Les adresses ne sont pas encore lues : donnez un fichier.")
        elif os.path.isdir(given):
            yield from _below(Path(given))
        else:
            yield _file(Path(given), Path(given).name)


def _below(folder: Path) -> Iterator[Wanted]:
    """The files of a folder and of those in it; what is hidden is left out."""
    found: list[Wanted] = []

    def refuse(error: OSError) -> None:
        found.append(Wanted(str(error.filename), refused=_refusal(error)))

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in (Path(place, name) for name in names if not name.startswith(".")):
            found.append(_file(file, file.relative_to(folder).as_posix()))
    yield from sorted(found, key=lambda wanted: Path(wanted.path))


def _file(path: Path, name: str) -> Wanted:
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return Wanted(str(path), name)
        return Wanted(str(path), refused="Ce n'est pas un fichier ordinaire.")
    except (OSError, ValueError) as error:
        return Wanted(str(path), refused=_refusal(error))


def _refusal(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "Le fichier ou le dossier n'existe pas."
    return f"Le fichier ou le dossier ne peut pas être lu : {reason(error)}."


def listed(file: Path) -> list[Wanted]:
    """What a ``sources.toml`` lists: ``[[source]]`` tables with a ``path`` or a ``url``.

    Paths are relative to the file; ``title``, ``publisher``, ``author``, ``date``, ``language``
    and ``kind`` take the place of what the documents say of themselves.

    Raises:
        SettingsError: the file cannot be read, or a table is not of this form.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("source", [])
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"« {file} » n'est pas du TOML valide : {error}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"« {file} » ne peut pas être lu : {reason(error)}.") from error
    if not isinstance(tables, list) or not tables:
        raise SettingsError(f"« {file} » ne liste aucune source : écrivez des tables [[source]].")
    found: list[Wanted] = []
    for number, table in enumerate(tables, start=1):
        found += _table(table, f"« {file} », source n° {number}", file.parent)
    return found


def _table(table: Any, where: str, folder: Path) -> list[Wanted]:
    if not isinstance(table, dict) or not ("path" in table or "url" in table):
        raise SettingsError(f"{where} : il faut « path » ou « url ».")
    if unknown := sorted(table.keys() - _KEYS):
        raise SettingsError(f"{where} : clé inconnue « {unknown[0]} ».")
    try:
        fields = read_fields({key: value for key, value in table.items() if key != "path"})
    except SourceError as error:
        raise SettingsError(f"{where} : {error}") from error
    if "path" in table:
        files = wanted([folder / str(table["path"])])
        return [dataclasses.replace(file, fields=fields) for file in files]
    if "url" not in fields:
        raise SettingsError(f"{where} : il faut « path » ou « url ».")
    return [Wanted(fields["url"], refused="Les adresses ne sont pas encore lues par chartiste.")]


def read_documents(
    files: Sequence[Wanted], max_bytes: int, progress: Step
) -> tuple[list[Document], list[Skipped]]:
    """The documents, in the order given, and what was left out."""
    documents: list[Document] = []
    skipped: list[Skipped] = []
    names: dict[str, str] = {}
    ids: set[str] = set()
    for done, file in enumerate(files, start=1):
        try:
            document = _read(file, max_bytes)
            if same := names.get(document.text):
                raise SourceError(f"Le même texte est déjà dans « {same} ».")
        except SourceError as error:
            skipped.append(Skipped(legible(file.path), str(error)))
        else:
            names[document.text] = document.source.name
            documents.append(_told_apart(document, ids))
        progress("Lecture", done, len(files))
    return documents, skipped


def _read(file: Wanted, max_bytes: int) -> Document:
    if file.refused:
        raise SourceError(file.refused)
    document = parse_file(Path(file.path), file.name, max_bytes)
    source = dataclasses.replace(document.source, **file.fields)
    return dataclasses.replace(document, source=source)


def _told_apart(document: Document, ids: set[str]) -> Document:
    """The document under an id of its own: two folders may hold files of one name."""
    source, number = document.source, 1
    while source.id in ids:
        number += 1
        source = dataclasses.replace(source, name=f"{document.source.name} ({number})")
    ids.add(source.id)
    return dataclasses.replace(document, source=source)
