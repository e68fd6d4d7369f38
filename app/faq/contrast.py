"""What a question says otherwise than an entry: it denies a word of it, names another name, or has
the opposite of a word.

Negations are those that :mod:`app.verify.reading` finds in written French, and those of questions
as they are typed: « ont pas signé ».
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from app.verify.reading import Token, read
from ingest.french import stem

_DENYING = ("not", "never", "none", "without")  # cues of :mod:`app.verify.reading`
_REACH = 4  # tokens between a negation and what it goes with
_NE = frozenset({"ne", "n"})
_NOT = frozenset({"pas", "jamais", "rien"})  # « plus » alone is more often « davantage »
_CLITICS = frozenset("je tu il elle on nous vous ils elles ce".split())
_UNKNOWING = frozenset(
    "sais sait savons savez savent savoir comprends comprend vois trouve connais".split()
)
_AUXILIARIES = frozenset(
    """ai jai as a ont avons avez est cest suis es sommes etes sont peux peut pouvons pouvez
    peuvent dois doit devons devez doivent veux veut voulons voulez veulent va vais allons vont
    faut""".split()
)
_Words = tuple[Token, ...]
_Side = tuple[int, bool]  # of a pair of opposites: whether it is the second


class Contrast:
    """The ways of asking one thing, to be held against a question."""

    def __init__(self, phrasings: Iterable[str]) -> None:
        parts = [_parts(phrasing) for phrasing in phrasings]
        self._denied = tuple(word for denied, _ in parts for word in denied)
        self._said = tuple(word for _, said in parts for word in said)
        named = [{word.key for word in said if word.is_name} for _, said in parts]
        self._sides = frozenset(_sides((*self._said, *self._denied)))
        self._named = set[str]().union(*named[:1]).intersection(*named)  # in each of them

    def denies(self, question: str) -> bool:
        """Whether a question in French denies a word that they say, or says one that they deny.

        What they deny in one phrasing and say in another is no matter.
        """
        denied, said = _parts(question)
        return any(
            not _is_among(word, self._denied) and _is_among(word, self._said) for word in denied
        ) or any(_is_among(word, said) and not _is_among(word, self._said) for word in self._denied)

    def renames(self, question: str) -> bool:
        """Whether a question has a name that none of them has, and lacks one that all have."""
        denied, said = _parts(question)
        words = (*denied, *said)
        lacks = self._named - {word.key for word in words}
        every = (*self._said, *self._denied)
        return bool(lacks) and any(word.is_name and not _is_among(word, every) for word in words)

    def opposes(self, question: str) -> str:
        """The word of a question that stands where they have its opposite; empty for none."""
        denied, said = _parts(question)
        sides = _sides((*denied, *said))
        for pair, is_second in sorted(sides.keys() - self._sides):
            if (pair, not is_second) in self._sides - sides.keys():
                return sides[pair, is_second]
        return ""


def _sides(words: _Words) -> dict[_Side, str]:
    """The sides that words take of pairs of opposites, each with the first word that takes it."""
    found: dict[_Side, str] = {}
    for token in words:
        if token.word:
            for side in _opposites().get(stem(token.key), ()):
                found.setdefault(side, token.word.text)
    return found


@cache
def _opposites() -> Mapping[str, frozenset[_Side]]:
    """The sides of each stem of ``opposites.toml``."""
    text = Path(__file__).with_name("opposites.toml").read_text(encoding="utf-8")
    found: dict[str, frozenset[_Side]] = {}
    for number, line in enumerate(tomllib.loads(text)["pairs"].strip().splitlines()):
        for is_second, side in enumerate(line.split("|")):
            for word in map(stem, side.split()):
                found[word] = found.get(word, frozenset()) | {(number, bool(is_second))}
    return found


def _is_among(word: Token, words: _Words) -> bool:
    return any(word.says(one) for one in words)


@lru_cache(maxsize=20_000)
def _parts(question: str) -> tuple[_Words, _Words]:
    """The words that it denies, and the others that say something."""
    reading = read(question)
    tokens = reading.tokens
    cues = [cue for cue in reading.cues if cue.kind in _DENYING]
    places = {cue.governed for cue in cues if not _is_empty(tokens, cue.at)}
    places |= set(_typed(tokens, {cue.at for cue in cues}))
    denied = tuple(token for place, token in enumerate(tokens) if place in places)
    said = tuple(
        token for place, token in enumerate(tokens) if token.is_content and place not in places
    )
    return denied, said


def _is_empty(tokens: Sequence[Token], at: int) -> bool:
    """Whether a negation denies nothing of what is asked: « je ne sais pas comment », and « n'y
    a-t-il pas », which asks the same as « y a-t-il ».
    """
    before = [token.key for token in tokens[max(0, at - _REACH) : at]]
    if not _UNKNOWING.isdisjoint(before):
        return True
    return tokens[0].key in _NE and bool(before) and before[-1] in _CLITICS


def _typed(tokens: Sequence[Token], known: set[int]) -> Iterator[int]:
    """The places of the words that a negation without « ne » denies, after an auxiliary."""
    for at, token in enumerate(tokens[1:], 1):
        if token.key in _NOT and at not in known and tokens[at - 1].key in _AUXILIARIES:
            after = range(at + 1, min(len(tokens), at + 1 + _REACH))
            yield from [place for place in after if tokens[place].is_content][:1]
