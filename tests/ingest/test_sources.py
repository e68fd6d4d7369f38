from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ingest.documents import Document
from ingest.errors import SettingsError
from ingest.sources import Skipped, Wanted, listed, read_documents, wanted
from tests.ingest.texts import CHARTER, write

NOT_YET = "Les adresses ne sont pas encore lues"


def read(files: list[Wanted]) -> tuple[list[Document], list[Skipped]]:
    return read_documents(files, 10_000, lambda step, done, total: None)


def sheet(folder: Path, toml: str) -> Path:
    return write(folder, {"sources.toml": toml}) / "sources.toml"


def test_a_folder_gives_all_its_files_by_name_and_no_hidden_one(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "", "a/z.pdf": "", "c.md": "", ".git/x.md": "", "a/.y.md": ""})
    assert [file.name for file in wanted([tmp_path])] == ["a/z.pdf", "b.txt", "c.md"]


def test_a_hidden_folder_that_is_given_itself_is_read(tmp_path: Path) -> None:
    write(tmp_path / ".notes", {"a.txt": ""})
    assert [file.name for file in wanted([tmp_path / ".notes"])] == ["a.txt"]


def test_paths_keep_the_order_they_are_given_in(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "", "b.txt": ""})
    assert list(wanted([tmp_path / "b.txt", str(tmp_path / "a.txt")])) == [
        Wanted(f"{tmp_path}/b.txt", "b.txt"), Wanted(f"{tmp_path}/a.txt", "a.txt"),
    ]  # fmt: skip


def test_what_does_not_exist_and_addresses_are_refused_with_a_reason(tmp_path: Path) -> None:
    [absent, address] = wanted([tmp_path / "absent", "https://exemple.fr/a"])
    assert absent.refused == "Le fichier ou le dossier n'existe pas."
    assert (address.path, (address.refused or "")[: len(NOT_YET)]) == (
        "https://exemple.fr/a", NOT_YET,
    )  # fmt: skip


def test_paths_the_system_refuses_are_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "boucle.txt").symlink_to("boucle.txt")
    os.mkfifo(tmp_path / "tube")
    given = [tmp_path / ("a" * 300), tmp_path / "boucle.txt", tmp_path / "a\0b", tmp_path / "tube"]
    intro = "Le fichier ou le dossier ne peut pas être lu : "
    assert [file.refused for file in wanted(given)] == [
        f"{intro}son nom est trop long.",
        f"{intro}ses liens symboliques tournent en rond.",
        f"{intro}son nom n'est pas valable.",
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
    assert [(Path(file.path).name, file.refused) for file in wanted([tmp_path])] == [
        ("a.txt", "Le fichier ou le dossier n'existe pas."),
        ("b.txt", None),
        ("fermé", "Le fichier ou le dossier ne peut pas être lu : l'accès est refusé."),
    ]


def test_files_of_one_name_in_two_folders_get_two_ids(tmp_path: Path) -> None:
    write(
        tmp_path, {"un/a.txt": "Un but.", "deux/a.txt": "Deux buts.", "trois/a.txt": "Trois buts."}
    )
    folders = [tmp_path / name for name in ("un", "deux", "trois")]
    documents, skipped = read(list(wanted(folders)))
    assert [document.source.name for document in documents] == ["a.txt", "a.txt (2)", "a.txt (3)"]
    assert len({document.id for document in documents}) == 3 and skipped == []


def test_a_list_says_of_its_files_what_they_do_not_say_themselves(tmp_path: Path) -> None:
    write(tmp_path / "fiches", {"charte.md": CHARTER})
    file = sheet(
        tmp_path,
        "[[source]]\npath = 'fiches/charte.md'\nurl = 'https://a.fr'\ntitle = 'Autre titre'\n"
        "date = 2020-01-02\nkind = 'article'\n",
    )
    [[document], skipped] = read(listed(file))
    source = document.source
    assert (source.title, source.url, source.date, source.kind, source.publisher) == (
        "Autre titre", "https://a.fr", "2020-01-02", "article", "Fabrique des transitions",
    )  # fmt: skip
    assert skipped == []


def test_a_listed_folder_gives_its_fields_to_each_of_its_files(tmp_path: Path) -> None:
    write(tmp_path / "fiches", {"a.txt": "Un but.", "b.txt": "Deux buts."})
    file = sheet(tmp_path, "[[source]]\npath = 'fiches'\npublisher = 'ALEC07'\n")
    documents, _ = read(listed(file))
    assert [document.source.publisher for document in documents] == ["ALEC07", "ALEC07"]
    assert [document.source.title for document in documents] == ["A", "B"]


def test_a_listed_address_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "Un but."})
    toml = "[[source]]\nurl = 'https://a.fr'\n[[source]]\npath = 'a.txt'\n"
    documents, [skipped] = read(listed(sheet(tmp_path, toml)))
    assert [document.text for document in documents] == ["Un but."]
    assert skipped.path == "https://a.fr" and skipped.reason.startswith(NOT_YET)


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("[[source", "n'est pas du TOML valide"),
        ("", "ne liste aucune source"),
        ("source = 3", "ne liste aucune source"),
        ("source = [3]", "source n° 1 : il faut « path » ou « url »."),
        ("[[source]]\npath='a'\n[[source]]\ntitle='b'", "source n° 2 : il faut « path » ou"),
        ("[[source]]\npath='a'\ntitre='b'", "source n° 1 : clé inconnue « titre »."),
        ("[[source]]\nurl=''", "source n° 1 : il faut « path » ou « url »."),
        ("[[source]]\nurl=['a']", "source n° 1 : « url » : écrivez un seul texte"),
        ("[[source]]\nurl='a.fr'", "source n° 1 : « url: a.fr » : l'adresse commence par"),
        ("[[source]]\npath='a'\nkind='roman'", "source n° 1 : « kind: roman » : les valeurs sont"),
    ],
)  # fmt: skip
def test_a_list_that_is_wrong_is_refused_naming_the_table(
    tmp_path: Path, toml: str, reason: str
) -> None:
    with pytest.raises(SettingsError) as error:
        listed(sheet(tmp_path, toml))
    assert str(error.value).startswith(f"« {tmp_path}/sources.toml »")
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "il n'existe pas"), (b"\xe9", "ce n'est pas du texte UTF-8")],
    ids=["missing", "latin"],
)
def test_a_list_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    if content is not None:
        write(tmp_path, {"sources.toml": content})
    with pytest.raises(SettingsError, match=rf"sources\.toml » ne peut pas être lu : {reason}\."):
        listed(tmp_path / "sources.toml")


def test_the_same_text_is_read_once_and_the_first_name_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "Un but.", "b.txt": "Un but."})
    [document], [skipped] = read(list(wanted([tmp_path])))
    assert document.source.name == "a.txt"
    assert skipped == Skipped(f"{tmp_path}/b.txt", "Le même texte est déjà dans « a.txt ».")


def test_the_shipped_list_is_well_formed() -> None:
    root = Path(__file__).parents[2]
    assert all(file.path.startswith("http") for file in listed(root / "data" / "sources.toml"))
