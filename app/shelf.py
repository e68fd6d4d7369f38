"""The release in service, kept open: readers borrow it, and a newer one takes its place.

Before each question the pointer of the store is read again (a few bytes). A newer release is
opened aside: all its files are checked, which takes seconds for a large one, and meanwhile the
old one serves. It is closed when its last reader gives it back, so none is refused and nothing
leaks. If the new one cannot be opened, the old one goes on serving.
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

_PATIENCE = 1.0  # seconds that the first question after a switch waits for the new release


@dataclass(slots=True)
class Volume:
    """An open release, with what is derived from it and how many are reading it.

    ``failure`` is why the last question was searched by words alone, None when it was not or when
    the release has no vectors; a model that failed rests until ``rests_until``, on the clock of
    :func:`time.monotonic`.
    """

    release: Release
    speller: Speller
    calibration: Calibration
    readers: int = 0
    retired: bool = False
    failure: ChartisteError | None = None
    rests_until: float = 0.0

    @property
    def by_words(self) -> bool:
        """Whether the lexicon answers alone."""
        return self.release.vectors is None or self.failure is not None


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
        self._opening: threading.Thread | None = None

    @contextlib.contextmanager
    def borrow(self) -> Iterator[Volume]:
        """The release in service, for the time of one question.

        Raises:
            NoRelease: there is none.
            ReleaseDamaged, ModelMismatch: it cannot serve, and no other is open.
        """
        if opening := self._started():
            opening.join(_PATIENCE)
        with self._lock:
            if self._volume is None:
                self._volume = self._open()
            volume = self._volume
            volume.readers += 1
        try:
            yield volume
        finally:
            with self._lock:
                volume.readers -= 1
                is_last = volume.retired and not volume.readers
            if is_last:  # not under the lock: to free a large one takes a second
                volume.release.close()

    def _started(self) -> threading.Thread | None:
        """What opens a newer release from now on; None when there is none, or it is at work."""
        with self._lock:
            if self._volume is None or self._opening is not None:
                return None
            try:
                current = self._store.current()
            except ChartisteError as error:
                log.error("the release in service is not known: %s", error)
                return None
            if current in (self._volume.release.id, self._refused, None):
                return None
            self._opening = threading.Thread(target=self._replace, args=[current], name="shelf")
            self._opening.start()
            return self._opening

    def _replace(self, current: str) -> None:
        """Put a newer release in the place of the one that is open, unless it cannot serve."""
        opened = None
        try:
            opened = self._fit(open_release(self._store, current))
        except ChartisteError as error:
            log.error("release %s is not served: %s", current, error)
        except Exception:
            log.exception("release %s is not served", current)
        with self._lock:
            self._opening = None
            if opened is None:
                self._refused = current
                return
            unread = self._retired()
            self._volume = opened
        if unread:
            unread.close()

    def _open(self) -> Volume:
        """The release in service, when none is open yet; an older one if that is damaged."""
        current = self._store.current()
        volume = self._fit(open_current(self._store))
        if volume.release.id != current:
            self._refused = current
        return volume

    def _fit(self, release: Release) -> Volume:
        """An open release with what is derived from it; closed when it cannot serve."""
        try:
            release.require_space(self._space, self._model)
            calibration = self._calibration or load_calibration(self._space, self._store.folder)
        except ChartisteError:
            release.close()
            raise
        return Volume(release, Speller(release), calibration)

    def _retired(self) -> Release | None:
        """The release that is taken out of service, when nobody reads it and it is to be closed."""
        volume, self._volume = self._volume, None
        if volume is None:
            return None
        volume.retired = True
        return None if volume.readers else volume.release

    def close(self) -> None:
        """Close the release when its last reader has given it back."""
        if opening := self._opening:
            opening.join()
        with self._lock:
            unread = self._retired()
        if unread:
            unread.close()
