"""What verification says of a statement: ``Supported``, ``WrongCitation`` or ``Unsupported``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "marker", "figure", "name", "words", "negation", "modality", "quantity", "order", "link",
    "empty",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a statement is not what a passage says, and the words of the statement that show it."""

    kind: FaultKind
    words: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The sentences ``first`` to ``last`` of the offered passage ``number``, which support it."""

    number: int
    first: int
    last: int

    def holds(self, other: Span) -> bool:
        """Whether all sentences of the other one are among its own."""
        return self.number == other.number and self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True)
class Supported:
    """Cited passages say it, there.

    ``verbatim``: in these very words and this order (:mod:`app.verify.verbatim`). Else they hold
    all that it says, put together otherwise, which may be something else.
    """

    spans: tuple[Span, ...]
    verbatim: bool = True


@dataclass(frozen=True, slots=True)
class WrongCitation:
    """The cited passages do not say it, another one that was offered does: there."""

    spans: tuple[Span, ...]
    verbatim: bool = True


@dataclass(frozen=True, slots=True)
class Unsupported:
    """No passage that was offered says it in these words.

    ``nearest`` is where they may say it in others: the spans that lack nothing of it but common
    words. Empty where anything else is wrong.
    """

    fault: Fault
    nearest: tuple[Span, ...] = ()


Verdict = Supported | WrongCitation | Unsupported
