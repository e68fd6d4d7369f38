from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from ingest.cache import CachedEmbeddings, half_vectors, key_of
from ingest.errors import ModelError, StoreError
from tests.fakes import FakeModel


@contextmanager
def cached(model: FakeModel, folder: Path) -> Iterator[CachedEmbeddings]:
    with closing(CachedEmbeddings(model, folder / "vectors.cache")) as embeddings:
        yield embeddings


def test_a_text_is_embedded_once_and_then_remembered(tmp_path: Path, model: FakeModel) -> None:
    for _ in range(2):
        with cached(model, tmp_path) as embeddings:
            embeddings.vectors(["charte", "climat"])
    assert sorted(model.texts) == ["charte", "climat"]
    assert (embeddings.embedded, embeddings.reused) == (0, 2)


def test_vectors_are_the_same_whether_computed_or_read(tmp_path: Path, model: FakeModel) -> None:
    with cached(model, tmp_path) as embeddings:
        computed = embeddings.vectors(["charte", "climat"])
    with cached(model, tmp_path) as embeddings:
        assert np.array_equal(embeddings.vectors(["charte", "climat"]), computed)
    assert computed.dtype == np.float32


def test_half_precision_changes_a_cosine_by_less_than_a_thousandth(
    tmp_path: Path, model: FakeModel
) -> None:
    with cached(model, tmp_path) as embeddings:
        [kept] = embeddings.vectors(["La charte engage ses signataires."])
    exact = np.array(model.embed_query("La charte engage ses signataires."))
    assert float(kept @ exact) == pytest.approx(1.0, abs=1e-3)


def test_vectors_come_in_the_order_of_the_texts_even_twice(
    tmp_path: Path, model: FakeModel
) -> None:
    texts = ["une charte assez longue", "climat", "une charte assez longue", "air"]
    with cached(model, tmp_path) as embeddings:
        found = embeddings.vectors(texts)
    assert np.allclose(found, [model.embed_query(text) for text in texts], atol=1e-3)
    assert sorted(model.texts) == ["air", "climat", "une charte assez longue"]


def test_texts_go_to_the_model_in_batches_the_shortest_first(
    tmp_path: Path, model: FakeModel
) -> None:
    told: list[tuple[int, int]] = []
    model.batch_texts = 2
    texts = ["mot " * n for n in (3, 2, 1)]
    with cached(model, tmp_path) as embeddings:
        embeddings.vectors(texts, lambda done, total: told.append((done, total)))
    assert model.texts == texts[::-1]
    assert model.calls == 2
    assert told == [(0, 3), (2, 3), (3, 3)]


def test_another_space_has_vectors_of_its_own(tmp_path: Path, model: FakeModel) -> None:
    other = FakeModel()
    other.space = "autre"
    for one in (model, other):
        with cached(one, tmp_path) as embeddings:
            embeddings.vectors(["charte"])
    assert (model.texts, other.texts) == (["charte"], ["charte"])


def test_no_text_has_no_vector_but_a_dimension(tmp_path: Path, model: FakeModel) -> None:
    with cached(model, tmp_path) as embeddings:
        assert embeddings.vectors([]).shape == (0, 64)
        assert embeddings.embed_documents([]) == []


def test_vectors_computed_elsewhere_are_kept_under_their_keys(
    tmp_path: Path, model: FakeModel
) -> None:
    keys = {text: key_of(model.space, text) for text in ("charte", "climat")}
    with cached(model, tmp_path) as embeddings:
        embeddings.vectors(["air"])
        halves = half_vectors(FakeModel(), list(keys))
        embeddings.keep(
            {key: row.tobytes() for key, row in zip(keys.values(), halves, strict=True)}
        )
        assert np.array_equal(embeddings.vectors(list(keys)), halves.astype(np.float32))
        assert embeddings.keys().tolist() == sorted([*keys.values(), key_of(model.space, "air")])
    assert (model.texts, embeddings.embedded) == (["air"], 3)


def test_the_key_of_a_vector_that_is_too_short_is_not_told(
    tmp_path: Path, model: FakeModel
) -> None:
    with cached(model, tmp_path) as embeddings:
        embeddings.vectors(["charte"])
        longer = FakeModel()
        longer.dimension = 65
        with cached(longer, tmp_path) as other:
            assert (other.keys().tolist(), other.missing(["charte"])) == ([], 1)
        assert len(embeddings.keys()) == 1


def test_langchain_reads_it_as_embeddings(tmp_path: Path, model: FakeModel) -> None:
    with cached(model, tmp_path) as embeddings:
        assert embeddings.embed_documents(["charte"]) == embeddings.vectors(["charte"]).tolist()
        assert embeddings.embed_query("charte") == model.embed_query("charte")


@pytest.mark.parametrize(
    "answer", [[[1.0]], [[0.0] * 64] * 2, [[float("nan")] * 64], [[float("inf")] * 64]],
    ids=["dimension", "count", "nan", "inf"],
)  # fmt: skip
def test_unexpected_vectors_are_refused_and_not_kept(
    tmp_path: Path, model: FakeModel, monkeypatch: pytest.MonkeyPatch, answer: list[list[float]]
) -> None:
    with cached(model, tmp_path) as embeddings:
        with monkeypatch.context() as patch:
            patch.setattr(model, "embed_documents", lambda texts: answer)
            with pytest.raises(ModelError, match="« fake » a rendu des vecteurs inattendus"):
                embeddings.vectors(["charte"])
        embeddings.vectors(["charte"])
    assert model.texts == ["charte"]


def test_what_was_computed_before_a_failure_is_kept(
    tmp_path: Path, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["001", "002", "003"]
    model.batch_texts = 2
    answer = model.embed_documents

    def fail_on_the_last(batch: list[str]) -> list[list[float]]:
        if len(batch) < 2:
            raise RuntimeError("panne")
        return answer(batch)

    with cached(model, tmp_path) as embeddings, monkeypatch.context() as patch:
        patch.setattr(model, "embed_documents", fail_on_the_last)
        with pytest.raises(RuntimeError):
            embeddings.vectors(texts)
    with cached(model, tmp_path) as embeddings:
        embeddings.vectors(texts)
    assert (embeddings.embedded, embeddings.reused) == (1, 2)


def test_a_damaged_cache_is_named_with_what_to_do(tmp_path: Path, model: FakeModel) -> None:
    (tmp_path / "vectors.cache").write_bytes(b"ceci n'est pas une base" * 100)
    with pytest.raises(StoreError, match=r"supprimez « .*vectors\.cache » : il sera recalculé"):
        CachedEmbeddings(model, tmp_path / "vectors.cache")


def test_what_the_last_builds_did_not_use_is_forgotten(tmp_path: Path, model: FakeModel) -> None:
    for text in ("charte", "climat", "air"):
        with cached(model, tmp_path) as embeddings:
            embeddings.vectors([text])
            embeddings.forget_unused(2)
    model.texts.clear()
    with cached(model, tmp_path) as embeddings:
        embeddings.vectors(["charte", "climat", "air"])
    assert model.texts == ["charte"]


def test_what_is_used_again_is_not_forgotten(tmp_path: Path, model: FakeModel) -> None:
    for text in ("climat", "air", "eau"):
        with cached(model, tmp_path) as embeddings:
            embeddings.vectors(["charte", text])
            embeddings.forget_unused(1)
    model.texts.clear()
    with cached(model, tmp_path) as embeddings:
        embeddings.vectors(["charte", "eau"])
    assert model.texts == []


def test_batches_of_interrupted_builds_are_kept_until_one_succeeds(
    tmp_path: Path, model: FakeModel
) -> None:
    for text in ("charte", "climat", "air"):
        with cached(model, tmp_path) as embeddings:
            embeddings.vectors([text])
    model.texts.clear()
    with cached(model, tmp_path) as embeddings:
        embeddings.vectors(["charte", "climat", "air"])
        embeddings.forget_unused(1)
        embeddings.vectors(["charte", "climat", "air"])
    assert model.texts == []
