"""Many clients at once: times, refusals, errors, answers given to another, and memory.

    python -m tests.bench.load [--store STORE] [--seconds 5] [--clients 1,20,100,500]
                               [--sessions 20,100] [--canaries 200] [--questions 2000] [--plain]

The server runs in a process of its own; the clients share this one, and the machine. Each client
asks its next question as soon as it has the answer, or after the pause that a refusal asks for.
``--sessions`` are browsers' worth of the page's own protocol (Gradio's queue); ``--plain`` puts the
sixty-line chat of ``plain_chat.py`` beside it. ``--canaries`` are conversations held at once, half
by the API and half on the page, each with a mark of its own in all it says. ``--questions`` are
asked last, for memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from app.server import listen
from tests.bench.performance import COMMAND, questions, resident_mb

_WAIT = 60.0  # seconds for one answer
_LINE = 4 << 20  # bytes of an event's line, at most
# Only what holds for all clients together is measured: they all come from one address.
_SERVER = {"CHARTISTE_RATE_PER_MINUTE": "0", "CHARTISTE_RATE_TOTAL_PER_MINUTE": "0"}
_MARK = re.compile(r"canari (\d+)")


class Refused(Exception):
    """A polite refusal; its argument is the seconds to wait."""


@dataclass
class Outcome:
    """What a crowd met: milliseconds of each answer, and how many went another way."""

    times: list[float] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    crossed: int = 0

    def row(self, name: str, seconds: float, cpu: float, health: list[float], memory: str) -> str:
        """One line of the table; ``cpu`` is the server's, in seconds."""
        p50, p95, p99 = (quantile(self.times, share) for share in (0.5, 0.95, 0.99))
        alive = f"{quantile(health, 0.5):.0f}, {max(health, default=0):.0f}"
        each = 1000 * cpu / max(1, len(self.times))
        return (
            f"| {name} | {len(self.times) / seconds:.0f} | {each:.0f} | {p50:.0f} | {p95:.0f} "
            f"| {p99:.0f} | {self.refused} | {len(self.errors)} | {self.crossed} | {alive} "
            f"| {memory} |"
        )


HEADER = (
    "| clients | answers/s | CPU ms each | p50 ms | p95 | p99 | refused | errors | crossed "
    "| /healthz p50, max ms | RSS MB |\n|---|---|---|---|---|---|---|---|---|---|---|"
)


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processors (Linux)."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def quantile(times: list[float], share: float) -> float:
    """The time below which that share of the answers came; not a number when there is none."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] if times else float("nan")


Ask = Callable[[aiohttp.ClientSession, int, str], Awaitable[bool]]


async def crowd(ask: Ask, address: str, clients: int, seconds: float) -> Outcome:
    """``clients`` asking for that long, each with connections of its own."""
    outcome, texts = Outcome(), questions(100)
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        turn = number
        async with client_of(address) as http:
            while time.perf_counter() < end:
                mark = number * 1_000_000 + turn
                await _one(outcome, ask(http, mark, texts[turn % len(texts)]))
                turn += 1

    await asyncio.gather(*(client(number) for number in range(1, clients + 1)))
    return outcome


@contextmanager
def probed(address: str) -> Iterator[list[float]]:
    """What /healthz took, in ms, asked five times a second by a process of its own."""
    times: list[float] = []
    reading, writing = multiprocessing.Pipe(duplex=False)
    asking = multiprocessing.get_context("fork").Process(target=_probe, args=(address, writing))
    asking.start()
    yield times
    while reading.poll():
        times.append(reading.recv())
    asking.kill()
    asking.join()


def _probe(address: str, writing: Connection) -> None:
    with httpx.Client(base_url=address, timeout=_WAIT) as http:
        while True:
            started = time.perf_counter()
            http.get("/healthz")  # the plain chat has none, and says so as fast as it can
            writing.send((time.perf_counter() - started) * 1000)
            time.sleep(0.2)


async def _one(outcome: Outcome, asked: Awaitable[bool]) -> None:
    started = time.perf_counter()
    try:
        own = await asked  # before the count is read: others count meanwhile
        outcome.crossed += not own
        outcome.times.append((time.perf_counter() - started) * 1000)
    except Refused as refusal:
        outcome.refused += 1
        await asyncio.sleep(refusal.args[0])
    except Exception as error:
        outcome.errors.append(repr(error)[:200])
        await asyncio.sleep(0.2)


def client_of(address: str) -> aiohttp.ClientSession:
    """A client with connections of its own; httpx would take more of the shared cores."""
    timeout = aiohttp.ClientTimeout(_WAIT)
    return aiohttp.ClientSession(address, timeout=timeout, read_bufsize=_LINE)


async def _posted(http: aiohttp.ClientSession, path: str, body: object) -> str:
    async with http.post(path, json=body) as response:
        _check(response)
        return await response.text()


def _check(response: aiohttp.ClientResponse) -> None:
    if response.status == 429:
        raise Refused(float(response.headers["retry-after"]))
    response.raise_for_status()


async def by_api(http: aiohttp.ClientSession, mark: int, question: str) -> bool:
    """Whether the answer is that of the question asked."""
    body = {"question": f"{question} canari {mark}", "id": str(mark)}
    told = json.loads(await _posted(http, "/api/v1/ask", body))
    return bool(told["id"] == str(mark) and told["question"] == body["question"])


async def open_page(address: str) -> tuple[int, int]:
    """The number of the function that a question of the page calls, and of its inputs."""
    async with client_of(address) as http, http.get("/") as response:
        html = await response.text()
    config = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", html)[1])  # type: ignore[index]
    named = {one["api_name"]: one for one in config["dependencies"]}
    asking = named.get("answer") or named["chat"]
    return asking["id"], len(asking["inputs"])


def by_page(function: int, inputs: int, echoes: bool) -> Ask:
    """A session of the page's own protocol for each question: join the queue, read the events.

    Ours ``echoes`` the question in what it sends, where another's would be seen.
    """

    async def ask(http: aiohttp.ClientSession, mark: int, question: str) -> bool:
        data = [f"{question} canari {mark}", *[None] * (inputs - 1)]
        join = {"data": data, "fn_index": function, "session_hash": f"s{mark}"}
        await _posted(http, "/gradio_api/queue/join", join)
        seen = await _marks_told(http, f"s{mark}")
        return _own(seen, mark) if echoes or seen else True

    return ask


async def _marks_told(http: aiohttp.ClientSession, session: str) -> set[str]:
    """The marks in all that the page is sent until its answer is whole."""
    seen: set[str] = set()
    async with http.get(f"/gradio_api/queue/data?session_hash={session}") as response:
        _check(response)
        async for raw in response.content:
            line = raw.decode()
            seen |= set(_MARK.findall(line))
            if "process_completed" in line:
                if '"success":true' not in line.replace(" ", ""):
                    raise RuntimeError(line[:120])
                return seen
    raise RuntimeError("the events ended")


_TURNS = ("Qui peut signer la charte, canari {} ?", "Et à quoi cela engage-t-il, canari {} ?",
          "Et dans mon village, canari {} ?")  # fmt: skip


async def canary_of_api(http: aiohttp.ClientSession, mark: int) -> bool:
    """Whether a conversation of three turns held nothing of another's."""
    previous, seen = None, set()
    for turn in _TURNS:
        body = {"question": turn.format(mark), "id": str(mark), "previous": previous}
        told = await _posted(http, "/api/v1/ask", body)
        seen |= set(_MARK.findall(told))
        previous = json.loads(told)["asked"]
    return _own(seen, mark)


def _own(seen: set[str], mark: int) -> bool:
    """Whether they are this conversation's, and told at all."""
    if seen != {str(mark)}:
        print(f"  conversation {mark} was told {sorted(seen)}", file=sys.stderr)
    return seen == {str(mark)}


def canary_of_page(
    function: int, inputs: int
) -> Callable[[aiohttp.ClientSession, int], Awaitable[bool]]:
    """The same in one session of the page, which keeps what came before on the server."""

    async def talk(http: aiohttp.ClientSession, mark: int) -> bool:
        seen: set[str] = set()
        for turn in _TURNS:
            data = [turn.format(mark), *[None] * (inputs - 1)]
            join = {"data": data, "fn_index": function, "session_hash": f"canary{mark}"}
            await _posted(http, "/gradio_api/queue/join", join)
            seen |= await _marks_told(http, f"canary{mark}")
        return _own(seen, mark)

    return talk


def canaries(address: str, count: int) -> None:
    """Hold ``count`` conversations at once, and print how many held a word of another."""
    talks = [canary_of_api, canary_of_page(*asyncio.run(open_page(address)))]
    outcome = Outcome()

    async def one(number: int) -> None:
        async with client_of(address) as http:
            await _one(outcome, talks[number % 2](http, 7_000_000 + number))

    async def all_of_them() -> None:
        await asyncio.gather(*map(one, range(count)))

    asyncio.run(all_of_them())
    print(f"\n{count} conversations of three turns at once: {outcome.crossed} crossed, "
          f"{outcome.refused} refused, {len(outcome.errors)} errors")  # fmt: skip
    for error in dict.fromkeys(outcome.errors[:3]):
        print(f"  {error}", file=sys.stderr)


@contextmanager
def server(command: list[str], ready: str, address: str = "") -> Iterator[tuple[str, int]]:
    """A server in its own process: its address and its number."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, **_SERVER},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if match := re.search(ready, line):
                yield address or match[0], process.pid
                return
        raise SystemExit(f"{command} did not start")
    finally:
        process.terminate()
        process.wait(20)


def measured(name: str, pid: int, ask: Ask, address: str, clients: int, seconds: float) -> Outcome:
    """Run a crowd and print its line; the first errors below it."""
    before, used = resident_mb(pid), cpu_seconds(pid)
    started = time.perf_counter()
    with probed(address) as health:
        outcome = asyncio.run(crowd(ask, address, clients, seconds))
    took = time.perf_counter() - started
    memory = f"{before:.0f} → {resident_mb(pid):.0f}"
    print(outcome.row(name, took, cpu_seconds(pid) - used, health, memory), flush=True)
    for error in dict.fromkeys(outcome.errors[:3]):
        print(f"  {error}", file=sys.stderr)
    return outcome


def by_sessions(kind: str, pid: int, address: str, options: argparse.Namespace) -> None:
    """The page's own protocol, for each size of crowd."""
    ask = by_page(*asyncio.run(open_page(address)), echoes=kind == "the page")
    for count in options.sessions:
        measured(f"{count} sessions of {kind}", pid, ask, address, count, options.seconds)


def memory(pid: int, address: str, count: int) -> None:
    """Ask ``count`` questions, four at a time, and print how memory grew from the first fifth."""

    async def asked() -> list[float]:
        seen, texts, done = [], questions(100), 0
        async with client_of(address) as http:
            while done < count:
                await asyncio.gather(*(by_api(http, done + n, texts[n % 100]) for n in range(4)))
                done += 4
                if done % (count // 10) < 4:
                    seen.append(resident_mb(pid))
        return seen

    seen = asyncio.run(asked())
    growth = statistics.mean(seen[-2:]) / statistics.mean(seen[1:3]) - 1
    print(f"\n{count} questions: RSS {seen[0]:.0f} → {seen[-1]:.0f} MB; from the second and third "
          f"tenth to the last two, {growth:+.1%}")  # fmt: skip


def _until_up(address: str) -> None:
    for _ in range(100):
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            time.sleep(0.2)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=_numbers, default=[1, 20, 100, 500])
    parser.add_argument("--sessions", type=_numbers, default=[20, 100])
    parser.add_argument("--canaries", type=int, default=0)
    parser.add_argument("--questions", type=int, default=0)
    parser.add_argument("--plain", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Measure ours, then the plain chat."""
    options = _options()
    store = options.store or Path(tempfile.mkdtemp()) / "store"
    if options.store is None:
        build: Any = [*COMMAND, "ingest", "data/corpus", "--store", str(store)]
        subprocess.run(build, check=True, capture_output=True)
    print(HEADER)
    command = [*COMMAND, "serve", "--port", "0", "--store", str(store)]
    with server(command, r"http://\S+") as (address, pid):
        measured("(warming)", pid, by_api, address, 2, 2)
        for count in options.clients:
            measured(f"{count} of the API", pid, by_api, address, count, options.seconds)
        by_sessions("the page", pid, address, options)
        if options.canaries:
            canaries(address, options.canaries)
        if options.questions:
            memory(pid, address, options.questions)
    if options.plain:
        with listen("127.0.0.1", 0) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "tests.bench.plain_chat", str(port)]
        with server(command, "ready", f"http://127.0.0.1:{port}") as (address, pid):
            _until_up(address)
            by_sessions("the plain chat", pid, address, options)


if __name__ == "__main__":
    main()
