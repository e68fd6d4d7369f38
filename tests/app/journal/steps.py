"""How many steps a regular expression takes: a plain backtracking matcher that counts them.

It walks the tree that ``re`` compiles, as ``re`` does, without any of its short cuts, and so needs
at least as many steps. Time says less, and differs from one machine to another.
"""

from __future__ import annotations

import re
import re._constants as c  # type: ignore[import-untyped]
import re._parser as parser  # type: ignore[import-untyped]
import sys
from collections.abc import Callable
from typing import Any

_Next = Callable[[int], int | None]
_CATEGORIES = {
    c.CATEGORY_DIGIT: re.compile(r"\d"),
    c.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    c.CATEGORY_SPACE: re.compile(r"\s"),
    c.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    c.CATEGORY_WORD: re.compile(r"\w"),
    c.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


class Matcher:
    """One pattern on one text; ``steps`` counts the signs and places that were looked at."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.tree = parser.parse(pattern.pattern)
        self.text = text
        self.folds = bool(pattern.flags & re.IGNORECASE)
        self.steps = 0
        self.groups: dict[int, tuple[int, int]] = {}

    def count(self) -> int:
        """The steps that finding all matches takes."""
        sys.setrecursionlimit(20_000)
        at = 0
        while at <= len(self.text):
            end = self._all(list(self.tree), 0, at, lambda place: place)
            at = end if end is not None and end > at else at + 1
        return self.steps

    def _all(self, nodes: list[Any], first: int, at: int, after: _Next) -> int | None:
        """Where what follows ends when the nodes match from a place, or None."""
        if first == len(nodes):
            return after(at)
        op, value = nodes[first]
        self.steps += 1

        def rest(place: int) -> int | None:
            return self._all(nodes, first + 1, place, after)

        if op in (c.MAX_REPEAT, c.MIN_REPEAT):
            return self._repeat(value, op is c.MIN_REPEAT, 0, at, rest)
        if op is c.BRANCH:
            return next(
                (end for one in value[1] if (end := self._all(list(one), 0, at, rest)) is not None),
                None,
            )
        if op is c.SUBPATTERN:
            return self._group(value, at, rest)
        end = self._alone(op, value, at)
        return None if end is None else rest(end)

    def _group(self, value: Any, at: int, rest: _Next) -> int | None:
        number, _, removed, inside = value
        before, self.folds = self.folds, self.folds and not removed & c.SRE_FLAG_IGNORECASE

        def leave(place: int) -> int | None:
            self.folds = before
            self.groups[number] = (at, place)
            return rest(place)

        end = self._all(list(inside), 0, at, leave)
        self.folds = before
        return end

    def _repeat(self, value: Any, lazy: bool, done: int, at: int, rest: _Next) -> int | None:
        least, most, inside = value

        def more(place: int) -> int | None:
            return None if place == at else self._repeat(value, lazy, done + 1, place, rest)

        def again() -> int | None:
            return self._all(list(inside), 0, at, more) if done < most else None

        if done < least:
            return again()
        for way in (lambda: rest(at), again) if lazy else (again, lambda: rest(at)):
            if (end := way()) is not None:
                return end
        return None

    def _alone(self, op: Any, value: Any, at: int) -> int | None:
        """Where a node ends that is never entered again, or None."""
        if op is c.POSSESSIVE_REPEAT:
            return self._possessive(value, at)
        if op in (c.ASSERT, c.ASSERT_NOT):
            return self._look(op, value, at)
        if op is c.ATOMIC_GROUP:
            return self._all(list(value), 0, at, lambda place: place)
        if op is c.AT:
            return at if self._is_at(value, at) else None
        if op is c.GROUPREF:
            start, end = self.groups[value]
            same = self.text.startswith(self.text[start:end], at)
            return at + end - start if same else None
        fits = at < len(self.text) and self._fits(op, value, self.text[at])
        return at + 1 if fits else None

    def _possessive(self, value: Any, at: int) -> int | None:
        least, most, inside = value
        done = 0
        while done < most:
            end = self._all(list(inside), 0, at, lambda place: place)
            if end is None or end == at:
                break
            at, done = end, done + 1
        return at if done >= least else None

    def _look(self, op: Any, value: Any, at: int) -> int | None:
        direction, inside = value
        start = at if direction > 0 else at - inside.getwidth()[0]
        seen = start >= 0 and self._all(list(inside), 0, start, lambda place: place) is not None
        return at if seen is (op is c.ASSERT) else None

    def _is_at(self, value: Any, at: int) -> bool:
        text = self.text
        if value in (c.AT_BEGINNING, c.AT_BEGINNING_STRING):
            return at == 0
        if value in (c.AT_END, c.AT_END_STRING):
            return at == len(text) or (at == len(text) - 1 and text[at] == "\n")
        sides = [
            bool(re.match(r"\w", one)) for one in (text[max(0, at - 1) : at], text[at : at + 1])
        ]
        return (sides[0] != sides[1]) is (value is c.AT_BOUNDARY)

    def _fits(self, op: Any, value: Any, sign: str) -> bool:
        self.steps += 1
        if op is c.IN:
            negated = value[0][0] is c.NEGATE
            return any(self._fits_one(*one, sign) for one in value[negated:]) is not negated
        return self._fits_one(op, value, sign)

    def _fits_one(self, op: Any, value: Any, sign: str) -> bool:
        forms = {sign, sign.lower(), sign.upper()} if self.folds else {sign}
        codes = [ord(form) for form in forms if len(form) == 1]
        match op:
            case c.ANY:
                return sign != "\n"
            case c.LITERAL:
                return value in codes
            case c.NOT_LITERAL:
                return value not in codes
            case c.RANGE:
                return any(value[0] <= code <= value[1] for code in codes)
            case c.CATEGORY:
                return bool(_CATEGORIES[value].match(sign))
        raise NotImplementedError(op)
