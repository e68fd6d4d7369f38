"""Two hundred kills at random moments, and a reader who asks through twenty switches."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import ingest as package
from app.answers import Answer
from app.assistant import Assistant
from app.wording import Wording
from ingest.job import ingest
from ingest.release import open_current, verify
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.texts import write

ROOT = Path(package.__file__).parent.parent
KILLS = 200
SWITCHES = 20

_CHILD = """
import sys
from pathlib import Path
from ingest.job import ingest
from ingest.settings import IngestSettings
from tests.fakes import FakeModel
model = FakeModel()
print("ready", flush=True)
sys.stdin.readline()
ingest([Path(sys.argv[1])], IngestSettings(store=Path(sys.argv[2])), model)
print("done", flush=True)
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="needs kill -9"),
]


def edition(number: int) -> dict[str, str]:
    """Twelve sheets, each with a sentence that names the edition."""
    return {
        f"fiche-{sheet}.md": f"# Fiche {sheet}\n\nLa fiche {sheet} est de l'édition {number}. "
        f"{'Le toit est isolé. Le mur est sec. ' * 6}\n\n## Signer\n\nToute commune peut signer la "
        f"fiche {sheet} de l'édition {number}.\n"
        for sheet in range(12)
    }


def served_edition(store: Store) -> set[str]:
    """The editions that the texts in service name; the release is verified whole first."""
    current = store.current()
    assert current is not None
    verify(store.path(current))
    release = open_current(store)
    try:
        texts = [
            passage.text for source in release.table.sources()
            for passage in release.table.passages_of(source.id)
        ]  # fmt: skip
    finally:
        release.close()
    words = " ".join(texts).replace(".", " ").split()
    return {words[at + 1] for at, word in enumerate(words) if word == "l'édition"}


def _start(folder: Path, store: Store) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(folder), str(store.folder)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _written(store: Store) -> set[tuple[str, int, int]]:
    """What the store holds, as names, sizes and times."""
    found = set()
    for folder, _, names in os.walk(store.folder):
        for name in names:
            try:
                status = os.stat(os.path.join(folder, name))
            except OSError:
                continue
            found.add((os.path.join(folder, name), status.st_size, status.st_mtime_ns))
    return found


def _killed(child: subprocess.Popen[str], store: Store, delay: float) -> bool:
    """Let a child ingest for so long, and kill it; whether it had written and was not done."""
    assert child.stdout is not None and child.stdin is not None
    assert child.stdout.readline() == "ready\n"
    before = _written(store)
    child.stdin.write("go\n")
    child.stdin.flush()
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    with child:
        finished = "done" in child.stdout.read()
    return not finished and _written(store) != before


def test_no_kill_loses_a_release_or_mixes_two(tmp_path: Path) -> None:
    folder, store = tmp_path / "fiches", Store(tmp_path / "store")
    settings, chance = IngestSettings(store=store.folder), random.Random(7)
    write(folder, edition(0))
    started = time.perf_counter()
    ingest([folder], settings, FakeModel())
    longest = 1.3 * (time.perf_counter() - started)
    serving, number, killed = {"0"}, 0, 0
    waiting = _start(folder, store)
    while killed < KILLS:
        number += 1
        write(folder, edition(number))
        child, waiting = waiting, _start(folder, store)
        killed += _killed(child, store, chance.uniform(0.0, longest))
        now = served_edition(store)
        assert now in (serving, {str(number)}), "a release is lost, or two are mixed"
        serving = now
        if number % 10 == 0:  # what was left is taken up, without a word about it
            report = ingest([folder], settings, FakeModel())
            serving = served_edition(store)
            assert serving == {str(number)} and report.skipped == ()
    waiting.kill()
    waiting.communicate()
    print(f"\n{killed} kills in {number} runs, {len(store.ids())} releases kept")


def test_a_reader_is_never_refused_through_twenty_switches(tmp_path: Path) -> None:
    folder, settings = tmp_path / "fiches", IngestSettings(store=tmp_path / "store")
    ingest([write(folder, edition(0))], settings, FakeModel())
    assistant = Assistant(Store.of(settings), FakeModel(), Wording("l'agence", ""))
    wrong: list[object] = []
    releases: list[str] = []
    over = threading.Event()

    def ask() -> None:
        while not over.wait(0.1):
            try:
                reply = assistant.ask("Quelle commune peut signer la fiche 3 ?")
            except Exception as error:
                wrong.append(error)
                continue
            releases.append(reply.release)
            if isinstance(reply.outcome, Answer):
                quoted = {c.quote.partition("l'édition ")[2] for c in reply.outcome.citations}
                wrong.extend([quoted] if len(quoted - {""}) > 1 else [])

    reader = threading.Thread(target=ask)
    reader.start()
    for number in range(1, SWITCHES + 1):
        ingest([write(folder, edition(number))], settings, FakeModel())
        time.sleep(0.3)
    over.set()
    reader.join()
    assistant.close()
    assert wrong == []
    assert len(set(releases)) >= SWITCHES
    print(f"\n{len(releases)} questions through {len(set(releases))} releases")
