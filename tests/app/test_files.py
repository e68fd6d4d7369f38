"""Files that commands write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import files
from app.files import whole
from ingest.errors import SettingsError


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "faq.md"
    file.write_text("avant")
    with whole(file) as out:
        out.write(b"apr")
        assert file.read_text() == "avant"
        out.write("ès".encode())
    assert file.read_text(encoding="utf-8") == "après" and list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_one_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "faq.md"
    file.write_text("avant")
    with pytest.raises(SettingsError, match=r"« .*faq\.md » ne peut pas être écrit : .*\.$"):
        with whole(file) as out:
            out.write(b"apr")
            full = os.open("/dev/full", os.O_WRONLY)
            os.dup2(full, out.fileno())
            os.close(full)
    with pytest.raises(KeyboardInterrupt), whole(file):
        raise KeyboardInterrupt
    assert file.read_text() == "avant" and list(tmp_path.iterdir()) == [file]


def test_it_may_be_its_owner_s_alone(tmp_path: Path) -> None:
    with whole(tmp_path / "a", 0o600) as out:
        out.write(b"x")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_where_another_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "known")
    waiting, lure = tmp_path / ".a.known", tmp_path / "lure"
    lure.write_text("avant")
    for lay in (waiting.write_text, lambda _: waiting.symlink_to(lure)):
        lay("avant")
        with pytest.raises(SettingsError, match="ne peut pas être écrit"):
            with whole(tmp_path / "a", 0o600) as out:
                out.write(b"secret")
        assert lure.read_text() == waiting.read_text() == "avant" and not (tmp_path / "a").exists()
        waiting.unlink()


@pytest.mark.parametrize(
    "error", [OSError(5, "a"), ValueError("faux"), UnicodeEncodeError("a", "b", 0, 1, "c")]
)
def test_what_fails_beside_the_file_is_not_laid_at_its_door(
    tmp_path: Path, error: Exception
) -> None:
    with pytest.raises(type(error)) as told, whole(tmp_path / "a"):
        raise error
    assert told.value is error and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_what_is_no_name_is_told(name: str) -> None:
    with pytest.raises(SettingsError, match="n'est pas un nom de fichier"), whole(Path(name)):
        pass


def test_a_name_that_no_system_takes_is_told(tmp_path: Path) -> None:
    for name in ("absent/a", "a\0b", "a" * 300):
        with pytest.raises(SettingsError, match="ne peut pas être écrit"), whole(tmp_path / name):
            pass
