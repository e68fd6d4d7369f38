"""What is wrong with a statement once it is aligned with its evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.verify.alignment import align
from app.verify.reading import Cue, Reading, Token
from app.verify.verdicts import Fault, FaultKind

_BESIDE = 3  # tokens between a cue and what stands for its neighbours
_BY = {"par", "by"}
_NEAR = 6  # tokens between a cue and the word that it is looked for around
_KINDS: dict[str, FaultKind] = {
    "not": "negation", "never": "negation", "none": "negation", "without": "negation",
    "possible": "modality", "supposed": "modality", "must": "modality", "advised": "modality",
    "allowed": "modality", "forbidden": "modality", "certain": "modality",
}  # fmt: skip
# Classes that may stand for one another: « aucune commune » is « ne … pas » in other words.
_ALIKE = ({"not", "never", "none", "without"},)

_EXCEPTING = frozenset("sauf hormis excepte malgre outre except besides despite unless".split())


def bare_fault(reading: Reading, position: int) -> Fault:
    """The fault of a token that no evidence has."""
    token = reading.tokens[position]
    said = reading.text[token.start : token.end]
    if token.figure:
        return Fault("figure", said)
    opens_as_name = token.word is not None and token.word.is_capital and not _may_open(token.key)
    return Fault("name" if token.is_name or opens_as_name else "words", said)


@dataclass(frozen=True)
class Comparison:
    """A statement laid over its evidence; ``context`` is what stands around the evidence.

    Each content token of the statement is in one of the two.
    """

    mine: Reading
    theirs: Reading
    context: Sequence[Token]

    @cached_property
    def found(self) -> list[int | None]:
        """For each token of the statement the position of the one it stands for."""
        return align(self.mine.tokens, self.theirs.tokens)

    @cached_property
    def back(self) -> dict[int, int]:
        """For each aligned token of the evidence the position in the statement."""
        return {at: position for position, at in enumerate(self.found) if at is not None}

    def faults(self) -> Iterator[Fault]:
        """What is wrong, the gravest first."""
        yield from self._cues()
        yield from self._moods()
        yield from self._places()

    def _said(self, first: int, last: int | None = None) -> str:
        tokens = self.mine.tokens
        return self.mine.text[tokens[first].start : tokens[first if last is None else last].end]

    def _cues(self) -> Iterator[Fault]:
        """Cues that one of the two has and the other has not, each taken for one at most."""
        pairs = sorted(
            (far, m, t)
            for m, mine in enumerate(self.mine.cues)
            for t, theirs in enumerate(self.theirs.cues)
            if _are_alike(mine.kind, theirs.kind) and (far := self._apart(mine, theirs)) <= _NEAR
        )
        paired: tuple[set[int], set[int]] = (set(), set())
        for _, m, t in pairs:
            if m not in paired[0] and t not in paired[1]:
                paired[0].add(m)
                paired[1].add(t)
        for t, cue in enumerate(self.theirs.cues):
            if t not in paired[1] and self._bears_on_mine(cue):
                token = self.theirs.tokens[cue.at]
                said = self.theirs.text[token.start : token.end]
                yield Fault(_KINDS.get(cue.kind, "quantity"), said)
        for m, cue in enumerate(self.mine.cues):
            if m not in paired[0]:
                yield Fault(_KINDS.get(cue.kind, "quantity"), self._said(cue.at))

    def _apart(self, mine: Cue, theirs: Cue) -> float:
        """How many tokens lie between two cues, the statement being laid over the evidence."""
        place = None if mine.governed is None else self.found[mine.governed]
        if place is not None and theirs.governed is not None:
            far = abs(place - theirs.governed)
            return far if far <= _BESIDE else math.inf
        near = range(max(0, mine.at - _BESIDE), min(len(self.found), mine.at + _BESIDE + 1))
        places = [self.found[n] for n in (mine.at, *near)]
        return min((abs(theirs.at - at) for at in places if at is not None), default=math.inf)

    def _bears_on_mine(self, cue: Cue) -> bool:
        """Whether a cue of the evidence bears on a word that the statement has."""
        if cue.governed is not None:
            return cue.governed in self.back
        return any(at in self.back for at in (cue.at - 1, cue.at + 1, cue.at + 2))

    def _moods(self) -> Iterator[Fault]:
        for position, at in enumerate(self.found):
            if at is not None and self.mine.tokens[position].is_content:
                mine, theirs = self.mine.tokens[position].key, self.theirs.tokens[at].key
                if _is_conditional(mine, theirs) or _is_conditional(theirs, mine):
                    yield Fault("modality", self._said(position))

    def _places(self) -> Iterator[Fault]:
        """Words, names and figures that stand where the evidence has another one."""
        for first, last in _units(self.mine):
            sides = [self._is_in_place(first, last, step) for step in (-1, 1)]
            known = [side for side in sides if side is not None]
            if len(known) >= self._sides_needed(first) and not any(known):
                yield Fault("order", self._said(first, last))

    def _sides_needed(self, position: int) -> int:
        """On how many sides a word must be out of place.

        A common word of the sentence itself may have moved with its clause.
        """
        if _is_entity(self.mine.tokens[position]) or (at := self.found[position]) is None:
            return 1
        near = (self.found[n] for n in (position - 1, position + 1) if 0 <= n < len(self.found))
        around = {self.theirs.sentences[one] for one in near if one is not None}
        return 2 if self.theirs.sentences[at] in around else 1

    def _is_turned(self, position: int, place: int) -> bool:
        """Whether the name acts in one of the two and is acted on in the other: a passive."""
        return (
            _is_agent(self.mine, position) != _is_agent(self.theirs, place)
            and self._agents[0] != self._agents[1]
        )  # fmt: skip

    @cached_property
    def _agents(self) -> tuple[int, int]:
        """How many times who acts is named in a passive, in both."""
        there = {self.theirs.sentences[at] for at in self.back}
        mine = sum(token.key in _BY for token in self.mine.tokens)
        theirs = sum(
            token.key in _BY and self.theirs.sentences[at] in there
            for at, token in enumerate(self.theirs.tokens)
        )
        return mine, theirs

    def _is_in_place(self, first: int, last: int, step: int) -> bool | None:
        """Whether the evidence has the unit, too, beside the content word on that side of it.

        None where there is no such word, or where nothing of this kind stands in its place.
        """
        next_to = beside(self.mine, first if step < 0 else last, step)
        if next_to is None or (at := self.found[next_to]) is None:
            return None
        there = beside(self.theirs, at, -step)
        if there is None:
            return None
        units, other = self.mine.tokens[first : last + 1], self.theirs.tokens[there]
        if any(unit.says(other) for unit in units):
            return True
        if not _may_be_taken(units[0], other):
            return None
        places = [place for place in self.found[first : last + 1] if place is not None]
        if _is_entity(other) and there in self.back:
            turned = self._is_turned(self.back[there], there)
            return any(turned or self._is_turned(first, place) for place in places)
        # Others may have been left out between them, but no other figure.
        return not other.figure and any(self._are_near(place, at) for place in places)

    def _are_near(self, place: int, at: int) -> bool:
        there = self.theirs.sentences
        return abs(place - at) <= _NEAR and there[place] == there[at]


def _are_alike(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _ALIKE)


def _may_be_taken(token: Token, other: Token) -> bool:
    """Whether two tokens are of one kind, so that one may stand in the place of the other."""
    if token.figure or other.figure:
        ranks = {token.figure and token.figure.kind, other.figure and other.figure.kind}
        return len(ranks) == 1 or ranks == {None, "ordinal"}
    return _is_entity(token) == _is_entity(other)


def _may_open(word: str) -> bool:
    """Whether it may open a sentence and be no name: an adverb, a participle, what excepts."""
    return word in _EXCEPTING or word.endswith(("ment", "ant", "ing", "ly", "er"))


def _is_conditional(one: str, other: str) -> bool:
    """Whether ``one`` is in the conditional mood, and ``other`` the same verb in another one."""
    if not one.endswith(("rait", "raient")) or other.endswith(("rait", "raient", "r")):
        return False
    root = one.removesuffix("raient").removesuffix("rait")
    return not other.startswith(f"{root}r") or other.endswith(("ra", "ront"))


def _is_agent(reading: Reading, position: int) -> bool:
    """Whether the word is who acts in a passive sentence: « par le conseil »."""
    before = reading.tokens[max(0, position - 2) : position]
    return any(token.key in _BY for token in before)


def _is_entity(token: Token) -> bool:
    return token.is_name or token.figure is not None or _opens_as_name(token)


def _opens_as_name(token: Token) -> bool:
    return token.word is not None and token.is_content and token.word.is_capital


def _units(reading: Reading) -> Iterator[tuple[int, int]]:
    """The first and last position of each name, and of each other content token.

    Names in a row are one, and so are words that hyphens join.
    """
    tokens = reading.tokens
    position = 0
    while position < len(tokens):
        last = position
        while last + 1 < len(tokens) and _are_one(reading, last):
            last += 1
        if any(token.is_content for token in tokens[position : last + 1]):
            yield position, last
        position = last + 1


def _are_one(reading: Reading, position: int) -> bool:
    """Whether the token and the next one are parts of one name."""
    one, other = reading.tokens[position : position + 2]
    if reading.text[one.end : other.start] == "-":
        return True
    return not one.figure and not other.figure and _is_entity(one) and _is_entity(other)


def beside(reading: Reading, position: int, step: int) -> int | None:
    """The next content token on a side, in the same clause; light words are passed over."""
    tokens = reading.tokens
    at = position + step
    while 0 <= at < len(tokens) and abs(at - position) <= 3:
        low, high = sorted((tokens[at - step].start, tokens[at].start))
        if any(sign in ",;:.!?()" for sign in reading.text[low:high]):
            return None
        if tokens[at].is_content:
            return at
        at += step
    return None
