"""Connections to each kind of database, set up as its transactions need them."""

from __future__ import annotations

import ssl
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

from app.records.address import DatabaseFile, DatabaseServer, Encryption
from app.records.faults import translated
from app.records.tables import json_text
from ingest.errors import SettingsError

READING = "chartiste_reading"  # the option of a connection that may not write
# What is deleted is overwritten: a journal that was purged is in no page of the file.
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
)
_SILENCE = 30.0  # seconds without a word, after which a server is gone


def engine_of(address: DatabaseFile | DatabaseServer, patience: float) -> Engine:
    """What opens connections, when asked; ``patience`` is the longest wait, in seconds.

    Raises:
        SettingsError: the driver of PostgreSQL is not installed.
    """
    match address:
        case DatabaseFile():
            url = URL.create("sqlite", database=str(address.file))
            engine = _made(url, {"timeout": patience, "isolation_level": None}, patience)
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        case DatabaseServer():
            arguments = _server_arguments(address, patience)
            engine = _made(_server_url(address), arguments, patience)
            event.listen(engine, "checkout", _try_out)
            event.listen(engine, "begin", _begin_postgres)
    event.listen(engine, "handle_error", lambda error: translated(error, address), retval=True)
    return engine


def _made(url: URL, arguments: dict[str, Any], patience: float) -> Engine:
    try:
        return create_engine(
            url,
            connect_args=arguments,
            hide_parameters=True,
            json_serializer=json_text,
            pool_timeout=patience,
            max_overflow=15,
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            "pg8000 n'est pas installé : pip install 'chartiste[postgres]'."
        ) from error


def _server_url(address: DatabaseServer) -> URL:
    return URL.create(
        "postgresql+pg8000",
        address.user,
        address.password,
        address.host,
        address.port,
        address.base,
    )


def _server_arguments(address: DatabaseServer, patience: float) -> dict[str, Any]:
    return {
        "timeout": _SILENCE,
        "ssl_context": _encryption(address.encryption),
        "application_name": "chartiste",
        "startup_params": {"lock_timeout": f"{patience * 1000:.0f}ms"},
    }


def _encryption(asked: Encryption) -> ssl.SSLContext | bool | None:
    """What pg8000 calls it; None is « if the server can »."""
    match asked:
        case "disable":
            return False
        case "prefer":
            return None
        case "require":
            return True
        case "verify-full":
            return ssl.create_default_context()


def _set_up_sqlite(connection: Any, _: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _try_out(connection: Any, record: Any, _: object) -> None:
    """See that a connection that was kept is still one; else the pool opens another.

    SQLAlchemy's own way does not know the ``OSError`` that pg8000 lets through.
    """
    if not record.info.setdefault("kept", False):
        record.info["kept"] = True
        return
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get(READING, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
