from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.documents import Document, Passage, Source
from ingest.draft import Counts, Draft
from ingest.passages import unit_id
from ingest.split import split
from tests.ingest.texts import text_document

ONE = text_document("Les toits de l'Ardèche. Les murs 🌱 aussi.", title="Un")
TWO = text_document("La charte engage.", title="Deux")


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[Draft]:
    opened = Draft(tmp_path / "passages.sqlite", new=True)
    yield opened
    opened.close()


def _vectors(passages: Sequence[Passage]) -> dict[str, np.ndarray]:
    units = [id for p in passages for id in (p.id, *(unit_id(p.id, n) for n in range(9)))]
    return {unit: np.full(4, number, np.float32) for number, unit in enumerate(units)}


def _filled(draft: Draft) -> list[Passage]:
    draft.add(ONE)
    draft.add(TWO)
    passages = [*split(ONE), *split(TWO)]
    draft.add_passages(passages, _vectors(passages))
    return passages


def test_documents_come_back_in_their_order(draft: Draft) -> None:
    draft.add(TWO)
    draft.add(ONE)
    assert list(draft.documents()) == [TWO, ONE]
    assert draft.counts() == Counts(documents=2, passages=0, sentences=0)


def test_another_address_of_the_same_text_is_cited_once(draft: Draft) -> None:
    page = replace(ONE, source=replace(ONE.source, url="https://a.fr/1"))
    draft.add(page)
    for address in ("https://a.fr/1", "https://a.fr/2", "https://a.fr/2", "https://b.fr"):
        draft.cite_also(page.id, address)
    [document] = draft.documents()
    assert document.source.copies == ("https://a.fr/2", "https://b.fr")
    assert document.id == page.id


def test_the_digest_changes_with_texts_sources_their_order_and_the_salt(tmp_path: Path) -> None:
    renamed = replace(ONE, source=Source(title="Autre", name=ONE.source.name))
    paged = replace(ONE, blocks=tuple(replace(block, page=2) for block in ONE.blocks))
    sets: list[list[Document]] = [[], [ONE], [TWO], [renamed], [paged], [ONE, TWO], [TWO, ONE]]
    digests = [_digest(tmp_path, documents, "e5") for documents in sets]
    assert len({*digests, _digest(tmp_path, [ONE], "bge")}) == 8
    assert _digest(tmp_path, [ONE], "e5") == digests[1]
    assert {len(digest) for digest in digests} == {32}


def _digest(folder: Path, documents: list[Document], salt: str) -> str:
    draft = Draft(folder / "digest.sqlite", new=True)
    for document in documents:
        draft.add(document)
    digest = draft.digest(salt)
    draft.close()
    return digest


def test_texts_come_with_their_titles_and_headings(draft: Draft) -> None:
    passages = _filled(draft)
    assert list(draft.texts()) == [(p.id, p.context, p.text) for p in passages]


def test_vectors_come_by_batches_with_the_texts_they_stand_for(draft: Draft) -> None:
    one, two = _filled(draft)
    batches = list(draft.vectors(2))
    assert [ids for ids, _, _ in batches] == [
        [one.id, two.id], [f"{one.id}:0", f"{one.id}:1"], [f"{two.id}:0"],
    ]  # fmt: skip
    assert [texts for _, _, texts in batches][1] == [
        "Les toits de l'Ardèche.",
        "Les murs 🌱 aussi.",
    ]
    rows = batches[1][1]
    assert (rows.dtype, rows.tolist()) == (np.float32, [[1.0] * 4, [2.0] * 4])
    assert draft.counts().units == 5


def test_what_is_read_of_a_whole_draft_is_not_sorted_first(draft: Draft) -> None:
    _filled(draft)
    asked: list[str] = []
    draft._database.set_trace_callback(asked.append)
    assert list(draft.texts()) and list(draft.vectors(2)) and list(draft.documents())
    draft._database.set_trace_callback(None)
    assert len(asked) >= 4
    for query in asked:
        plan = [step[3] for step in draft._database.execute(f"EXPLAIN QUERY PLAN {query}")]
        assert not [step for step in plan if "TEMP B-TREE" in step], query


def test_passages_of_an_interrupted_build_are_forgotten(draft: Draft) -> None:
    passages = _filled(draft)
    draft.clear_passages()
    assert draft.counts() == Counts(documents=2, passages=0, sentences=0)
    draft.add_passages(passages, _vectors(passages))
    assert [id for id, _, _ in draft.texts()] == [passage.id for passage in passages]


def test_what_was_not_kept_is_gone_when_the_file_is_opened_again(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "a.sqlite", new=True)
    draft.add(ONE)
    draft.keep()
    draft.add(TWO)
    draft.close()
    again = Draft(tmp_path / "a.sqlite")
    assert list(again.documents()) == [ONE]
    again.close()
    anew = Draft(tmp_path / "a.sqlite", new=True)
    assert list(anew.documents()) == []
    anew.close()
