"""What the nearest passage lacks of a question: the kind of answer it asks for, and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.expectation import Kind
from app.intent import folded
from app.query import Query
from app.retrieve import Candidate

_WORDS = 2  # named at most
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Missing:
    """``kinds`` as in :mod:`app.expectation`, ``words`` as they were typed, the rarest first."""

    kinds: tuple[Kind, ...] = ()
    words: tuple[str, ...] = ()


def missing(query: Query, nearest: Candidate) -> Missing:
    """What the nearest passage lacks; no words for a question in another language than French."""
    passage = nearest.entry.passage
    kinds = sorted(query.expectation.kinds - query.expectation.met(passage.text) - {"name"})
    if query.language != "fr":
        return Missing(tuple(kinds))
    typed = {folded(word): word for word in _WORD.findall(query.text)}
    lacking = query.weights.keys() - nearest.entry.passage_terms
    words = [
        typed[query.words[term]]
        for term in sorted(lacking, key=lambda term: (-query.weights[term], term))
        if query.words.get(term) in typed
    ]
    return Missing(tuple(kinds), tuple(dict.fromkeys(words))[:_WORDS])
