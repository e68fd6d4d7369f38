"""Debian's PostgreSQL on loopback, in a folder of its own, never as root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from tests.ingest.servers import free_port

USER, PASSWORD = "chartiste", "p@ss:w/rd#é%?"
SHOWN_PASSWORD = "p%40ss%3Aw%2Frd%23%C3%A9%25%3F"  # as an address writes it
# Its data are thrown away: nothing waits for a disk.
_OPTIONS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "listen_addresses": "127.0.0.1", "max_connections": "60", "shared_buffers": "32MB",
}  # fmt: skip


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


@dataclass(frozen=True)
class PostgresServer:
    """A server that runs; its user may create databases."""

    port: int

    def url(self, base: str, password: str = SHOWN_PASSWORD, options: str = "") -> str:
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{base}{options}"

    @cached_property
    def _engine(self) -> Engine:
        return create_engine(
            self.url("postgres").replace("postgresql", "postgresql+pg8000", 1),
            isolation_level="AUTOCOMMIT",
        )

    def run(self, command: str) -> None:
        """One command that no transaction may hold."""
        with self._engine.connect() as connection:
            connection.execute(text(command))

    def leave(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    @contextmanager
    def base(self, name: str, template: str = "template0") -> Iterator[str]:
        """The address of a new database, which is dropped at the end."""
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def postgres(folder: Path) -> Iterator[PostgresServer]:
    """A new server, stopped at the end; ``folder`` holds its programs."""
    home = Path(tempfile.mkdtemp(prefix="chartiste-postgres-"))
    somebody = _somebody(home)
    _create(folder, home, somebody)
    port = free_port()
    options = {**_OPTIONS, "port": str(port), "unix_socket_directories": str(home)}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(folder / "postgres"), "-D", str(home / "data"),
             *(part for name, value in options.items() for part in ("-c", f"{name}={value}"))],
            stdout=log, stderr=log, cwd=home, **somebody,
        )  # fmt: skip
    try:
        _wait(port, process, home / "log")
        server = PostgresServer(port)
        try:
            yield server
        finally:
            server.leave()
    finally:
        process.send_signal(signal.SIGINT)  # its « fast » shutdown
        process.wait(20)
        shutil.rmtree(home)


def _somebody(home: Path) -> dict[str, Any]:
    """Who runs it: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _create(folder: Path, home: Path, somebody: dict[str, Any]) -> None:
    secret = home / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    subprocess.run(
        [str(folder / "initdb"), "--pgdata", str(home / "data"), "--no-sync", "--encoding=UTF8",
         "--locale=C", "--username", USER, "--auth=scram-sha-256", "--pwfile", str(secret)],
        check=True, capture_output=True, cwd=home, **somebody,
    )  # fmt: skip


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(400):
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("postgres did not start")
