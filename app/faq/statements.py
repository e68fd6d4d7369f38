"""The sentences of an entry's answer, each with the numbers of the citations it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.faq.entry import Edit
from app.faq.markdown import Run, blocks_of
from app.written import Written, statements


def statements_of(edit: Edit) -> list[Written]:
    """The sentences, without their marks.

    One that names no citation rests on those of the next one of its paragraph or list that does,
    and else on all of the entry's.
    """
    numbers = tuple(one.number for one in edit.citations)
    found: list[Written] = []
    for block in blocks_of(edit.answer):
        said = [one for line in block.lines for one in statements([_plain(line)])]
        found += _with_numbers(said, numbers)
    return found


def _plain(line: Sequence[Run]) -> str:
    return "".join(run.text for run in line)


def _with_numbers(said: Sequence[Written], numbers: tuple[int, ...]) -> list[Written]:
    """The sentences of a block, each with the markers it has or takes from a later one."""
    found: list[Written] = []
    following: tuple[int, ...] = ()
    for one in reversed(said):
        known = tuple(number for number in one.markers if number in numbers)
        following = known or following
        found.append(replace(one, markers=following or numbers))
    return found[::-1]
