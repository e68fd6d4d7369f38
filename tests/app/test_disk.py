"""Disks that are really full and really read-only: small ones in memory, mounted for each test."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assistant import Assistant
from app.wording import Wording
from ingest.release import verify
from ingest.store import Store
from tests.app.conftest import Run
from tests.app.texts import SHEETS, write
from tests.fakes import FakeModel

QUESTION = "Qui peut signer la charte ?"
ANSWER = "Toute collectivité peut signer la charte."


def _mount(*arguments: str | Path) -> bool:
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An empty disk of eight megabytes."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    folder = tmp_path / "disque"
    folder.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", folder):
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def store(disk: Path, run: Run, tmp_path: Path) -> Store:
    """A store on that disk, with one release in service."""
    assert ingest(run, tmp_path, disk, 0)[0] == 0
    return Store(disk / "store")


def ingest(run: Run, folder: Path, disk: Path, edition: int) -> tuple[int, str, str]:
    """Ingest the sheets, one of which names the edition."""
    sheets = write(folder / "fiches", {**SHEETS, "avis.txt": f"Le facteur passe {edition} fois."})
    return run("ingest", sheets, "--json", "--store", disk / "store")


def sentences(err: str) -> list[str]:
    """What a person reads on stderr besides the progress."""
    return [line for line in err.splitlines() if not re.search(r" : \d+/\d+$", line)]


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes of the disk."""
    file, room = disk / "bourre", os.statvfs(disk)
    file.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - left))
    return file


def answered(run: Run, store: Store) -> tuple[str, str]:
    """The release that answers, and what it quotes."""
    code, out, err = run("ask", QUESTION, "--json", "--store", store.folder)
    assert code == 0, err
    shown = json.loads(out)
    return shown["release"], shown["citations"][0]["quote"]


def test_a_full_disk_is_said_in_one_sentence_and_the_old_release_serves_until_there_is_room(
    run: Run, store: Store, disk: Path, tmp_path: Path
) -> None:
    first = store.current()
    assert first is not None
    failed = 0
    for edition, left in enumerate(range(0, 2_000_000, 80_000), start=1):
        filler = fill(disk, left)
        code, out, err = ingest(run, tmp_path, disk, edition)
        if code == 0:
            break
        failed += 1
        assert (code, out, len(sentences(err))) == (2, "", 1), (left, err)
        assert "Traceback" not in err
        assert store.current() == first and store.ids() == [first]
        release, quote = answered(run, store)  # by words alone where Chroma has no room at all
        assert release == first and quote.startswith(ANSWER)
        filler.unlink()
    filler.unlink(missing_ok=True)
    assert failed >= 3
    code, out, _ = ingest(run, tmp_path, disk, 100)
    assert code == 0 and json.loads(out)["release"] == store.current() != first
    verify(store.path(str(store.current())))
    assert answered(run, store) == (store.current(), ANSWER)


def test_a_read_only_disk_is_said_in_one_sentence_and_its_release_serves_whole(
    run: Run, store: Store, disk: Path, tmp_path: Path
) -> None:
    first = store.current()
    assert _mount("-o", "remount,ro", disk)
    code, out, err = ingest(run, tmp_path, disk, 1)
    assert (code, out, len(sentences(err))) == (2, "", 1)
    assert "il est en lecture seule : donnez un autre dossier avec --store" in err
    assert answered(run, store) == (first, ANSWER)
    assistant = Assistant(store, FakeModel(), Wording("l'agence", ""))
    assert not assistant.degraded()
    assistant.close()
    assert run("doctor", "--store", store.folder)[0] == 0
    assert _mount("-o", "remount,rw", disk)
    assert ingest(run, tmp_path, disk, 1)[0] == 0
    assert store.current() != first
