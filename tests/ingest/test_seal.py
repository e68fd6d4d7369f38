from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.seal import SEAL, broken, seal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "a.bin").write_bytes(b"aaa")
    (tmp_path / "index" / "b.bin").write_bytes(b"")
    (tmp_path / "base.sqlite3").write_bytes(b"changes when it is opened")
    seal(tmp_path)
    return tmp_path


def test_what_was_not_touched_is_whole(folder: Path) -> None:
    assert broken(folder) is None


def test_a_file_beside_the_folders_may_change(folder: Path) -> None:
    (folder / "base.sqlite3").write_bytes(b"changed")
    assert broken(folder) is None


@pytest.mark.parametrize("content", [b"aab", b"aa", b"aaaa", b""])
def test_a_changed_file_is_named(folder: Path, content: bytes) -> None:
    (folder / "index" / "a.bin").write_bytes(content)
    assert broken(folder) == "index/a.bin"


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "index" / "b.bin").unlink()
    assert broken(folder) == "index/b.bin"


@pytest.mark.parametrize("content", [None, b"", b"{", b"[1]", b"3", b"\xff"], ids=repr)
def test_a_seal_that_cannot_be_read_is_broken_itself(folder: Path, content: bytes | None) -> None:
    (folder / SEAL).unlink()
    if content is not None:
        (folder / SEAL).write_bytes(content)
    assert broken(folder) == SEAL


def test_a_seal_holds_after_the_folder_was_moved(folder: Path, tmp_path: Path) -> None:
    moved = folder.rename(tmp_path.with_name(f"{tmp_path.name}-ailleurs"))
    assert broken(moved) is None
    assert sorted(json.loads((moved / SEAL).read_text())) == ["index/a.bin", "index/b.bin"]
