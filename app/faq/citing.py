"""The citations of an entry that is being edited, by references that a form can hold.

A reference says what is cited, never what stands there: ``1|kept|2`` is the citation that was [2]
when the form was opened, ``3|new|<passage>`` a passage of the release in service. The sentences of
the passage that are cited are chosen beside it, by their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.faq.anchors import Place, Served, place_of
from app.faq.entry import Cited, Edit
from app.faq.nearest import proposal
from ingest.documents import Passage

MARKER = re.compile(r"\[(\d{1,3})\](?!\()")
LOST = (
    "Le passage choisi pour la citation [{number}] n'est plus dans la version en service : "
    "cherchez-le de nouveau."
)


class Passages(Served, Protocol):
    """The texts of the release in service, whose passages are known by their ids."""

    def passages(self, ids: Iterable[str], /) -> Mapping[str, Passage]:
        """Passages by their ids, those that are there."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a citation of a form refers to.

    ``kept`` is the number it had, or ``passage`` an id; ``first`` and ``last`` are the sentences
    of the passage that it cites, from 1 on, 0 where nobody chose.
    """

    number: int
    kept: int = 0
    passage: str = ""
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        what = f"kept|{self.kept}" if self.kept else f"new|{self.passage}"
        return f"{self.number}|{what}"


@dataclass(frozen=True, slots=True)
class Held:
    """A citation of an entry that is being edited, and its place now, None where it has none."""

    reference: Reference
    cited: Cited
    place: Place | None

    @property
    def span(self) -> tuple[int, int]:
        """The first and last of its passage's sentences that it cites, from 1 on."""
        if self.place is None:
            return 0, 0
        numbers = [
            number
            for number, one in enumerate(self.place.passage.sentences, start=1)
            if self.place.start <= one.start and one.end <= self.place.end
        ]
        return numbers[0], numbers[-1]


def read_reference(text: str, first: str = "", last: str = "") -> Reference | None:
    """The reference of a form's field, None for one that no page of ours wrote."""
    match text.split("|"):
        case [number, "kept", kept] if _is_number(number) and _is_number(kept):
            return Reference(int(number), int(kept), "", _whole(first), _whole(last))
        case [number, "new", passage] if _is_number(number) and passage:
            return Reference(int(number), 0, passage, _whole(first), _whole(last))
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 999


def _whole(text: str) -> int:
    return int(text[:4]) if text.isascii() and text.isdigit() else 0


def held(edit: Edit, texts: Passages) -> list[Held]:
    """The citations of an entry as a form opens them."""
    return [
        Held(Reference(one.number, one.number), one, place_of(one, texts)) for one in edit.citations
    ]


def resolved(
    references: Sequence[Reference], base: Edit, texts: Passages
) -> tuple[list[Held], list[str]]:
    """What references of a form mean, where ``base`` is the entry as the form found it.

    Returns also a line for each that means nothing any more.
    """
    known = {one.number: one for one in base.citations}
    there = texts.passages([one.passage for one in references if one.passage])
    release = texts.release()
    found: list[Held] = []
    faults: list[str] = []
    for one in references:
        held_now = (
            _kept(one, known.get(one.kept), texts, release)
            if one.kept
            else _new(one, there.get(one.passage), texts, release)
        )
        if held_now is None:
            faults.append(LOST.replace("{number}", str(one.number)))
        else:
            found.append(held_now)
    return found, faults


def _kept(reference: Reference, cited: Cited | None, texts: Passages, release: str) -> Held | None:
    """A citation that was there: as it was, unless other sentences were chosen."""
    if cited is None:
        return None
    now = Held(reference, replace(cited, number=reference.number), place_of(cited, texts))
    if now.place is None or not reference.first:
        return now
    if (reference.first, reference.last) == now.span:
        return now
    place = _narrowed(now.place, reference)
    return replace(now, cited=place.cited(reference.number, release), place=place)


def _new(
    reference: Reference, passage: Passage | None, texts: Passages, release: str
) -> Held | None:
    document = texts.document(passage.source_id) if passage else None
    if passage is None or document is None:
        return None
    whole = Place(document.source, passage, passage.sentences[0].start, passage.sentences[-1].end)
    place = _narrowed(whole, reference) if reference.first else whole
    return Held(reference, place.cited(reference.number, release), place)


def _narrowed(place: Place, reference: Reference) -> Place:
    sentences = place.passage.sentences
    first, last = sorted(
        min(max(number, 1), len(sentences)) for number in (reference.first, reference.last)
    )
    return replace(place, start=sentences[first - 1].start, end=sentences[last - 1].end)


def next_number(citations: Iterable[Held]) -> int:
    """The number of the next citation."""
    return max((one.cited.number for one in citations), default=0) + 1


def in_order(answer: str, citations: Sequence[Held]) -> tuple[str, list[Held]]:
    """The answer and its citations numbered 1, 2, 3 as the answer comes to them.

    Those that it does not name come last; a number that is no citation's stays.
    """
    known = {one.cited.number: one for one in citations}
    named = [int(match[1]) for match in MARKER.finditer(answer)]
    order = [number for number in dict.fromkeys(named) if number in known]
    order += [number for number in known if number not in order]
    numbers = {old: new for new, old in enumerate(order, start=1)}

    def renamed(match: re.Match[str]) -> str:
        return f"[{numbers.get(int(match[1]), int(match[1]))}]"

    return MARKER.sub(renamed, answer), [_numbered(known[old], numbers[old]) for old in order]


def _numbered(one: Held, number: int) -> Held:
    reference = replace(one.reference, number=number)
    return replace(one, reference=reference, cited=replace(one.cited, number=number))


def rebased(citations: Sequence[Held], current: Edit) -> list[Held]:
    """The citations with references to an entry as it is now, in place of the one they were of.

    One that has no place and is not there any more is left out: nothing can cite it.
    """
    found: list[Held] = []
    for one in citations:
        same = next((c for c in current.citations if _is_same(c, one.cited)), None)
        number = one.cited.number
        first, last = one.span
        if same:
            found.append(replace(one, reference=Reference(number, same.number)))
        elif one.place:
            reference = Reference(number, 0, one.place.passage.id, first, last)
            found.append(replace(one, reference=reference))
    return found


def _is_same(one: Cited, other: Cited) -> bool:
    return replace(one, number=0) == replace(other, number=0)


def proposed(one: Held, texts: Passages, nearest: Callable[[str], str | None]) -> Held | None:
    """What may stand in place of a citation that is not in its source any more, if anything.

    That is the passage that the last ingest found, or else the one whose id ``nearest`` gives for
    a text.
    """
    found = proposal(one.cited)
    id = found.passage if found else nearest(one.cited.quote)
    passage = texts.passages([id]).get(id) if id else None
    if passage is None:
        return None
    inside = [
        number
        for number, sentence in enumerate(passage.sentences, start=1)
        if found and found.start <= sentence.start and sentence.end <= found.end
    ]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    reference = Reference(one.cited.number, 0, passage.id, first, last)
    return _new(reference, passage, texts, texts.release())
