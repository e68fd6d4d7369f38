from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ingest.folders import Found, found
from tests.ingest.texts import write

INTRO = "Le fichier ou le dossier ne peut pas être lu : "


def names(path: str | Path) -> list[str]:
    return [file.name for file in found(path)]


def refusals(path: str | Path) -> list[tuple[str, str | None]]:
    return [(file.path.name, file.refused) for file in found(path)]


def test_a_folder_gives_all_its_files_by_name_and_no_hidden_one(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "", "a/z.pdf": "", "c.md": "", ".git/x.md": "", "a/.y.md": ""})
    assert names(tmp_path) == ["a/z.pdf", "b.txt", "c.md"]


def test_a_hidden_folder_that_is_given_itself_is_read(tmp_path: Path) -> None:
    write(tmp_path / ".notes", {"a.txt": ""})
    assert names(tmp_path / ".notes") == ["a.txt"]


def test_a_file_is_named_and_one_of_a_folder_is_not(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": ""})
    assert list(found(str(tmp_path / "a.txt"))) == [Found(tmp_path / "a.txt", "a.txt")]
    assert [file.named for file in found(tmp_path)] == [False]


def test_a_pattern_gives_what_it_matches_below_its_fixed_part(tmp_path: Path) -> None:
    write(tmp_path, {"n/a.txt": "", "n/b.md": "", "n/x/c.txt": "", "d.txt": "", "n/.e.txt": ""})
    assert names(f"{tmp_path}/n/*.txt") == ["a.txt"]
    assert names(f"{tmp_path}/n/**/*.txt") == ["a.txt", "x/c.txt"]
    assert names(f"{tmp_path}/*/[ab].*") == ["n/a.txt", "n/b.md"]


def test_a_pattern_that_matches_nothing_is_said(tmp_path: Path) -> None:
    assert refusals(f"{tmp_path}/*.pdf") == [("*.pdf", "Aucun fichier ne correspond à ce motif.")]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path: Path) -> None:
    write(tmp_path, {"note [1].txt": "", "note 1.txt": ""})
    assert names(tmp_path / "note [1].txt") == ["note [1].txt"]


def test_what_does_not_exist_is_refused_with_a_reason(tmp_path: Path) -> None:
    assert refusals(tmp_path / "absent") == [("absent", "Le fichier ou le dossier n'existe pas.")]


def test_paths_the_system_refuses_are_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "boucle.txt").symlink_to("boucle.txt")
    os.mkfifo(tmp_path / "tube")
    given = [tmp_path / ("a" * 300), tmp_path / "boucle.txt", tmp_path / "a\0b", tmp_path / "tube"]
    assert [reason for path in given for _, reason in refusals(path)] == [
        f"{INTRO}son nom est trop long.",
        f"{INTRO}ses liens symboliques tournent en rond.",
        f"{INTRO}son nom n'est pas valable.",
        "Ce n'est pas un fichier ordinaire.",
    ]


def test_what_cannot_be_read_in_a_folder_is_refused_and_the_rest_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"b.txt": "", "fermé/c.txt": ""})
    (tmp_path / "a.txt").symlink_to("absent")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("fermé"):
            raise PermissionError(errno.EACCES, "denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert refusals(tmp_path) == [
        ("a.txt", "Le fichier ou le dossier n'existe pas."),
        ("b.txt", None),
        ("fermé", f"{INTRO}l'accès est refusé."),
    ]
