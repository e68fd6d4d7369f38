"""What feeds (RSS 0.91 to 2.0, Atom) and sitemaps list.

They are read as they come, element by element, and nothing of them is kept but what is listed. A
DOCTYPE or an entity is refused, whatever it says.
"""

from __future__ import annotations

import email.utils
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from ingest.address import normal_url
from ingest.errors import FetchError, SourceError
from ingest.inflate import gunzip

MAX_LISTED = 50_000  # the sitemap protocol's own limit
_MAX_DEPTH = 200
_MAX_ELEMENTS = 1_000_000  # twenty for each address: six seconds

_ATOM = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
# The vocabularies of feeds and sitemaps; what others say inside them is left aside.
_OURS = (
    _ATOM, "http://purl.org/atom/ns#", "http://purl.org/rss/", "http://my.netscape.com/rdf/",
    "http://backend.userland.com/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.sitemaps.org/schemas/sitemap/", "http://www.google.com/schemas/sitemap/",
)  # fmt: skip
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# Which names give an entry's date, the best first.
_DATES = ("pubDate", "published", "issued", "dc:date", "updated", "modified")

_TAG = re.compile(r"<[^<>]*>")
_PARTIAL = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a feed; ``date`` is an ISO date, both it and ``title`` may be empty."""

    url: str
    title: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a sitemap; ``lastmod`` is an ISO date, maybe partial or with a time, or empty."""

    url: str
    lastmod: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages that a sitemap lists, and the other sitemaps, when it is an index."""

    pages: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()


@dataclass(slots=True)
class _Node:
    """An element: its name without its vocabulary's, its base address, and its children's text."""

    name: str
    base: str
    fields: dict[str, str] = field(default_factory=dict)


def parse_feed(data: bytes, base: str) -> list[Entry]:
    """The articles of a feed found at ``base``, in its order; those without an address left out.

    Raises:
        SourceError: it is no feed, is malformed or has a DOCTYPE, or lists too much.
    """
    roots, items = {"rss", "RDF", "feed"}, {"item", "entry"}
    entries: list[Entry] = []
    for node in _items(data, base, roots, items, "un flux RSS ou Atom"):
        if url := _canonical(node.fields.get("link") or node.fields.get("guid", "")):
            dates = (_iso(node.fields.get(name, "")) for name in _DATES)
            day = next(filter(None, dates), "")[:10]
            entries.append(Entry(url, node.fields.get("title", ""), day))
    return entries


def parse_sitemap(data: bytes, base: str) -> Sitemap:
    """What a sitemap found at ``base`` lists; it may be gzipped.

    Raises:
        SourceError: it is no sitemap, is malformed or has a DOCTYPE, or lists too much.
    """
    if data.startswith(b"\x1f\x8b"):
        data = gunzip(data)
    roots = {"urlset", "sitemapindex"}
    listed: dict[str, list[Listed]] = {"url": [], "sitemap": []}
    for node in _items(data, base, roots, set(listed), "un plan de site (sitemap)"):
        if url := _canonical(node.fields.get("loc", "")):
            listed[node.name].append(Listed(url, _iso(node.fields.get("lastmod", ""))))
    return Sitemap(tuple(listed["url"]), tuple(listed["sitemap"]))


def _items(
    data: bytes, base: str, roots: set[str], items: set[str], expected: str
) -> Iterator[_Node]:
    """The elements named ``items`` of a document whose root is one of ``roots``."""
    count = 0
    try:
        for node in _walk(data, base, items):
            if count == 0 and node.name not in roots:
                raise SourceError(f"Ce document n'est pas {expected}.")
            if count > MAX_LISTED:
                raise SourceError(f"Le document liste plus de {MAX_LISTED} adresses.")
            if count:
                yield node
            count += 1
    except DefusedXmlException as error:
        raise SourceError(
            "Le document contient un DOCTYPE ou des entités XML : par sécurité, il n'est pas lu."
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        raise SourceError(f"Le XML du document est mal formé ({error}).") from error


def _walk(data: bytes, base: str, items: set[str]) -> Iterator[_Node]:
    """The root as it begins, then each of the ``items`` as it ends."""
    stack: list[tuple[Any, _Node]] = []
    # Blank lines before the declaration are a common fault, and harmless.
    events = iterparse(io.BytesIO(data.lstrip()), events=("start", "end"), forbid_dtd=True)
    seen = 0
    for event, element in events:
        if event == "start":
            seen += 1
            above = stack[-1][1].base if stack else base
            node = _Node(_name(element.tag), _joined(above, element.get(_BASE, "")) or above)
            stack.append((element, node))
            if len(stack) == 1:
                yield node
            if len(stack) > _MAX_DEPTH or seen > _MAX_ELEMENTS:
                raise SourceError("Le XML du document a trop d'éléments, ou trop imbriqués.")
            continue
        _, node = stack.pop()
        if stack:
            parent, outer = stack[-1]
            if outer.name in items and (value := _value(element, node)):
                outer.fields.setdefault(node.name, value)
            if node.name in items:
                yield node
            if not any(outer.name == "title" for _, outer in stack):  # its markup is its text
                del parent[:]


def _name(tag: str) -> str:
    vocabulary, _, name = tag.removeprefix("{").rpartition("}")
    if vocabulary == _DUBLIN_CORE:
        return f"dc:{name}"
    return name if not vocabulary or vocabulary.startswith(_OURS) else tag


def _value(element: Any, node: _Node) -> str:
    """What a child says of its item; an address is made absolute."""
    text = (element.text or "").strip()
    match node.name:
        case "link" if "href" in element.keys():
            said = element.get("href") if element.get("rel", "alternate") == "alternate" else ""
            return _joined(node.base, said.strip())
        case "guid" if element.get("isPermaLink", "true").strip().lower() == "false":
            return ""
        case "link" | "guid" | "loc":
            return _joined(node.base, text)
        case "title":
            return _title(element)
        case _:
            return text


def _title(element: Any) -> str:
    """The words of a title, which RSS and Atom's ``type="html"`` write as escaped HTML."""
    text = "".join(element.itertext())
    if not element.tag.startswith(f"{{{_ATOM}}}") or element.get("type") == "html":
        text = html.unescape(_TAG.sub("", text))
    return " ".join(text.split())


def _joined(base: str, address: str) -> str:
    """The address made absolute; empty when there is none, or it is malformed."""
    try:
        return urljoin(base, address) if address else ""
    except ValueError:
        return ""


def _canonical(address: str) -> str:
    try:
        return normal_url(address)
    except FetchError:
        return ""


def _iso(text: str) -> str:
    """A date or a time in ISO form, read from that form (maybe partial) or RFC 822's; or ""."""
    if _PARTIAL.fullmatch(text):
        return text
    for read in (date.fromisoformat, datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            return read(text).isoformat()
        except ValueError:
            continue
    return ""
