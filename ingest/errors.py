"""Every error a person may meet, with the French sentence that says what to do.

::

    ChartisteError                 anything below; ``str()`` is the sentence shown
    ├── SettingsError              a setting or an option is wrong                    (exit 2)
    ├── SourceError                one document cannot be read; the others go on     (exit 3)
    │   └── FetchError             its address may not be asked, or its server does not give it
    │       └── PageGone           its server says that it exists no more
    ├── NothingToIngest            no document at all could be read                   (exit 2)
    ├── ModelError                 a model cannot be loaded or answers badly          (exit 4)
    │   └── ModelUnavailable       the language model gives no answer (:mod:`app.chat.unavailable`)
    ├── ClusterError               the machines that share the work are missing or stopped (exit 4)
    ├── RecordsError               the database of the staff cannot be used           (exit 5)
    ├── EntryError                 an entry is not changed (:mod:`app.faq.faults`)    (exit 2)
    └── StoreError                 the store cannot be used                           (exit 5)
        ├── StoreLocked            another process is building a release
        ├── NoRelease              there is no release yet, or not that one
        ├── ReleaseDamaged         a release fails its verification
        ├── VectorsUnreachable     the server that holds the vectors does not answer for now
        └── ModelMismatch          a release was built with another embedding model

Interfaces show the sentence and nothing else; ``exit_code`` is what the command ends with, but
for ``ingest``: 2 whenever nothing was built, 3 when a release is up and some sources failed.
:func:`reason` says in French what the system says in its own language.
"""

from __future__ import annotations

import errno
from typing import ClassVar

_REASONS = {
    errno.ENOENT: "il n'existe pas",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.ENAMETOOLONG: "son nom est trop long",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.ELOOP: "ses liens symboliques tournent en rond",
}


def reason(error: OSError | ValueError) -> str:
    """Why a file cannot be read or written, as a French phrase that follows a colon."""
    match error:
        case OSError(errno=None):
            return "erreur du système"
        case OSError(errno=int(number)):
            return _REASONS.get(number, f"erreur du système nº {number}")
        case UnicodeDecodeError():
            return "ce n'est pas du texte UTF-8"
        case _:  # such as a zero byte in its name
            return "son nom n'est pas valable"


class ChartisteError(Exception):
    """An error whose ``str()`` is a French sentence for the person at the keyboard."""

    exit_code: ClassVar[int] = 1


class SettingsError(ChartisteError):
    """A setting, an option or an argument is wrong."""

    exit_code = 2


class SourceError(ChartisteError):
    """One document cannot be read. The job reports it and goes on."""

    exit_code = 3


class FetchError(SourceError):
    """An address may not be asked, or does not answer with a page that can be read."""


class PageGone(FetchError):
    """The site answers that the page no longer exists (404 or 410)."""


class NothingToIngest(ChartisteError):
    """No document could be read, so there is nothing to build a release from."""

    exit_code = 2


class ModelError(ChartisteError):
    """A model cannot be loaded, or does not return what it should."""

    exit_code = 4


class ClusterError(ChartisteError):
    """The machines that were to share the work cannot be reached, or stopped amid it."""

    exit_code = 4


class RecordsError(ChartisteError):
    """The database is absent, locked, unreachable, damaged, or of another version."""

    exit_code = 5


class StoreError(ChartisteError):
    """The store cannot be read or written."""

    exit_code = 5


class StoreLocked(StoreError):
    """Another process holds the store's write lock."""


class NoRelease(StoreError):
    """The store holds no release, or not the one asked for."""


class ReleaseDamaged(StoreError):
    """A release does not pass its verification and is not served."""


class VectorsUnreachable(StoreError):
    """The server that holds the vectors does not answer. It may come back."""


class ModelMismatch(StoreError):
    """A release was built with another embedding model than the one configured."""
