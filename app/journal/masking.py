"""Personal data of a message, replaced by marks that say what stood there.

``masked("Je m'appelle Jean Dupont, 06 39 98 12 34")`` is ``"Je m'appelle [nom], [téléphone]"``.
What each kind of rule looks for is in the files beside this one. No list of rules finds all that
people write: see ``docs/journal.md`` for what is found and what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.journal.births import births
from app.journal.figures import (
    accounts,
    long_numbers,
    meters_and_files,
    named_numbers,
    paired_phones,
    phones,
    plates,
)
from app.journal.online import links, machines, mails
from app.journal.persons import persons
from app.journal.places import addresses
from app.journal.seen import Found, covered, seen

# In this order: each sees what the ones before have left. Names come last, as a message that says
# how to reach someone is one in which names are looked for more closely.
_RULES: tuple[Callable[[str], Iterator[Found]], ...] = (
    links,
    mails,
    machines,
    births,
    accounts,
    paired_phones,
    addresses,
    plates,
    long_numbers,
    named_numbers,
    phones,
    meters_and_files,
    persons,
)


def masked(text: str) -> str:
    """The text with each personal datum replaced by its mark; all else is as it was.

    Masking what is masked changes nothing: it is done until nothing is found any more.
    """
    while (less := _once(text)) != text:
        text = less
    return text


def _once(text: str) -> str:
    """The text after every rule has looked at it once."""
    view = seen(text)
    plain, found = view.text, list[Found]()
    for rule in _RULES:
        news = _apart(one for one in rule(plain) if one.end > one.start)
        plain = covered(plain, news)
        found += news
    pieces, at = list[str](), 0
    for start, end, mark in sorted(map(view.origin, found)):
        if start >= at:
            pieces += [text[at:start], mark]
        at = max(at, end)
    return "".join([*pieces, text[at:]])


def _apart(found: Iterator[Found]) -> list[Found]:
    """Those found, without what overlaps one that begins before it or is longer."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end > kept[-1].end:
            kept[-1] = Found(kept[-1].start, one.end, kept[-1].mark)
    return kept
