"""What hostile messages cost: every pattern of masking takes steps in proportion to the text."""

from __future__ import annotations

import re
import re._constants as c  # type: ignore[import-untyped]
import re._parser as parser  # type: ignore[import-untyped]
from collections.abc import Iterator
from typing import Any

import pytest

from app.journal import births, figures, masking, names, online, persons, places, seen
from tests.app.journal.steps import Matcher

MOST = 5_000  # steps a sign, of all places where a match may begin
SIGNS = 60
HOSTILE = ["1 ", "a.a", "m. ", " "]


def _patterns(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _patterns(one)


MODULES = (births, figures, names, online, persons, places, seen)
PATTERNS = [
    one for module in MODULES for value in vars(module).values() for one in _patterns(value)
]


def _repeats(tree: Any) -> Iterator[int]:
    """How often each repeated part of a pattern may be repeated."""
    for op, value in tree:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            yield int(value[1])
        for part in value if isinstance(value, tuple | list) else (value,):
            if isinstance(part, parser.SubPattern):
                yield from _repeats(part)
            elif isinstance(part, list) and op is c.BRANCH:
                for branch in part:
                    yield from _repeats(branch)


def test_no_part_of_a_pattern_is_repeated_without_an_end() -> None:
    assert len(PATTERNS) > 90
    assert max(most for one in PATTERNS for most in _repeats(parser.parse(one.pattern))) <= 400


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_texts_take_few_steps_a_sign(part: str) -> None:
    text = (part * SIGNS)[:SIGNS]
    steps = {one.pattern: Matcher(one, text).count() for one in PATTERNS}
    assert [one for one, count in steps.items() if count > MOST * SIGNS] == []


def test_steps_are_counted() -> None:
    """A pattern that goes back over and over is seen to."""
    few, many = (Matcher(re.compile(r"(?:a{1,9}){1,9}b"), "a" * n).count() for n in (6, 12))
    assert many > 30 * few
    assert Matcher(re.compile(r"(?:a{1,9}+){1,9}+b"), "a" * 12).count() < 600


@pytest.mark.parametrize(
    "part",
    [
        *HOSTILE,
        "12 rue de la ",
        "a point ",
        "zero ",
        "A B ",
        "je m'appelle Jean, ",
        "Jean Dupont ",
        "06 ",
        "@",
    ],
)
def test_hostile_texts_are_looked_at_a_few_times_only(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []
    once = masking._once
    monkeypatch.setattr(masking, "_once", lambda text: rounds.append(len(text)) or once(text))
    masking.masked((part * 2_000)[:2_000])
    assert len(rounds) <= 4
