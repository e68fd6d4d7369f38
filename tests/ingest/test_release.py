from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest import release as release_module
from ingest.errors import ModelMismatch, NoRelease, ReleaseDamaged, StoreError
from ingest.release import (
    Release,
    content_salt,
    hashes,
    open_current,
    read_manifest,
    verify,
)
from ingest.seal import seal
from ingest.store import Store
from tests.fakes import FakeModel

Flip = Callable[[Path], None]


def edit_manifest(folder: Path, **changes: Any) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_an_open_release_holds_the_same_passages_three_times(store: Store) -> None:
    release = open_current(store)
    [ids] = release.table.ids()
    assert release.id == store.current()
    assert len(ids) == release.manifest.passages == 3
    assert release.lexicon.holds([ids])
    assert release.vectors is not None
    assert release.vectors.holds(release.table.units())
    assert len(release.vectors) == release.manifest.passages + release.manifest.sentences == 3 + 7
    release.close()


def test_a_passage_of_a_release_is_found_by_words_and_by_vector(
    store: Store, model: FakeModel
) -> None:
    release = open_current(store)
    terms = release.lexicon.analysis.terms("Qui peut signer la charte ?")
    [(by_words, _)] = release.lexicon.search(terms, 1, {"text": 1.0, "title": 1.0})
    assert release.vectors is not None
    vector = model.embed_query("Toute collectivité peut signer la charte.")
    [(by_vector, _)] = release.vectors.nearest(vector, 1)
    assert by_vector.partition(":")[0] == by_words
    passage = release.table.entries([by_words])[by_words].passage
    assert passage.heading == ("Signer la charte",)
    release.close()


def test_a_sound_release_passes_its_verification(release_folder: Path) -> None:
    assert verify(release_folder) == read_manifest(release_folder)


def test_a_manifest_says_what_the_release_is_made_of(release_folder: Path) -> None:
    manifest = read_manifest(release_folder)
    assert (manifest.documents, manifest.passages, manifest.sentences) == (2, 3, 7)
    assert (manifest.model, manifest.space, manifest.dimension) == ("fake", "fake-space", 64)
    assert manifest.id.endswith(manifest.content[:8])
    assert "passages.sqlite" in manifest.files and "lexicon/meta.json" in manifest.files


def test_a_flipped_byte_in_the_passages_is_found(release_folder: Path, flip: Flip) -> None:
    flip(release_folder / "passages.sqlite")
    with pytest.raises(ReleaseDamaged, match=r"le fichier passages\.sqlite a changé"):
        verify(release_folder)


@pytest.mark.parametrize("suffix", ["store", "term", "idx", "fieldnorm"])
def test_a_flipped_byte_in_the_lexicon_is_found(
    release_folder: Path, flip: Flip, suffix: str
) -> None:
    [file] = (release_folder / "lexicon").glob(f"*.{suffix}")
    flip(file)
    with pytest.raises(ReleaseDamaged, match=rf"le fichier lexicon/{file.name} a changé"):
        verify(release_folder)


def test_a_missing_file_is_found(release_folder: Path) -> None:
    (release_folder / "passages.sqlite").unlink()
    with pytest.raises(ReleaseDamaged, match=r"passages\.sqlite"):
        verify(release_folder)


def test_without_its_vectors_a_release_opens_but_does_not_pass(release_folder: Path) -> None:
    shutil.rmtree(release_folder / "vectors")
    release = Release(release_folder)
    assert release.vectors is None
    assert release.lexicon.holds(release.table.ids())
    release.close()
    with pytest.raises(ReleaseDamaged, match="Les vecteurs ne couvrent pas tous les passages"):
        verify(release_folder)


def test_vectors_that_lack_a_sentence_do_not_pass(release_folder: Path) -> None:
    release = Release(release_folder)
    assert release.vectors is not None
    [_, sentences] = release.table.units()
    release.vectors._collection.delete(ids=sentences[-1:])
    release.close()
    with pytest.raises(ReleaseDamaged, match="Les vecteurs ne couvrent pas tous les passages"):
        verify(release_folder)


@pytest.mark.parametrize("index", ["lexicon", "vectors"])
def test_an_index_that_holds_a_stranger_in_the_place_of_a_passage_does_not_pass(
    release_folder: Path, index: str
) -> None:
    with contextlib.closing(sqlite3.connect(release_folder / "passages.sqlite")) as database:
        for table, column in (("passages", "id"), ("sentences", "passage")):
            if index == "lexicon" or table == "sentences":
                [(known,)] = database.execute(f"SELECT min({column}) FROM {table}")
                database.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {column} = ?", ["0" * 16, known]
                )
        database.commit()
    edit_manifest(release_folder, files=hashes(release_folder))
    sentence = {"lexicon": "L'index lexical ne tient pas", "vectors": "Les vecteurs ne couvrent"}
    with pytest.raises(ReleaseDamaged, match=sentence[index]):
        verify(release_folder)


def test_vectors_of_other_texts_do_not_pass(release_folder: Path, model: FakeModel) -> None:
    release = Release(release_folder)
    assert release.vectors is not None
    ids = [id for page in release.table.units() for id in page]
    strange = model.embed_documents([f"zzz{number}" for number in range(len(ids))])
    release.vectors._collection.update(ids=ids, embeddings=strange)
    release.close()
    seal(release_folder / "vectors")
    with pytest.raises(ReleaseDamaged, match="ne se retrouve pas par son vecteur"):
        verify(release_folder)


def test_a_count_that_differs_from_the_manifest_s_does_not_pass(release_folder: Path) -> None:
    edit_manifest(release_folder, passages=4)
    with pytest.raises(ReleaseDamaged, match="ne tient pas les mêmes passages"):
        verify(release_folder)


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b"{}", b'{"skipped": [], "autre": 1}', b"\xff"], ids=repr
)
def test_a_manifest_that_cannot_be_understood_is_said_in_french(
    release_folder: Path, content: bytes | None
) -> None:
    (release_folder / "manifest.json").unlink()
    if content is not None:
        (release_folder / "manifest.json").write_bytes(content)
    with pytest.raises(ReleaseDamaged) as error:
        Release(release_folder)
    assert str(error.value) == (
        f"Le manifeste de la version « {release_folder.name} » est absent ou abîmé. "
        "Revenez à la précédente avec chartiste rollback, ou relancez chartiste ingest."
    )


def test_a_release_of_another_format_asks_for_a_new_ingestion(release_folder: Path) -> None:
    edit_manifest(release_folder, format=0)
    with pytest.raises(ReleaseDamaged, match="relancez chartiste ingest"):
        Release(release_folder)


def test_a_question_in_another_vector_space_is_refused_naming_both(store: Store) -> None:
    release = open_current(store)
    release.require_space("fake-space")
    with pytest.raises(ModelMismatch, match="« fake-space »\\), et le modèle réglé est « autre »"):
        release.require_space("autre")
    release.close()


def test_an_empty_store_says_which_command_fills_it(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="lancez chartiste ingest"):
        open_current(Store(tmp_path))


def test_a_store_that_is_a_file_is_a_store_error_in_french(tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    with pytest.raises(StoreError, match="ne contient pas encore d'index"):
        open_current(Store(tmp_path / "fichier"))


def test_a_pointer_to_a_release_that_is_gone_is_said_in_french(store: Store) -> None:
    id = store.current()
    shutil.rmtree(store.releases)
    with pytest.raises(NoRelease, match=f"La version « {id} » n'existe pas"):
        open_current(store)


def test_a_damaged_release_gives_way_to_the_one_before_and_says_so(
    store: Store, release_folder: Path, flip: Flip, caplog: pytest.LogCaptureFixture
) -> None:
    newer = store.new_id(datetime.now(UTC), "f" * 32)
    shutil.copytree(release_folder, store.releases / newer)
    edit_manifest(store.releases / newer, id=newer)
    store.switch(newer)
    flip(store.releases / newer / "passages.sqlite")
    release = open_current(store)
    assert release.id == release_folder.name
    release.close()
    [record] = caplog.records
    assert record.getMessage() == (
        f"Version « {newer} » : le fichier passages.sqlite a changé. "
        f"La version {release_folder.name} sert à sa place."
    )


def test_a_damaged_release_without_another_is_refused(
    store: Store, release_folder: Path, flip: Flip
) -> None:
    flip(release_folder / "passages.sqlite")
    with pytest.raises(ReleaseDamaged, match=r"passages\.sqlite a changé"):
        open_current(store)


def test_a_release_whose_vectors_are_in_a_server_says_so_when_none_is_set(
    release_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    edit_manifest(release_folder, served=True)
    release = Release(release_folder)
    assert release.vectors is None
    release.close()
    assert "rétablissez CHARTISTE_CHROMA_URL" in caplog.text


def test_the_digest_changes_with_the_code_that_splits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content_salt("e5", None)
    assert before != content_salt("bge", None) != content_salt("bge", "http://127.0.0.1:8000")
    for name in release_module._RECIPE:
        (tmp_path / name).write_text("# une autre version")
    monkeypatch.setattr(release_module, "__file__", str(tmp_path / "release.py"))
    assert content_salt("e5", None) != before
