"""In which order entries stand in a file, and what is said of each in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from app.faq.entry import Cited, Entry
from app.faq.exports.words import NO_THEME
from app.faq.sourced import source_of
from app.intent import folded
from app.links import safe_url
from app.wording import in_guillemets, named_source, shown_date

_NEVER = datetime(1980, 1, 1, tzinfo=UTC)  # when a file without entries was changed
# What XML cannot hold, nor any file of an office (XML 1.0, 2.2); a line break stays.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By theme, those without one last, then in the order they were made."""
    return sorted(entries, key=lambda one: (*_theme_key(one), one.created, one.id))


def by_theme(entries: Iterable[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Each theme, as its first entry spells it, with its entries."""
    for _, same in groupby(in_order(entries), key=_theme_key):
        found = list(same)
        yield found[0].edit.theme or NO_THEME, found


def _theme_key(entry: Entry) -> tuple[bool, str]:
    return not entry.edit.theme, folded(entry.edit.theme)


def changed_last(entries: Sequence[Entry]) -> datetime:
    """When one of the entries was changed last."""
    return max((entry.changed for entry in entries), default=_NEVER)


def validated(entry: Entry, agency: str) -> str:
    """« Validé le 12 mars 2026 par l'agence »; empty for what is not published as it stands."""
    if not entry.validated_on or entry.status != "published":
        return ""
    return f"Validé le {shown_date(entry.validated_on)} par {agency}"


def cited_line(cited: Cited) -> str:
    """« quotation » — « Title », publisher, date."""
    quote = printable(" ".join(cited.quote.split()))
    return f"{in_guillemets(quote)} — {printable(named_source(source_of(cited), 'fr'))}"


def original_of(cited: Cited) -> str:
    """The public address of what it cites, or of the first text that it sums up; empty for none."""
    source = source_of(cited)
    addresses = (source.url, *(original.url for original in source.originals))
    return next(filter(None, map(safe_url, addresses)), "")


def printable(text: str) -> str:
    """The text without what no file of an office can hold."""
    return _UNSHOWN.sub("", text)
