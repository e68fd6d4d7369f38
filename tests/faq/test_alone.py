"""One question, one entry: twins are told and not published, and nothing is made twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.faults import InvalidEdit
from app.records.database import Database
from tests.faq.edits import ANA, PAUL, Clock, edit

SIGN = "Qui peut signer ?"


@pytest.fixture
def entries(database: Database) -> Entries:
    return Entries(database, Clock())


@pytest.fixture
def published(entries: Entries) -> Entry:
    """Asks who may sign, and as a variant who signs."""
    draft = entries.create(edit(SIGN, variants=["Qui signe ?"]), ANA)
    return entries.publish(draft.id, 1, PAUL)


def draft(entries: Entries, question: str, *variants: str) -> Entry:
    return entries.create(edit(question, "Autrement. [1]", variants), ANA)


def at_once(do: Callable[[], object]) -> None:
    """Do it in four threads."""
    threads = [threading.Thread(target=do) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_entries_that_have_one_of_its_questions_are_found(
    entries: Entries, published: Entry
) -> None:
    one = draft(entries, "QUI SIGNE")
    two = draft(entries, "Combien ?", "qui peut-signer")
    assert entries.asking(edit(SIGN, variants=["Qui signe ?"])) == [published, one, two]
    assert entries.asking(one.edit, one.id) == [published]
    assert entries.asking(edit("Où ?", variants=["Combien"])) == [two]
    entries.archive(two.id, 1, PAUL)
    assert entries.asking(edit("Où ?", variants=["Combien"])) == []
    assert entries.asking(edit("", variants=[" "])) == [], (
        "one that is not written yet asks nothing"
    )


@pytest.mark.parametrize(
    ("question", "variants", "asked"),
    [
        ("qui peut signer", (), "qui peut signer"),
        ("Qui signe ?", (), "Qui signe ?"),
        ("Et nous ?", ("qui peut signer",), SIGN),
    ],
)
def test_two_published_entries_have_no_question_in_common(
    entries: Entries, published: Entry, question: str, variants: tuple[str, ...], asked: str
) -> None:
    other = draft(entries, question, *variants)
    told = f"La fiche publiée « {SIGN} » répond déjà à « {asked} »"
    with pytest.raises(InvalidEdit, match="ou retirez cette question") as refused:
        entries.publish(other.id, 1, PAUL)
    assert str(refused.value).startswith(told) and entries.get(other.id) == other
    entries.archive(published.id, 2, PAUL)
    assert entries.publish(other.id, 1, PAUL).status == "published"


def test_a_published_entry_does_not_take_the_question_of_another(
    entries: Entries, published: Entry
) -> None:
    other = entries.publish(draft(entries, "Combien ?").id, 1, PAUL)
    with pytest.raises(InvalidEdit, match="répond déjà"):
        entries.save(other.id, 2, edit(SIGN), PAUL)
    again = entries.save(published.id, 2, edit(SIGN, "Toute commune. [1]"), PAUL)
    assert again.version == 3, "its own question is its own"


def test_a_variant_that_two_share_forbids_nothing(entries: Entries, published: Entry) -> None:
    other = draft(entries, "Combien ?", "Qui signe ?")
    assert entries.publish(other.id, 1, PAUL).status == "published"


def test_of_twins_that_are_published_at_once_one_is(entries: Entries) -> None:
    twins = [draft(entries, SIGN, f"Variante {n} ?") for n in range(4)]
    waiting = iter(twins)

    def publish() -> None:
        try:
            entries.publish(next(waiting).id, 1, PAUL)
        except InvalidEdit:
            return

    at_once(publish)
    assert entries.counts() == {"published": 1, "draft": 3}


def test_what_is_sent_twice_is_made_once(entries: Entries) -> None:
    at_once(lambda: entries.create(edit(), ANA))
    [made] = entries.find()
    handed = entries.submit(made.id, 1, ANA)
    assert entries.create(edit(), ANA) == handed
    entries.archive(made.id, 2, PAUL)
    assert entries.create(edit(), ANA).id != made.id
    assert draft(entries, edit().question).id != made.id, "other words are another entry"


def test_a_group_that_has_an_entry_meanwhile_gets_no_other(entries: Entries) -> None:
    at_once(lambda: entries.draft(edit(SIGN), ANA, "d'après le journal"))
    [made] = entries.find()
    assert entries.draft(edit("QUI PEUT SIGNER", "Autrement. [1]"), PAUL) == made
    assert entries.draft(edit("Combien ?"), PAUL) != made
