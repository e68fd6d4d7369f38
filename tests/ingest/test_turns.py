from __future__ import annotations

import threading
import time

import pytest

from ingest.turns import Turns


def test_the_first_turn_of_a_host_does_not_wait() -> None:
    with Turns(1).turn("a", pause=5.0) as waited:
        assert waited < 0.1


def test_the_next_comes_after_the_pause_counted_from_the_end_of_the_last() -> None:
    turns = Turns(1)
    with turns.turn("a", 0.0):
        time.sleep(0.05)
    ended = time.monotonic()
    with turns.turn("a", 0.2) as waited:
        assert time.monotonic() - ended >= 0.19
    assert waited == pytest.approx(0.2, abs=0.05)


def test_another_host_does_not_wait() -> None:
    turns = Turns(2)
    with turns.turn("a", 5.0):
        pass
    with turns.turn("b", 5.0) as waited:
        assert waited < 0.1


def test_a_pause_takes_no_place_from_the_others() -> None:
    turns = Turns(1)
    with turns.turn("a", 0.0):
        pass

    def pause() -> None:
        with turns.turn("a", 0.4):
            pass

    thread = threading.Thread(target=pause)
    thread.start()
    with turns.turn("b", 0.0) as waited:
        assert waited < 0.2
    thread.join()


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns(1)
    with pytest.raises(RuntimeError), turns.turn("a", 0.0):
        raise RuntimeError
    with turns.turn("a", 0.0) as waited:
        assert waited < 0.1
