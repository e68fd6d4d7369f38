"""Which token of a statement stands for which token of its evidence.

Runs of tokens that both have are laid over each other, those with the most content first (greedy
string tiling, Wise 1993), so that a clause that moved stays whole and a word that was changed or
added stays bare.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.verify.reading import Token


def align(mine: Sequence[Token], theirs: Sequence[Token]) -> list[int | None]:
    """For each token of ``mine`` the position in ``theirs`` of the one it stands for, or None."""
    same = _matches(mine, theirs)
    pairs = [set(ones) for ones in same]
    found: list[int | None] = [None] * len(mine)
    used: set[int] = set()
    while run := _longest(mine, same, pairs, found, used):
        start, at, length = run
        found[start : start + length] = range(at, at + length)
        used.update(range(at, at + length))
    for position, token in enumerate(mine):  # said twice, where the evidence says it once
        if found[position] is None and token.is_content and same[position]:
            found[position] = _nearest(found, position, same[position])
    return found


def _matches(mine: Sequence[Token], theirs: Sequence[Token]) -> list[list[int]]:
    """For each of mine the positions in theirs of what says the same."""
    return [[at for at, other in enumerate(theirs) if token.says(other)] for token in mine]


def _longest(
    mine: Sequence[Token],
    same: list[list[int]],
    pairs: list[set[int]],
    found: list[int | None],
    used: set[int],
) -> tuple[int, int, int] | None:
    """The free run with the most content: where it begins in both, and its length."""
    best: tuple[int, int, int] | None = None
    most = (0, 0)
    for start, token in enumerate(mine):
        if not token.is_content or found[start] is not None:
            continue
        for at in same[start]:
            if at in used:
                continue
            run = _grown(start, at, pairs, found, used)
            content = sum(mine[n].is_content for n in range(run[0], run[0] + run[2]))
            if (content, run[2]) > most:
                most, best = (content, run[2]), run
    return best


def _grown(
    start: int, at: int, pairs: list[set[int]], found: list[int | None], used: set[int]
) -> tuple[int, int, int]:
    """The run around a pair, grown to both sides."""

    def fits(position: int, other: int) -> bool:
        return (
            0 <= position < len(pairs) and found[position] is None
            and other not in used and other in pairs[position]
        )  # fmt: skip

    first = 0
    while fits(start - first - 1, at - first - 1):
        first += 1
    last = 0
    while fits(start + last + 1, at + last + 1):
        last += 1
    return start - first, at - first, first + last + 1


def _nearest(found: Sequence[int | None], position: int, choices: Sequence[int]) -> int:
    """The choice that is closest to what the tokens around stand for."""
    around = [
        at for at in (*found[max(0, position - 3) : position], *found[position + 1 : position + 4])
        if at is not None
    ]  # fmt: skip
    return min(choices, key=lambda at: min((abs(at - one) for one in around), default=0))
