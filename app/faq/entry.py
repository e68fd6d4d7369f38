"""An entry of the FAQ, what it cites, and what happened to it: frozen, and as JSON.

An entry is a ``draft``, then ``submitted`` to who validates, then ``published``. It is in
``review`` when a text it cites changed, or when somebody doubts it; what is ``archived`` is shown
to nobody. Citizens see published entries alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Status = Literal["draft", "submitted", "published", "review", "archived"]
State = Literal["alive", "changed", "gone"]
Action = Literal[
    "create", "save", "submit", "publish", "send_back", "review", "archive", "restore", "follow",
]  # fmt: skip

_MARKER = re.compile(r"\[(\d{1,3})\](?!\()")  # « [1](https://…) » is a link


@dataclass(frozen=True, slots=True)
class Cited:
    """What an entry cites: ``quote`` stands at ``start:end`` of the text of ``source``.

    That was so in ``release``, the last one in which its place was looked for and found anew.
    ``source`` is what :func:`app.answers.source_as_json` gives. When the text is no longer there
    ``state`` says so, and ``found`` is the nearest passage now (:mod:`app.faq.nearest`).
    """

    number: int
    passage: str
    start: int
    end: int
    quote: str
    source: dict[str, Any]
    heading: tuple[str, ...]
    release: str
    state: State = "alive"
    found: dict[str, Any] | None = None

    @property
    def source_id(self) -> str:
        """The id of its source."""
        return str(self.source["id"])

    def as_json(self) -> dict[str, Any]:
        """The citation as JSON holds it; :meth:`from_json` gives it back."""
        return {
            "number": self.number,
            "passage": self.passage,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "source": self.source,
            "heading": list(self.heading),
            "release": self.release,
            "state": self.state,
            "found": self.found,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Cited:
        """The citation whose :meth:`as_json` went through JSON."""
        return cls(**{**values, "heading": tuple(values["heading"])})


@dataclass(frozen=True, slots=True)
class Edit:
    """What the staff write of an entry.

    ``variants`` are other ways to ask ``question``. ``answer`` is limited Markdown
    (:mod:`app.faq.markdown`), with the numbers of the citations as ``[1]``.
    """

    question: str
    variants: tuple[str, ...]
    answer: str
    theme: str
    citations: tuple[Cited, ...]

    @property
    def markers(self) -> tuple[int, ...]:
        """The numbers of citations that the answer names, each once."""
        return tuple(dict.fromkeys(int(match[1]) for match in _MARKER.finditer(self.answer)))

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The question and its variants."""
        return (self.question, *self.variants)

    @property
    def is_alive(self) -> bool:
        """Whether all that it cites is there."""
        return all(one.state == "alive" for one in self.citations)

    def as_json(self) -> dict[str, Any]:
        """The edit as JSON holds it; :meth:`from_json` gives it back."""
        return {
            "question": self.question,
            "variants": list(self.variants),
            "answer": self.answer,
            "theme": self.theme,
            "citations": [one.as_json() for one in self.citations],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Edit:
        """The edit whose :meth:`as_json` went through JSON; what else is there is left aside."""
        return cls(
            values["question"],
            tuple(values["variants"]),
            values["answer"],
            values["theme"],
            tuple(map(Cited.from_json, values["citations"])),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is. ``version`` grows by one at each change.

    ``published`` is when ``validator`` last said that it is right, None when nobody did; ``why``
    is what is wrong with one in review or sent back.
    """

    id: str
    edit: Edit
    status: Status
    version: int
    author: str
    validator: str | None
    created: datetime
    changed: datetime
    published: datetime | None
    why: str

    @property
    def validated_on(self) -> str:
        """The day of ``published`` that citizens read, ``2026-03-12``; empty where there is none.

        It is that of the server's time zone (``TZ``), as the days of the dashboard: who validates
        late in the evening in Privas does so on that day.
        """
        return self.published.astimezone().date().isoformat() if self.published else ""

    def as_json(self) -> dict[str, Any]:
        """The whole entry, as its history keeps it."""
        return {
            "id": self.id,
            **self.edit.as_json(),
            "status": self.status,
            "version": self.version,
            "author": self.author,
            "validator": self.validator,
            "created": self.created.isoformat(),
            "changed": self.changed.isoformat(),
            "published": self.published.isoformat() if self.published else None,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an entry: what it was before, None when it was made, and after."""

    version: int
    at: datetime
    who: str
    action: Action
    why: str
    before: Edit | None
    after: Edit


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody of the staff said of an entry."""

    at: datetime
    who: str
    text: str
