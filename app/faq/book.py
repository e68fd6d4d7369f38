"""The published entries as questions meet them: one state of the FAQ, read once.

Those that were published and are being mended are there too: they answer nothing, and no other
entry answers what is asked of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from app.answers import UNKNOWN, Answer, Known, Statement, Validated
from app.faq.anchors import Place, Texts, place_of
from app.faq.entry import Entry
from app.faq.likeness import Likeness
from app.faq.markdown import plain_text
from app.faq.matching import PROPOSED, WITHHELD, Candidate, Match, Published, proposed
from app.faq.phrasings import words_of
from app.faq.statements import statements_of
from app.faq.vectors import Rows

Vectors = Mapping[str, Rows]

_SURE = 1.0  # the probability that an entry answers its own question
_FARTHER = "une autre fiche est plus proche"


class Book:
    """Entries and what they are asked by. Safe to use from several threads.

    ``counter`` is the state of the FAQ that it is of. A question with a vector is compared with
    the entries whose phrasings are all in ``vectors``, one without with all, by words.
    """

    def __init__(
        self,
        counter: int,
        entries: Sequence[Entry],
        vectors: Vectors,
        likeness: Likeness,
        by_words: Likeness,
    ) -> None:
        self.counter = counter
        self.entries = {entry.id: entry for entry in entries}
        self.phrasings = tuple(dict.fromkeys(p for one in entries for p in one.edit.phrasings))
        self._candidates = _candidates(entries)
        self._by_vectors = Published(_embedded(self._candidates, vectors), likeness)
        self._said = _said(self._candidates)
        self._fitted_to_words = by_words
        self._placed: dict[str, tuple[Place, ...] | None] = {}
        self._release = ""
        self._lock = threading.Lock()

    def lacking(self, vectors: Vectors) -> list[str]:
        """The phrasings that have no vector."""
        return [text for text in self.phrasings if text not in vectors]

    @cached_property
    def _by_words(self) -> Published:
        return Published(self._candidates, self._fitted_to_words)

    def ranked(self, question: str, vector: Rows | None, limit: int) -> list[Match]:
        """The entries nearest to a question, best first; only the first may answer it.

        An entry that alone has the very words of the question answers it, with a probability of 1.
        """
        published = self._by_words if vector is None else self._by_vectors
        found = published.ranked(question, vector, limit)
        same = self._said.get(words_of(question))
        if same is None:
            return found
        others = [replace(one, why_not=one.why_not or _FARTHER) for one in found]
        return [same, *(one for one in others if one.entry != same.entry)][:limit]

    def known(
        self, question: str, vector: Rows | None, texts: Texts, release: str, agency: str
    ) -> Known:
        """What the entries have for a question, in a release.

        An entry is of no use when a text that it cites is not in that release any more.
        """
        found = self.ranked(question, vector, PROPOSED)
        if found and found[0].answers:
            entry = self.entries[found[0].entry]
            places = self._places(entry, texts, release)
            probability = found[0].probability
            return Known(_answer(entry, places, probability, agency)) if places else UNKNOWN
        meant = (self.entries[one.entry] for one in proposed(found))
        return Known(
            meant=tuple(
                entry.edit.question for entry in meant if self._places(entry, texts, release)
            )
        )

    def _places(self, entry: Entry, texts: Texts, release: str) -> tuple[Place, ...] | None:
        """Where its citations stand; None when one does not stand any more."""
        with self._lock:
            if release != self._release:
                self._release, self._placed = release, {}
            if entry.id in self._placed:
                return self._placed[entry.id]
        found = [place_of(one, texts) for one in entry.edit.citations]
        alive = tuple(place for place in found if place)
        placed = alive if len(alive) == len(found) and entry.edit.is_alive else None
        with self._lock:
            if release == self._release:
                self._placed[entry.id] = placed
        return placed


def _candidates(entries: Sequence[Entry]) -> list[Candidate]:
    """What questions are compared with; what a published entry is asked too is its alone."""
    published = [one for one in entries if not _is_withheld(one)]
    asked = {words_of(said) for one in published for said in one.edit.phrasings}
    found = [Candidate(one.id, one.edit.phrasings) for one in published]
    for one in filter(_is_withheld, entries):
        own = tuple(said for said in one.edit.phrasings if words_of(said) not in asked)
        found.append(Candidate(one.id, own, withheld=True))
    return found


def _is_withheld(entry: Entry) -> bool:
    return entry.status != "published"


def _said(candidates: Iterable[Candidate]) -> dict[str, Match]:
    """The entry that has these very words, where one alone does."""
    found: dict[str, Match] = {}
    shared: set[str] = set()
    for one in candidates:
        for phrasing in one.questions:
            key = words_of(phrasing)
            if key in found and found[key].entry != one.entry:
                shared.add(key)
            why_not = WITHHELD if one.withheld else ""
            found[key] = Match(one.entry, phrasing, _SURE, {}, why_not)
    return {key: match for key, match in found.items() if key not in shared}


def _embedded(candidates: Iterable[Candidate], vectors: Vectors) -> list[Candidate]:
    return [
        replace(one, vectors=np.stack([vectors[said] for said in one.questions]))
        for one in candidates
        if one.questions and all(text in vectors for text in one.questions)
    ]


def _answer(entry: Entry, places: Sequence[Place], probability: float, agency: str) -> Answer:
    edit = entry.edit
    numbered = zip(edit.citations, places, strict=True)
    return Answer(
        text=plain_text(edit.answer),
        statements=tuple(Statement(one.text, one.markers) for one in statements_of(edit)),
        citations=tuple(place.citation(cited.number) for cited, place in numbered),
        confidence=probability,
        mode="faq",
        validated=Validated(
            entry=entry.id,
            question=edit.question,
            date=entry.validated_on,
            by=agency,
            markdown=edit.answer,
        ),
    )
