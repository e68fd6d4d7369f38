"""What a file says of one question, or why nothing can be made of it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from app.faq.faults import EntryError

Kind = Literal["csv", "markdown", "html"]
KINDS: dict[str, Kind] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html",
}  # fmt: skip


class UnreadableFaq(EntryError):
    """A file is no FAQ of a form that is read, or cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its answer; ``place`` is where they stand, « ligne 12 ».

    ``variants`` and ``theme`` are empty where the file says nothing of them.
    """

    place: str
    question: str
    answer: str
    variants: tuple[str, ...] = ()
    theme: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A place of the file where something is wrong, and what."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file holds, in its order."""

    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]

    @classmethod
    def of(cls, found: Sequence[Row | BadRow]) -> Reading:
        """The rows and the bad ones."""
        rows = tuple(one for one in found if isinstance(one, Row))
        return cls(rows, tuple(one for one in found if isinstance(one, BadRow)))

    def as_json(self) -> dict[str, Any]:
        """The reading as JSON holds it; :meth:`from_json` gives it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Reading:
        """The reading whose :meth:`as_json` went through JSON."""
        rows = tuple(Row(**{**row, "variants": tuple(row["variants"])}) for row in values["rows"])
        return cls(rows, tuple(BadRow(**bad) for bad in values["bad"]))


def kind_of(file_name: str) -> Kind:
    """The kind of a file, by its suffix.

    Raises:
        UnreadableFaq: it is of none that is read.
    """
    for suffix, kind in KINDS.items():
        if file_name.lower().endswith(suffix):
            return kind
    raise UnreadableFaq(
        f"« {file_name} » n'est pas d'une forme connue : donnez un tableau (.csv), du Markdown "
        "(.md) ou la page d'une FAQ (.html)."
    )
