"""A draft of an entry from questions that ask the same: what the assistant answers, to be edited.

The answer's sentences are those that were verified, quoted or written, each with its citations.
Where the sources do not answer, the draft has the questions alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from app.answers import Answer, Reply, Statement
from app.faq.anchors import cited_of
from app.faq.entry import Edit
from app.faq.phrasings import words_of
from app.faq.rules import ANSWER_LIMIT, CITATIONS_LIMIT, QUESTION_LENGTHS, one_line
from app.query import language_of

VARIANTS = 10  # of a draft: the most asked
_MASK = re.compile(r"\[[^\[\]]{2,40}\]")  # « [nom] », in place of what the journal does not keep
_BULLET = re.compile(r"^(?:[-*•]|\d{1,3}[.)])\s+")


class Answers(Protocol):
    """What answers questions."""

    def ask(self, question: str, /) -> Reply:
        """The reply to a question."""


def draft_of(questions: Sequence[str], answers: Answers, theme: str = "") -> Edit:
    """The draft of questions that ask the same, the typical one first.

    Raises:
        StoreError: no release can be read.
    """
    question, *variants = _phrasings(questions)
    reply = answers.ask(question)
    kept = tuple(variants[:VARIANTS])
    if not isinstance(reply.outcome, Answer):
        return Edit(question, kept, "", theme, ())
    answer = reply.outcome
    text, numbers = _text(answer)
    citations = tuple(
        cited_of(citation, reply.release) for citation in answer.citations
        if citation.number in numbers
    )  # fmt: skip
    return Edit(question, kept, text, theme, citations)


def _phrasings(questions: Sequence[str]) -> list[str]:
    """Those that an entry may hold, each once; at least one, cut where all are too long.

    The first that is written as citizens like to read it comes first: in French, as a question.
    Where personal data was masked is no way to ask anything: such a question is left out unless
    there is no other.
    """
    if kept := holdable(questions):
        shown = presentable(kept)
        return [shown, *(line for line in kept if line != shown)]
    least, most = QUESTION_LENGTHS
    first = next(filter(None, map(one_line, questions)), "Question").ljust(least, "?")
    return [first if len(first) <= most else f"{first[: most - 1].rstrip()}…"]


def holdable(questions: Iterable[str]) -> list[str]:
    """Those that an entry may hold: neither too short nor too long, nothing masked, each once."""
    least, most = QUESTION_LENGTHS
    lines = [line for question in questions if (line := one_line(question))]
    found: dict[str, str] = {}
    for line in unmasked(lines):
        if least <= len(line) <= most:
            found.setdefault(words_of(line), line)
    return list(found.values())


def unmasked(questions: Sequence[str]) -> list[str]:
    """Those of which no personal datum was masked: the journal alone keeps the others."""
    return [question for question in questions if not _MASK.search(question)]


def presentable(questions: Sequence[str]) -> str:
    """The first of some questions that reads as a question in French; else the first."""
    return next(filter(_is_presentable, questions), questions[0])


def _is_presentable(question: str) -> bool:
    question = question.strip() or " "
    return question[0].isupper() and question[-1] == "?" and language_of(question) == "fr"


def _text(answer: Answer) -> tuple[str, frozenset[int]]:
    """The answer's sentences as Markdown, and the numbers of the citations that they name.

    Those that rest on the same citations stand in one paragraph, which names them once.
    """
    paragraphs: list[str] = []
    numbers: set[int] = set()
    for said, cited in _runs(answer.statements):
        marks = " ".join(f"[{number}]" for number in cited)
        longer = f"{said} {marks}".strip()
        room = ANSWER_LIMIT - sum(map(len, paragraphs)) - 2 * len(paragraphs)
        if len(longer) > room or len(numbers.union(cited)) > CITATIONS_LIMIT:
            break
        paragraphs.append(longer)
        numbers.update(cited)
    return "\n\n".join(paragraphs), frozenset(numbers)


def _runs(statements: Sequence[Statement]) -> Iterator[tuple[str, tuple[int, ...]]]:
    said: list[str] = []
    cited: tuple[int, ...] = ()
    for one in statements:
        text = _BULLET.sub("", one_line(one.text))
        if not one.supported or not text:
            continue
        if said and one.citations != cited:
            yield " ".join(said), cited
            said = []
        said.append(text)
        cited = one.citations
    if said:
        yield " ".join(said), cited
