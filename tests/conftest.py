"""What every test gets: no network beyond loopback, and no setting of the developer's own."""

from __future__ import annotations

import ipaddress
import os
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["tests.records.fixtures"]  # `database`, for the stores of all rooms

os.environ["OMP_WAIT_POLICY"] = "passive"
os.environ["HF_HUB_OFFLINE"] = "1"

_connect = socket.socket.connect
_getaddrinfo = socket.getaddrinfo


def _is_loopback(host: Any) -> bool:
    if host in ("localhost", "", None):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guarded_connect(self: socket.socket, address: Any) -> Any:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
        raise AssertionError(f"a test tried to reach {address!r}")
    return _connect(self, address)


def _is_address(host: Any) -> bool:
    """Whether it is written in numbers, which nobody is asked about."""
    try:
        return ipaddress.ip_address(host) is not None
    except ValueError:
        return False


def _guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and name.endswith(".invalid"):  # a name that is nobody's, for ever
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    if not (_is_loopback(name) or _is_address(name)):
        raise AssertionError(f"a test tried to look up {name!r}")
    return _getaddrinfo(host, *args, **kwargs)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Forbid every connection and look-up that is not loopback."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    patch.setattr(socket, "getaddrinfo", _guarded_getaddrinfo)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see none of the CHARTISTE_* variables of the person who runs them."""
    for name in list(os.environ):
        if name.startswith("CHARTISTE_"):
            monkeypatch.delenv(name)


@pytest.fixture
def paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of an agency in France."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/Paris")
        time.tzset()
        yield
    time.tzset()
