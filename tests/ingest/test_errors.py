from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ingest import errors
from ingest.errors import ChartisteError, StoreError, reason


@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        ("SettingsError", 2), ("SourceError", 3), ("NothingToIngest", 2), ("ModelError", 4),
        ("ClusterError", 4), ("RecordsError", 5),
        ("StoreError", 5), ("StoreLocked", 5), ("NoRelease", 5), ("ReleaseDamaged", 5),
        ("VectorsUnreachable", 5), ("ModelMismatch", 5),
    ],
)  # fmt: skip
def test_each_error_ends_the_command_with_its_own_code(name: str, exit_code: int) -> None:
    assert getattr(errors, name)("phrase").exit_code == exit_code


def test_what_is_shown_of_an_error_is_its_sentence() -> None:
    assert str(StoreError("Le dossier est plein.")) == "Le dossier est plein."


def test_the_tree_in_the_docstring_names_every_error() -> None:
    drawn = errors.__doc__ or ""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    named = [kind.__name__ for kind in kinds if issubclass(kind, ChartisteError)]
    assert len(named) == 15
    assert [name for name in named if f"{name} " not in drawn] == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOENT, "il n'existe pas"), (errno.EACCES, "l'accès est refusé"),
        (errno.EPERM, "l'accès est refusé"), (errno.EISDIR, "c'est un dossier"),
        (errno.ENOTDIR, "ce n'est pas un dossier"), (errno.ENAMETOOLONG, "son nom est trop long"),
        (errno.EEXIST, "un fichier porte déjà ce nom"),
        (errno.EROFS, "le disque est en lecture seule"), (errno.ENOSPC, "le disque est plein"),
        (errno.ELOOP, "ses liens symboliques tournent en rond"),
        (errno.EIO, f"erreur du système nº {errno.EIO}"),
    ],
)  # fmt: skip
def test_what_the_system_says_is_said_in_french(number: int, said: str) -> None:
    assert reason(OSError(number, os.strerror(number))) == said


def test_other_errors_of_a_file_are_said_in_french(tmp_path: Path) -> None:
    assert reason(OSError("no number")) == "erreur du système"
    assert reason(ValueError("embedded null byte")) == "son nom n'est pas valable"
    (tmp_path / "a").write_bytes(b"\xe9")
    with pytest.raises(UnicodeDecodeError) as error:
        (tmp_path / "a").read_text(encoding="utf-8")
    assert reason(error.value) == "ce n'est pas du texte UTF-8"
