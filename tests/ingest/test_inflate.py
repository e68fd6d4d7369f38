from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.inflate import PIECE, Encoding, Inflater, gunzip


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


def inflated(encoding: Encoding, data: bytes, step: int, **caps: int) -> bytes:
    inflater = Inflater(encoding, **caps)
    for start in range(0, len(data), step):
        inflater.feed(data[start : start + step])
    return inflater.finish()


@given(st.binary(max_size=500), st.integers(1, 600))
def test_what_was_compressed_comes_back_however_it_is_cut(data: bytes, step: int) -> None:
    assert inflated("identity", data, step) == data
    assert inflated("gzip", gzip.compress(data), step) == data
    assert inflated("deflate", zlib.compress(data), step) == data
    assert inflated("deflate", raw_deflate(data), step) == data


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]), st.integers(1, 50))
def test_any_bytes_are_inflated_or_refused_in_french(
    data: bytes, encoding: Encoding, step: int
) -> None:
    for prefix in (b"", b"\x1f\x8b\x08\x00", b"\x78\x9c"):
        try:
            inflated(encoding, prefix + data, step)
        except SourceError as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_a_gzip_file_may_have_several_members_and_padding(step: int) -> None:
    data = gzip.compress(b"un ") + gzip.compress(b"deux")
    assert inflated("gzip", data + b"\0" * 9, step) == b"un deux"


def test_a_body_that_stops_early_is_refused() -> None:
    for encoding, data in (
        ("gzip", gzip.compress(b"x" * 99)),
        ("deflate", zlib.compress(b"x" * 99)),
    ):
        for kept in (1, len(data) // 2, len(data) - 1):
            with pytest.raises(SourceError, match="incomplètes"):
                inflated(encoding, data[:kept], 10)  # type: ignore[arg-type]


def test_an_empty_body_is_empty() -> None:
    assert [Inflater(encoding).finish() for encoding in ("identity", "gzip", "deflate")] == [
        b""
    ] * 3


@pytest.mark.parametrize("step", [100, 65_536])
def test_a_bomb_is_held_no_further_than_its_cap_and_one_piece(step: int) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9)
    inflater = Inflater("gzip")
    with pytest.raises(SourceError, match="plus de 100 fois"):
        for start in range(0, len(bomb), step):
            inflater.feed(bomb[start : start + step])
    assert inflater.held <= max(100 * step, PIECE) + PIECE


def test_what_is_too_big_is_held_no_further_than_the_cap_and_one_piece() -> None:
    data = gzip.compress(bytes(range(256)) * 40_000, 1)
    inflater = Inflater("gzip", max_bytes=1_000_000, max_ratio=10_000)
    with pytest.raises(SourceError, match="dépasse 1 Mo"):
        inflater.feed(data)
    assert 1_000_000 < inflater.held <= 1_000_000 + PIECE


def test_a_bomb_takes_no_memory() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000, 9)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError):
            gunzip(bomb)
        assert tracemalloc.get_traced_memory()[1] < 20 * PIECE + 100 * len(bomb)
    finally:
        tracemalloc.stop()


def test_a_bomb_in_a_bomb_is_not_opened() -> None:
    inner = gzip.compress(b"\0" * 1_000_000, 9)
    assert gunzip(gzip.compress(inner)) == inner


def test_a_small_page_may_compress_well() -> None:
    page = b"<td></td>" * 5_000
    assert len(page) > 100 * len(gzip.compress(page))
    assert gunzip(gzip.compress(page)) == page


def test_a_length_beyond_the_cap_is_refused_at_once() -> None:
    inflater = Inflater("identity", max_bytes=10)
    inflater.expect(10)
    with pytest.raises(SourceError, match="dépasse"):
        inflater.expect(11)


def test_what_is_held_may_be_had_before_the_end() -> None:
    inflater = Inflater("identity")
    inflater.feed(b"abc")
    assert (inflater.held, inflater.so_far()) == (3, b"abc")
