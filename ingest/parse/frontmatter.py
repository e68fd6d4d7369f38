"""The YAML front matter of a Markdown file: title, publisher, author, date, url, language, kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from ingest.documents import KINDS, Original, Source, legible
from ingest.errors import SourceError

_FENCED = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^---[ \t]*(?:\r?\n|\Z))", re.S | re.M)
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?\Z")


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
        values = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # « 2019-02-30 » is a ValueError
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
    read: dict[str, Any] = {}
    for name in ("title", "publisher", "author", "date", "url", "language", "kind"):
        if values.get(name) is not None:
            read[name] = _line(values[name])
    if read.get("kind", KINDS[0]) not in KINDS:
        raise SourceError(f"« kind: {read['kind']} » : les valeurs sont {', '.join(KINDS)}.")
    if "date" in read and not _DATE.match(read["date"]):
        raise SourceError(f"« date: {read['date']} » : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ.")
    if "url" in read and not read["url"].startswith(("http://", "https://")):
        raise SourceError(f"« url: {read['url']} » : l'adresse commence par http:// ou https://.")
    if originals := _originals(values, read):
        read["originals"] = tuple(originals)
    return read


def _originals(values: Mapping[str, Any], read: Mapping[str, Any]) -> list[Original]:
    found: list[Original] = []
    if values.get("original"):
        title = _line(values["original"])
        found.append(Original(title, read.get("publisher"), read.get("url")))
    also = values.get("also") or []
    for entry in also if isinstance(also, list) else [also]:
        if not isinstance(entry, Mapping) or not entry.get("title"):
            raise SourceError("« also » : chaque document a au moins un « title ».")
        title, publisher, url = (_line(entry.get(name)) for name in ("title", "publisher", "url"))
        if url and not url.startswith(("http://", "https://")):
            raise SourceError(f"« also » : l'adresse « {url} » commence par http:// ou https://.")
        found.append(Original(title, publisher or None, url or None))
    return found


def _line(value: Any) -> str:
    return "" if value is None else legible(" ".join(str(value).split()))
