from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.engines.description import Prompts, describe, is_e5, prompts, repository, space_of
from ingest.errors import ModelError
from tests.ingest.models import write_json
from tests.ingest.texts import write

MODULES = [{"idx": n, "path": path, "type": f"sentence_transformers.models.{kind}"}
           for n, (path, kind) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling"),
                                             ("2_Normalize", "Normalize")])]  # fmt: skip


@pytest.mark.parametrize(
    ("configured", "found"),
    [
        ({"query": "Question : ", "document": "Texte : "}, Prompts("Question : ", "Texte : ")),
        ({"query": "q: ", "document": "", "passage": "p: "}, Prompts("q: ", "p: ")),
        ({"corpus": "c: "}, Prompts("", "c: ")),
        ({"query": None, "autre": "x"}, Prompts()),
    ],
)
def test_prompts_are_those_of_the_configuration(configured: dict[str, Any], found: Prompts) -> None:
    assert prompts(configured, "BAAI/bge-m3") == found


def test_an_e5_model_without_any_gets_those_of_its_family() -> None:
    family = Prompts("query: ", "passage: ")
    assert prompts({"query": "", "document": ""}, "intfloat/multilingual-e5-base") == family
    assert prompts({"query": "q: "}, "intfloat/multilingual-e5-base") == Prompts("q: ")


@pytest.mark.parametrize(
    ("name", "e5"),
    [
        ("intfloat/e5-small-v2", True), ("./multilingual-e5-large/", True), ("E5", True),
        ("/cache/models--intfloat--multilingual-e5-small/snapshots/c0ffee", True),
        ("intfloat/multilingual-e5-large-instruct", False), ("intfloat/e5-mistral-instruct", False),
        ("e5-auteur/autre", False), ("auteur/mode5-petit", False), ("BAAI/bge-m3", False),
    ],
)  # fmt: skip
def test_e5_models_are_known_by_the_last_part_of_their_name(name: str, e5: bool) -> None:
    assert is_e5(name) is e5


def test_a_folder_of_the_hub_s_cache_is_the_model_it_is_named_after(tmp_path: Path) -> None:
    folder = tmp_path / "models--auteur--un--modele" / "snapshots" / "c0ffee"
    write_json(folder, {"config.json": {}})
    assert repository(str(folder)) == space_of(str(folder)) == "auteur/un--modele"
    assert space_of("auteur/modele") == repository("auteur/modele") == "auteur/modele"


def test_the_model_of_a_folder_has_the_same_space_wherever_the_folder_lies(tmp_path: Path) -> None:
    for place, config in (("a/modele", {}), ("b/modele", {}), ("c/modele", {"x": 1})):
        write_json(tmp_path / place, {"config.json": config})
    spaces = [space_of(str(tmp_path / place / "modele")) for place in "abc"]
    assert spaces[0] == spaces[1] != spaces[2]
    assert spaces[0].startswith("modele@")


@pytest.mark.parametrize(
    "changed", ["1_Pooling/config.json", "modules.json", "model.safetensors", "pytorch_model.bin"]
)
@pytest.mark.parametrize("place", [0, 2_500_000, -1], ids=["start", "middle", "end"])
def test_two_models_of_one_size_have_two_spaces(tmp_path: Path, changed: str, place: int) -> None:
    file = write(tmp_path, {f"modele/{changed}": bytes(5_000_000)}) / "modele" / changed
    before = space_of(str(tmp_path / "modele"))
    data = bytearray(file.read_bytes())
    data[place] = 1
    file.write_bytes(data)
    assert space_of(str(tmp_path / "modele")) != before


def test_the_graph_tells_a_model_apart_when_there_are_no_other_weights(tmp_path: Path) -> None:
    graph = tmp_path / "modele" / "onnx" / "model.onnx"
    spaces = []
    for weights in (b"un", b"deux"):
        write(
            tmp_path, {"modele/onnx/model.onnx": b"graphe", "modele/onnx/model.onnx_data": weights}
        )
        spaces.append(space_of(str(tmp_path / "modele"), graph))
    write(tmp_path, {"modele/model.safetensors": b"poids"})
    assert spaces[0] != spaces[1]
    assert space_of(str(tmp_path / "modele"), graph) == space_of(str(tmp_path / "modele"))


def test_a_folder_without_more_is_read_as_the_library_reads_it(tmp_path: Path) -> None:
    read = describe(tmp_path, "m")
    assert (read.prompts, read.pooling, read.length, read.lower, read.padding) == (
        Prompts(), "mean", 512, False, 0,
    )  # fmt: skip


def test_what_the_files_say_is_read(tmp_path: Path) -> None:
    write_json(
        tmp_path,
        {
            "modules.json": MODULES,
            "config.json": {"pad_token_id": 1, "max_position_embeddings": 514},
            "sentence_bert_config.json": {"max_seq_length": 128, "do_lower_case": True},
            "config_sentence_transformers.json": {"prompts": {"query": "q: "}},
            "1_Pooling/config.json": {"pooling_mode_cls_token": True, "include_prompt": True},
        },
    )
    read = describe(tmp_path, "m")
    assert (read.prompts, read.pooling, read.length, read.lower, read.padding) == (
        Prompts("q: "), "cls", 128, True, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("positions", "tokens", "length"),
    [(514, 512, 512), (512, 10**30, 512), (None, 256, 256), (-1, 300, 300), (None, None, 512)],
)
def test_without_a_length_the_least_that_its_parts_allow_is_read(
    tmp_path: Path, positions: int | None, tokens: int | None, length: int
) -> None:
    write_json(tmp_path, {"config.json": {"max_position_embeddings": positions}})
    write_json(tmp_path, {"tokenizer_config.json": {"model_max_length": tokens}})
    assert describe(tmp_path, "m").length == length


@pytest.mark.parametrize("config", [{"pooling_mode": "cls"}, {"pooling_mode": ["cls"]}])
def test_both_ways_of_writing_a_pooling_are_read(tmp_path: Path, config: dict[str, Any]) -> None:
    write_json(tmp_path, {"1_Pooling/config.json": config})
    assert describe(tmp_path, "m").pooling == "cls"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"modules.json": [*MODULES, {"type": "a.models.Dense"}]}, "a une étape « Dense »"),
        ({"1_Pooling/config.json": {"pooling_mode": "lasttoken"}}, "ne réduit ses vecteurs ni"),
        ({"1_Pooling/config.json": {"pooling_mode_cls_token": True,
                                    "pooling_mode_mean_tokens": True}}, "ne réduit ses vecteurs"),
        ({"1_Pooling/config.json": {"include_prompt": False},
          "config_sentence_transformers.json": {"prompts": {"query": "q: "}}}, "exclut"),
    ],
)  # fmt: skip
def test_a_step_that_only_its_library_does_is_refused_with_the_way_out(
    tmp_path: Path, files: dict[str, object], said: str
) -> None:
    write_json(tmp_path, files)
    with pytest.raises(ModelError, match=rf"« m » {said}.*Écrivez son nom sans « onnx: »"):
        describe(tmp_path, "m")


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"config.json": "{"})
    with pytest.raises(ModelError, match=r"Le fichier config\.json du modèle « .* » ne peut pas"):
        describe(tmp_path, "m")
