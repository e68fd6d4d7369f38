"""Who reads: told to what writes, and nobody is remembered."""

from __future__ import annotations

from app.web.readers import Readers


def test_who_leaves_is_told_to_all_that_is_written_for_them_alone() -> None:
    readers = Readers()
    with readers.reading("a") as one, readers.reading("a") as two, readers.reading("b") as other:
        readers.leave("a")
        assert (one.is_set(), two.is_set(), other.is_set()) == (True, True, False)


def test_nobody_is_remembered_once_their_answer_is_there() -> None:
    readers = Readers()
    with readers.reading("a"):
        with readers.reading("a"):
            pass
        assert len(readers) == 1
    assert len(readers) == 0


def test_an_answer_that_fails_is_forgotten_too() -> None:
    readers = Readers()
    try:
        with readers.reading("a"):
            raise ZeroDivisionError
    except ZeroDivisionError:
        assert len(readers) == 0


def test_who_reads_nothing_may_leave() -> None:
    readers = Readers()
    readers.leave("a")
    with readers.reading("a") as left:
        assert not left.is_set()
