"""A question as ranking sees it: its terms, its vector, its language, and what it expects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.expectation import NOTHING, Expectation, expectation
from ingest.embed import EmbeddingModel
from ingest.passages import Vector
from ingest.release import Release

_SHORTEST_CORRECTED = 4  # letters: shorter words have too many neighbours
_MOST_CORRECTED = 8  # words of a question: each is compared with the whole vocabulary
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")

# Words that only one of these languages uses, enough to tell in which a question is asked.
_MARKS = {
    "en": frozenset(
        "the is are what who which how when where why does do did of and to in it its was were "
        "many much there can could should would about with from me you your".split()
    ),
    "de": frozenset(
        "der die das ist sind was wer wie wann wo warum welche welcher und zu im den dem ein eine "
        "hat haben wurde wird nicht mit von für auf welches kann ich man bei gegen gibt".split()
    ),
    "es": frozenset(
        "el los las es son qué que quién cuál cuáles cómo cuándo dónde cuántos por y del una uno "
        "hay fue tiene para con si cuánto cuánta hago".split()
    ),
    "fr": frozenset(
        "le la les des du est sont qui quoi que quel quelle quels quelles comment quand où "
        "pourquoi combien et au aux une un dans ce ça c j l d qu il elle on pour sur avec".split()
    ),
}
Language = str


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    ``weights`` maps each term to its idf, ``words`` each term to its word
    (that of the correction alone for a misspelt one);
    ``vector`` is None when no vectors can be had. ``expectation`` is that of the message itself,
    not of the question before it. ``total`` is the idf weight of the whole question.
    """

    text: str
    weights: dict[str, float]
    vector: Vector | None
    language: Language
    expectation: Expectation = NOTHING
    words: dict[str, str] = field(default_factory=dict)
    total: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(self.weights.values()))

    def coverage(self, terms: frozenset[str]) -> float:
        """The share (0 to 1) of the question's idf weight whose terms are among ``terms``."""
        if not self.weights:
            return 0.0
        return sum(w for term, w in self.weights.items() if term in terms) / self.total


def language_of(text: str) -> Language:
    """``ar`` by its letters, ``es`` by its ¿; ``en``, ``de`` or ``es`` when its small words are
    clearly so; else ``fr``.
    """
    if len(_ARABIC.findall(text)) * 3 > sum(map(str.isalpha, text)):
        return "ar"
    if "¿" in text:
        return "es"
    words = [word.lower() for word in _WORD.findall(text)]
    counts = {code: sum(word in marks for word in words) for code, marks in _MARKS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > counts["fr"] else "fr"


class Speller:
    """Finds the corpus's word that a misspelt one is a letter away from."""

    def __init__(self, release: Release) -> None:
        self._release = release

    @cached_property
    def _words(self) -> dict[str, int]:
        return {word: n for word, n in self._release.table.words().items() if word.isalpha()}

    @cached_property
    def _list(self) -> list[str]:
        return list(self._words)

    def correct(self, word: str) -> str | None:
        """The most frequent word at one letter (typed, missing, changed, swapped), or None."""
        if len(word) < _SHORTEST_CORRECTED or not word.isalpha():
            return None
        near = process.extract(word, self._list, scorer=OSA.distance, score_cutoff=1, limit=20)
        return max((found for found, *_ in near), key=self._words.__getitem__, default=None)


def analyse(
    question: str,
    release: Release,
    speller: Speller,
    model: EmbeddingModel | None,
    message: str | None = None,
) -> Query:
    """The query of a question. A word the corpus does not know is replaced by its neighbour.

    ``message`` is what was typed, where ``question`` has the one before it in front. Without a
    ``model``, or in a release without vectors, it has no vector.

    Raises:
        ModelError: the model fails.
    """
    analysis = release.lexicon.analysis
    weights: dict[str, float] = {}
    words: dict[str, str] = {}
    unknown = 0
    for word, term in zip(analysis.words(question), analysis.terms(question), strict=True):
        words.setdefault(term, word)
        if not release.lexicon.frequency(term) and unknown < _MOST_CORRECTED:
            unknown += 1
            if known := speller.correct(word):
                # Half of its weight stays with the word as typed: it may be another word.
                weights[term] = release.lexicon.idf(term) / 2
                words.pop(term, None)
                term = (analysis.terms(known) or [term])[0]
                words.setdefault(term, known)
                weights.setdefault(term, release.lexicon.idf(term) / 2)
                continue
        weights[term] = release.lexicon.idf(term)
    vector = embedded(question, model) if model and release.vectors is not None else None
    expected = expectation(question if message is None else message)
    return Query(question, weights, vector, language_of(question), expected, words)


def embedded(text: str, model: EmbeddingModel) -> Vector:
    """The unit vector of a question, shape (dimension,), float32."""
    return np.asarray(model.embed_query(text), dtype=np.float32)


def cosines(vectors: np.ndarray, vector: Sequence[float] | Vector) -> np.ndarray:
    """Cosines of unit rows with a unit vector."""
    return vectors @ np.asarray(vector, dtype=np.float32)
