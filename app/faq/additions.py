"""What people asked in other words, to be further phrasings of an entry that is there; pure."""

from __future__ import annotations

from collections.abc import Mapping

from app.faq.drafts import VARIANTS, holdable
from app.faq.entry import Entry
from app.faq.phrasings import has, words_of
from app.faq.rules import VARIANTS_LIMIT
from app.faq.topics import Topic, phrasings


def additions(entry: Entry, topic: Topic, known: Mapping[str, Entry]) -> tuple[str, ...]:
    """The questions of a topic that an entry may take, the typical one first, then the most asked:
    as many as a draft takes, and as the entry has room for.

    Left out are those that an entry has (``known`` is what :func:`app.faq.phrasings.by_words`
    gives), those that an entry answered, even where its answer was not enough, and those that no
    entry may hold.
    """
    answered = {
        words_of(line.question) for line in topic.lines if line.is_beyond or line.result == "faq"
    }
    new = [
        text
        for text in holdable(text for text, _ in phrasings(topic))
        if (words := words_of(text)) not in known and words not in answered
    ]
    return tuple(new[: min(VARIANTS, _room(entry))])


def addition(entry: Entry, question: str) -> tuple[str, ...]:
    """A question that was tried, where an entry has room for it and has it not; else nothing."""
    return tuple(text for text in holdable([question]) if not has(entry, text))[: _room(entry)]


def _room(entry: Entry) -> int:
    return max(0, VARIANTS_LIMIT - len(entry.edit.variants))
