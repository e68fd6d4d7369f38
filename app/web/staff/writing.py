"""An entry as it stands in the editor: what a form holds of it, saved or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from app.faq.citing import (
    Held,
    Passages,
    Reference,
    held,
    in_order,
    next_number,
    read_reference,
    rebased,
    resolved,
)
from app.faq.entry import Edit, Entry
from app.faq.rules import ANSWER_LIMIT, tidied

EMPTY = Edit("", (), "", "", ())


@dataclass(frozen=True, slots=True)
class Writing:
    """What is in the editor: of which version, what was written, what is looked for.

    ``faults`` are citations of the form that mean nothing any more.
    """

    version: int
    question: str
    variants: str
    theme: str
    answer: str
    citations: tuple[Held, ...]
    search: str = ""
    why: str = ""
    faults: tuple[str, ...] = ()

    @property
    def edit(self) -> Edit:
        """What would be saved."""
        cited = tuple(one.cited for one in self.citations)
        lines = tuple(self.variants.splitlines())
        return Edit(self.question, lines, self.answer, self.theme, cited)

    @property
    def is_short(self) -> bool:
        """Whether its answer is one that may be saved: a longer one is not verified."""
        return len(self.answer) <= ANSWER_LIMIT

    def says(self, edit: Edit) -> bool:
        """Whether it is what is saved already."""
        return tidied(self.edit) == edit


def opened(entry: Entry | None, texts: Passages) -> Writing:
    """An entry as the editor opens it; None is a new one."""
    edit, version = (entry.edit, entry.version) if entry else (EMPTY, 0)
    return _written(edit, version, held(edit, texts))


def _written(edit: Edit, version: int, citations: Sequence[Held]) -> Writing:
    variants = "\n".join(edit.variants)
    return Writing(
        version, edit.question, variants, edit.theme, edit.answer, tuple(citations)
    )  # fmt: skip


def version_of(form: FormData) -> int:
    """The version that a form was opened with, 0 for none."""
    text = _field(form, "version")
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def read(form: FormData, base: Edit, texts: Passages) -> Writing:
    """What a form holds, where ``base`` is the entry as the form found it.

    Raises:
        StoreError: no release can be read.
    """
    references = _references(form)
    citations, faults = resolved(references, base, texts)
    return Writing(
        version_of(form), _field(form, "question"), _lines(form, "variantes"),
        _field(form, "theme"), _lines(form, "reponse"), tuple(citations),
        _field(form, "chercher"), _field(form, "pourquoi"), tuple(faults),
    )  # fmt: skip


def _references(form: FormData) -> list[Reference]:
    found: dict[int, Reference] = {}
    for text in form.getlist("citation"):
        number = str(text).partition("|")[0]
        first, last = _field(form, f"de-{number}"), _field(form, f"a-{number}")
        if one := read_reference(str(text), first, last):
            found.setdefault(one.number, one)
    return list(found.values())


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _lines(form: FormData, name: str) -> str:
    return _field(form, name).replace("\r\n", "\n").replace("\r", "\n")


def with_phrasings(writing: Writing, more: Sequence[str]) -> Writing:
    """With further phrasings below those that it has."""
    lines = [line for line in (writing.variants, *more) if line]
    return replace(writing, variants="\n".join(lines))


def with_passage(writing: Writing, passage: str, base: Edit, texts: Passages) -> Writing:
    """With one more citation, of a whole passage."""
    reference = Reference(next_number(writing.citations), 0, passage)
    found, faults = resolved([reference], base, texts)
    return replace(
        writing, citations=(*writing.citations, *found), faults=(*writing.faults, *faults)
    )


def without(writing: Writing, number: int) -> Writing:
    """Without a citation; the answer keeps its number, which verification tells."""
    kept = tuple(one for one in writing.citations if one.cited.number != number)
    return replace(writing, citations=kept)


def replacing(writing: Writing, number: int, proposed: Held) -> Writing:
    """With the passage that is proposed in place of a citation, under the same number."""
    first, last = proposed.span
    reference = Reference(number, 0, proposed.cited.passage, first, last)
    taken = Held(reference, replace(proposed.cited, number=number), proposed.place)
    citations = (taken if one.cited.number == number else one for one in writing.citations)
    return replace(writing, citations=tuple(citations))


def renumbered(writing: Writing) -> Writing:
    """With its citations numbered as the answer comes to them."""
    answer, citations = in_order(writing.answer, writing.citations)
    return replace(writing, answer=answer, citations=tuple(citations))


def on_top_of(writing: Writing, current: Entry) -> Writing:
    """The same words, to be saved over an entry that somebody else changed meanwhile."""
    citations = tuple(rebased(writing.citations, current.edit))
    return replace(writing, version=current.version, citations=citations)
