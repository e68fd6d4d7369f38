"""A long stream in portions that fit in memory, and which keys of many are new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np

from ingest.cache import Keys

Item = TypeVar("Item")


def rounds(
    items: Iterable[Item], weight: Callable[[Item], int], heaviest: int, most: int
) -> Iterator[list[Item]]:
    """The items in lists, in order: ``most`` of them at most, weighing ``heaviest`` at most.

    An item that is heavier alone has a list of its own.
    """
    portion: list[Item] = []
    weighed = 0
    for item in items:
        if portion and (len(portion) == most or weighed + weight(item) > heaviest):
            yield portion
            portion, weighed = [], 0
        portion.append(item)
        weighed += weight(item)
    if portion:
        yield portion


def unknown(keys: Keys, known: Keys) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of ``keys`` are not in ``known``, which is sorted: one truth value a key.

    It costs the logarithm of ``known`` for each key, which may be a few against millions.
    """
    if not len(known):
        return np.ones(len(keys), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[places] != keys)
