"""Questions of known intents, some published as entries and the others asked of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from app.calibration import Features
from app.evaluate.labelled import Labelled, NearMiss
from app.faq.likeness import Likeness
from app.faq.matching import PROPOSED, Candidate, Published, proposed

PHRASINGS = (1, 3)  # of an intent that are published
SHARE = 0.7  # of the intents that are published
DRAWS = 3
FEW = (1, 5)  # entries of a small FAQ


@dataclass(frozen=True)
class Publication:
    """Entries by intent, and what is asked of them."""

    phrasings: int
    entries: dict[str, list[Labelled]]
    asked: list[Labelled]


def publications(
    rows: Sequence[Labelled],
    asked: Sequence[Labelled] | None = None,
    draws: int = DRAWS,
    several: Sequence[int] = PHRASINGS,
) -> Iterator[Publication]:
    """``draws`` times as many phrasings of most intents as ``several`` says, drawn by lot (all of
    an intent that has fewer), and all of ``asked`` (all rows as a rule) that is not published:
    those of the intents left out, and those that nobody else asks, have no entry. Nothing
    where no row has an intent.
    """
    luck = random.Random(0)
    intents = sorted({row.intent for row in rows if row.intent})
    if not intents:
        return
    of = {intent: [row for row in rows if row.intent == intent] for intent in intents}
    for phrasings in several:
        for _ in range(draws):
            chosen = luck.sample(intents, round(SHARE * len(intents)))
            entries = {
                intent: luck.sample(of[intent], min(phrasings, len(of[intent])))
                for intent in chosen
            }
            published = {row.question for entry in entries.values() for row in entry}
            rest = [row for row in asked or rows if row.question not in published]
            yield Publication(phrasings, entries, rest)


def small_publications(
    rows: Sequence[Labelled], misses: Sequence[NearMiss], draws: int = DRAWS
) -> Iterator[Publication]:
    """``draws`` times, for each intent that has near-misses, small FAQs with an entry on it, of as
    many intents as :data:`FEW` says, or all: asked are its other questions and the near-misses.
    """
    luck = random.Random(0)
    by_intent: dict[str, list[Labelled]] = {row.intent: [] for row in rows if row.intent}
    for row in rows:
        if row.intent:
            by_intent[row.intent].append(row)
    near: dict[str, list[Labelled]] = {}
    for miss in misses:
        near.setdefault(miss.near, []).append(miss.row)
    for phrasings, size, intent in product(PHRASINGS, FEW, sorted(near.keys() & by_intent)):
        for _ in range(draws):
            beside = sorted(by_intent.keys() - {intent})
            others = luck.sample(beside, min(len(beside), size - 1))
            entries = {
                one: luck.sample(by_intent[one], min(phrasings, len(by_intent[one])))
                for one in (intent, *others)
            }
            rest = [
                row for row in by_intent[intent] if all(row is not one for one in entries[intent])
            ]
            yield Publication(phrasings, entries, [*rest, *near[intent]])


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question got: its nearest entry, and whether it is the right one.

    ``features`` are those of the match; ``proposed`` are the entries that it is led to where none
    answers.
    """

    row: Labelled
    entry: str
    features: Features
    answers: bool
    has_entry: bool
    proposed: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether the nearest entry is that of the question's intent."""
        return self.entry == self.row.intent

    @property
    def is_off_topic(self) -> bool:
        """Whether the question has nothing to do with the agency."""
        return self.row.kind == "off-topic"

    @property
    def leads(self) -> bool:
        """Whether the question gets the right entry: as its answer, or proposed."""
        return self.is_right if self.answers else self.row.intent in self.proposed


def asked_of(publication: Publication, likeness: Likeness) -> Iterator[Asked]:
    """What each question gets."""
    published = Published(
        (
            Candidate(
                intent,
                tuple(row.question for row in rows),
                np.array([row.vector for row in rows], dtype=np.float32),
            )
            for intent, rows in publication.entries.items()
        ),
        likeness,
    )
    for row in publication.asked:
        found = published.ranked(row.question, row.vector, PROPOSED)
        yield Asked(
            row, found[0].entry, found[0].features, found[0].answers,
            row.intent in publication.entries, tuple(one.entry for one in proposed(found)),
        )  # fmt: skip
