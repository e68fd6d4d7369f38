"""When two phrasings are the same question: one notion of it for all of the FAQ; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.faq.entry import Entry
from app.intent import folded

# Of the signs, those that make another question: C and C++, 10 % and 10 €, -5 and 5, < and >.
_WORD = re.compile(r"\w+|[%€+<>]|(?<!\w)-(?=\d)")
_MINUS = str.maketrans("\u2212\u2013", "--")


def words_of(phrasing: str) -> str:
    """What two that are the same share: words and telling signs, in any case, without accents.

    What has no word is itself.
    """
    plain = folded(phrasing.translate(_MINUS))
    return " ".join(_WORD.findall(plain)) or plain


def has(entry: Entry, question: str) -> bool:
    """Whether a question is one of the phrasings of an entry."""
    return words_of(question) in map(words_of, entry.edit.phrasings)


def by_words(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The entries by the words of each of their phrasings.

    Where several have one, an entry that is not archived goes before one that is, and a question
    before a variant.
    """
    said = [
        (entry.status == "archived", place > 0, phrasing, entry)
        for entry in entries
        for place, phrasing in enumerate(entry.edit.phrasings)
    ]
    found: dict[str, Entry] = {}
    for *_, phrasing, entry in sorted(said, key=lambda one: one[:2]):
        found.setdefault(words_of(phrasing), entry)
    return found
