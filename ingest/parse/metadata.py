"""What a page says of itself: title, author, date, address, language, publisher.

Only what is declared is believed: a date or a name that stands in the text is not taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ingest.documents import Source
from ingest.parse.markup import Element, fold, text_of

_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date.created", "citation_publication_date", "date",
    "dc.date", "dcterms.date", "pubdate", "publish-date", "article:modified_time",
    "og:updated_time", "dcterms.modified", "last-modified",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author")
_SEPARATOR = re.compile(r"\s+[-–—|·•»:]\s+")
_ISO = re.compile(r"\s*(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")
_FRENCH = re.compile(r"\s*(\d\d?)[/.](\d\d?)[/.](\d{4})\s*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=[-_]|\Z)", re.I)


def describe(root: Element, source: Source) -> Source:
    """``source`` with what the page declares; what ``source`` already says of itself stays.

    The title, and the language, are always the page's when it has them.
    """
    named = _named(root)
    linked = list(_linked(root))
    publisher = _first(named, ("og:site_name", "dc.publisher", "dcterms.publisher"))
    return replace(
        source,
        title=_title(root, named, publisher) or source.title,
        publisher=source.publisher or publisher,
        author=source.author or _author(named, linked),
        date=source.date or _date(root, named, linked),
        url=source.url or _address(root, named),
        language=_language(root) or source.language,
    )


def _named(root: Element) -> dict[str, str]:
    """The page's ``<meta>``: the first that has a value counts."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        value = fold(meta.get("content") or "")
        if value:
            found.setdefault(name.strip().lower(), value)
    return found


def _first(named: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((named[name] for name in names if name in named), None)


def _title(root: Element, named: dict[str, str], publisher: str | None) -> str | None:
    written = next((text_of(one) for one in root.iter("title") if text_of(one)), "")
    headings = [text for one in root.iter("h1") if (text := text_of(one))]
    if declared := named.get("og:title"):
        return _without_site(declared, publisher, headings)
    if written:
        return _without_site(written, publisher, headings)
    return headings[0] if len(headings) == 1 else None


def _without_site(title: str, publisher: str | None, headings: list[str]) -> str:
    """The title alone: a heading of the page that it opens with, or all but the site's name."""
    parts = _SEPARATOR.split(title)
    for heading in headings:
        if heading != publisher and heading.casefold() in (title.casefold(), parts[0].casefold()):
            return heading
        if heading != publisher and title.startswith(heading) and len(parts) > 1:
            return heading
    if publisher and len(parts) > 1:
        for end in (parts[-1], parts[0]):
            if end.casefold() == publisher.casefold():
                cut = title.removesuffix(end) if end == parts[-1] else title.removeprefix(end)
                return cut.strip(" -–—|·•»:\u00a0") or title
    return title


def _linked(root: Element) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD that describe a text."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        listed = data.get("@graph", data) if isinstance(data, dict) else data
        for one in listed if isinstance(listed, list) else [listed]:
            if isinstance(one, dict) and re.search(
                r"Article|Page|Posting|Report", str(one.get("@type"))
            ):
                yield one


def _author(named: dict[str, str], linked: list[dict[str, Any]]) -> str | None:
    if (author := _first(named, _AUTHORS)) and "://" not in author:
        return author
    for one in linked:
        of = one.get("author")
        of = of[0] if isinstance(of, list) and of else of
        name = of.get("name") if isinstance(of, dict) else of
        if isinstance(name, str) and name.strip() and "://" not in name:
            return fold(name)
    return None


def _date(root: Element, named: dict[str, str], linked: list[dict[str, Any]]) -> str | None:
    declared = [
        *(str(one.get("datePublished") or "") for one in linked),
        *(named[name] for name in _DATES if name in named),
        *(one.get("datetime") or one.get("content") or "" for one in _times(root)),
    ]
    return next((date for text in declared if (date := _iso(text))), None)


def _times(root: Element) -> Iterator[Element]:
    for time in root.iter("time"):
        names = (time.get("class") or "").split()
        if time.get("pubdate") is not None or time.get("itemprop") == "datePublished":
            yield time
        elif not {"published", "entry-date"}.isdisjoint(names):
            yield time


def _iso(text: str) -> str | None:
    """An ISO date, as precise as what is written; None when it is no date."""
    if french := _FRENCH.match(text):
        day, month, year = french.groups()
        text = f"{year}-{int(month):02}-{int(day):02}"
    found = _ISO.match(text)
    if not found or not "1900" <= found[1] <= "2100":
        return None
    parts = [part for part in found.groups() if part]
    ranges = (range(10_000), range(1, 13), range(1, 32))
    right = all(int(part) in allowed for part, allowed in zip(parts, ranges, strict=False))
    return "-".join(parts) if right else None


def _address(root: Element, named: dict[str, str]) -> str | None:
    links = [
        link.get("href") or ""
        for link in root.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for address in (*links, named.get("og:url", "")):
        if is_address(address.strip()):
            return address.strip()
    return None


def is_address(text: str) -> bool:
    """Whether a text is a whole address of the web, that may be shown as a link."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
    return whole and text.isprintable() and not re.search(r"[\s<>\"'`\\]", text)


def _language(root: Element) -> str | None:
    declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    found = _LANGUAGE.match(declared.strip())
    return found[0].lower() if found else None
