from __future__ import annotations

import errno
import os
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ingest
from ingest.errors import NoRelease, StoreError, StoreLocked
from ingest.store import Store, in_french

ONE, TWO, THREE, FOUR = (f"2024010{day}-120000-0000000{day}" for day in range(1, 5))
NOON = datetime(2024, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def filled(tmp_path: Path) -> Store:
    for id in (TWO, FOUR, ONE, THREE):
        (tmp_path / "store" / "releases" / id).mkdir(parents=True)
    return Store(tmp_path / "store")


def test_a_store_that_is_not_there_is_empty_and_is_not_created(tmp_path: Path) -> None:
    store = Store(tmp_path / "absent")
    assert (store.current(), store.ids()) == (None, [])
    assert not store.folder.exists()


def test_releases_are_listed_newest_first_and_nothing_else_is(filled: Store) -> None:
    (filled.releases / "brouillon").mkdir()
    (filled.releases / "20240109-120000-00000009").touch()
    assert filled.ids() == [FOUR, THREE, TWO, ONE]


def test_switching_puts_a_release_in_service(filled: Store) -> None:
    for id in (TWO, ONE):
        filled.switch(id)
        assert filled.current() == id
    assert [path.name for path in filled.folder.iterdir()] in (
        ["releases", "current"], ["current", "releases"],
    )  # fmt: skip


@pytest.mark.parametrize("id", ["20240109-120000-00000009", "..", "", "../../etc", "brouillon"])
def test_a_release_that_does_not_exist_cannot_be_put_in_service(filled: Store, id: str) -> None:
    (filled.releases / "brouillon").mkdir()
    filled.switch(TWO)
    with pytest.raises(NoRelease, match=f"La version « {id} » n'existe pas"):
        filled.switch(id)
    assert filled.current() == TWO


@pytest.mark.parametrize("content", ["", "../../etc\n", "n'importe quoi"])
def test_a_pointer_that_names_no_release_points_to_none(filled: Store, content: str) -> None:
    (filled.folder / "current").write_text(content)
    assert filled.current() is None


def test_a_pointer_that_cannot_be_read_is_said_in_french(filled: Store) -> None:
    (filled.folder / "current").write_bytes(b"\xe9")
    with pytest.raises(StoreError, match="ne peut pas être lu"):
        filled.current()


def test_the_previous_release_is_the_newest_of_the_older_ones(filled: Store) -> None:
    filled.switch(THREE)
    assert filled.previous() == TWO


def test_before_the_first_release_there_is_none_to_return_to(filled: Store) -> None:
    filled.switch(ONE)
    with pytest.raises(NoRelease, match="Il n'y a pas de version plus ancienne"):
        filled.previous()


def test_without_a_release_in_service_there_is_none_to_return_to(filled: Store) -> None:
    with pytest.raises(NoRelease):
        filled.previous()


def test_the_newest_and_the_one_in_service_are_no_surplus(filled: Store) -> None:
    filled.switch(ONE)
    assert filled.surplus(2) == [TWO]
    filled.remove(TWO)
    assert filled.ids() == [FOUR, THREE, ONE]
    assert filled.surplus(2) == []


def test_a_new_id_bears_the_time_and_the_content(tmp_path: Path) -> None:
    assert Store(tmp_path).new_id(NOON, "0123456789abcdef") == "20240101-120000-01234567"


def test_a_new_id_sorts_after_all_others_even_when_the_clock_went_back(filled: Store) -> None:
    assert filled.new_id(NOON, "f" * 32) == "20240104-120001-ffffffff"


def test_a_folder_with_an_impossible_date_does_not_stop_a_new_id(filled: Store) -> None:
    (filled.releases / "99999999-999999-00000000").mkdir()
    assert filled.new_id(NOON, "f" * 32) == "20240104-120001-ffffffff"


def test_the_lock_is_freed_when_writing_ends_or_fails(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with pytest.raises(RuntimeError), store.writing():
        assert (store.folder / "lock.holder").read_text().split()[0] == str(os.getpid())
        raise RuntimeError
    assert not (store.folder / "lock.holder").exists()
    with store.writing():
        assert store.releases.is_dir()


def test_a_second_writer_of_the_same_process_is_refused(tmp_path: Path) -> None:
    with Store(tmp_path).writing(), pytest.raises(StoreLocked):
        with Store(tmp_path).writing():
            raise AssertionError("two writers at once")


def test_a_second_writer_is_told_which_process_holds_the_lock(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from ingest.store import Store\n"
        f"with Store(Path({str(tmp_path)!r})).writing():\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    root = Path(ingest.__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=root,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked) as refused, Store(tmp_path).writing():
            raise AssertionError("two writers at once")
        assert re.fullmatch(
            rf"Une autre indexation est en cours dans « {tmp_path} » \(processus {holder.pid}, "
            r"depuis le \d\d/\d\d à \d\d:\d\d\) : attendez qu'elle finisse\.",
            str(refused.value),
        )
        holder.kill()
    with Store(tmp_path).writing():  # the system freed the lock of the dead
        assert (tmp_path / "lock.holder").read_text().split()[0] == str(os.getpid())


@pytest.mark.parametrize("below", ["", "store", "store/plus/loin"])
def test_a_file_in_the_place_of_the_store_is_said_in_french(tmp_path: Path, below: str) -> None:
    (tmp_path / "fichier").touch()
    store = Store(tmp_path / "fichier" / below)
    with pytest.raises(StoreError, match="ne peut pas être utilisé : ce n'est pas un dossier"):
        with store.writing():
            raise AssertionError("written into a file")
    assert (store.current(), store.ids()) == (None, [])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes anywhere")
@pytest.mark.parametrize("made", [True, False], ids=["with releases", "empty"])
def test_a_folder_that_cannot_be_written_is_said_in_french(tmp_path: Path, made: bool) -> None:
    if made:
        (tmp_path / "releases").mkdir()
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="l'écriture n'y est pas permise"):
            with Store(tmp_path).writing():
                raise AssertionError("written into a read-only folder")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "le disque est plein : libérez de la place et recommencez"),
        (errno.EACCES, "l'écriture n'y est pas permise : changez ses droits ou donnez --store"),
        (errno.EROFS, "il est en lecture seule : donnez un autre dossier avec --store"),
        (errno.ENOTDIR, "ce n'est pas un dossier : donnez-en un avec --store"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_an_error_of_the_system_is_told_with_what_to_do(number: int, advice: str) -> None:
    with pytest.raises(StoreError) as error, in_french(Path("store")):
        raise OSError(number, os.strerror(number))
    assert str(error.value) == f"Le dossier « store » ne peut pas être utilisé : {advice}."


def test_an_error_of_sqlite_is_told_with_what_to_do() -> None:
    with pytest.raises(StoreError, match="vérifiez la place sur le disque et ses droits"):
        with in_french(Path("store")):
            raise sqlite3.OperationalError("disk I/O error")
