"""What is wrong with a statement besides common words that its evidence lacks.

Rules cannot say whether « verse » stands for « paie »; a model may. They still say that what is
around these words is in place, and that nothing near what they may stand for denies it, doubts it
or bounds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.verify.checks import Comparison, beside
from app.verify.reading import Cue, Reading, Token
from app.verify.verdicts import Fault
from app.verify.vocabulary import PHRASES

_FAR = 6  # tokens beyond the words around, among which a bare word has its counterpart
_ENDS = ",;:.!?()"  # of a clause


@dataclass(frozen=True)
class Paraphrase(Comparison):
    """A statement laid over its evidence, the ``bare`` words counted as light."""

    bare: Sequence[int]

    @classmethod
    def of(
        cls, mine: Reading, theirs: Reading, context: Sequence[Token], bare: Sequence[int]
    ) -> Paraphrase:
        """The comparison of a statement whose tokens ``bare`` no evidence has."""
        tokens = [
            replace(token, is_content=False) if n in bare else token
            for n, token in enumerate(mine.tokens)
        ]
        return cls(replace(mine, tokens=tuple(tokens)), theirs, context, bare)

    def faults(self) -> Iterator[Fault]:
        """What is wrong besides the bare words."""
        yield from super().faults()
        for position in self.bare:
            if self._is_counted(position):
                yield Fault("figure", self._said(position))
            if self._has_swapped_sides(position):
                yield Fault("order", self._said(position))
            if self._is_unread_cue(position):
                yield Fault("quantity", self._said(position))
        if self._is_supposed() != self._may_stand_for_supposed():
            yield Fault("modality", self._said(self.bare[0]))

    def _is_counted(self, position: int) -> bool:
        """Whether a figure counts it: « 25 communes » is not 25 of something else."""
        before = beside(self.mine, position, -1)
        return before is not None and self.mine.tokens[before].figure is not None

    def _is_unread_cue(self, position: int) -> bool:
        """Whether it is the word of a cue where none was read, as behind a figure."""
        is_read = any(cue.at == position for cue in self.mine.cues)
        return self.mine.tokens[position].key in PHRASES and not is_read

    def _has_swapped_sides(self, position: int) -> bool:
        """Whether the evidence has the words around it the other way round, or both in a passive.

        « Rome défit Carthage » is not « Carthage vainquit Rome ».
        """
        left, right = (self._anchor(position, step, in_clause=True) for step in (-1, 1))
        if left is None or right is None:
            return False
        is_turned = self._agents[0] != self._agents[1]
        return (left > right) != is_turned

    def _is_supposed(self) -> bool:
        return any(_is_conditional(self.mine.tokens[position]) for position in self.bare)

    def _may_stand_for_supposed(self) -> bool:
        return any(
            _is_conditional(token) and at not in self.back and self._may_be_reworded(at)
            for at, token in enumerate(self.theirs.tokens)
        )

    def _bears_on_mine(self, cue: Cue) -> bool:
        """Whether a cue bears on a word that the statement has, or may have in other words."""
        if super()._bears_on_mine(cue):
            return True
        at = cue.at if cue.governed is None else cue.governed
        return self.theirs.tokens[at].figure is None and self._may_be_reworded(at)

    def _may_be_reworded(self, at: int) -> bool:
        """Whether a bare word may stand for that word of the evidence, by what is around both."""
        for position in self.bare:
            anchors = [self._anchor(position, step) for step in (-1, 1)]
            known = [anchor for anchor in anchors if anchor is not None]
            if not known or min(known) - _FAR <= at <= max(known) + _FAR:
                return True
        return False

    def _anchor(self, position: int, step: int, in_clause: bool = False) -> int | None:
        """What the next content word on a side stands for, of those that the evidence has."""
        tokens = self.mine.tokens
        at = position + step
        while 0 <= at < len(tokens):
            low, high = sorted((position, at))
            between = self.mine.text[tokens[low].end : tokens[high].start]
            if in_clause and any(sign in _ENDS for sign in between):
                return None
            if tokens[at].is_content and (place := self.found[at]) is not None:
                return place
            at += step
        return None


def _is_conditional(token: Token) -> bool:
    """Whether it reads as a verb in the conditional mood."""
    return token.word is not None and token.key.endswith(("rait", "raient"))
