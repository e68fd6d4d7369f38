"""Files that commands write."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.commands.files import whole
from ingest.errors import SettingsError


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "faq.md"
    file.write_text("avant")
    with whole(file) as out:
        out.write(b"apr")
        assert file.read_text() == "avant"
        out.write("ès".encode())
    assert file.read_text(encoding="utf-8") == "après" and list(tmp_path.iterdir()) == [file]


def test_one_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "faq.md"
    file.write_text("avant")
    with pytest.raises(SettingsError, match=r"« .*faq\.md » ne peut pas être écrit : .*\.$"):
        with whole(file) as out:
            out.write(b"apr")
            raise OSError(28, "No space left on device")
    with pytest.raises(KeyboardInterrupt), whole(file):
        raise KeyboardInterrupt
    assert file.read_text() == "avant" and list(tmp_path.iterdir()) == [file]


def test_it_may_be_its_owner_s_alone(tmp_path: Path) -> None:
    with whole(tmp_path / "a", 0o600) as out:
        out.write(b"x")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_what_is_no_name_is_told(name: str) -> None:
    with pytest.raises(SettingsError, match="n'est pas un nom de fichier"), whole(Path(name)):
        pass


def test_a_name_that_no_system_takes_is_told(tmp_path: Path) -> None:
    for name in ("absent/a", "a\0b", "a" * 300):
        with pytest.raises(SettingsError, match="ne peut pas être écrit"), whole(tmp_path / name):
            pass
