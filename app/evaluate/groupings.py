"""How well groups are those of labelled questions. Pure: labels and groups in, numbers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from app.faq.grouping import Group


def adjusted_rand(truth: Sequence[Hashable], groups: Sequence[Group]) -> float:
    """The adjusted Rand index: 1 for the same groups, 0 for groups drawn by lot.

    (Hubert and Arabie, Comparing partitions, 1985.)
    """
    together, labelled, found = _pairs(truth, groups)
    every = len(truth) * (len(truth) - 1) / 2
    expected = labelled * found / every if every else 0.0
    most = (labelled + found) / 2
    return (together - expected) / (most - expected) if most != expected else 1.0


def pairwise(truth: Sequence[Hashable], groups: Sequence[Group]) -> tuple[float, float]:
    """Precision and recall of pairs: of those put together, of those that belong together."""
    together, labelled, found = _pairs(truth, groups)
    return together / found if found else 1.0, together / labelled if labelled else 1.0


def groups_of(labels: Sequence[int]) -> list[Group]:
    """Groups from a number a question, the same for those of one group."""
    members: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        members.setdefault(label, []).append(place)
    return [Group(tuple(places), places[0]) for places in members.values()]


def _pairs(truth: Sequence[Hashable], groups: Sequence[Group]) -> tuple[float, float, float]:
    """Pairs of one label in one group, of one label, of one group."""
    both = [size for group in groups for size in Counter(truth[n] for n in group.members).values()]
    return _of(both), _of(Counter(truth).values()), _of(len(group.members) for group in groups)


def _of(sizes: Iterable[int]) -> float:
    return sum(size * (size - 1) / 2 for size in sizes)
