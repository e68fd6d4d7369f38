"""A question's outcomes, as types: ``Answer``, ``NotFound`` or ``Declined``.

Interfaces read them with ``match``; :func:`as_json` is the one form in which they leave the
program. A failure is never an outcome: it is an exception of :mod:`ingest.errors`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ingest.documents import Passage, Source

Mode = Literal["quoted", "generated", "faq"]
Reason = Literal[
    "greeting",
    "thanks",
    "about",
    "empty",
    "off_topic",
    "out_of_scope",
    "advice",
    "orders",
    "persons",
]
Instead = Literal["unwritten", "unanswered", "unconfirmed"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from: ``quote`` stands at ``start:end`` of the source's text.

    ``page`` is the page of the document on which it begins, None where there are no pages.
    """

    number: int
    passage: str
    quote: str
    start: int
    end: int
    heading: tuple[str, ...]
    source: Source
    page: int | None = None

    def overlaps(self, other: Citation) -> bool:
        """Whether both quote a character of the same text."""
        return (
            self.source.id == other.source.id and self.start < other.end and other.start < self.end
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, and the numbers of the citations that support it.

    ``reason`` says why it is not supported, where it is not.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement of an answer in the making, and the citations that it is the first to need."""

    statement: Statement
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Validated:
    """The entry of the FAQ that an answer is: ``question`` is what it answers.

    It was said to be right on ``date`` (ISO) by the agency, named in ``by``. ``markdown`` is its
    answer as it was written (:mod:`app.faq.markdown`).
    """

    entry: str
    question: str
    date: str
    by: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The sources answer. ``confidence`` is the calibrated probability that the answer is right.

    ``text`` is the whole answer as plain text, with markers (``[1]``); ``statements`` are its
    sentences without the lead. ``note`` says why a quoted answer stands where a model writes.
    ``validated`` is the entry of the FAQ that it is, None for one of another mode: that of the very
    words of the question has the confidence 1, and any other suggests to search the sources.
    """

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    confidence: float
    mode: Mode = "quoted"
    suggestions: tuple[str, ...] = ()
    note: str = ""
    validated: Validated | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the FAQ has for a question: the ``answer`` of the entry that it is of, else the
    questions of the entries that may be ``meant``, the nearest first.
    """

    answer: Answer | None = None
    meant: tuple[str, ...] = ()


UNKNOWN = Known()


@dataclass(frozen=True, slots=True)
class NotFound:
    """The sources do not answer. ``citations`` are passages that may help, never an answer."""

    text: str
    citations: tuple[Citation, ...]
    confidence: float
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declined:
    """The question is not for this assistant, or is no question: said kindly, in ``text``.

    ``confidence`` is 0 where the wording alone decided and nothing was searched.
    """

    text: str
    reason: Reason
    suggestions: tuple[str, ...] = ()
    confidence: float = 0.0


Outcome = Answer | NotFound | Declined


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a language model that was to write an answer. Measured, and shown at no door.

    Of the statements that were judged, ``supported`` ones are what passages say, ``repaired`` of
    them another passage than the one cited, and ``left_out`` has for each other one the kind of its
    fault (see :mod:`app.verify.verdicts`). ``instead`` is why the passages are quoted in its place:
    nothing came, it said that they do not answer, or too little of it was supported; None where its
    answer stands. ``failure`` is why the model was silent, or not to the end.
    """

    supported: int = 0
    repaired: int = 0
    left_out: tuple[str, ...] = ()
    instead: Instead | None = None
    failure: str | None = None

    @property
    def written(self) -> int:
        """The statements that were judged."""
        return self.supported + len(self.left_out)


@dataclass(frozen=True, slots=True)
class Reply:
    """An outcome with what was asked, the release that answered and how long it took.

    ``asked`` is the standalone question that was searched for, to be the ``previous`` of the next
    one; it is empty when nothing was searched. ``tally`` is None where no model was to write.
    """

    question: str
    outcome: Outcome
    release: str
    elapsed_ms: float
    id: str | None = None
    asked: str = ""
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage found for a question, and its score (higher is better)."""

    passage: Passage
    source: Source
    score: float


@dataclass(frozen=True, slots=True)
class Search:
    """Ranked passages with what was asked, the release they come from and how long it took."""

    question: str
    found: tuple[Ranked, ...]
    release: str
    elapsed_ms: float
    id: str | None = None


def by_quote(citations: Iterable[Citation]) -> list[list[Citation]]:
    """The citations of the same words together, in their order."""
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.quote, []).append(citation)
    return list(found.values())


def as_json(reply: Reply) -> dict[str, Any]:
    """The object that ``ask --json`` prints and ``POST /api/v1/ask`` returns."""
    outcome = reply.outcome
    citations = () if isinstance(outcome, Declined) else outcome.citations
    note = outcome.note if isinstance(outcome, Answer) else ""
    shown: dict[str, Any] = {
        "id": reply.id,
        "question": reply.question,
        "outcome": name_of(outcome),
        "mode": outcome.mode if isinstance(outcome, Answer) else "quoted",
        "confidence": round(outcome.confidence, 4),
        "text": outcome.text,
        "statements": [statement_as_json(statement) for statement in _statements(outcome)],
        "citations": [citation_as_json(citation) for citation in citations],
        "suggestions": list(outcome.suggestions),
        "asked": reply.asked,
        "release": reply.release,
        "elapsed_ms": round(reply.elapsed_ms, 1),
    }
    if note:
        shown["note"] = note
    if isinstance(outcome, Answer) and outcome.validated:
        shown["validated"] = asdict(outcome.validated)
    return shown


def statement_as_json(statement: Statement) -> dict[str, Any]:
    """A statement as the JSON doors give it; ``reason`` only for one that is not supported."""
    shown = asdict(statement)
    return shown if statement.reason else {k: v for k, v in shown.items() if k != "reason"}


def search_as_json(search: Search) -> dict[str, Any]:
    """The object that ``search --json`` prints and ``GET /api/v1/search`` returns."""
    return {
        "id": search.id,
        "question": search.question,
        "passages": [
            {
                "passage": entry.passage.id,
                "text": entry.passage.text,
                "start": entry.passage.start,
                "end": entry.passage.end,
                "score": round(entry.score, 4),
                "heading": list(entry.passage.heading),
                "page": entry.passage.page,
                "source": source_as_json(entry.source),
            }
            for entry in search.found
        ],
        "release": search.release,
        "elapsed_ms": round(search.elapsed_ms, 1),
    }


def source_as_json(source: Source) -> dict[str, Any]:
    """A source as the JSON doors give it; ``path`` only for one that was read from disk."""
    shown: dict[str, Any] = {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "author": source.author,
        "date": source.date,
        "url": source.url,
        "language": source.language,
        "kind": source.kind,
        "originals": [asdict(original) for original in source.originals],
        "copies": list(source.copies),
    }
    return {**shown, "path": source.path} if source.path else shown


def name_of(outcome: Outcome) -> Literal["answered", "not_found", "declined"]:
    """The outcome's name in JSON."""
    match outcome:
        case Answer():
            return "answered"
        case NotFound():
            return "not_found"
        case Declined():
            return "declined"


def _statements(outcome: Outcome) -> tuple[Statement, ...]:
    return outcome.statements if isinstance(outcome, Answer) else ()


def citation_as_json(citation: Citation) -> dict[str, Any]:
    """A citation as the JSON doors give it."""
    return {
        "number": citation.number,
        "passage": citation.passage,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "heading": list(citation.heading),
        "page": citation.page,
        "source": source_as_json(citation.source),
    }
