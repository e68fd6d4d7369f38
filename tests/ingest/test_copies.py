from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.copies import Copies, Copy
from ingest.errors import FetchError, StoreError
from ingest.page import Page, Validators

URL = "http://ville.example/a"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
PAGE = Page(
    "http://ville.example/b",
    URL,
    True,
    b"<p>\xe9t\xe9\0</p>",
    "text/html",
    "latin-1",
    '"1"',
    "hier",
)


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Copies]:
    with closing(Copies(tmp_path / "pages.copies")) as copies:
        yield copies


def test_there_is_no_copy_before_one_is_kept(copies: Copies) -> None:
    assert copies.get(URL) is None


def test_a_page_that_is_kept_comes_back_in_another_run(tmp_path: Path) -> None:
    with closing(Copies(tmp_path / "c")) as copies:
        copies.keep(URL, PAGE, NOW)
    with closing(Copies(tmp_path / "c")) as copies:
        copy = copies.get(URL)
    assert copy == Copy(PAGE, fetched=NOW, checked=NOW)
    assert copy is not None and copy.validators == Validators('"1"', "hier", PAGE.url)


def test_another_spelling_of_the_address_has_the_same_copy(copies: Copies) -> None:
    copies.keep("HTTP://Ville.example:80/%61#haut", PAGE, NOW)
    assert copies.get(URL) == Copy(PAGE, NOW, NOW)


def test_a_new_copy_takes_the_place_of_the_last(copies: Copies) -> None:
    copies.keep(URL, PAGE, NOW)
    copies.keep(URL, replace(PAGE, data=b"autre"), LATER)
    assert copies.get(URL) == Copy(replace(PAGE, data=b"autre"), LATER, LATER)


def test_a_copy_that_is_still_good_is_noted_as_checked(copies: Copies) -> None:
    copies.keep(URL, PAGE, NOW)
    copies.touch(URL, LATER)
    assert copies.get(URL) == Copy(PAGE, fetched=NOW, checked=LATER)
    copies.touch("http://ville.example/absent", LATER)


def test_a_copy_may_be_forgotten(copies: Copies) -> None:
    copies.keep(URL, PAGE, NOW)
    copies.forget(URL)
    copies.forget(URL)
    assert copies.get(URL) is None


def test_an_empty_page_is_a_copy(copies: Copies) -> None:
    empty = Page(URL, URL, False, b"")
    copies.keep(URL, empty, NOW)
    assert copies.get(URL) == Copy(empty, NOW, NOW)


def test_what_is_no_address_has_no_copy(copies: Copies) -> None:
    with pytest.raises(FetchError):
        copies.get("charte.pdf")


@pytest.mark.parametrize("content", [b"ceci n'est pas une base" * 100, b"SQLite format 3\0" * 80])
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pages.copies").write_bytes(content)
    with pytest.raises(StoreError, match=r"supprimez « .*pages\.copies » : les pages"):
        Copies(tmp_path / "pages.copies")


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "c")) as database:
        database.execute("CREATE TABLE copies (asked TEXT)")
    with closing(Copies(tmp_path / "c")) as copies, pytest.raises(StoreError, match="supprimez"):
        copies.get(URL)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="ne peuvent pas être lues ou écrites"):
        Copies(tmp_path / "absent" / "c")


def test_a_copy_with_a_flipped_byte_is_never_given(
    tmp_path: Path, flip: Callable[[Path], None]
) -> None:
    with closing(Copies(tmp_path / "c")) as copies:
        copies.keep(URL, replace(PAGE, data=b"x" * 100_000), NOW)
    flip(tmp_path / "c")
    with closing(Copies(tmp_path / "c")) as copies, pytest.raises(StoreError, match="supprimez"):
        copies.get(URL)


def keep_until_killed(path: Path, ready: multiprocessing.connection.Connection) -> None:
    copies = Copies(path)
    for number in range(100_000):
        copies.keep(f"{URL}{number}", replace(PAGE, data=b"%d" % number * 1_000), NOW)
        ready.send(number)


def test_what_was_kept_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    for turn in range(3):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=keep_until_killed, args=(tmp_path / f"{turn}", there))
        process.start()
        there.close()
        while (last := here.recv()) < 5 + turn:
            pass
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        while here.poll():
            try:
                last = here.recv()
            except EOFError:
                break
        here.close()
        with closing(Copies(tmp_path / f"{turn}")) as copies:
            for number in range(last + 1):
                copy = copies.get(f"{URL}{number}")
                assert copy is not None and copy.page.data == b"%d" % number * 1_000
