"""What a question finds: candidates, and the probability that they answer it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from app.confidence import Calibration, estimate
from app.conversation import standalone
from app.query import Query, analyse
from app.retrieve import Candidate, retrieve
from app.shelf import Volume
from ingest.embed import EmbeddingModel
from ingest.errors import ReleaseDamaged

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """``asked`` is the standalone question that was searched for."""

    asked: str
    query: Query
    candidates: list[Candidate]
    probability: float
    scale: Calibration

    @property
    def answers(self) -> bool:
        """Whether the best candidates are quoted as the answer."""
        return bool(self.candidates) and self.probability >= self.scale.answer

    @property
    def is_near(self) -> bool:
        """Whether they are worth showing as passages that may help."""
        return bool(self.candidates) and self.probability >= self.scale.near


def find(text: str, previous: str, volume: Volume, model: EmbeddingModel, limit: int) -> Finding:
    """What a cleaned question finds in a release; ``previous`` was asked before it."""
    asked = standalone(text, previous) if _is_known(text, volume) else text
    query, candidates = search(asked, volume, model, limit)
    return judged(asked, query, candidates, volume, model)


def search(
    asked: str, volume: Volume, model: EmbeddingModel, limit: int
) -> tuple[Query, list[Candidate]]:
    """A question's query and its best candidates; by words alone when the vectors fail."""
    release = volume.release
    query = analyse(asked, release, volume.speller, model)
    try:
        return query, retrieve(query, release, limit)
    except ReleaseDamaged as error:
        log.error("release %s: the lexicon answers alone: %s", release.id, error)
        release.give_up_vectors()
        query = replace(query, vector=None)
        return query, retrieve(query, release, limit)


def judged(
    asked: str, query: Query, candidates: list[Candidate], volume: Volume, model: EmbeddingModel
) -> Finding:
    """Candidates with the probability that they answer."""
    size = len(volume.release.lexicon)
    probability, scale = estimate(query, candidates, size, model.space)
    return Finding(asked, query, candidates, probability, scale)


def _is_known(text: str, volume: Volume) -> bool:
    """Whether the corpus knows one of the message's words, or it has none of its own."""
    lexicon = volume.release.lexicon
    terms = lexicon.analysis.terms(text)
    return not terms or any(lexicon.frequency(term) for term in terms)
