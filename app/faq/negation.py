"""Whether a question denies what another one says: « n'ont pas signé », « ont signé »."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from app.verify.reading import Token, read

_DENYING = ("not", "never", "none")  # cues of :mod:`app.verify.reading`
_Words = tuple[Token, ...]


class Denials:
    """What some ways of asking one thing deny, and what they say, together."""

    def __init__(self, phrasings: Iterable[str]) -> None:
        parts = [_parts(phrasing) for phrasing in phrasings]
        self._denied = tuple(word for denied, _ in parts for word in denied)
        self._said = tuple(word for _, said in parts for word in said)

    def contradict(self, question: str) -> bool:
        """Whether a question in French denies a word that they say, or says one that they deny.

        What they deny in one phrasing and say in another is no matter.
        """
        denied, said = _parts(question)
        return any(
            not _is_among(word, self._denied) and _is_among(word, self._said) for word in denied
        ) or any(_is_among(word, said) and not _is_among(word, self._said) for word in self._denied)


def _is_among(word: Token, words: _Words) -> bool:
    return any(word.says(one) for one in words)


@lru_cache(maxsize=20_000)
def _parts(question: str) -> tuple[_Words, _Words]:
    """The words that it denies, and the others that say something."""
    reading = read(question)
    places = {cue.governed for cue in reading.cues if cue.kind in _DENYING}
    denied = tuple(token for place, token in enumerate(reading.tokens) if place in places)
    said = tuple(
        token
        for place, token in enumerate(reading.tokens)
        if token.is_content and place not in places
    )
    return denied, said
