"""What a database says in its own language, said in French: the sentences of ``RecordsError``.

SQLite names its errors (``SQLITE_BUSY``), PostgreSQL numbers them (``55P03``, the first two signs
being a class).
"""

from __future__ import annotations

from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.records.address import DatabaseFile, DatabaseServer
from ingest.errors import RecordsError

BUSY = "La base de données est occupée par un autre travail : réessayez dans un instant."
ABSENT = "La base de données « {address} » n'existe pas."
OUTDATED = (
    "La base de données « {address} » n'est pas à jour : redémarrez « chartiste serve », qui la "
    "met à jour."
)
NEWER = (
    "La base de données « {address} » a été écrite par une version plus récente de Chartiste : "
    "mettez ce programme à jour."
)
UNREACHABLE = (
    "Le serveur de la base de données « {address} » ne répond pas : vérifiez qu'il est en marche "
    "et l'adresse de CHARTISTE_DATABASE_URL."
)
FULL = "La base de données « {address} » ne peut plus rien écrire : son disque est plein."
_REFUSED = (
    "Le serveur de la base de données « {address} » refuse cet utilisateur : vérifiez le nom, le "
    "mot de passe et les droits de CHARTISTE_DATABASE_URL."
)
_CLOSED = "La base de données « {address} » ne peut pas être ouverte : vérifiez les droits."
_READ_ONLY = "La base de données « {address} » ne peut pas être modifiée : vérifiez les droits."
_BROKEN = "« {address} » n'est pas une base de données, ou elle est abîmée."
_UNREADABLE = "La base de données « {address} » ne peut être ni lue ni écrite : erreur du disque."

_SQLITE = {
    "BUSY": BUSY,
    "LOCKED": BUSY,
    "CANTOPEN": _CLOSED,
    "PERM": _CLOSED,
    "READONLY": _READ_ONLY,
    "NOTADB": _BROKEN,
    "CORRUPT": _BROKEN,
    "FULL": FULL,
    "IOERR": _UNREADABLE,
}
_POSTGRES = {
    "55P03": BUSY,  # a lock that does not come
    "40": BUSY,  # a deadlock, two changes at once
    "53300": BUSY,  # too many connections
    "53": FULL,
    "25006": _READ_ONLY,
    "28": _REFUSED,
    "42501": _REFUSED,
    "3D": ABSENT,
    "08": UNREACHABLE,
    "57P": UNREACHABLE,  # stopping, or starting
    "58": _UNREADABLE,
    "XX001": _BROKEN,
}
_INTEGRITY = "23"

Address = DatabaseFile | DatabaseServer


def told(sentence: str, address: Address) -> RecordsError:
    """The error of that sentence, which shows the address without its password."""
    return RecordsError(sentence.replace("{address}", str(address)))


def translated(context: ExceptionContext, address: Address) -> BaseException | None:
    """The error to raise in place of a library's, or None to leave it.

    A broken constraint is SQLAlchemy's ``IntegrityError`` on both databases.
    """
    error = context.original_exception
    if isinstance(error, OSError):  # pg8000 lets some through; the connection is lost
        context.is_disconnect = True
    code = _postgres_code(error)
    if code.startswith(_INTEGRITY) and isinstance(error, Exception):
        return IntegrityError(context.statement, None, error, hide_parameters=True)
    sentence = _SQLITE.get(_sqlite_name(error)) or _by_code(code)
    if sentence is None and (context.is_disconnect or _is_unanswered(context, error)):
        sentence = UNREACHABLE
    return told(sentence, address) if sentence else None


def _sqlite_name(error: BaseException) -> str:
    """``BUSY`` for ``SQLITE_BUSY_SNAPSHOT``; empty for what is not SQLite's."""
    return str(getattr(error, "sqlite_errorname", "_")).split("_")[1]


def _postgres_code(error: BaseException) -> str:
    """PostgreSQL's five signs, or nothing."""
    [fields, *_] = [*error.args, None]
    return str(fields.get("C", "")) if isinstance(fields, dict) else ""


def _by_code(code: str) -> str | None:
    for length in (5, 3, 2):
        if len(code) == 5 and code[:length] in _POSTGRES:
            return _POSTGRES[code[:length]]
    return None


def _is_unanswered(context: ExceptionContext, error: BaseException) -> bool:
    """Whether pg8000 could not speak to the server: it has one class for that."""
    known = context.sqlalchemy_exception
    return isinstance(known, DBAPIError) and type(error).__name__ == "InterfaceError"
