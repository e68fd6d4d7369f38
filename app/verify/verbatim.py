"""Whether a statement has the very words of sentences, in their order.

It may differ in articles, in the form of figures, in function words of one meaning, in relative
clauses or parentheses that are left out whole, in a circumstance that moved between the two ends of
the sentence, and in what joins two sentences in a row. Nothing else: words that were put together
otherwise may say what the passage does not, whatever words they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.verify.figures import Figure
from app.verify.reading import Reading, Token
from app.verify.vocabulary import EQUIVALENTS

Symbol = str | Figure

_ARTICLES = frozenset("le la les l un une des de du d annee the a an of".split())
_SPELLED = {
    "qu": "que", "n": "ne", "s": "se", "c": "ce", "j": "je", "m": "me", "t": "te", "au": "à",
    "aux": "à", "lorsqu": "lorsque", "puisqu": "puisque", "jusqu": "jusque", "quoiqu": "quoique",
}  # fmt: skip
_RELATIVES = frozenset("qui dont ou laquelle lequel lesquels lesquelles where which who".split())
_CIRCUMSTANCES = frozenset(
    "en à dans depuis pendant lors apres avant durant vers entre ce in on at since during".split()
)
_JOINERS = frozenset({"et", "and"})
_BREAKS = re.compile(r"[,;:()–—\[\]«»“”]")
_ATTRIBUTION = re.compile(
    r"\s*(?:(?:selon|d'apres|comme le (?:dit|disent|precise|indique))"
    r"(?: (?:le|les|ce|la|l')? ?(?:textes?|sources?|passages?|documents?|articles?))?,? |"
    r"(?:le texte|la source|le document|l'article) (?:dit|precise|indique|rappelle) qu(?:e |'))"
)


@dataclass(frozen=True, slots=True)
class _Segment:
    """What stands between two breaks; it may be left out when ``is_aside``."""

    symbols: tuple[Symbol, ...]
    is_aside: bool


def is_word_for_word(mine: Reading, sentences: Sequence[Reading]) -> bool:
    """Whether the statement has the words of these sentences, which stand in a row."""
    said = list(_segments(mine, _start(mine)))
    theirs = [list(_segments(sentence)) for sentence in sentences]
    if _matches(_flat(said), theirs):
        return True
    if len(theirs) > 1:
        return False
    return any(_matches(_flat(said), [order]) for order in _turned(theirs[0])) or any(
        _matches(_flat(order), theirs) for order in _turned(said)
    )


def _flat(segments: Sequence[_Segment]) -> list[Symbol]:
    return [symbol for segment in segments for symbol in segment.symbols]


def _start(reading: Reading) -> int:
    """Where the statement begins, behind « selon le texte, »."""
    match = _ATTRIBUTION.match(reading.plain)
    return match.end() if match else 0


def _segments(reading: Reading, start: int = 0) -> Iterator[_Segment]:
    """The segments of a sentence, in order; those without a word are none."""
    run: list[Token] = []
    opened_by = ""
    for n, token in enumerate(reading.tokens):
        if token.start < start:
            continue
        before = reading.plain[reading.tokens[n - 1].end : token.start] if n else ""
        if run and (found := _BREAKS.search(before)):
            yield _segment(run, opened_by)
            run, opened_by = [], found.group()
            if "(" in before:
                opened_by = "("
        run.append(token)
    if run:
        yield _segment(run, opened_by)


def _segment(run: Sequence[Token], opened_by: str) -> _Segment:
    is_aside = opened_by == "(" or (opened_by == "," and run[0].key in _RELATIVES)
    return _Segment(tuple(_symbols(run)), is_aside)


def _symbols(run: Sequence[Token]) -> Iterator[Symbol]:
    """Words under one spelling and one of equivalents; articles are left out."""
    at = 0
    while at < len(run):
        phrase, length = _equivalent(run, at)
        at += length
        if phrase is not None and phrase not in _ARTICLES:
            yield phrase


def _equivalent(run: Sequence[Token], at: int) -> tuple[Symbol | None, int]:
    """What stands for the longest phrase that begins there, and its length in tokens."""
    if run[at].figure:
        return run[at].figure, 1
    for words, meaning in EQUIVALENTS.get(run[at].key, ()):
        if tuple(token.key for token in run[at : at + len(words)]) == words:
            return meaning or None, len(words)
    return _spelled(run[at]), 1


def _spelled(token: Token) -> str:
    if token.word and token.word.text.lower() == "à":
        return "à"
    return _SPELLED.get(token.key, token.key)


def _matches(said: Sequence[Symbol], sentences: Sequence[Sequence[_Segment]]) -> bool:
    """Whether the segments, those that may be left out aside, are all that is said."""
    at = 0
    for number, segments in enumerate(sentences):
        if number and at < len(said) and said[at] in _JOINERS:
            at += 1
        for segment in segments:
            end = at + len(segment.symbols)
            if _are_same(said[at:end], segment.symbols):
                at = end
            elif not segment.is_aside:
                return False
    return at == len(said)


def _are_same(one: Sequence[Symbol], other: Sequence[Symbol]) -> bool:
    return len(one) == len(other) and all(map(_is_same, one, other))


def _is_same(one: Symbol, other: Symbol) -> bool:
    if isinstance(one, Figure) and isinstance(other, Figure):
        return one.is_said_by(other) and other.is_said_by(one)
    return one == other


def _turned(segments: list[_Segment]) -> Iterator[list[_Segment]]:
    """The segments with a circumstance moved from one end to the other."""
    if len(segments) < 2:
        return
    if _is_circumstance(segments[0]):
        yield [*segments[1:], segments[0]]
    if _is_circumstance(segments[-1]):
        yield [segments[-1], *segments[:-1]]


def _is_circumstance(segment: _Segment) -> bool:
    first = segment.symbols[0] if segment.symbols else ""
    return isinstance(first, Figure) or first in _CIRCUMSTANCES
