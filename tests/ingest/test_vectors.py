from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_chroma import Chroma

from ingest import vectors
from ingest.errors import ReleaseDamaged
from ingest.vectors import Vectors, build_vectors
from tests.fakes import FakeModel

TEXTS = {"a": "La charte engage ses signataires.", "b": "Isoler un toit.", "c": "Le climat change."}


@pytest.fixture
def folder(tmp_path: Path, model: FakeModel) -> Path:
    build_vectors(tmp_path / "vectors", list(TEXTS), list(TEXTS.values()), model)
    return tmp_path / "vectors"


@pytest.fixture
def opened(folder: Path) -> Iterator[Vectors]:
    found = Vectors(folder)
    yield found
    found.close()


def test_every_vector_is_there_under_its_id(opened: Vectors) -> None:
    assert len(opened) == 3
    assert opened.ids() == {"a", "b", "c"}


def test_a_text_is_nearest_to_itself_with_a_cosine_of_one(
    opened: Vectors, model: FakeModel
) -> None:
    for id, text in TEXTS.items():
        [(nearest, cosine)] = opened.nearest(model.embed_query(text), 1)
        assert nearest == id
        assert cosine == pytest.approx(1.0, abs=1e-5)


def test_the_nearest_come_first_and_no_more_than_there_are(
    opened: Vectors, model: FakeModel
) -> None:
    found = opened.nearest(model.embed_query("un toit isolé"), 50)
    assert found[0][0] == "b"
    assert sorted((cosine for _, cosine in found), reverse=True) == [cosine for _, cosine in found]
    assert len(found) == 3


def test_more_than_one_batch_is_written(
    tmp_path: Path, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_BATCH", 2)
    build_vectors(tmp_path / "v", list(TEXTS), list(TEXTS.values()), model)
    assert model.calls == 2
    opened = Vectors(tmp_path / "v")
    assert len(opened) == 3
    opened.close()


def test_a_folder_can_be_opened_again_after_it_was_closed_and_moved(
    folder: Path, tmp_path: Path
) -> None:
    Vectors(folder).close()
    folder.rename(tmp_path / "ailleurs")
    opened = Vectors(tmp_path / "ailleurs")
    assert len(opened) == 3
    opened.close()


def test_langchain_reads_the_collection_too(opened: Vectors, model: FakeModel) -> None:
    store = Chroma(
        collection_name=vectors.COLLECTION, client=opened._client, embedding_function=model
    )
    [document] = store.similarity_search("le climat change", k=1)
    assert (document.id, document.page_content) == ("c", "Le climat change.")


def test_a_missing_folder_is_damage_and_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(ReleaseDamaged, match="Les vecteurs de la version ne peuvent pas"):
        Vectors(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"\xff" * 4096)
    with pytest.raises(ReleaseDamaged):
        Vectors(tmp_path)


def test_a_collection_of_another_name_is_damage(tmp_path: Path, model: FakeModel) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "COLLECTION", "autre")
        build_vectors(tmp_path, ["a"], ["texte"], model)
    with pytest.raises(ReleaseDamaged):
        Vectors(tmp_path)
