"""What is asked: groups of the journal's questions, counted for a period and the one before; pure.

A :class:`Topic` holds all the questions of a group that the journal keeps. A :class:`Count` is what
there is of it in a period: how many, with which results, and how many in the period before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.faq.grouping import Group
from app.journal.entry import JournalEntry
from app.wording import of_sources

Result = Literal["not_found", "answered", "faq", "declined"]

_MOSTLY = 0.5  # of the questions


@dataclass(frozen=True, slots=True)
class Line:
    """A question of the journal. An answer by a published entry is one of its own: ``faq``.

    ``is_beyond``: it was asked of the sources alone, as an entry's answer offers to.
    """

    id: str
    at: datetime
    question: str
    result: Result
    is_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that ask the same, the newest first; ``typical`` is the one most like the others.

    ``key`` is the id of the typical one, by which a form names the group: it stays what it is
    while that line is kept and typical.
    """

    key: str
    typical: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A period that ends now, of ``days``; ``kept`` is how many days the journal may go back, and
    ``begun`` when its oldest question was asked, where that is known.
    """

    now: datetime
    days: int
    kept: int
    begun: datetime | None = None

    @property
    def since(self) -> datetime:
        """When it begins."""
        return self.now - timedelta(days=self.days)

    @property
    def since_before(self) -> datetime:
        """When the period before begins."""
        return self.now - timedelta(days=2 * self.days)

    @property
    def compares(self) -> bool:
        """Whether the journal goes back over the whole period before, but for a day."""
        has_begun = self.begun is None or self.begun <= self.since_before + timedelta(days=1)
        return self.may_compare and has_begun

    @property
    def may_compare(self) -> bool:
        """Whether it is kept for long enough to go back over it, one day."""
        return 2 * self.days <= self.kept


@dataclass(frozen=True, slots=True)
class Count:
    """What there is of a topic in a period: ``before`` is None where the journal is too short.

    ``results`` are those that are looked at, and make the size; ``all`` are those of any result.
    ``beyond`` is how many were asked of the sources alone, where an entry's answer was not enough.
    """

    topic: Topic
    size: int
    before: int | None
    results: dict[Result, int]
    all: dict[Result, int]
    beyond: int = 0

    @property
    def is_unanswered(self) -> bool:
        """Whether most of its questions that are for the assistant found no answer; false where
        few are for it.
        """
        asked = sum(self.all.values()) - self.all.get("declined", 0)
        return not self.is_declined and self.all.get("not_found", 0) >= _MOSTLY * asked

    @property
    def is_declined(self) -> bool:
        """Whether most of its questions are not for the assistant: thanks, what is off topic."""
        return self.all.get("declined", 0) > _MOSTLY * sum(self.all.values())


def line_of(entry: JournalEntry) -> Line:
    """A line of the journal as it is counted."""
    beyond = of_sources(entry.question)
    return Line(entry.id, entry.at, beyond or entry.question, _result(entry), bool(beyond))


def _result(entry: JournalEntry) -> Result:
    if entry.outcome == "answered":
        return "faq" if entry.mode == "faq" else "answered"
    return "not_found" if entry.outcome == "not_found" else "declined"


def topics_of(lines: Sequence[Line], groups: Iterable[Group]) -> tuple[Topic, ...]:
    """The groups of some lines, in the order of the groups."""
    return tuple(
        Topic(
            lines[group.typical].id,
            lines[group.typical].question,
            tuple(sorted((lines[at] for at in group.members), key=_newest)),
        )
        for group in groups
    )


def _newest(line: Line) -> tuple[float, str]:
    return -line.at.timestamp(), line.id


def counted(topics: Iterable[Topic], window: Window, result: Result | None = None) -> list[Count]:
    """The topics that were asked in a period, of one result alone if it is given.

    Those without an answer come first, then the most asked, and last those that are declined; of
    one result, the most asked.
    """
    counts = [count for topic in topics if (count := _count(topic, window, result)).size]
    return sorted(counts, key=_order if result is None else _size)


def _order(count: Count) -> tuple[bool, bool, int, str]:
    return not count.is_unanswered, count.is_declined, -count.size, count.topic.key


def _size(count: Count) -> tuple[int, str]:
    return -count.size, count.topic.key


def _count(topic: Topic, window: Window, result: Result | None) -> Count:
    since, earlier = window.since, window.since_before
    every = Counter(line.result for line in topic.lines if line.at >= since)
    before = Counter(line.result for line in topic.lines if earlier <= line.at < since)
    results = {one: n for one, n in every.items() if result in (None, one)}
    beforehand = before.total() if result is None else before[result]
    return Count(
        topic,
        sum(results.values()),
        beforehand if window.compares else None,
        results,
        dict(every),
        sum(line.is_beyond and line.at >= since for line in topic.lines),
    )


def results_of(topic: Topic, since: datetime | None = None) -> dict[str, Counter[Result]]:
    """What came of each distinct question of a topic, since a time if it is given: the typical one
    first, then the most asked.
    """
    found: dict[str, Counter[Result]] = {}
    for line in topic.lines:
        if since is None or line.at >= since:
            found.setdefault(line.question, Counter())[line.result] += 1
    order = sorted(found, key=lambda text: (text != topic.typical, -found[text].total(), text))
    return {text: found[text] for text in order}


def phrasings(topic: Topic, since: datetime | None = None) -> list[tuple[str, int]]:
    """The distinct questions of a topic with how often each was asked, in the order of
    :func:`results_of`.
    """
    return [(text, came.total()) for text, came in results_of(topic, since).items()]
