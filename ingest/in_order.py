"""Work done on several threads, whose results come in the order of the work."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = 32
BUDGET = 64_000_000  # bytes of results that wait for their turn


@dataclass(frozen=True, slots=True)
class _Done(Generic[Result]):
    """What came of one item: its result, or the error of its work."""

    result: Result | None = None
    error: BaseException | None = None
    size: int = 0


class _Board(Generic[Item, Result]):
    """What is to do, what is being done, and what is done and not yet given."""

    def __init__(
        self, items: Sequence[Item], key: Callable[[Item], Hashable], size: Callable[[Result], int]
    ) -> None:
        self._items = items
        self._size = size
        self._queues: dict[Hashable, deque[int]] = {}
        for index, item in enumerate(items):
            self._queues.setdefault(key(item), deque()).append(index)
        self.keys = len(self._queues)
        self._busy: set[Hashable] = set()
        self._done: dict[int, _Done[Result]] = {}
        self._held = 0
        self._next = 0
        self._stopped = False
        self._changed = threading.Condition()

    def work(self, do: Callable[[Item], Result]) -> None:
        """Do one item after the other until none is left; the body of each thread."""
        while (taken := self._take()) is not None:
            key, index = taken
            done = self._do(do, index)
            with self._changed:
                self._done[index] = done
                self._held += done.size
                self._busy.discard(key)
                self._changed.notify_all()

    def _do(self, do: Callable[[Item], Result], index: int) -> _Done[Result]:
        try:
            result = do(self._items[index])
            return _Done(result, size=self._size(result))
        except BaseException as error:  # raised again where the result is asked for
            return _Done(error=error)

    def _take(self) -> tuple[Hashable, int] | None:
        with self._changed:
            while self._queues and not self._stopped:
                idle = [(q[0], key) for key, q in self._queues.items() if key not in self._busy]
                index, key = min(idle, key=lambda entry: entry[0], default=(-1, None))
                # The next to give is always done, so that the budget never stops everything.
                if idle and (self._held < BUDGET or index == self._next):
                    self._queues[key].popleft()
                    if not self._queues[key]:
                        del self._queues[key]
                    self._busy.add(key)
                    return key, index
                self._changed.wait()
        return None

    def give(self, index: int) -> Result:
        """The result of an item, waited for; the error of its work is raised."""
        with self._changed:
            self._next = index
            self._changed.notify_all()
            self._changed.wait_for(lambda: index in self._done)
            done = self._done.pop(index)
            self._held -= done.size
        if done.error is not None:
            raise done.error
        return cast(Result, done.result)

    def stop(self) -> None:
        """Let each thread end with what it is doing."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()


def in_order(
    items: Sequence[Item],
    key: Callable[[Item], Hashable],
    do: Callable[[Item], Result],
    size: Callable[[Result], int],
) -> Iterator[Result]:
    """The result of each item, in order; two items of one key are never done at once.

    A key that is slow holds up no other, as long as the results that wait weigh less than
    ``BUDGET`` by ``size``. An error of ``do`` is raised in the place of its result.
    """
    board = _Board(items, key, size)
    threads = [
        threading.Thread(target=board.work, args=[do], daemon=True)
        for _ in range(min(THREADS, board.keys))
    ]
    for thread in threads:
        thread.start()
    try:
        for index in range(len(items)):
            yield board.give(index)
    finally:
        board.stop()
