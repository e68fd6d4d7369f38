"""The store: a folder of releases, the one in service, and the lock of its one writer.

::

    store/
      current            the id of the release in service; replaced atomically
      releases/<id>/     immutable
      incoming.sqlite    documents on their way to a release
      building/          the release being built, and building.json: see :mod:`ingest.build`
      vectors.cache      vectors by the text they stand for (see :mod:`ingest.cache`)
      pages.sqlite       the last good copy of each fetched page (see :mod:`ingest.copies`)
      report.json        what the last ingestion did (see :mod:`ingest.report`)
      lock, lock.holder  held while a release is built
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import NoRelease, StoreError, StoreLocked
from ingest.settings import IngestSettings

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}\Z")
_STAMP = "%Y%m%d-%H%M%S"
_SECOND = timedelta(seconds=1)


class Store:
    """Paths and the pointer; it opens no release and creates nothing until it is written to.

    ``server`` is the address of the Chroma server that holds the vectors, if one does.
    """

    def __init__(self, folder: Path, server: str | None = None) -> None:
        self.folder = folder
        self.server = server

    @classmethod
    def of(cls, settings: IngestSettings) -> Store:
        """The store that the settings name."""
        return cls(settings.store, settings.chroma_url)

    @property
    def releases(self) -> Path:
        return self.folder / "releases"

    @property
    def building(self) -> Path:
        return self.folder / "building"

    @property
    def incoming(self) -> Path:
        return self.folder / "incoming.sqlite"

    @property
    def pages(self) -> Path:
        return self.folder / "pages.sqlite"

    @property
    def report(self) -> Path:
        return self.folder / "report.json"

    @property
    def cache(self) -> Path:
        return self.folder / "vectors.cache"

    def current(self) -> str | None:
        """The id of the release in service, or None when there is none."""
        try:
            id = (self.folder / "current").read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"Le dossier « {self.folder} » ne peut pas être lu.") from error
        return id if _ID.match(id) else None

    def serving(self) -> str:
        """The id of the release in service.

        Raises:
            NoRelease: there is no release yet.
            StoreError: there are releases, but the pointer to the one in service is unreadable.
        """
        if current := self.current():
            return current
        if ids := self.ids():
            raise StoreError(
                f"Aucune des {len(ids)} versions de « {self.folder} » n'est en service : "
                "choisissez-en une avec chartiste rollback VERSION (chartiste releases les liste)."
            )
        raise NoRelease(
            f"Le dossier « {self.folder} » ne contient pas encore d'index : lancez "
            "chartiste ingest (ou chartiste serve, qui indexe d'abord les fiches fournies)."
        )

    def path(self, id: str) -> Path:
        """The folder of a release.

        Raises:
            NoRelease: the store does not hold it.
        """
        folder = self.releases / id
        if not _ID.match(id) or not folder.is_dir():
            raise NoRelease(f"La version « {id} » n'existe pas : voyez chartiste releases.")
        return folder

    def ids(self) -> list[str]:
        """The ids of all releases, the newest first."""
        try:
            names = [entry.name for entry in self.releases.iterdir() if entry.is_dir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise StoreError(f"Le dossier « {self.releases} » ne peut pas être lu.") from error
        return sorted(filter(_ID.match, names), reverse=True)

    def new_id(self, now: datetime, content: str) -> str:
        """An id for a release of that content that sorts after all others, whatever the clock."""
        for id in self.ids():
            with contextlib.suppress(ValueError):  # a folder that somebody named by hand
                now = max(now, datetime.strptime(id[:15], _STAMP).replace(tzinfo=UTC) + _SECOND)
        return f"{now:{_STAMP}}-{content[:8]}"

    def switch(self, id: str) -> None:
        """Put a release in service; a reader sees the old one or the new one, never neither."""
        self.path(id)
        waiting = self.folder / "current.new"
        with waiting.open("w", encoding="ascii") as file:
            file.write(id + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(waiting, self.folder / "current")
        sync(self.folder)

    def previous(self) -> str:
        """The newest release that is older than the one in service.

        Raises:
            NoRelease: there is none.
        """
        current = self.current()
        older = [id for id in self.ids() if current is not None and id < current]
        if not older:
            raise NoRelease("Il n'y a pas de version plus ancienne à laquelle revenir.")
        return older[0]

    def surplus(self, kept: int) -> list[str]:
        """The ids of all but the newest ``kept`` releases and the one in service."""
        current = self.current()
        return [id for id in self.ids()[kept:] if id != current]

    def remove(self, id: str) -> None:
        """Delete a release that is not in service."""
        shutil.rmtree(self.path(id), ignore_errors=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock; the operating system frees it if the process dies.

        Raises:
            StoreLocked: another process holds it.
            StoreError: the folder cannot be created or written, or the disk is full.
        """
        with in_french(self.folder):
            self.releases.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "lock")
        holder = self.folder / "lock.holder"
        with in_french(self.folder):
            try:
                lock.acquire(timeout=0)
            except Timeout as error:  # an OSError too: it must be told apart here
                raise StoreLocked(
                    f"Une autre indexation est en cours dans « {self.folder} »"
                    f"{_named(holder)} : attendez qu'elle finisse."
                ) from error
        try:
            with in_french(self.folder):
                holder.write_text(f"{os.getpid()} {int(time.time())}", encoding="ascii")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()


@contextlib.contextmanager
def in_french(folder: Path) -> Iterator[None]:
    """Turn an operating-system or SQLite error into a :class:`StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"Le dossier « {folder} » ne peut pas être utilisé ({error}) : vérifiez la place sur "
            "le disque et ses droits."
        ) from error
    except OSError as error:
        advice = {
            errno.ENOSPC: "le disque est plein : libérez de la place et recommencez",
            errno.EACCES: "l'écriture n'y est pas permise : changez ses droits ou donnez --store",
            errno.EROFS: "il est en lecture seule : donnez un autre dossier avec --store",
            errno.ENOTDIR: "ce n'est pas un dossier : donnez-en un avec --store",
            errno.EEXIST: "ce n'est pas un dossier : donnez-en un avec --store",
        }.get(error.errno or 0, error.strerror or type(error).__name__)
        raise StoreError(f"Le dossier « {folder} » ne peut pas être utilisé : {advice}.") from error


def _named(holder: Path) -> str:
    try:
        process, since = map(int, holder.read_text(encoding="ascii").split())
        began = datetime.fromtimestamp(since).strftime("%d/%m à %H:%M")
        return f" (processus {process}, depuis le {began})"
    except (OSError, ValueError, OverflowError):
        return ""


def sync(folder: Path) -> None:
    """Flush a folder's own entries to disk, where the system can (Windows cannot)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Flush every file and folder below ``folder``, and itself, to disk."""
    for root, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(root, name), "rb+") as file:
                os.fsync(file.fileno())
        sync(Path(root))
