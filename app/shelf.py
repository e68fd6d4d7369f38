"""The release in service, kept open: readers borrow it, and a newer one takes its place.

Between two questions the pointer of the store is read again (a few bytes). A release that was
replaced is closed when its last reader gives it back, so none is refused and nothing leaks. If
the new one cannot be opened, the old one goes on serving.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from app.calibration import Calibration, load_calibration
from app.query import Speller
from ingest.errors import ChartisteError
from ingest.release import Release, open_current, open_release
from ingest.store import Store

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Volume:
    """An open release, with what is derived from it and how many are reading it."""

    release: Release
    speller: Speller
    calibration: Calibration
    readers: int = 0
    retired: bool = False


class Shelf:
    """Lends the release in service, to a model that embeds questions in ``space``.

    It comes with ``calibration``, or with the one that the store has.
    Safe to use from several threads.
    """

    def __init__(
        self, store: Store, space: str, model: str = "", calibration: Calibration | None = None
    ) -> None:
        self._store = store
        self._calibration = calibration
        self._space = space
        self._model = model
        self._lock = threading.Lock()
        self._volume: Volume | None = None
        self._refused: str | None = None

    @contextlib.contextmanager
    def borrow(self) -> Iterator[Volume]:
        """The release in service, for the time of one question.

        Raises:
            NoRelease: there is none.
            ReleaseDamaged, ModelMismatch: it cannot serve, and no other is open.
        """
        with self._lock:
            volume = self._up_to_date()
            volume.readers += 1
        try:
            yield volume
        finally:
            with self._lock:
                volume.readers -= 1
                if volume.retired and not volume.readers:
                    volume.release.close()

    def _up_to_date(self) -> Volume:
        current = None
        try:
            current = self._store.current()
            if self._volume and current in (self._volume.release.id, self._refused, None):
                return self._volume
            opened = self._open(current)
        except ChartisteError as error:
            if self._volume is None:
                raise
            self._refused = current
            log.error("release %s is not served: %s", current, error)
            return self._volume
        self._retire()
        self._volume = opened
        return opened

    def _open(self, current: str | None) -> Volume:
        """The release in service; when none is open yet, an older one if that is damaged."""
        if self._volume and current:
            release = open_release(self._store, current)
        else:
            release = open_current(self._store)
            if release.id != current:
                self._refused = current
        try:
            release.require_space(self._space, self._model)
            calibration = self._calibration or load_calibration(self._space, self._store.folder)
        except ChartisteError:
            release.close()
            raise
        return Volume(release, Speller(release), calibration)

    def _retire(self) -> None:
        if self._volume is not None:
            self._volume.retired = True
            if not self._volume.readers:
                self._volume.release.close()

    def close(self) -> None:
        """Close the release when its last reader has given it back."""
        with self._lock:
            self._retire()
            self._volume = None
