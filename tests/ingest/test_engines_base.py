from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.engines.base import BatchedModel, checked, unit_vectors
from ingest.errors import ModelError


class Lengths(BatchedModel):
    """A text's vector tells its length; each batch is kept."""

    name = "longueurs"
    space = "longueurs"
    dimension = 2

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def embed_batch(self, texts: list[str]) -> Any:
        self.asked.append(texts)
        return [[3.0 * len(text), 4.0 * len(text)] for text in texts]


def test_texts_of_one_length_go_together_the_shortest_first() -> None:
    model = Lengths()
    model.batch_characters = 8
    model.embed_documents(["aaaa", "b", "cccc", "dd", "eeee"])
    assert model.asked == [["b", "dd"], ["aaaa", "cccc"], ["eeee"]]


def test_a_text_longer_than_a_batch_goes_alone() -> None:
    model = Lengths()
    model.batch_characters = 3
    model.embed_documents(["aaaaaaa", "b", "bbbbbbb"])
    assert model.asked == [["b"], ["aaaaaaa"], ["bbbbbbb"]]


def test_a_batch_has_no_more_texts_than_the_model_takes() -> None:
    model = Lengths()
    model.batch_texts = 2
    assert list(map(len, model.batches(["a"] * 5))) == [2, 2, 1]


def test_vectors_are_of_length_one_in_the_order_of_the_texts() -> None:
    assert np.allclose(Lengths().embed_documents(["long", "a"]), [[0.6, 0.8]] * 2)
    assert Lengths().embed_documents([]) == []


@given(st.lists(st.text(max_size=30), max_size=40), st.integers(1, 100), st.integers(1, 10))
def test_batches_hold_each_text_once_and_stay_within_bounds(
    texts: list[str], characters: int, count: int
) -> None:
    model = Lengths()
    model.batch_characters, model.batch_texts = characters, count
    batches = list(model.batches(texts))
    assert sorted(chain.from_iterable(batches)) == list(range(len(texts)))
    for batch in batches:
        longest = max(len(texts[position]) for position in batch)
        assert len(batch) <= count
        assert len(batch) == 1 or len(batch) * longest <= characters


@given(st.lists(st.text(min_size=1, max_size=30), max_size=20), st.integers(1, 60))
def test_a_batch_that_is_cut_again_stays_one(texts: list[str], characters: int) -> None:
    model = Lengths()
    model.batch_characters = characters
    for batch in model.batches(texts):
        assert len(list(model.batches([texts[position] for position in batch]))) == 1


@pytest.mark.parametrize(
    "rows",
    [None, "vecteurs", [], [[1.0]], [[1.0, 2.0]] * 2, [[1.0, None]], [["a", "b"]], [1.0, 2.0],
     [[1.0, float("nan")]], [[1.0, float("inf")]], [[1.0, 2.0], [1.0]], [[1e39, 1.0]]],
    ids=str,
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:overflow")
def test_what_is_not_a_vector_a_text_is_refused(rows: Any) -> None:
    with pytest.raises(ModelError, match="« m » a rendu des vecteurs inattendus"):
        checked(rows, 1, 2, "m")


def test_a_vector_without_direction_is_refused() -> None:
    with pytest.raises(ModelError, match="« m » a rendu un vecteur nul"):
        unit_vectors([[0.0, 0.0]], 1, 2, "m")
