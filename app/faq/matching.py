"""Whether a question is that of a published entry, and why not.

The nearest entry answers when the calibrated probability that the question is its own reaches the
threshold, which lets one wrong entry through in a hundred questions. It never answers a question
with another number than its own. Pure: questions and vectors in, a verdict out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.faq.likeness import Likeness, Rows
from app.faq.pairs import Scale, Side, logits
from app.faq.reading import Reading, read

ENTRY_FEATURES = ("best", "lead")
_CLOSE = 8.0  # a lead beyond it says no more
_NEXT = -6.0  # the logit of an entry that there is not: among few, what is nearest may be far
PROPOSED = 2  # entries that may be meant, of those that do not answer
_MEANT = 0.7  # the probability from which an entry may be meant, were it the only one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A published entry: its question and variants, with their vectors (``embed_query``), a row
    each; without vectors, words alone are compared.
    """

    entry: str
    questions: tuple[str, ...]
    vectors: Rows | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An entry near a question: through which of its phrasings, how probably, and why it does not
    answer; ``why_not`` is empty when it does.

    ``best`` is the logit of the phrasing, ``lead`` by how much it exceeds that of the next entry,
    or of one that is far where none is nearer. ``may_be_meant`` says whether it is near enough to
    be proposed, however near others are.
    """

    entry: str
    phrasing: str
    probability: float
    best: float
    lead: float
    why_not: str = ""
    may_be_meant: bool = False

    @property
    def answers(self) -> bool:
        """Whether the entry is the answer."""
        return not self.why_not


class Published:
    """The entries that may answer, read once; safe to use from several threads."""

    def __init__(self, candidates: Iterable[Candidate], likeness: Likeness) -> None:
        kept = [one for one in candidates if one.questions]
        self._likeness = likeness
        self._entries = [one.entry for one in kept]
        self._first = np.cumsum([0, *(len(one.questions) for one in kept)])
        self._questions = [question for one in kept for question in one.questions]
        rows = [one.vectors for one in kept if one.vectors is not None]
        vectors = np.concatenate(rows) if kept and len(rows) == len(kept) else None
        self._scale = Scale([read(question) for question in self._questions], 1, likeness.heard)
        side = self._scale.side(self._questions, vectors, likeness.view)
        self._side = side.part(range(len(side)))

    def ranked(self, question: str, vector: Rows | None, limit: int = 5) -> list[Match]:
        """The entries nearest to a question, best first; only the first may answer it."""
        if not self._entries:
            return []
        rows = None if vector is None else np.asarray(vector, dtype=np.float32).reshape(1, -1)
        asked = self._scale.side([question], rows, self._likeness.view)
        values = logits(asked, self._side, self._likeness.pair)[0]
        bests = np.maximum.reduceat(values, self._first[:-1])
        order = np.argsort(-bests, kind="stable")[:limit]
        return [self._judged(asked, int(entry), values, bests) for entry in order]

    def _judged(self, asked: Side, entry: int, values: Rows, bests: Rows) -> Match:
        start, end = self._first[entry], self._first[entry + 1]
        place = int(start + values[start:end].argmax())
        best = float(bests[entry])
        lead = min(_CLOSE, best - float(np.delete(bests, entry).max(initial=_NEXT)))
        return Match(
            self._entries[entry],
            self._questions[place],
            self._probability(best, lead),
            best,
            lead,
            self._why_not(asked.readings[0], self._side.readings[place], best, lead),
            self._probability(best, _CLOSE) >= _MEANT,
        )

    def _probability(self, best: float, lead: float) -> float:
        return self._likeness.entry.probability({"best": best, "lead": lead})

    def _why_not(self, asked: Reading, phrasing: Reading, best: float, lead: float) -> str:
        """What keeps an entry from answering, the plainest reason first; empty for none."""
        threshold = self._likeness.threshold
        probability = self._probability(best, lead)
        if _numbers_differ(asked, phrasing):
            return "un nombre diffère"
        if lead < 0:
            return "une autre fiche est plus proche"
        if probability >= threshold:
            return ""
        if best - lead > _NEXT and self._probability(best, _CLOSE) >= threshold:
            return "deux fiches aussi proches"
        denied = self._likeness.pair.weights.get("denied", 0.0)
        if asked.is_negated != phrasing.is_negated and (
            self._probability(best - denied, _CLOSE) >= threshold
        ):
            return "une négation diffère"
        return f"trop loin : {_apart(probability, threshold)}"


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
