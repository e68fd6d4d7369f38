"""Compressed bodies, decompressed under a cap: a bomb stops one piece after its limit."""

from __future__ import annotations

import zlib
from typing import Literal, get_args

from ingest.errors import SourceError

Encoding = Literal["identity", "gzip", "deflate"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)

MAX_BYTES = 20_000_000
MAX_RATIO = 100  # a page of text compresses 3 to 20 times; zlib's best is 1,032
PIECE = 65_536

_GZIP = b"\x1f\x8b"
_RAW, _ZLIB, _GZIP_BITS = -15, 15, 31  # zlib's names for the three wrappings


class Inflater:
    """Takes a body as it comes and holds it decompressed; gzip may have several members.

    What is held never exceeds ``max_bytes``, nor ``max_ratio`` times what came in, by more than
    one piece. ``feed`` and ``finish`` raise ``SourceError`` at the cap and for damaged data.
    """

    def __init__(
        self, encoding: Encoding, max_bytes: int = MAX_BYTES, max_ratio: int = MAX_RATIO
    ) -> None:
        self._encoding = encoding
        self._max_bytes = max_bytes
        self._max_ratio = max_ratio
        self._engine: zlib._Decompress | None = None
        self._members = 0
        self._pending = b""
        self._taken = 0
        self._held = bytearray()

    @property
    def held(self) -> int:
        """How many bytes are held, decompressed."""
        return len(self._held)

    def so_far(self) -> bytes:
        """What is held before the body is whole."""
        return bytes(self._held)

    def expect(self, length: int) -> None:
        """Refuse at once a body that says it is longer than the cap."""
        if length > self._max_bytes:
            raise SourceError(_too_big(self._max_bytes))

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        self._taken += len(data)
        self.expect(self._taken)
        if self._encoding == "identity":
            self._keep(data)
            return
        self._pending += data
        try:
            while self._pending and self._ready():
                self._inflate()
        except zlib.error as error:
            raise SourceError("Les données compressées sont illisibles.") from error

    def finish(self) -> bytes:
        """The whole body, once all of it was fed."""
        begun = self._engine is not None or (self._taken and not self._members)
        if begun and self._encoding != "identity":
            raise SourceError("Les données compressées sont incomplètes.")
        return bytes(self._held)

    def _ready(self) -> bool:
        """Whether a member is open; opens the next when enough of it came to tell its kind."""
        if self._engine is not None:
            return True
        if len(self._pending) < 2:
            return False
        if self._members and not (self._encoding == "gzip" and self._pending[:2] == _GZIP):
            self._pending = b""  # padding after the end
            return False
        self._engine = zlib.decompressobj(_wrapping(self._encoding, self._pending))
        return True

    def _inflate(self) -> None:
        """Decompress all that is pending of the open member, and close it at its end."""
        assert self._engine is not None
        while True:
            piece = self._engine.decompress(self._pending, PIECE)
            self._pending = self._engine.unconsumed_tail
            self._keep(piece)
            if self._engine.eof:
                self._pending = self._engine.unused_data
                self._engine, self._members = None, self._members + 1
                return
            if not self._pending and len(piece) < PIECE:
                return

    def _keep(self, piece: bytes) -> None:
        self._held += piece
        self.expect(len(self._held))
        if len(self._held) > max(self._max_ratio * self._taken, PIECE):
            raise SourceError(
                f"Les données se décompressent plus de {self._max_ratio} fois : "
                "c'est sans doute un piège, rien n'en est lu."
            )


def gunzip(data: bytes, max_bytes: int = MAX_BYTES, max_ratio: int = MAX_RATIO) -> bytes:
    """The content of a gzip file.

    Raises:
        SourceError: it is damaged, incomplete, or larger than the caps.
    """
    inflater = Inflater("gzip", max_bytes, max_ratio)
    for start in range(0, len(data), PIECE):
        inflater.feed(data[start : start + PIECE])
    return inflater.finish()


def _wrapping(encoding: Encoding, head: bytes) -> int:
    """``deflate`` is sent with zlib's two-byte header, as it should be, or without."""
    if encoding == "gzip":
        return _GZIP_BITS
    wrapped = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return _ZLIB if wrapped else _RAW


def _too_big(max_bytes: int) -> str:
    return f"Le document dépasse {max_bytes / 1_000_000:g} Mo : il n'est pas lu."
