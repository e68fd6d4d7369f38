"""A Ray that is there: started on this machine, or joined. Ray enters here and nowhere else.

Ray as it comes listens on every network interface, tells its makers how it is used, asks the
cloud's metadata server where it runs even when told not to tell, writes to the terminal, and leaves
its logs in ``/tmp``. The one started here listens on loopback alone, with a token, asks nothing of
anyone, and leaves nothing behind. One that is joined is as its owner set it up. Some of this has no
public switch: ``pyproject.toml`` holds the version, and ``tests/ingest/test_cluster.py`` the rest.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from ingest.errors import ClusterError

OBJECT_STORE = 512_000_000  # bytes of shared memory of a Ray that is started here
_PATIENCE = 5.0  # seconds

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}
_ALONE = {
    # What Ray does on Windows and macOS: without it, every interface is listened on.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
}


@contextlib.contextmanager
def session() -> Iterator[Any]:
    """The ``ray`` module, connected for the time of a block; one that is connected stays so.

    It joins the cluster of ``RAY_ADDRESS``; without it, it starts a Ray that ends with the block.

    Raises:
        ClusterError: it is not installed, does not start, or is not at ``RAY_ADDRESS``.
    """
    address = os.environ.get("RAY_ADDRESS", "").strip()
    ray = _imported(alone=not address)
    with contextlib.ExitStack() as stack:
        if not ray.is_initialized():
            stack.enter_context(_joined(ray, address) if address else _started(ray))
        yield ray


def _imported(alone: bool) -> Any:
    # Read when it is imported, and by the processes it starts.
    os.environ.update(_QUIET)
    if alone:
        os.environ.update(_ALONE)
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    try:
        with _muted():
            import ray
            import ray.data

            context = ray.data.DataContext.get_current()
    except ImportError as error:
        raise ClusterError("Ray n'est pas installé : pip install 'chartiste[ray]'.") from error
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    context.enable_progress_bars = False
    return ray


@contextlib.contextmanager
def _joined(ray: Any, address: str) -> Iterator[None]:
    try:
        _require_answer(address)
        _connect(ray, address=address)
    except Exception as error:  # of many kinds, by what there is at the address
        raise ClusterError(
            f"Le cluster Ray de RAY_ADDRESS (« {address} ») ne répond pas ({type(error).__name__})."
        ) from error
    with _connected(ray):
        yield


@contextlib.contextmanager
def _started(ray: Any) -> Iterator[None]:
    from ray._private.node import Node

    # Short, because the paths of its sockets are limited to a hundred characters.
    place = "/tmp" if os.name == "posix" else None
    with tempfile.TemporaryDirectory(prefix="ray-", dir=place, ignore_cleanup_errors=True) as home:
        try:
            # Even without its page, the process of the dashboard asks the cloud where it runs.
            with mock.patch.object(Node, "start_api_server", lambda *_, **__: None):
                _connect(
                    ray, address="local", include_dashboard=False, _temp_dir=home,
                    object_store_memory=OBJECT_STORE,
                )  # fmt: skip
        except Exception as error:
            raise ClusterError(
                f"Ray ne démarre pas sur cette machine ({type(error).__name__}) : "
                "ingérez sans --engine ray."
            ) from error
        with _connected(ray):
            yield


def _require_answer(address: str) -> None:
    """Ask whether anything listens there; Ray itself would try for minutes.

    Raises:
        OSError: nothing does.
        ValueError: it is no address.
    """
    parts = urlsplit(address if "//" in address else f"//{address}")
    if parts.port:  # the others, such as « auto », are names that Ray looks up here
        socket.create_connection((parts.hostname or "", parts.port), _PATIENCE).close()


def _connect(ray: Any, **options: Any) -> None:
    with _muted():
        ray.init(log_to_driver=False, logging_level=logging.CRITICAL, **options)


@contextlib.contextmanager
def _connected(ray: Any) -> Iterator[None]:
    """What Ray says of its processes is not for a person, nor for the reader of ``--json``."""
    try:
        with mock.patch("ray._private.worker.print_to_stdstream", lambda *_, **__: None):
            yield
    finally:
        with _muted():
            ray.shutdown()


@contextlib.contextmanager
def _muted() -> Iterator[None]:
    """Keep the terminal clear of what a library says there, in Python or not."""
    with warnings.catch_warnings(), open(os.devnull, "wb") as nowhere:
        warnings.simplefilter("ignore")
        terminal = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)


def lent(reference: Any) -> Any:
    """What ``put`` was given on another machine, read where it lies."""
    import ray

    return ray.get(reference)


def stopped(error: Exception) -> ClusterError:
    """What is said of work that ended with ``error``."""
    return ClusterError(
        f"Le travail que Ray répartit s'est arrêté ({type(error).__name__}). Les vecteurs déjà "
        "calculés sont gardés : relancez la même commande."
    )
