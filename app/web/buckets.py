"""How often somebody may ask: token buckets, in memory, of a bounded number of visitors."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

_KNOWN = 10_000  # visitors: about 2 MB


class Buckets:
    """One bucket a visitor: it holds a minute's worth, and fills again evenly.

    Beyond ``known`` visitors, the one who has asked nothing for the longest time is forgotten.
    """

    def __init__(
        self, per_minute: int, known: int = _KNOWN, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = float(per_minute)
        self._each = per_minute / 60  # tokens a second
        self._known = known
        self._clock = clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def wait(self, visitor: Hashable) -> float:
        """0 when the visitor may ask, which is counted; else the seconds until they may."""
        if not self._each:
            return 0.0
        now = self._clock()
        left, then = self._left.pop(visitor, (self._most, now))
        left = min(self._most, left + (now - then) * self._each)
        missing = max(0.0, 1.0 - left)
        self._left[visitor] = (left if missing else left - 1.0, now)
        if len(self._left) > self._known:
            self._left.popitem(last=False)
        return missing / self._each
