from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from ingest import passages
from ingest.documents import Original, Source
from ingest.draft import Draft
from ingest.errors import ReleaseDamaged
from ingest.parse.markdown import parse_markdown
from ingest.passages import PassageTable, unit_id
from ingest.split import split
from tests.ingest.texts import text_document

SHEET = parse_markdown(
    "---\ntitle: La charte\ndate: 2019\noriginal: Charte\nalso:\n- title: Bilan\n---\n"
    "## Signer\n\nToute collectivité peut signer. Il faut :\n\n- délibérer\n- écrire\n\n"
    "## Énergie\n\nLes toits, l'énergie.\n",
    Source(title="x", path="/fiches/charte.md", name="charte.md"),
)
NOTE = text_document("Les toits de l'ALEC07.", title="Une note")
PASSAGES = [*split(SHEET), *split(NOTE)]
SIGN, ENERGY, ROOFS = (passage.id for passage in PASSAGES)


def _vectors() -> dict[str, np.ndarray]:
    units = [passage.id for passage in PASSAGES]
    units += [f"{p.id}:{n}" for p in PASSAGES for n in range(len(p.sentences))]
    return {unit: np.full(4, number, np.float32) for number, unit in enumerate(units)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    draft = Draft(tmp_path / "passages.sqlite", new=True)
    for document in (SHEET, NOTE):
        draft.add(document)
    draft.add_passages(PASSAGES, _vectors())
    draft.finish()
    draft.close()
    return tmp_path / "passages.sqlite"


@pytest.fixture
def table(file: Path) -> Iterator[PassageTable]:
    opened = PassageTable(file)
    yield opened
    opened.close()


def test_what_was_written_is_read_back_whole(table: PassageTable) -> None:
    entries = table.entries([SIGN, ENERGY, ROOFS])
    assert [entry.passage for entry in entries.values()] == PASSAGES
    assert [entry.source for entry in entries.values()] == [SHEET.source] * 2 + [NOTE.source]
    assert table.document(SHEET.id) == SHEET
    assert table.document(NOTE.id) == NOTE
    assert SHEET.source.originals == (Original("Charte"), Original("Bilan"))


def test_entries_come_in_the_order_asked_once_and_without_those_that_do_not_exist(
    table: PassageTable,
) -> None:
    assert list(table.entries([ROOFS, "absent", SIGN, ROOFS])) == [ROOFS, SIGN]
    assert list(table.entries([SIGN, ROOFS])) == [SIGN, ROOFS]
    assert table.entries([]) == {}


def test_vectors_stand_beside_their_texts(table: PassageTable) -> None:
    entry = table.entries([SIGN])[SIGN]
    assert entry.vector.tolist() == [0.0] * 4
    assert entry.sentence_vectors.tolist() == [[n] * 4 for n in (3.0, 4.0, 5.0, 6.0)]
    assert entry.vector.dtype == entry.sentence_vectors.dtype == np.float32


def test_terms_of_title_and_sentences_are_kept_apart(table: PassageTable) -> None:
    entry = table.entries([ENERGY])[ENERGY]
    assert entry.context_terms == {"chart", "energ"}
    assert entry.sentence_terms == (frozenset({"toit", "energ"}),)
    assert entry.passage_terms == {"chart", "energ", "toit"}


def test_sentences_of_a_list_are_marked(table: PassageTable) -> None:
    sentences = table.entries([SIGN])[SIGN].passage.sentences
    assert [(sentence.text, sentence.item) for sentence in sentences] == [
        ("Toute collectivité peut signer.", False), ("Il faut :", False),
        ("délibérer", True), ("écrire", True),
    ]  # fmt: skip


@pytest.mark.parametrize("at_once", [1, 2, 3, 4, 100])
def test_ids_and_units_cover_every_passage_and_sentence(
    table: PassageTable, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(passages, "_PAGE", at_once)
    ids, units = list(table.ids()), list(table.units())
    assert max(map(len, ids + units)) <= at_once
    assert list(chain(*ids)) == sorted([SIGN, ENERGY, ROOFS])
    sentences = [(SIGN, n) for n in range(4)] + [(ENERGY, 0), (ROOFS, 0)]
    assert sorted(chain(*units)) == sorted(
        [SIGN, ENERGY, ROOFS, *(unit_id(passage, n) for passage, n in sentences)]
    )
    assert unit_id("0123456789abcdef", 2) == "0123456789abcdef:2"


def test_a_sample_is_of_different_passages_and_always_the_same(table: PassageTable) -> None:
    assert len(set(table.sample(2))) == 2
    assert table.sample(2) == table.sample(2)
    assert set(table.sample(20)) == {SIGN, ENERGY, ROOFS}


def test_sources_come_in_the_order_they_were_ingested(table: PassageTable) -> None:
    assert table.sources() == [SHEET.source, NOTE.source]


def test_passages_of_a_document_come_in_reading_order(table: PassageTable) -> None:
    assert table.passages_of(SHEET.id) == PASSAGES[:2]
    assert table.passages_of("absent") == []


def test_an_unknown_document_is_none(table: PassageTable) -> None:
    assert table.document("absent") is None


def test_words_are_counted_by_passage_title_included(table: PassageTable) -> None:
    words = table.words()
    assert {word: words[word] for word in ("charte", "toits", "energie", "alec07", "alec")} == {
        "charte": 2, "toits": 2, "energie": 1, "alec07": 1, "alec": 1,
    }  # fmt: skip
    assert "toit" not in words and "les" not in words


def test_only_so_many_entries_stay_decoded(
    table: PassageTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "_REMEMBERED", 1)
    for _ in range(2):
        assert list(table.entries([SIGN, ENERGY, ROOFS])) == [SIGN, ENERGY, ROOFS]
    assert len(table._remembered) == 1


def test_threads_may_read_at_once(table: PassageTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "_REMEMBERED", 1)
    wrong: list[object] = []

    def read() -> None:
        for _ in range(30):
            try:
                got = list(table.entries([SIGN, ENERGY, ROOFS]))
            except Exception as error:
                wrong.append(error)
            else:
                wrong.extend([got] if got != [SIGN, ENERGY, ROOFS] else [])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_can_be_written_through_it(table: PassageTable) -> None:
    with pytest.raises(Exception, match="readonly"):
        table._rows("DELETE FROM passages")


@pytest.mark.parametrize("content", [None, b"", b"\xff" * 4096], ids=["missing", "empty", "noise"])
def test_a_file_that_is_no_table_is_damage(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "passages.sqlite").write_bytes(content)
    with pytest.raises(ReleaseDamaged, match="Les passages ne peuvent pas être lus"):
        PassageTable(tmp_path / "passages.sqlite")
