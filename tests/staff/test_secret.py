"""The server's secret is made once, and is its owner's alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.staff.secret import FILE, server_secret
from ingest.errors import RecordsError


def test_it_is_made_once_and_stays(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = server_secret(store)
    assert len(first) == 32 and server_secret(store) == first
    assert server_secret(tmp_path / "other") != first
    assert (store / FILE).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in store.iterdir()] == [FILE]


def test_processes_that_start_together_have_the_same(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from app.staff.secret import server_secret\n"
    program += "print(server_secret(Path(sys.argv[1])).hex())"
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in running}) == 1


def test_a_damaged_one_is_said_and_never_used(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"court")
    with pytest.raises(RecordsError, match="abîmé : effacez-le"):
        server_secret(tmp_path)
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(RecordsError, match="ne peut être ni lu ni écrit : c'est un dossier"):
        server_secret(tmp_path)
