"""The YAML front matter of a Markdown file: title, publisher, author, date, url, language, kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import yaml

from ingest.documents import KINDS, Original, Source, legible
from ingest.errors import SourceError

_FENCED = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^---[ \t]*(?:\r?\n|\Z))", re.S | re.M)
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?\Z", re.ASCII)
_FIELDS = ("title", "publisher", "author", "date", "url", "language", "kind")
_ABSENT = {"", "~", "null"}
_LONGEST = 500  # characters of a value
_LONGEST_URL = 2_000


class _Loader(yaml.BaseLoader):
    """Every value is the text that is written, and a value is written where it stands.

    A few lines of aliases can stand for billions of values.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 2  # type: ignore[no-untyped-call]
            raise SourceError(
                f"L'en-tête YAML contient un alias (« * »), ligne {line} : "
                "écrivez la valeur elle-même, entre guillemets si elle commence par « * »."
            )
        return super().compose_node(parent, index)


def split_front_matter(text: str) -> tuple[str, str]:
    """The front matter (empty when there is none) and the body that follows it."""
    match = _FENCED.match(text)
    return (match.group(1), text[match.end() :]) if match else ("", text)


def read_front_matter(front: str, source: Source) -> Source:
    """``source`` with what the front matter says of it.

    Raises:
        SourceError: it is not valid YAML, or a field does not hold what it should.
    """
    if not front.strip():
        return source
    try:
        values = yaml.load(front, _Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # « \UFFFFFFFF » is a ValueError
        mark = getattr(error, "problem_mark", None)
        line = f", ligne {mark.line + 2}" if mark else ""
        raise SourceError(f"L'en-tête YAML est mal formé{line}.") from error
    if not isinstance(values, Mapping):
        raise SourceError("L'en-tête YAML doit être une liste de « clé: valeur ».")
    return replace(source, **read_fields(values))


def read_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a :class:`Source` that these values give, checked.

    Raises:
        SourceError: one of them does not hold what it should.
    """
    read: dict[str, Any] = {
        name: value for name in _FIELDS if (value := _line(values, name)) is not None
    }
    if read.get("kind", KINDS[0]) not in KINDS:
        raise SourceError(f"« kind: {read['kind']} » : les valeurs sont {', '.join(KINDS)}.")
    if "date" in read and not _is_date(read["date"]):
        raise SourceError(f"« date: {read['date']} » : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ.")
    if "url" in read and not read["url"].startswith(("http://", "https://")):
        raise SourceError(f"« url: {read['url']} » : l'adresse commence par http:// ou https://.")
    if originals := _originals(values, read):
        read["originals"] = tuple(originals)
    return read


def _originals(values: Mapping[str, Any], read: Mapping[str, Any]) -> list[Original]:
    found: list[Original] = []
    if title := _line(values, "original"):
        found.append(Original(title, read.get("publisher"), read.get("url")))
    also = values.get("also") or []
    for entry in also if isinstance(also, list) else [also]:
        known = entry if isinstance(entry, Mapping) else {}
        title, publisher, url = (_line(known, name) for name in ("title", "publisher", "url"))
        if not title:
            raise SourceError("« also » : chaque document a au moins un « title ».")
        if url and not url.startswith(("http://", "https://")):
            raise SourceError(f"« also » : l'adresse « {url} » commence par http:// ou https://.")
        found.append(Original(title, publisher, url))
    return found


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def _line(values: Mapping[str, Any], name: str) -> str | None:
    """The value of that name on one line; None when it is absent or empty."""
    value = values.get(name, "")
    if not isinstance(value, str | int | float | date):
        raise SourceError(f"« {name} » : écrivez un seul texte, et non une liste.")
    line = legible(" ".join(str(value).split())).strip()
    longest = _LONGEST_URL if name == "url" else _LONGEST
    if len(line) > longest:
        raise SourceError(f"« {name} » : au plus {longest} caractères ; il y en a {len(line)}.")
    return None if line in _ABSENT else line
