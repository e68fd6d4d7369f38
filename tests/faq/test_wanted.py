"""« Source manquante »: the notes for the person who ingests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.faq.faults import EntryMissing, InvalidEdit
from app.faq.wanted import QUESTIONS_LIMIT, TEXT_LIMIT, NoteChanged, Wanted
from app.records.database import Database
from tests.faq.edits import ANA, PAUL, Clock


@pytest.fixture
def wanted(database: Database) -> Wanted:
    return Wanted(database, Clock())


def test_a_note_says_who_wants_what_and_who_asked(wanted: Wanted) -> None:
    note = wanted.add("Les  tarifs\nde l'adhésion", ["Combien ?", "Combien  ?", "Quel prix ?"], ANA)
    assert (note.text, note.who, note.done) == ("Les tarifs de l'adhésion", "Ana", False)
    assert note.questions == ("Combien ?", "Quel prix ?")
    assert wanted.all() == [note]


def test_the_same_note_is_not_written_twice_while_it_is_open(wanted: Wanted) -> None:
    first = wanted.add("Les tarifs", ["Combien ?"], ANA)
    again = wanted.add("Les tarifs", ["Quel prix ?", "Combien ?"], PAUL)
    assert again == replace(first, questions=("Quel prix ?", "Combien ?"))
    assert wanted.all() == [again]
    wanted.mark(first.id, "Les tarifs", True)
    assert wanted.add("Les tarifs", [], PAUL).id != first.id


def test_a_full_note_keeps_the_newest_questions(wanted: Wanted) -> None:
    asked = [f"Question {n} ?" for n in range(QUESTIONS_LIMIT + 1)]
    wanted.add("Les tarifs", asked[:-1], ANA)
    assert wanted.add("Les tarifs", asked[-1:], PAUL).questions == tuple(asked[1:])
    again = wanted.add("Les tarifs", [asked[2], "Combien ?"], PAUL).questions
    assert again == (*asked[3:], asked[2], "Combien ?")
    again = wanted.add("Les tarifs", [asked[3], "Où ?"], ANA).questions  # the oldest of them
    assert again == (*asked[5:], asked[2], "Combien ?", asked[3], "Où ?")


def test_what_is_done_goes_last_and_may_be_opened_again(wanted: Wanted) -> None:
    one, two, three = (wanted.add(text, [], ANA) for text in ("un", "deux", "trois"))
    wanted.mark(three.id, "trois", True)
    assert [note.id for note in wanted.all()] == [two.id, one.id, three.id]
    assert wanted.mark(three.id, "trois", False).done is False
    assert [note.text for note in wanted.all()] == ["trois", "deux", "un"]


def test_those_that_are_not_done_are_counted(wanted: Wanted) -> None:
    assert wanted.open() == 0
    first, _ = wanted.add("Les tarifs", [], ANA), wanted.add("Les horaires", [], ANA)
    assert wanted.open() == 2
    wanted.mark(first.id, "Les tarifs", done=True)
    assert wanted.open() == 1


def test_its_text_may_be_bettered(wanted: Wanted) -> None:
    note = wanted.add("tarif", ["Combien ?"], ANA)
    assert wanted.write(note.id, "tarif", "Le tarif de 2026").text == "Le tarif de 2026"
    assert wanted.all()[0].questions == ("Combien ?",)


def test_the_second_of_two_is_told_and_writes_nothing_over_the_first(wanted: Wanted) -> None:
    note = wanted.add("tarif", ["Combien ?"], ANA)
    first = wanted.write(note.id, "tarif", "Le tarif de 2026")
    with pytest.raises(NoteChanged, match="« Le tarif de 2026 »") as told:
        wanted.write(note.id, "tarif", "Le tarif de 2027")
    with pytest.raises(NoteChanged):
        wanted.mark(note.id, "tarif", True)
    assert wanted.all() == [first] == [told.value.current]


@pytest.mark.parametrize("text", ["", " \n", "a" * (TEXT_LIMIT + 1)])
def test_a_note_says_something_and_not_too_much(wanted: Wanted, text: str) -> None:
    note = wanted.add("a" * TEXT_LIMIT, [f"Question {n} ?" for n in range(30)], ANA)
    assert len(note.questions) == QUESTIONS_LIMIT
    with pytest.raises(InvalidEdit):
        wanted.add(text, [], ANA)
    with pytest.raises(InvalidEdit):
        wanted.write(note.id, note.text, text)
    assert [one.text for one in wanted.all()] == [note.text]


def test_a_note_that_is_not_there_is_told_in_french(wanted: Wanted) -> None:
    for change in (lambda: wanted.mark(7, "", True), lambda: wanted.write(7, "", "a")):
        with pytest.raises(EntryMissing, match="Cette note n'existe pas"):
            change()
