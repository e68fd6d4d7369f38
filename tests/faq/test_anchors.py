"""Where quotations stand in a release."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.assistant import Assistant
from app.faq.anchors import Anchors, anchored, cited_of, place_of, renumbered
from app.faq.entry import Cited
from app.faq.faults import InvalidEdit
from app.wording import Wording
from ingest.release import Release
from ingest.store import Store
from tests.app.texts import SHEETS, publish
from tests.fakes import FakeModel
from tests.faq.edits import cited

SIGN = "Toute collectivité peut signer la charte."
ASSEMBLY = "Le président convoque l’assemblée générale\r\nchaque année au printemps."


def source_of(release: Release, title: str) -> dict[str, str]:
    source = next(one for one in release.table.sources() if title in one.title)
    return {"id": source.id, "title": source.title}


def of(release: Release, quote: str, title: str = "La charte", **values: object) -> Cited:
    return cited(quote=quote, source=source_of(release, title), **values)


def test_a_quotation_is_put_where_it_stands(release: Release) -> None:
    [placed] = anchored([of(release, SIGN, start=3, end=4)], release.table, release.id)

    document = release.table.document(placed.source_id)
    assert document and document.text[placed.start : placed.end] == placed.quote == SIGN
    assert placed.passage in {one.id for one in release.table.passages_of(document.id)}
    assert (placed.heading, placed.release) == (("Qui peut signer la charte ?",), release.id)
    assert placed.source["publisher"] == "CITEGO" and "path" not in placed.source
    assert anchored([placed], release.table, release.id) == (placed,)


def test_a_quotation_is_found_in_other_lines(release: Release) -> None:
    for quote in (ASSEMBLY, ASSEMBLY.replace("\r\n", "\n"), " ".join(ASSEMBLY.split())):
        place = place_of(of(release, quote, "statuts"), release.table)
        assert place and place.quote == ASSEMBLY


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("Toute commune peut signer la charte.", "n'est pas dans le texte de « La charte"),
        ("peut signer la charte.", "doit reprendre des phrases entières d'un même passage"),
        ("Toute collectivité", "doit reprendre des phrases entières"),
        ("...", "n'est pas dans le texte"),
    ],
)
def test_what_is_no_whole_sentence_of_the_source_is_refused(
    release: Release, quote: str, told: str
) -> None:
    with pytest.raises(InvalidEdit, match=r"La citation \[1\]") as refused:
        anchored([of(release, quote)], release.table, release.id)
    assert told in str(refused.value)


def test_every_citation_that_is_wrong_is_told(release: Release) -> None:
    known = of(release, SIGN)
    gone = cited(2, SIGN, source={"id": "none", "title": "Un rapport"})
    with pytest.raises(InvalidEdit) as refused:
        anchored([known, gone, replace(known, number=3, quote="Non.")], release.table, release.id)
    first, second = refused.value.faults
    assert first == "La source de la citation [2], « Un rapport », n'est pas en service."
    assert "[3]" in second


def test_of_two_places_the_nearest_is_taken(tmp_path: Path) -> None:
    said = "Le conseil décide."
    sheet = f"# Le conseil\n\n## Avant\n\n{said} Il vote.\n\n## Après\n\n{said} Il publie.\n"
    publish(tmp_path / "store", {"conseil.md": sheet})
    assistant = Assistant(Store(tmp_path / "store"), FakeModel(), Wording("", ""))
    try:
        [source] = assistant.sources()
        text = sheet.partition("\n\n")[2]
        asked = cited(quote=said, source={"id": source.id}, start=len(text))
        [placed] = Anchors(assistant)([asked])
        assert placed.heading == ("Après",) and placed.release == assistant.release()
        [again] = Anchors(assistant)([replace(placed, start=0)])
        assert again == placed  # its passage first, wherever it was
    finally:
        assistant.close()


def test_the_citations_of_an_answer_become_those_of_an_entry(release: Release) -> None:
    place = place_of(of(release, SIGN), release.table)
    assert place
    made = cited_of(place.citation(4), release.id)
    assert made == place.cited(4, release.id)
    assert [one.number for one in renumbered([made, made])] == [1, 2]
    assert place.page is None and place.citation(4).source == place.source
    assert SHEETS["charte.md"].count(made.quote) == 1
