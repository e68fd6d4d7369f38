"""``sources.toml``: what to load, where from, and what is known of it.

::

    contact = "mailto:contact@exemple.fr"     # said to the servers that are asked
    delay = 1.0                               # seconds between two requests to one server

    [[source]]
    path = "notes/**/*.docx"                  # a file, a folder or a pattern, from this file on
    publisher = "ALEC07"

    [[source]]
    sitemap = "https://exemple.fr/sitemap.xml"   # or url = a page, feed = RSS or Atom
    include = ["/actualites/*"]               # patterns of the address after the host
    exclude = ["*/page/*"]
    max_pages = 50

Each ``[[source]]`` may say ``title``, ``publisher``, ``author``, ``date``, ``language`` and
``kind``, which take the place of what its documents say of themselves; ``hosts`` and ``ports``
that may be asked besides those of its address; and ``allow_private = true`` for a server of the
internal network. Mistakes are told with their lines.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from ingest.address import WEB_PORTS, Access
from ingest.errors import FetchError, SettingsError, SourceError, reason
from ingest.parse.frontmatter import read_fields

Way = Literal["files", "page", "feed", "sitemap"]
MAX_PAGES = 200  # of a feed or a sitemap, unless the source says otherwise
_WAYS: dict[str, Way] = {"path": "files", "url": "page", "feed": "feed", "sitemap": "sitemap"}
_FIELDS = frozenset({"title", "publisher", "author", "date", "language", "kind"})
_OF_ONE = frozenset({"title", "date"})  # cannot be said of all that a feed or a sitemap lists
_HEADER = re.compile(r"\s*\[\[\s*source\s*\]\]\s*(?:#.*)?")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One source: how it is reached, and what is known of its documents."""

    way: Way
    where: str
    fields: dict[str, Any] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: int = MAX_PAGES

    def wants(self, name: str) -> bool:
        """Whether a file of that name, or an address that ends so after its host, is wanted."""
        included = not self.include or any(fnmatchcase(name, one) for one in self.include)
        return included and not any(fnmatchcase(name, one) for one in self.exclude)


@dataclass(frozen=True, slots=True)
class Sources:
    """What to load, and which servers may be asked for it."""

    entries: tuple[Entry, ...] = ()
    access: Access = field(default_factory=Access.of)
    contact: str | None = None
    delay: float | None = None  # seconds between two requests to one server

    def __add__(self, other: Sources) -> Sources:
        return Sources(
            self.entries + other.entries,
            self.access | other.access,
            self.contact or other.contact,
            self.delay if self.delay is not None else other.delay,
        )


def given(places: Iterable[str | Path]) -> Sources:
    """The sources of paths and addresses given by hand; their hosts may be asked."""
    entries, access = [], Access.of()
    for place in map(str, places):
        if place.lower().startswith(("http://", "https://")):
            entries.append(Entry("page", place))
            access |= _asked(place)
        else:
            entries.append(Entry("files", place))
    return Sources(tuple(entries), access)


def sources_of(places: Iterable[str | Path], file: Path | None = None) -> Sources:
    """What is given by hand and what a ``sources.toml`` lists, together."""
    return given(places) + (listed(file) if file else Sources())


def listed(file: Path) -> Sources:
    """The sources that a ``sources.toml`` lists.

    Raises:
        SettingsError: it cannot be read, or is wrong; the message names every mistake's line.
    """
    try:
        text = file.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"« {file} » n'est pas du TOML valide, {_where(str(error), text)}."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"« {file} » ne peut pas être lu : {reason(error)}.") from error
    reader = _Reader(file, _Lines(text))
    sources = reader.read(tables)
    if reader.mistakes:
        told = "\n".join(f"- {mistake}" for mistake in reader.mistakes)
        raise SettingsError(f"« {file} » est à corriger :\n{told}")
    return sources


def _where(message: str, text: str) -> str:
    place = _PLACE.search(message)
    if place and place[1]:
        return f"ligne {place[1]}, colonne {place[2]}"
    return f"ligne {text.count(chr(10)) + 1}, à la fin"


def _asked(
    url: str, hosts: Iterable[str] = (), private: bool = False, ports: Iterable[int] = ()
) -> Access:
    """Access to the host of an address, by the port it names, and to others by the same rule.

    Raises:
        FetchError: one of ``hosts`` is not the name of a host.
    """
    allowed, access = {*WEB_PORTS, *ports}, Access.of()
    with contextlib.suppress(ValueError, FetchError):  # its reason is told when it is fetched
        parts = urlsplit(url)
        named = {parts.port} if parts.port else set[int]()
        access = Access.of(parts.hostname or "", private=private, ports=allowed | named)
    return access | Access.of(*hosts, private=private, ports=allowed)


class _Lines:
    """On which line each table and each of its keys stands; 0 where that is not sure."""

    def __init__(self, text: str) -> None:
        self._tables: list[tuple[int, dict[str, int]]] = []
        self._first: dict[str, int] = {}
        keys = self._first
        for number, line in enumerate(text.splitlines(), start=1):
            if _HEADER.fullmatch(line):
                keys = {}
                self._tables.append((number, keys))
            elif match := _KEY.match(line):
                keys.setdefault(match[1], number)

    def trust(self, tables: int) -> None:
        """Forget all when the text has not that many headers (inline tables, long strings)."""
        if len(self._tables) != tables:
            self._tables = [(0, {})] * tables

    def of(self, table: int | None, key: str = "") -> int:
        """The line of a key of a table, else that of the table; None is before the first one."""
        if table is None:
            return self._first.get(key, 0)
        line, keys = self._tables[table]
        return keys.get(key, line)


class _Reader:
    """Reads tables, and notes what is wrong with them."""

    def __init__(self, file: Path, lines: _Lines) -> None:
        self.mistakes: list[str] = []
        self._file = file
        self._lines = lines
        self._table: int | None = None

    def _wrong(self, what: str, key: str = "") -> None:
        line = self._lines.of(self._table, key)
        place = f"ligne {line} : " if line else ""
        if self._table is not None and not line:
            place = f"source n° {self._table + 1} : "
        self.mistakes.append(place + what)

    def read(self, top: Mapping[str, Any]) -> Sources:
        """All sources; those that are wrong are left out."""
        tables = top.get("source")
        if not isinstance(tables, list) or not tables:
            self._wrong("aucune source n'est listée : écrivez des tables [[source]].", "source")
            return Sources()
        self._lines.trust(len(tables))
        found = self._head(top)
        for number, table in enumerate(tables):
            self._table = number
            if isinstance(table, dict):
                found += self._source(table)
            else:
                self._wrong("écrivez une table [[source]].")
        return found

    def _head(self, top: Mapping[str, Any]) -> Sources:
        for key in sorted(top.keys() - {"source", "contact", "delay"}):
            self._wrong(f"clé inconnue « {key} » (avant les sources : contact, delay).", key)
        contact, delay = top.get("contact"), top.get("delay")
        if not isinstance(contact, str | None):
            self._wrong("« contact » : écrivez un seul texte.", "contact")
            contact = None
        if delay is not None and not (type(delay) in (int, float) and 0 <= delay <= 60):
            self._wrong("« delay » : un nombre de secondes entre 0 et 60.", "delay")
            delay = None
        return Sources(contact=contact, delay=delay)

    def _source(self, table: Mapping[str, Any]) -> Sources:
        ways = [key for key in _WAYS if key in table]
        if not ways or (len(ways) > 1 and ways != ["path", "url"]):
            self._wrong("il faut « path », « url », « feed » ou « sitemap », et un seul.")
            return Sources()
        key, known = ways[0], len(self.mistakes)
        where = self._line(table, key)
        entry = Entry(
            way=_WAYS[key],
            where=str(self._file.parent / where) if key == "path" else where,
            fields=self._fields(table, key),
            include=self._texts(table, "include"),
            exclude=self._texts(table, "exclude"),
            max_pages=self._number(table, "max_pages", 1, 50_000) or MAX_PAGES,
        )
        access = Access.of() if key == "path" else self._access(table, where)
        self._unknown(table, key)
        return Sources((entry,), access) if len(self.mistakes) == known else Sources()

    def _line(self, table: Mapping[str, Any], key: str) -> str:
        value = table[key]
        if not isinstance(value, str) or not value.strip():
            self._wrong(f"« {key} » : écrivez un seul texte, qui ne soit pas vide.", key)
            return ""
        if key != "path" and not value.lower().startswith(("http://", "https://")):
            self._wrong(f"« {value} » : l'adresse commence par http:// ou https://.", key)
        return value.strip()

    def _access(self, table: Mapping[str, Any], where: str) -> Access:
        private, ports = self._flag(table, "allow_private"), self._ports(table)
        try:
            return _asked(where, self._texts(table, "hosts"), private, ports)
        except FetchError as error:
            self._wrong(str(error), "hosts")
            return Access.of()

    def _fields(self, table: Mapping[str, Any], way: str) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for key in [*sorted(_FIELDS & table.keys()), *(["url"] if way == "path" else [])]:
            if key not in table:
                continue
            if way in ("feed", "sitemap") and key in _OF_ONE:
                self._wrong(f"« {key} » ne peut pas valoir pour toutes les pages.", key)
                continue
            try:
                read |= read_fields({key: table[key]})
            except SourceError as error:
                self._wrong(str(error), key)
        return read

    def _texts(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self._wrong(f"« {key} » : écrivez une liste de textes.", key)
            return ()
        return tuple(value)

    def _ports(self, table: Mapping[str, Any]) -> frozenset[int]:
        value = table.get("ports", [])
        if not isinstance(value, list) or not all(_whole(one, 1, 65_535) for one in value):
            self._wrong("« ports » : écrivez une liste de nombres de 1 à 65535.", "ports")
            return frozenset()
        return frozenset(value)

    def _number(self, table: Mapping[str, Any], key: str, lowest: int, highest: int) -> int | None:
        value = table.get(key)
        if value is not None and not _whole(value, lowest, highest):
            self._wrong(f"« {key} » : un nombre entier entre {lowest} et {highest}.", key)
            return None
        return value

    def _flag(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._wrong(f"« {key} » vaut true ou false.", key)
            return False
        return value

    def _unknown(self, table: Mapping[str, Any], way: str) -> None:
        lists = {"include", "exclude"} if way != "url" else set[str]()
        pages = {"max_pages"} if way in ("feed", "sitemap") else set[str]()
        web = {"hosts", "ports", "allow_private"} if way != "path" else {"url"}
        for key in sorted(table.keys() - _FIELDS - {way} - lists - pages - web):
            every = _FIELDS | {"hosts", "ports", "allow_private", "include", "exclude", "max_pages"}
            why = "ne sert pas à cette source" if key in every else "est inconnue"
            self._wrong(f"la clé « {key} » {why}.", key)


def _whole(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest
