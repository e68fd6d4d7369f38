"""Whether a question is that of a published entry, and why not.

The nearest entry answers when the calibrated probability that the question is its own reaches the
threshold, which lets one wrong entry through in a hundred questions. It answers no question with
another number or name than its own, none that denies what it says or says the opposite
(:mod:`app.faq.contrast`), and none that asks why, when or how many where it does not. Pure:
questions and vectors in, a verdict out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.calibration import Features
from app.faq.contrast import Contrast
from app.faq.likeness import Likeness, Rows
from app.faq.pairs import Scale, logits
from app.faq.reading import Reading, read

# The logit of the nearest phrasing, and how far it is above that of the next entry; then what the
# question has that no phrasing of the entry has (the heaviest word, another way of asking, a
# negation), and the logarithm of its length.
ENTRY_FEATURES = ("best", "lead", "new", "put_apart", "denied", "words")
_CLOSE = 8.0  # a lead beyond it says no more
_NEXT = -3.0  # the logit of an entry that there is not: among few, what is nearest may be far
WITHHELD = "elle n'est plus publiée, en attendant d'être revue"
_NEGATION = "une négation diffère"
# Ways of asking that nearly always ask something else than all others.
_STRICT = {"why": "pourquoi", "when": "quand", "much": "combien"}
PROPOSED = 2  # entries that may be meant, of those that do not answer
_MEANT = 0.4  # the probability from which an entry may be meant, were it the only one


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that is or was published: its question and variants, with their vectors
    (``embed_query``), a row each; without vectors, words alone are compared.

    One that is ``withheld``, as it is being mended, does not answer, and keeps the others from
    answering what it is asked.
    """

    entry: str
    questions: tuple[str, ...]
    vectors: Rows | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """An entry near a question: through which of its phrasings, how probably, and why it does not
    answer; ``why_not`` is empty when it does.

    ``features`` are those of :data:`ENTRY_FEATURES`, none for its very words. ``may_be_meant`` says
    whether it is near enough to be proposed, however near others are.
    """

    entry: str
    phrasing: str
    probability: float
    features: Features
    why_not: str = ""
    may_be_meant: bool = False

    @property
    def answers(self) -> bool:
        """Whether the entry is the answer."""
        return not self.why_not


class _Own:
    """What the phrasings of one entry have together."""

    def __init__(self, candidate: Candidate, readings: Sequence[Reading]) -> None:
        self.id = candidate.entry
        self.is_withheld = candidate.withheld
        self._terms = frozenset[str]().union(*(one.terms for one in readings))
        self._ways = frozenset[str]().union(*(one.ways for one in readings))
        self._is_negated = any(one.is_negated for one in readings)
        self._contrast = Contrast(candidate.questions)

    def features(self, asked: Reading, scale: Scale) -> dict[str, float]:
        """Those of the question and the whole entry."""
        ways = asked.ways, self._ways
        return {
            "new": max(map(scale.weight, asked.terms - self._terms), default=0.0),
            "put_apart": float(all(ways) and ways[0].isdisjoint(ways[1])),
            "denied": float(asked.is_negated and not self._is_negated),
            "words": math.log(max(1, asked.words)),
        }

    def barred(self, question: str, asked: Reading) -> str:
        """What says that the question is another one, however near it is; empty for nothing."""
        if self._contrast.renames(question):
            return "un nom diffère"
        if word := self._contrast.opposes(question):
            return f"elle ne dit pas « {word} »"
        if self._ways and self._ways.isdisjoint(asked.ways):
            for way, said in _STRICT.items():
                if way in asked.ways:
                    return f"elle ne dit pas « {said} »"
        return _NEGATION if self._contrast.denies(question) else ""


class Published:
    """The entries that may answer, read once; safe to use from several threads."""

    def __init__(self, candidates: Iterable[Candidate], likeness: Likeness) -> None:
        kept = [one for one in candidates if one.questions]
        self._likeness = likeness
        self._questions = [question for one in kept for question in one.questions]
        self._first = np.cumsum([0, *(len(one.questions) for one in kept)])
        rows = [one.vectors for one in kept if one.vectors is not None]
        vectors = np.concatenate(rows) if kept and len(rows) == len(kept) else None
        readings = [read(question) for question in self._questions]
        self._scale = Scale(readings, 1, likeness.heard)
        side = self._scale.side(self._questions, vectors, likeness.view)
        self._side = side.part(range(len(side)))
        spans = zip(self._first[:-1], self._first[1:], strict=True)
        self._entries = [
            _Own(one, readings[start:end]) for one, (start, end) in zip(kept, spans, strict=True)
        ]

    def ranked(self, question: str, vector: Rows | None, limit: int = 5) -> list[Match]:
        """The entries nearest to a question, best first; only the first may answer it."""
        if not self._entries:
            return []
        rows = None if vector is None else np.asarray(vector, dtype=np.float32).reshape(1, -1)
        asked = self._scale.side([question], rows, self._likeness.view)
        values = logits(asked, self._side, self._likeness.pair)[0]
        bests = np.maximum.reduceat(values, self._first[:-1])
        order = np.argsort(-bests, kind="stable")[:limit]
        reading = asked.readings[0]
        return [self._judged(question, reading, int(entry), values, bests) for entry in order]

    def _judged(
        self, question: str, asked: Reading, entry: int, values: Rows, bests: Rows
    ) -> Match:
        own, start, end = self._entries[entry], self._first[entry], self._first[entry + 1]
        place = int(start + values[start:end].argmax())
        beside = float(np.delete(bests, entry).max(initial=-math.inf))
        features = own.features(asked, self._scale) | _near(float(bests[entry]), beside)
        if _numbers_differ(asked, self._side.readings[place]):
            why_not = "un nombre diffère"
        elif own.is_withheld:
            why_not = WITHHELD
        elif beside > features["best"]:
            why_not = "une autre fiche est plus proche"
        else:
            why_not = self._too_far(features, beside) or own.barred(question, asked)
        return Match(
            own.id,
            self._questions[place],
            self._probability(features),
            features,
            why_not,
            not own.is_withheld and self._alone(features) >= _MEANT,
        )

    def _probability(self, features: Features) -> float:
        return self._likeness.entry.probability(features)

    def _alone(self, features: Features) -> float:
        """The probability, were there no other entry."""
        return self._probability({**features, **_near(features["best"], -math.inf)})

    def _too_far(self, features: Features, beside: float) -> str:
        """Why the probability is too low; empty where it is not."""
        threshold = self._likeness.threshold
        probability = self._probability(features)
        if probability >= threshold:
            return ""
        if beside > _NEXT and self._alone(features) >= threshold:
            return "deux fiches aussi proches"
        if features["denied"] and self._probability({**features, "denied": 0.0}) >= threshold:
            return _NEGATION
        return f"trop loin : {_apart(probability, threshold)}"


def _near(best: float, beside: float) -> dict[str, float]:
    return {"best": best, "lead": min(_CLOSE, best - max(beside, _NEXT))}


def proposed(ranked: Sequence[Match]) -> tuple[Match, ...]:
    """Those of the nearest entries that a question is led to: none where one answers it."""
    if not ranked or ranked[0].answers:
        return ()
    return tuple(one for one in ranked[:PROPOSED] if one.may_be_meant)


def _numbers_differ(one: Reading, other: Reading) -> bool:
    return bool(one.numbers and other.numbers and one.numbers != other.numbers)


def _apart(low: float, high: float) -> str:
    """« 0,42 sous 0,88 », with as many digits as it takes for the two to differ, five at most."""
    for digits in range(2, 6):
        shown = [f"{int(value * 10**digits) / 10**digits:.{digits}f}" for value in (low, high)]
        if shown[0] != shown[1]:
            break
    return " sous ".join(shown).replace(".", ",")
