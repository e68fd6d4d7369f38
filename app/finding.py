"""What a question finds: candidates, and what is thought of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.confidence import Judgement, judge
from app.conversation import standalone
from app.query import Query, analyse, embedded
from app.retrieve import Candidate, retrieve
from app.shelf import Volume
from ingest.embed import EmbeddingModel
from ingest.errors import ChartisteError, ModelError, ReleaseDamaged, VectorsUnreachable
from ingest.passages import Vector

log = logging.getLogger(__name__)

Condense = Callable[[str, str], str | None]
_REST = 10.0  # seconds a model that failed is left alone: as long as a question waits for a server


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
    """A question's query and its best candidates.

    By words alone when the vectors fail, or the model that embeds the question; the volume says so.
    """
    release = volume.release
    query = _analysed(asked, volume, model, message)
    try:
        found = retrieve(query, release, limit)
        if query.vector is not None:
            volume.failure = None
    except (ReleaseDamaged, VectorsUnreachable) as error:
        if isinstance(error, ReleaseDamaged):  # a server may come back, a damaged file does not
            release.give_up_vectors()
        _note(volume, error)
        query = replace(query, vector=None)
        found = retrieve(query, release, limit)
    return query, found


def _analysed(asked: str, volume: Volume, model: EmbeddingModel, message: str | None) -> Query:
    """The query; without a vector when the model has none to give for now."""
    if time.monotonic() >= volume.rests_until:
        try:
            return analyse(asked, volume.release, volume.speller, model, message)
        except ModelError as error:
            volume.rests_until = time.monotonic() + _REST
            _note(volume, error)
    return analyse(asked, volume.release, volume.speller, None, message)


def vector_of(text: str, volume: Volume, model: EmbeddingModel) -> Vector | None:
    """The vector of a question that is not searched for; None when there is none for now."""
    if time.monotonic() < volume.rests_until:
        return None
    try:
        return embedded(text, model)
    except ModelError as error:
        volume.rests_until = time.monotonic() + _REST
        _note(volume, error)
        return None


def _note(volume: Volume, error: ChartisteError) -> None:
    log.error("release %s: the lexicon answers alone: %s", volume.release.id, error)
    volume.failure = error


def judged(asked: str, query: Query, candidates: list[Candidate], volume: Volume) -> Finding:
    """Candidates with what is thought of them."""
    size = len(volume.release.lexicon)
    return Finding(asked, query, candidates, judge(query, candidates, size, volume.calibration))


def _is_known(text: str, volume: Volume) -> bool:
    """Whether the corpus knows one of the message's words, or it has none of its own."""
    lexicon = volume.release.lexicon
    terms = lexicon.analysis.terms(text)
    return not terms or any(lexicon.frequency(term) for term in terms)
