"""What a question finds: candidates, and what is thought of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.confidence import Judgement, judge
from app.conversation import standalone
from app.query import Query, analyse
from app.retrieve import Candidate, retrieve
from app.shelf import Volume
from ingest.embed import EmbeddingModel
from ingest.errors import ReleaseDamaged, VectorsUnreachable

log = logging.getLogger(__name__)

Condense = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """``asked`` is the standalone question that was searched for.

    ``follows``: it has the question before it in front, so that it is on the same topic.
    """

    asked: str
    query: Query
    candidates: list[Candidate]
    judgement: Judgement
    follows: bool = False


def find(
    text: str,
    previous: str,
    volume: Volume,
    model: EmbeddingModel,
    limit: int,
    condense: Condense | None = None,
) -> Finding:
    """What a cleaned question finds in a release; ``previous`` was asked before it.

    ``condense`` makes one question of both where it can, better than the two in a row.
    """
    asked = standalone(text, previous) if _is_known(text, volume) else text
    if condense and asked != text:
        asked = condense(text, previous) or asked
    query, candidates = search(asked, volume, model, limit, text)
    return replace(judged(asked, query, candidates, volume), follows=asked != text)


def search(
    asked: str, volume: Volume, model: EmbeddingModel, limit: int, message: str | None = None
) -> tuple[Query, list[Candidate]]:
    """A question's query and its best candidates; by words alone when the vectors fail."""
    release = volume.release
    query = analyse(asked, release, volume.speller, model, message)
    try:
        return query, retrieve(query, release, limit)
    except (ReleaseDamaged, VectorsUnreachable) as error:
        log.error("release %s: the lexicon answers alone: %s", release.id, error)
        if isinstance(error, ReleaseDamaged):  # a server may come back, a damaged file does not
            release.give_up_vectors()
        query = replace(query, vector=None)
        return query, retrieve(query, release, limit)


def judged(asked: str, query: Query, candidates: list[Candidate], volume: Volume) -> Finding:
    """Candidates with what is thought of them."""
    size = len(volume.release.lexicon)
    return Finding(asked, query, candidates, judge(query, candidates, size, volume.calibration))


def _is_known(text: str, volume: Volume) -> bool:
    """Whether the corpus knows one of the message's words, or it has none of its own."""
    lexicon = volume.release.lexicon
    terms = lexicon.analysis.terms(text)
    return not terms or any(lexicon.frequency(term) for term in terms)
