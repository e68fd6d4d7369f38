"""From a question to ranked passages: candidates from both indexes, then one exact score.

Candidates are the passages of the nearest vectors (of passages and of their sentences: small
units find better than large ones) and of the best BM25 scores. Each is then scored by
:data:`WEIGHTS`, a linear mix tuned on half of PIAF (French questions on 234 encyclopaedia
articles): gold answer in the first passage .79, in the first five .93 (3,709 questions), where
reciprocal rank fusion of passage vectors and BM25 gives .71 and .91 (1,000 of them). A gradient
boosted ranker, a low-rank adapter of the question's vector, vectors of titles, of bare texts and
of pairs of sentences were tried on top and gained nothing (cross-validated by article).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from app.query import Query, cosines
from ingest.documents import Sentence
from ingest.lexicon import TEXT, TITLE
from ingest.passages import Entry
from ingest.release import Release

# Twice as many of both find nothing more (1,000 PIAF questions) and cost a third of the time.
NEAREST = 60  # vectors asked of Chroma: about 30 passages
BEST = 30  # passages asked of tantivy
BOOSTS = {TEXT: 1.0, TITLE: 0.5}
# The cosine of the best sentence has weight 1; the others are relative to it.
WEIGHTS = {"passage_cosine": 0.5, "coverage": 0.1, "bm25": 0.01}
# Without vectors the two lexical features stand alone.
LEXICAL_WEIGHTS = {"coverage": 1.0, "bm25": 0.5}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage, the features it was scored by, and the cosine of each of its sentences.

    ``bm25`` is the BM25 score over the question's idf weight; ``coverage`` the share of that
    weight found in the passage or its headings.
    """

    entry: Entry
    score: float
    sentence_cosines: tuple[float, ...]
    passage_cosine: float
    coverage: float
    bm25: float

    @property
    def best(self) -> Sentence:
        """Its sentence of the highest cosine; the first one without vectors."""
        cosines = self.sentence_cosines
        return self.entry.passage.sentences[cosines.index(max(cosines)) if cosines else 0]

    @property
    def sentence_cosine(self) -> float:
        """The cosine of its best sentence; 0 without vectors."""
        return max(self.sentence_cosines, default=0.0)


def retrieve(query: Query, release: Release, limit: int) -> list[Candidate]:
    """The best passages for a question, best first, ``limit`` at most."""
    bm25 = dict(release.lexicon.search(list(query.weights), BEST, BOOSTS))
    ids = list(bm25)
    if query.vector is not None and release.vectors is not None:
        nearest = release.vectors.nearest(query.vector.tolist(), NEAREST)
        ids += [id.partition(":")[0] for id, _ in nearest]
    return ranked(query, release.table.entries(ids).values(), bm25)[:limit]


def ranked(query: Query, entries: Iterable[Entry], bm25: Mapping[str, float]) -> list[Candidate]:
    """Passages scored and sorted, best first; ``bm25`` holds the scores of those that have one."""
    found = [_candidate(entry, query, bm25.get(entry.passage.id, 0.0)) for entry in entries]
    return sorted(found, key=lambda c: (-c.score, c.entry.passage.id))


def _candidate(entry: Entry, query: Query, bm25: float) -> Candidate:
    coverage = query.coverage(entry.passage_terms)
    share = bm25 / query.total if query.total else 0.0
    if query.vector is None:
        score = LEXICAL_WEIGHTS["coverage"] * coverage + LEXICAL_WEIGHTS["bm25"] * share
        return Candidate(entry, score, (), 0.0, coverage, share)
    sentences = cosines(entry.sentence_vectors, query.vector)
    passage = float(np.dot(entry.vector, query.vector))
    score = (
        float(sentences.max())
        + WEIGHTS["passage_cosine"] * passage
        + WEIGHTS["coverage"] * coverage
        + WEIGHTS["bm25"] * share
    )
    return Candidate(entry, score, tuple(map(float, sentences)), passage, coverage, share)
