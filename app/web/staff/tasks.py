"""Long work that a page starts and another one follows: one at a time, in this process.

It is of whom started it. What it wrote is kept when the server stops amid it; the rest is not done.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ingest.errors import ChartisteError
from ingest.progress import Step

logger = logging.getLogger("chartiste.web")

Result = TypeVar("Result")
_KEPT = 50  # the last ones that may still be looked at
_UNEXPECTED = "Une erreur inattendue a arrêté ce travail : ce qui était déjà fait est gardé."


@dataclass
class Task(Generic[Result]):
    """Work of ``owner``: how far it is, then what came of it, or the sentence that says why not."""

    owner: str
    done: int = 0
    total: int = 0
    result: Result | None = None
    error: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after so many seconds at most."""
        return self._ended.wait(seconds)

    def step(self, step: str, done: int, total: int) -> None:
        """Tell how far it is."""
        self.done, self.total = done, total

    def run(self, work: Callable[[Step], Result]) -> None:
        """Do it."""
        try:
            self.result = work(self.step)
        except ChartisteError as error:
            logger.warning("%s", error)
            self.error = str(error)
        except Exception:
            logger.exception("a task failed")
            self.error = _UNEXPECTED
        finally:
            self._ended.set()


class Tasks(Generic[Result]):
    """The work of all of the staff. Safe to use from several threads."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, Task[Result]] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def start(self, owner: str, work: Callable[[Step], Result]) -> str:
        """Do work when no other is being done; returns the id by which it is followed."""
        id, task = secrets.token_urlsafe(12), Task[Result](owner)
        with self._lock:
            self._tasks[id] = task
            while len(self._tasks) > _KEPT:
                self._tasks.popitem(last=False)

        def run() -> None:
            with self._turn:
                task.run(work)

        # A server that stops does not wait for it.
        threading.Thread(target=run, name="task", daemon=True).start()
        return id

    def get(self, id: str, owner: str) -> Task[Result] | None:
        """The work of that id, when it is of that person."""
        with self._lock:
            task = self._tasks.get(id)
        return task if task and task.owner == owner else None
