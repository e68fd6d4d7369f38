from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cluster.rounds import rounds, unknown

NUMBERS = st.lists(st.integers(0, 2**64 - 1), max_size=20)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], []),
        (["a"], [["a"]]),
        (["a", "b", "c", "d"], [["a", "b", "c"], ["d"]]),
        (["aaa", "bb", "c"], [["aaa", "bb"], ["c"]]),
        (["aaaaaaaa", "b"], [["aaaaaaaa"], ["b"]]),
        (["a", "bbbbbbbb", "c"], [["a"], ["bbbbbbbb"], ["c"]]),
    ],
    ids=["none", "one", "too many", "too heavy", "heavy first", "heavy amid"],
)
def test_a_round_holds_so_many_and_weighs_so_much(
    words: list[str], expected: list[list[str]]
) -> None:
    assert list(rounds(words, len, heaviest=5, most=3)) == expected


@given(words=st.lists(st.text(max_size=9)), heaviest=st.integers(1, 20), most=st.integers(1, 5))
def test_rounds_lose_nothing_and_keep_the_order(words: list[str], heaviest: int, most: int) -> None:
    portions = list(rounds(words, len, heaviest, most))
    assert [word for portion in portions for word in portion] == words
    for portion in portions:
        assert 1 <= len(portion) <= most
        assert sum(map(len, portion)) <= heaviest or len(portion) == 1


def test_no_more_is_taken_than_one_item_ahead() -> None:
    taken: list[int] = []

    def items() -> object:
        for number in range(9):
            taken.append(number)
            yield number

    assert next(rounds(items(), lambda _: 1, 3, 9)) == [0, 1, 2]  # type: ignore[arg-type]
    assert taken == [0, 1, 2, 3]


@given(keys=NUMBERS, known=NUMBERS)
def test_keys_that_are_not_known_are_told(keys: list[int], known: list[int]) -> None:
    there = np.array(sorted(known), dtype=np.uint64)
    found = unknown(np.array(keys, dtype=np.uint64), there)
    assert found.tolist() == [key not in known for key in keys]
