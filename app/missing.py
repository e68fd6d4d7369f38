"""What the nearest passages lack of a question: the kind of answer it asks for, and its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.expectation import Kind
from app.intent import folded
from app.query import Query
from app.retrieve import Candidate

_WORDS = 2  # named at most
_SHORTEST = 3  # letters of a word that is named
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"\S*(?:@|://|\bwww\.)\S*")  # of a page or of somebody
_MARK = re.compile(r"\[[^\[\]]{2,40}\]")  # « [nom] », in place of a personal datum


@dataclass(frozen=True, slots=True)
class Missing:
    """``kinds`` as in :mod:`app.expectation`, ``words`` as they were typed, the rarest first."""

    kinds: tuple[Kind, ...] = ()
    words: tuple[str, ...] = ()


def missing(query: Query, shown: Sequence[Candidate]) -> Missing:
    """What none of the passages shown has; no words for a question in another language than French.

    Words are those of the message itself, and none that was taken for a misspelt one, is a piece
    of an address, or is hardly a word (« fr »).
    """
    texts = [candidate.entry.passage.text for candidate in shown]
    met = frozenset[Kind]().union(*map(query.expectation.met, texts))
    kinds = tuple(sorted(query.expectation.kinds - met - {"name"}))
    if query.language != "fr":
        return Missing(kinds)
    typed = {folded(word): word for word in _named(query.text)}
    known = frozenset[str]().union(*(candidate.entry.passage_terms for candidate in shown))
    words = [
        typed[word]
        for term in sorted(query.weights.keys() - known, key=lambda t: (-query.weights[t], t))
        if (word := query.words.get(term, "")) in typed and word in query.expectation.known
    ]
    return Missing(kinds, tuple(dict.fromkeys(words))[:_WORDS])


def _named(text: str) -> list[str]:
    """The words of a message that may be told to who wrote it."""
    plain = _MARK.sub(" ", _ADDRESS.sub(" ", text))
    return [word for word in _WORD.findall(plain) if len(word) >= _SHORTEST]
