"""How alike two questions are, for all pairs of two lists at once.

The features were chosen on the half of ``data/golden/intents.csv`` that is for it; what each is
worth, and what was tried in vain, is in ``docs/faq.md``.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.calibration import Logistic
from app.faq.likeness import UNHEARD, Heard, Rows, View
from app.faq.reading import WAYS, Reading, read
from ingest.lexicon import idf

WORD_FEATURES = (
    "terms", "terms_squared", "covered", "asks", "asks_apart", "sounds", "shared", "lacking",
    "heaviest", "no_subject", "shortest", "denied", "named_apart", "asks_lacking",
    "asks_beyond", "subjects_beyond", "way_shared", "way_apart",
)  # fmt: skip
VECTOR_FEATURES = ("cosine", "cosine_terms", "cosine_asks")
FEATURES = VECTOR_FEATURES + WORD_FEATURES
_GRAMS = 1_024  # columns that sounds are shared among
_BLOCK = 256  # rows whose features are in memory at once


@dataclass(frozen=True)
class Side:
    """One list of questions, ready to be compared with another of the same :class:`Scale`.

    The rows of ``subjects``, ``asks`` and ``grams`` hold the square roots of weights, so that
    their products are the weight that two questions share; ``totals`` has the sums of subjects and
    of what is asked. They are kept at half precision, as there may be thousands of words.
    """

    readings: tuple[Reading, ...]
    vectors: Rows | None
    subjects: Rows
    asks: Rows
    named: Rows
    grams: Rows
    totals: Rows
    words: Rows
    negated: Rows
    ways: Rows

    def __len__(self) -> int:
        return len(self.readings)

    def part(self, places: Sequence[int]) -> Side:
        """Some of them, in that order, at single precision."""
        rows = np.asarray(places, dtype=int)
        return Side(
            tuple(self.readings[place] for place in rows),
            None if self.vectors is None else self.vectors[rows],
            self.subjects[rows].astype(np.float32),
            self.asks[rows].astype(np.float32),
            self.named[rows].astype(np.float32),
            self.grams[rows].astype(np.float32),
            self.totals[rows],
            self.words[rows],
            self.negated[rows],
            self.ways[rows],
        )


class Scale:
    """What words weigh among some questions and those ``heard`` before: the rarer the more, the
    rarest one.

    ``least`` is how many questions must hold a word for it to be compared: two when only these
    questions are compared with each other, one when others are with them.
    """

    def __init__(self, readings: Sequence[Reading], least: int = 1, heard: Heard = UNHEARD) -> None:
        holding = Counter(term for one in readings for term in one.terms)
        self._subjects = _columns((one.subjects for one in readings), holding, least)
        self._named = _columns((one.named for one in readings), holding, 1)
        self._asks = _columns((one.asks for one in readings), holding, least)
        self._count = len(readings) + heard.questions
        self._holding = holding + Counter(heard.holding)

    def side(self, questions: Sequence[str], vectors: Rows | None, view: View | None) -> Side:
        """Questions ready to be compared; without a view, or vectors, by words alone."""
        readings = tuple(read(question) for question in questions)
        subjects = self._rows([one.subjects for one in readings], self._subjects)
        asks = self._rows([one.asks for one in readings], self._asks)
        named = self._rows([one.named for one in readings], self._named)
        grams = _grams(readings)
        totals = np.array(
            [(self._sum(one.subjects), self._sum(one.asks)) for one in readings], dtype=np.float32
        ).reshape(-1, 2)
        return Side(
            readings,
            None if view is None or vectors is None else view.of(vectors),
            subjects, asks, named, grams, totals,
            np.log([max(1, one.words) for one in readings]).astype(np.float32),
            np.array([one.is_negated for one in readings], dtype=np.float32),
            np.array([[way in one.ways for way in WAYS] for one in readings], dtype=np.float32)
            .reshape(-1, len(WAYS)),
        )  # fmt: skip

    def weight(self, term: str) -> float:
        """What a term weighs: 1 where one question holds it, less where more do."""
        return idf(self._count, self._holding[term]) / idf(self._count, 1) if self._count else 1.0

    def _sum(self, terms: frozenset[str]) -> float:
        return sum(map(self.weight, sorted(terms)))

    def _rows(self, terms: Sequence[frozenset[str]], columns: dict[str, int]) -> Rows:
        rows = np.zeros((len(terms), len(columns)), dtype=np.float16)
        for row, held in zip(rows, terms, strict=True):
            for term in held:
                if (column := columns.get(term)) is not None:
                    row[column] = self.weight(term) ** 0.5
        return rows


def _columns(terms: Iterable[frozenset[str]], holding: Counter[str], least: int) -> dict[str, int]:
    known = sorted({term for one in terms for term in one if holding[term] >= least})
    return {term: column for column, term in enumerate(known)}


def _grams(readings: Sequence[Reading]) -> Rows:
    rows = np.zeros((len(readings), _GRAMS), dtype=np.float16)
    for row, reading in zip(rows, readings, strict=True):
        row[[zlib.crc32(gram.encode()) % _GRAMS for gram in reading.grams]] = 1.0
    return rows


def logits(left: Side, right: Side, pair: Logistic) -> Rows:
    """The logit that two questions ask the same, shape (left, right)."""
    found = np.empty((len(left), len(right)), dtype=np.float32)
    whole = right if right.subjects.dtype == np.float32 else right.part(range(len(right)))
    for start in range(0, len(left), _BLOCK):
        rows = range(start, min(start + _BLOCK, len(left)))
        block = np.full((len(rows), len(right)), pair.intercept, dtype=np.float32)
        for name, values in features(left.part(rows), whole):
            if weight := pair.weights.get(name):
                block += np.float32(weight) * values
        found[rows.start : rows.stop] = block
    return found


def features(left: Side, right: Side) -> Iterator[tuple[str, Rows]]:
    """Each of :data:`FEATURES` with its values, shape (left, right); those of the cosine are
    left out where there is none.
    """
    subjects, asks = left.subjects @ right.subjects.T, left.asks @ right.asks.T
    mine, theirs = left.totals[:, None, :], right.totals[None, :, :]
    poorer, richer, both = np.minimum(mine, theirs), np.maximum(mine, theirs), mine + theirs
    terms = _share(subjects + asks, both.sum(axis=2) - subjects - asks)
    of_asks = _share(asks, both[..., 1] - asks)
    if left.vectors is not None and right.vectors is not None:
        cosine = left.vectors @ right.vectors.T
        yield "cosine", cosine
        yield "cosine_terms", cosine * terms
        yield "cosine_asks", cosine * of_asks
    yield "terms", terms
    yield "terms_squared", terms**2
    least = np.minimum(mine.sum(axis=2), theirs.sum(axis=2))
    yield "covered", _share(subjects + asks, least)
    yield "asks", of_asks
    yield "asks_apart", ((asks < 1e-6) & (poorer[..., 1] > 0)).astype(np.float32)
    sizes = np.minimum(left.grams.sum(axis=1)[:, None], right.grams.sum(axis=1)[None])
    yield "sounds", _share(left.grams @ right.grams.T, sizes)
    yield "asks_lacking", np.sqrt(np.maximum(poorer[..., 1] - asks, 0))
    yield "asks_beyond", np.sqrt(np.maximum(richer[..., 1] - asks, 0))
    yield from _ways(left, right)
    named = left.named @ right.named.T
    names = np.minimum((left.named**2).sum(axis=1)[:, None], (right.named**2).sum(axis=1)[None])
    yield "named_apart", np.sqrt(np.maximum(names - named, 0))
    yield "shared", np.sqrt(subjects)
    yield "lacking", np.sqrt(np.maximum(poorer[..., 0] - subjects, 0))
    yield "subjects_beyond", np.sqrt(np.maximum(richer[..., 0] - subjects, 0))
    yield "heaviest", np.sqrt(richer[..., 0])
    yield "no_subject", (richer[..., 0] < 1e-6).astype(np.float32)
    yield "shortest", np.minimum(left.words[:, None], right.words[None])
    yield "denied", np.abs(left.negated[:, None] - right.negated[None])


def _ways(left: Side, right: Side) -> Iterator[tuple[str, Rows]]:
    """Whether a way of asking is common to both; whether both have one, and none is."""
    shared = left.ways @ right.ways.T
    fewer = np.minimum(left.ways.sum(axis=1)[:, None], right.ways.sum(axis=1)[None])
    yield "way_shared", np.minimum(shared, 1)
    yield "way_apart", ((shared == 0) & (fewer > 0)).astype(np.float32)


def _share(part: Rows, whole: Rows) -> Rows:
    shares: Rows = part / np.maximum(whole, 1e-6)
    return shares
