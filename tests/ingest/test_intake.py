from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.documents import Document, Source
from ingest.draft import Draft
from ingest.intake import Intake
from tests.ingest.texts import text_document


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    opened = Intake(tmp_path / "incoming.sqlite")
    yield opened
    opened.close()


def _document(text: str, name: str, url: str | None = None) -> Document:
    return replace(text_document(text), source=Source("Titre", name=name, url=url))


def _sources(folder: Path) -> list[Source]:
    draft = Draft(folder / "incoming.sqlite")
    sources = [document.source for document in draft.documents()]
    draft.close()
    return sources


def test_the_same_text_is_taken_once_and_cites_both_addresses(
    intake: Intake, tmp_path: Path
) -> None:
    assert intake.add(_document("Un but.", "a", "https://a.fr")) is None
    same = intake.add(_document("Un but.", "b", "https://b.fr"))
    assert same is not None and same.name == "a"
    assert intake.add(_document("Un but.", "c.txt")) is not None
    _, counts = intake.finish("e5")
    assert counts.documents == 1
    [source] = _sources(tmp_path)
    assert (source.url, source.copies) == ("https://a.fr", ("https://b.fr",))


def test_documents_of_one_name_get_two_ids(intake: Intake, tmp_path: Path) -> None:
    for text in ("Un but.", "Deux buts.", "Trois buts."):
        assert intake.add(_document(text, "note.txt")) is None
    intake.finish("e5")
    sources = _sources(tmp_path)
    assert [source.name for source in sources] == ["note.txt", "note.txt (2)", "note.txt (3)"]
    assert len({source.id for source in sources}) == 3


def test_the_digest_is_that_of_what_was_taken_in(intake: Intake, tmp_path: Path) -> None:
    intake.add(_document("Un but.", "a"))
    before, _ = intake.finish("e5")
    intake.add(_document("Un but.", "b"))
    assert intake.finish("e5")[0] == before
    intake.add(_document("Un but.", "b", "https://b.fr"))
    assert intake.finish("e5")[0] != before
