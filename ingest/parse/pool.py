"""The processes that parse, started once and used again; one that hangs or dies fails alone."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from ingest.documents import Document, Source
from ingest.errors import SourceError
from ingest.parse.files import Format
from ingest.parse.worker import FAILED, NO_MEMORY, TOO_MUCH, receive, send

log = logging.getLogger(__name__)

_PACKAGES = Path(__file__).resolve().parents[2]
_KEPT = {"PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH"}
_AHEAD = 4  # documents read ahead of each process

Tag = TypeVar("Tag")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes of memory that one document may take, and how many processes there are."""

    seconds: float = 30.0
    memory: int = 512_000_000
    processes: int = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Job(Generic[Tag]):
    """A document to parse; ``tag`` comes back with it. ``charset`` is what a server said."""

    tag: Tag
    data: bytes
    format: Format
    source: Source
    charset: str | None = None


class Pool:
    """Parses documents in processes of its own, which end with it.

    A process is started when it is first needed, and anew after one that had to be killed.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._threads = ThreadPoolExecutor(self._limits.processes, "parse")
        self._idle: SimpleQueue[_Process | None] = SimpleQueue()
        self._started: list[_Process] = []
        self._starting = threading.Lock()  # held while a process is started, and while all end
        self._closed = False
        for _ in range(self._limits.processes):
            self._idle.put(None)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, those that are at work included."""
        with self._starting:
            self._closed = True
            for process in self._started:
                process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def map(self, jobs: Iterable[Job[Tag]]) -> Iterator[tuple[Tag, Document | SourceError]]:
        """Each job's tag, with its document or why there is none, in the order of the jobs.

        Only a few jobs are taken ahead of the one that is given back.
        """
        ahead: deque[tuple[Tag, Future[Document]]] = deque()
        for job in jobs:
            ahead.append((job.tag, self._threads.submit(self._parse, job)))
            if len(ahead) > _AHEAD * self._limits.processes:
                yield _outcome(*ahead.popleft())
        while ahead:
            yield _outcome(*ahead.popleft())

    def _parse(self, job: Job[Tag]) -> Document:
        process = self._idle.get()
        try:
            process = self._alive(process)
            return process.parse(job)
        finally:
            self._idle.put(process)

    def _alive(self, process: _Process | None) -> _Process:
        """The process, or a new one where it is not started yet or has ended.

        Raises:
            SourceError: the pool is closed, and nothing is started any more.
        """
        if process is not None and process.alive:
            return process
        with self._starting:
            if self._closed:
                raise SourceError(FAILED)
            if process is not None:
                process.kill()
                self._started.remove(process)
            process = _Process(self._limits)
            self._started.append(process)
        return process


def _outcome(tag: Tag, future: Future[Document]) -> tuple[Tag, Document | SourceError]:
    try:
        return tag, future.result()
    except SourceError as error:
        return tag, error


class _Process:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._late = False
        environment = {name: value for name, value in os.environ.items() if name in _KEPT}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ingest.parse.worker", str(limits.memory)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**environment, "PYTHONPATH": str(_PACKAGES), "PYTHONUTF8": "1"},
            close_fds=True,
        )  # fmt: skip

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what it had not read yet
                    stream.close()

    def _expire(self) -> None:
        self._late = True
        self._process.kill()

    def parse(self, job: Job[Tag]) -> Document:
        """The document.

        Raises:
            SourceError: there is none, it took too long, or the process died of it.
        """
        timer = threading.Timer(self._limits.seconds, self._expire)
        timer.start()
        try:
            reply = self._ask(job)
        except (EOFError, OSError, ValueError) as error:
            raise SourceError(self._why()) from error
        finally:
            timer.cancel()
        if "error" in reply:
            log.debug("%s: %s", job.source.name, reply.get("cause") or reply["error"])
            raise SourceError(str(reply["error"]))
        return Document.from_json(reply["document"])

    def _ask(self, job: Job[Tag]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        head = {"format": job.format, "source": asdict(job.source), "charset": job.charset}
        send(stdin, head, job.data)  # type: ignore[arg-type]
        return receive(stdout)[0]  # type: ignore[arg-type]

    def _why(self) -> str:
        """End the process, and say why it did not answer."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        self.kill()
        if self._late:
            return (
                f"L'analyse du document dure plus de {self._limits.seconds:g} s : il n'est pas lu."
            )
        return TOO_MUCH if self._process.returncode == NO_MEMORY else FAILED
