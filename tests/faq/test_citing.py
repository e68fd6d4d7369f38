"""Citations of an entry that is being edited, by the references that a form holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.assistant import Assistant
from app.faq.citing import (
    Held,
    Reference,
    held,
    in_order,
    next_number,
    proposed,
    read_reference,
    rebased,
    resolved,
)
from app.faq.entry import Cited, Edit
from ingest.documents import Passage
from tests.faq.edits import cited, edit

NOTHING = Edit("", (), "", "", ())


@pytest.fixture
def passage(assistant: Assistant) -> Passage:
    """« Toute collectivité peut signer la charte. La signature est gratuite… »"""
    found = assistant.search("Qui peut signer la charte ?", 1).found[0].passage
    assert len(found.sentences) == 2
    return found


def one(assistant: Assistant, reference: Reference, base: Edit = NOTHING) -> Held:
    found, faults = resolved([reference], base, assistant)
    assert faults == []
    return found[0]


@pytest.mark.parametrize("text", ["1|kept|2", "12|new|p1:3", "999|new|é"])
def test_a_reference_is_written_as_it_is_read(text: str) -> None:
    assert str(read_reference(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "1|kept", "1|kept|", "1|kept|x", "0|kept|1", "1000|new|p", "1|new|", "a|new|p",
     "1|autre|p", "1|kept|2|3", "²|new|p", "-1|new|p", "١|kept|1"],
)  # fmt: skip
def test_what_no_page_of_ours_wrote_refers_to_nothing(text: str) -> None:
    assert read_reference(text) is None


def test_the_sentences_beside_it_are_numbers_or_nothing() -> None:
    assert read_reference("1|kept|2", "2", "3") == Reference(1, 2, "", 2, 3)
    assert read_reference("1|kept|2", "x", "") == Reference(1, 2, "", 0, 0)


def test_a_whole_passage_is_cited_or_some_of_its_sentences(
    assistant: Assistant, passage: Passage
) -> None:
    whole = one(assistant, Reference(3, 0, passage.id))
    assert whole.cited.number == 3 and whole.span == (1, 2)
    assert whole.cited.quote == passage.text.strip()
    second = one(assistant, Reference(3, 0, passage.id, 2, 2))
    assert second.cited.quote == passage.sentences[1].text and second.span == (2, 2)
    assert one(assistant, Reference(3, 0, passage.id, 2, 1)).span == (1, 2), "in either order"
    assert one(assistant, Reference(3, 0, passage.id, 1, 99)).span == (1, 2)


def test_what_is_cited_stands_in_its_source(assistant: Assistant, passage: Passage) -> None:
    made = one(assistant, Reference(1, 0, passage.id, 2, 2)).cited
    document = assistant.document(made.source_id)
    assert document is not None and document.text[made.start : made.end] == made.quote
    assert made.release == assistant.release()


def test_a_citation_that_was_there_stays_as_it_was(assistant: Assistant, passage: Passage) -> None:
    before = one(assistant, Reference(2, 0, passage.id, 1, 1)).cited
    base = edit(citations=[replace(before, release="ancienne")])
    kept = one(assistant, Reference(2, 2, "", 1, 1), base)
    assert kept.cited == base.citations[0]
    wider = one(assistant, Reference(2, 2, "", 1, 2), base)
    assert wider.cited.quote == passage.text.strip()
    assert wider.cited.release == assistant.release()
    assert one(assistant, Reference(5, 2), base).cited.number == 5


def test_one_that_is_not_in_its_source_any_more_is_kept_without_a_place(
    assistant: Assistant,
) -> None:
    base = edit(citations=[cited(1, state="gone")])
    found = held(base, assistant)
    assert found[0].place is None and found[0].span == (0, 0)
    assert one(assistant, Reference(1, 1, "", 1, 1), base).cited == base.citations[0]


@pytest.mark.parametrize("reference", [Reference(4, 9), Reference(4, 0, "inconnu")])
def test_what_means_nothing_any_more_is_told(assistant: Assistant, reference: Reference) -> None:
    found, faults = resolved([reference], edit(), assistant)
    assert found == [] and len(faults) == 1 and "[4]" in faults[0]


def test_numbers_follow_the_answer(assistant: Assistant, passage: Passage) -> None:
    three = [one(assistant, Reference(n, 0, passage.id)) for n in (2, 5, 9)]
    text, found = in_order("Un [9]. Deux [2] [9]. Trois [7]. [5](https://a.b)", three)
    assert text == "Un [1]. Deux [2] [1]. Trois [7]. [5](https://a.b)"
    assert [held.cited.number for held in found] == [1, 2, 3]
    assert [held.reference.number for held in found] == [1, 2, 3]
    assert next_number(three) == 10 and next_number([]) == 1


def test_over_another_version_citations_are_those_that_are_there_or_new_ones(
    assistant: Assistant, passage: Passage
) -> None:
    mine = one(assistant, Reference(1, 0, passage.id, 1, 1))
    same = one(assistant, Reference(2, 0, passage.id, 2, 2))
    dead = Held(Reference(3, 3), cited(3, "Perdu."), None)
    current = edit(citations=[replace(same.cited, number=7)])
    found = rebased([mine, same, dead], current)
    assert [str(one.reference) for one in found] == [f"1|new|{passage.id}", "2|kept|7"]
    assert (found[0].reference.first, found[0].reference.last) == (1, 1)
    again, faults = resolved([one.reference for one in found], current, assistant)
    assert [one.cited.quote for one in again] == [mine.cited.quote, same.cited.quote]
    assert faults == []


def lost(found: dict[str, object] | None) -> Held:
    gone: Cited = cited(4, "Les collectivités signent.", state="changed", found=found)
    return Held(Reference(4, 4), gone, None)


def found(place: Cited) -> dict[str, object]:
    """A citation as an ingest writes it down as the nearest."""
    left_out = ("state", "found", "number")
    shown = {name: value for name, value in place.as_json().items() if name not in left_out}
    return {**shown, "likeness": 0.5}


def test_what_the_ingest_found_is_proposed_in_place_of_a_lost_citation(
    assistant: Assistant, passage: Passage
) -> None:
    second = one(assistant, Reference(1, 0, passage.id, 2, 2)).cited
    made = proposed(lost(found(second)), assistant, lambda _: pytest.fail("it was found"))
    assert made is not None and made.cited == replace(second, number=4)
    whole = one(assistant, Reference(1, 0, passage.id)).cited
    moved = {**found(whole), "start": 0, "end": 1}
    made = proposed(lost(moved), assistant, lambda _: None)
    assert made is not None and made.cited.quote == whole.quote


def test_else_the_nearest_passage_is(assistant: Assistant, passage: Passage) -> None:
    made = proposed(lost(None), assistant, lambda quote: passage.id if "signent" in quote else None)
    assert made is not None and made.cited.passage == passage.id
    assert proposed(lost(None), assistant, lambda _: None) is None
    elsewhere = {**found(made.cited), "passage": "inconnu"}
    assert proposed(lost(elsewhere), assistant, lambda _: None) is None
