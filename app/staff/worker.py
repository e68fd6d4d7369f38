"""Who does the tasks: a thread of the server, one item after the other."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.staff.person import Person
from app.staff.tasks import Finding, Task, Tasks
from ingest.errors import ChartisteError

log = logging.getLogger(__name__)

UNEXPECTED = "Une erreur inattendue l'a arrêté : elle est dans le journal du serveur."
_SIGN = 5.0  # seconds between two signs that it goes on
_WRITTEN = 0.5  # seconds between two writings of what was found


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do; ``do`` says what came of it."""

    key: str
    do: Callable[[], Finding]


# What a kind of task has to do, for somebody.
Items = Callable[[Person], Iterable[Item]]


class Worker:
    """Begins tasks of some kinds, and does them. Safe to use from several threads."""

    def __init__(self, tasks: Tasks, kinds: Mapping[str, Items]) -> None:
        self._tasks = tasks
        self._kinds = kinds
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, kind: str, who: Person, after: Task | None = None) -> Task:
        """Begin a task; ``after`` is one of its kind that it goes on from.

        Raises:
            AnotherTask: one is running.
            KeyError: there is no such kind.
        """
        items = self._kinds[kind]
        task = self._tasks.begin(kind, who, after)
        doing = _Doing(self._tasks, task, self._closing)
        self._thread = threading.Thread(
            target=doing.run, args=(items, who), name="task", daemon=True
        )
        self._thread.start()
        return task

    def wait(self, seconds: float) -> None:
        """Wait until the last task has ended, or for some seconds."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Stop after the item that is being done."""
        self._closing.set()
        self.wait(10)


class _Doing:
    """A task that is being done."""

    def __init__(self, tasks: Tasks, task: Task, closing: threading.Event) -> None:
        self._tasks = tasks
        self._id = task.id
        self._findings = list(task.findings)
        self._total = task.total
        self._closing = closing
        self._goes_on = True
        self._written = 0.0

    def run(self, items: Items, who: Person) -> None:
        """Do it to its end; nothing is raised."""
        ended = threading.Event()
        sign = threading.Thread(target=self._signs, args=(ended,), name="sign", daemon=True)
        sign.start()
        fault = ""
        try:
            self._do(items, who)
        except ChartisteError as error:
            fault = str(error)
        except Exception:
            log.exception("a task failed")
            fault = UNEXPECTED
        ended.set()
        sign.join()
        self._end(fault)

    def _do(self, items: Items, who: Person) -> None:
        done = {one.key for one in self._findings}
        left = [item for item in items(who) if item.key not in done]
        self._total = len(done) + len(left)
        self._tell()
        for item in left:
            if self._closing.is_set() or not self._goes_on:
                return
            self._findings.append(item.do())
            if time.monotonic() - self._written >= _WRITTEN:
                self._tell()
        self._goes_on = True  # all is done: it is too late to stop

    def _tell(self) -> None:
        self._written = time.monotonic()
        self._goes_on = self._tasks.tell(self._id, self._total, list(self._findings))

    def _signs(self, ended: threading.Event) -> None:
        while not ended.wait(_SIGN):
            try:
                self._tell()
            except ChartisteError as error:  # its database may come back
                log.warning("%s", error)

    def _end(self, fault: str) -> None:
        left = len(self._findings) < self._total or not self._total
        stopped = left and (self._closing.is_set() or not self._goes_on)
        try:
            self._tasks.end(
                self._id,
                "failed" if fault else "stopped" if stopped else "done",
                self._findings,
                fault,
            )
        except ChartisteError as error:  # it will be found interrupted
            log.error("%s", error)
