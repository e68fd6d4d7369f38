from __future__ import annotations

import socket
import threading
import time

from ingest.deadline import Deadline


def test_a_deadline_passes_and_may_be_put_off() -> None:
    deadline = Deadline(0.05)
    assert 0.0 < deadline.left <= 0.05 and not deadline.passed
    time.sleep(0.06)
    assert deadline.left == 0.0 and deadline.passed
    deadline.extend(10.0)
    assert not deadline.passed


def test_a_connection_is_shut_down_at_the_deadline_even_while_it_is_read() -> None:
    here, there = socket.socketpair()
    with here, there, Deadline(0.2).cutting() as cut:
        cut(here)
        started = time.monotonic()
        assert here.recv(1) == b""
        assert time.monotonic() - started > 0.1  # it waited, and not without end


def test_a_connection_that_another_object_took_over_is_shut_down_too() -> None:
    here, there = socket.socketpair()
    with there, Deadline(0.1).cutting() as cut:
        cut(here)
        with socket.socket(fileno=here.detach()) as taken:
            assert taken.recv(1) == b""


def test_a_connection_that_ends_in_time_is_left_alone() -> None:
    here, there = socket.socketpair()
    with here, there:
        with Deadline(0.1).cutting() as cut:
            cut(here)
        time.sleep(0.15)
        there.sendall(b"x")
        assert here.recv(1) == b"x"


def test_no_thread_and_no_socket_is_left_behind() -> None:
    before = threading.active_count()
    here, there = socket.socketpair()
    with here, there, Deadline(60.0).cutting() as cut:
        cut(here)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_a_closed_connection_may_be_cut() -> None:
    here, there = socket.socketpair()
    with Deadline(0.05).cutting() as cut:
        cut(here)
        here.close()
        there.close()
        time.sleep(0.1)
