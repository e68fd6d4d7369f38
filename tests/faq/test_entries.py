"""Entries, their history and who may change them, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC

import pytest
from sqlalchemy import select

from app.faq.entries import Entries
from app.faq.entry import Cited, Entry
from app.faq.faults import EntryChanged, EntryMissing, InvalidEdit, NotAllowed
from app.records.database import Database
from app.records.tables import EntryRow, HistoryRow
from app.staff.person import INGESTION, Person
from tests.faq.edits import ANA, NOON, PAUL, Clock, cited, edit


@pytest.fixture
def entries(database: Database) -> Entries:
    return Entries(database, Clock())


@pytest.fixture
def draft(entries: Entries) -> Entry:
    return entries.create(edit(), ANA, "demandé trois fois")


@pytest.fixture
def published(entries: Entries, draft: Entry) -> Entry:
    return entries.publish(draft.id, 1, PAUL)


def is_consistent(database: Database) -> bool:
    """Whether each entry is what the last line of its history says, versions without a gap."""
    with database.read() as session:
        for row in session.scalars(select(EntryRow)):
            wanted = select(HistoryRow).where(HistoryRow.entry_id == row.id)
            lines = session.scalars(wanted.order_by(HistoryRow.id)).all()
            if [line.version for line in lines] != list(range(1, row.version + 1)):
                return False
            entry = Entries(database).get(row.id)
            if entry is None or entry.as_json() != lines[-1].snapshot:
                return False
    return True


def test_entries_are_counted_by_status(entries: Entries, published: Entry) -> None:
    entries.create(edit("Et sinon ?"), ANA)
    assert entries.counts() == {"published": 1, "draft": 1}


def test_a_new_entry_is_a_draft_that_can_be_read_again(entries: Entries, draft: Entry) -> None:
    assert entries.get(draft.id) == draft
    assert (draft.status, draft.version, draft.author) == ("draft", 1, "Ana")
    assert (draft.created, draft.changed) == (draft.created, draft.created)
    assert draft.created.tzinfo is UTC and draft.created > NOON
    assert (draft.validator, draft.published, draft.why) == (None, None, "")
    [change] = entries.history(draft.id)
    assert (change.version, change.who, change.action) == (1, "Ana", "create")
    assert (change.why, change.before, change.after) == ("demandé trois fois", None, draft.edit)
    assert entries.get("none") is None and entries.history("none") == []


def test_an_entry_goes_the_whole_way(entries: Entries, draft: Entry, database: Database) -> None:
    mended = edit(answer="Toute commune. [1]", citations=[cited(), cited(2, "Oui.")])
    saved = entries.save(draft.id, 1, mended, ANA, "plus court")
    assert (saved.edit, saved.version, saved.status) == (mended, 2, "draft")
    assert entries.submit(draft.id, 2, ANA).status == "submitted"
    back = entries.send_back(draft.id, 3, PAUL, "Et les régions ?")
    assert (back.status, back.why) == ("draft", "Et les régions ?")
    assert entries.save(draft.id, 4, edit(), ANA).why == "Et les régions ?"
    assert entries.submit(draft.id, 5, ANA).why == ""
    shown = entries.publish(draft.id, 6, PAUL)
    assert (shown.status, shown.validator, shown.author) == ("published", "Paul", "Ana")
    assert shown.published and shown.created < shown.published < shown.changed
    doubted = entries.review(draft.id, 7, PAUL, "La loi a changé")
    assert (doubted.status, doubted.why, doubted.validator) == ("review", "La loi a changé", "Paul")
    assert entries.archive(draft.id, 8, PAUL).status == "archived"
    assert entries.restore(draft.id, 9, PAUL).status == "draft"

    changes = entries.history(draft.id)
    assert [change.version for change in changes] == list(range(1, 11))
    assert [change.action for change in changes] == [
        "create", "save", "submit", "send_back", "save", "submit", "publish", "review", "archive",
        "restore",
    ]  # fmt: skip
    assert (changes[1].before, changes[1].after) == (edit(), mended)
    assert (changes[1].who, changes[1].why, changes[3].who) == ("Ana", "plus court", "Paul")
    assert entries.get(draft.id) == replace(doubted, status="draft", version=10, why="",
                                            changed=changes[-1].at)  # fmt: skip
    assert is_consistent(database)


def test_a_citation_that_was_taken_away_is_gone(entries: Entries, draft: Entry) -> None:
    found = {"quote": "Toute région peut signer.", "heading": ["Signer"]}
    two = edit(citations=[cited(state="changed", found=found), cited(2, "Oui.")])
    entries.save(draft.id, 1, two, ANA)
    read = entries.get(draft.id)
    assert read and read.edit == two
    entries.save(draft.id, 2, edit(citations=[cited(2, "Non.")]), ANA)
    read = entries.get(draft.id)
    assert read and [(one.number, one.quote) for one in read.edit.citations] == [(2, "Non.")]


def test_the_second_of_two_who_edit_is_told_and_overwrites_nothing(
    entries: Entries, draft: Entry
) -> None:
    first = entries.save(draft.id, 1, edit("Qui signe ?"), ANA)
    with pytest.raises(EntryChanged, match=r"version 2, le 12/03/2026 à 12:0\d UTC") as told:
        entries.save(draft.id, 1, edit("Qui d'autre ?"), PAUL)
    assert told.value.current == first == entries.get(draft.id)
    for change in (entries.submit, entries.publish, entries.archive):
        with pytest.raises(EntryChanged):
            change(draft.id, 1, PAUL)
    with pytest.raises(EntryChanged):
        entries.follow(draft.id, 3, (), "")
    assert len(entries.history(draft.id)) == 2


def test_of_many_who_save_at_once_one_does(entries: Entries, draft: Entry) -> None:
    done: list[str] = []
    ready = threading.Barrier(6)

    def save(number: int) -> None:
        ready.wait()
        try:
            entries.save(draft.id, 1, edit(f"Question {number} ?"), ANA)
            done.append(f"Question {number} ?")
        except EntryChanged:
            pass

    threads = [threading.Thread(target=save, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = entries.get(draft.id)
    assert read and done == [read.edit.question] and read.version == 2


@pytest.mark.parametrize("action", ["publish", "archive", "restore"])
def test_a_redactor_may_not(entries: Entries, draft: Entry, action: str) -> None:
    with pytest.raises(NotAllowed, match="Seule une personne qui valide peut"):
        getattr(entries, action)(draft.id, 1, ANA)
    for_a_reason: list[Callable[[str, int, Person, str], Entry]] = [
        entries.send_back, entries.review,
    ]  # fmt: skip
    for change in for_a_reason:
        with pytest.raises(NotAllowed, match="Seule une personne qui valide peut"):
            change(draft.id, 1, ANA, "parce que")
    assert entries.get(draft.id) == draft
    assert entries.counter() == 0


def test_a_redactor_does_not_change_what_citizens_read(entries: Entries, published: Entry) -> None:
    with pytest.raises(NotAllowed, match="modifier une fiche publiée"):
        entries.save(published.id, 2, edit("Qui signe ?"), ANA)
    assert entries.get(published.id) == published
    changed = entries.save(published.id, 2, edit("Qui signe ?"), PAUL)
    assert changed.status == "published" and changed.published != published.published


def test_what_an_entry_is_decides_what_can_be_done(entries: Entries, published: Entry) -> None:
    with pytest.raises(NotAllowed, match="ne peut pas être soumise : son statut est « publiée »"):
        entries.submit(published.id, 2, PAUL)
    with pytest.raises(NotAllowed, match="ne peut pas être publiée : son statut est « publiée »"):
        entries.publish(published.id, 2, PAUL)
    with pytest.raises(NotAllowed, match="Dites pourquoi"):
        entries.review(published.id, 2, PAUL, " \n")
    with pytest.raises(NotAllowed, match="La raison a 1\u202f000 caractères au plus"):
        entries.review(published.id, 2, PAUL, "a" * 1001)
    archived = entries.archive(published.id, 2, PAUL)
    with pytest.raises(NotAllowed, match="Rétablissez cette fiche"):
        entries.save(archived.id, 3, edit(), PAUL)


def test_what_lacks_something_is_neither_submitted_nor_published(entries: Entries) -> None:
    bare = entries.create(edit(answer="", citations=[]), ANA)
    for change, who in ((entries.submit, ANA), (entries.publish, PAUL)):
        with pytest.raises(InvalidEdit, match="La réponse est vide"):
            change(bare.id, 1, who)
    assert entries.get(bare.id) == bare


def test_a_published_entry_stays_whole(entries: Entries, published: Entry) -> None:
    with pytest.raises(InvalidEdit, match="ne cite aucune source"):
        entries.save(published.id, 2, edit(citations=[], answer="Oui."), PAUL)
    assert entries.get(published.id) == published


def test_what_breaks_a_rule_is_not_written(entries: Entries, draft: Entry) -> None:
    with pytest.raises(InvalidEdit):
        entries.create(edit("?"), ANA)
    with pytest.raises(InvalidEdit):
        entries.save(draft.id, 1, edit("?"), ANA)
    assert entries.find() == [draft]


def test_what_is_not_there_is_not_changed(entries: Entries) -> None:
    with pytest.raises(EntryMissing, match="n'existe pas"):
        entries.save("none", 1, edit(), ANA)
    with pytest.raises(EntryMissing):
        entries.comment("none", ANA, "À relire")


def test_the_counter_grows_with_what_is_or_was_published(entries: Entries, draft: Entry) -> None:
    seen = [entries.counter()]

    def grew() -> bool:
        seen.append(entries.counter())
        return seen[-1] > seen[-2]

    entries.save(draft.id, 1, edit("Qui signe ?"), ANA)
    entries.comment(draft.id, ANA, "Bien")
    entries.submit(draft.id, 2, ANA)
    assert not grew()
    entries.publish(draft.id, 3, PAUL)
    assert grew()
    entries.save(draft.id, 4, edit(), PAUL)
    assert grew()
    entries.review(draft.id, 5, PAUL, "Vieux")
    assert grew()
    entries.save(draft.id, 6, edit("Qui peut signer la charte ?"), ANA)
    assert grew()  # it keeps other entries from that question
    entries.archive(draft.id, 7, PAUL)
    assert grew()
    entries.restore(draft.id, 8, PAUL)
    assert grew()


def test_questions_are_compared_with_what_was_published_too(entries: Entries, draft: Entry) -> None:
    assert entries.asked() == []
    published = entries.publish(draft.id, 1, PAUL)
    assert entries.asked() == [published]
    reviewed = entries.review(draft.id, 2, PAUL, "Vieux")
    assert entries.asked() == [reviewed] and entries.published() == []
    submitted = entries.submit(draft.id, 3, ANA)
    assert entries.asked() == [submitted]
    again = entries.send_back(draft.id, 4, PAUL, "À mieux dire.")
    assert entries.asked() == [again]
    entries.archive(draft.id, 5, PAUL)
    assert entries.asked() == []


def test_entries_are_found_by_status_theme_and_words(entries: Entries, draft: Entry) -> None:
    second = entries.create(
        edit("Où se réunit l'assemblée ?", "À Privas.", [], [], "Réunions"), ANA
    )
    assert entries.find() == [second, draft]
    assert entries.find({"published"}) == [] and entries.find(set()) == []
    assert entries.find({"draft"}, theme="Charte") == [draft]
    assert entries.find(text="PRIVAS reunit") == [second]
    assert entries.find(text="privas signer") == []
    saved = entries.save(draft.id, 1, edit(), ANA)
    assert entries.find() == [saved, second]


def test_published_entries_come_by_theme_then_as_they_were_made(entries: Entries) -> None:
    made = [
        entries.create(edit(f"{theme} {number} ?", theme=theme), ANA)
        for number, theme in enumerate(("Zoo", "Échelle", "École", "Échelle"))
    ]
    for one in reversed(made):
        entries.publish(one.id, 1, PAUL)
    shown = [one.edit.question for one in entries.published()]
    assert shown == ["Échelle 1 ?", "Échelle 3 ?", "École 2 ?", "Zoo 0 ?"]


def test_comments_stay_beside_the_entry(entries: Entries, draft: Entry) -> None:
    first = entries.comment(draft.id, ANA, " À relire\navec Paul ")
    second = entries.comment(draft.id, PAUL, "Vu")
    assert entries.comments(draft.id) == [first, second]
    assert (first.who, first.text) == ("Ana", "À relire\navec Paul")
    assert entries.get(draft.id) == draft
    for said in ("  ", "a" * 2001):
        with pytest.raises(InvalidEdit, match="de 1 à 2\u202f000"):
            entries.comment(draft.id, ANA, said)


def test_what_an_ingest_found_is_written_down(entries: Entries, draft: Entry) -> None:
    moved = cited(start=7, end=33, passage="p2")
    followed = entries.follow(draft.id, 1, [moved], "déplacé")
    assert (followed.edit.citations, followed.status) == ((moved,), "draft")
    lost = entries.follow(draft.id, 2, [cited(state="gone")], "disparu")
    assert (lost.status, lost.why) == ("draft", "")
    assert [change.who for change in entries.history(draft.id)] == ["Ana"] + [INGESTION.name] * 2
    assert entries.counter() == 0


def test_a_published_entry_that_loses_its_source_is_to_be_reviewed(
    entries: Entries, published: Entry, database: Database
) -> None:
    count = entries.counter()
    lost = entries.follow(published.id, 2, [cited(state="changed", found={"quote": "b"})], "changé")
    assert (lost.status, lost.why, lost.version) == ("review", "changé", 3)
    assert entries.published() == [] and entries.counter() == count + 1
    assert entries.history(lost.id)[-1].action == "follow"
    again = entries.follow(lost.id, 3, [cited()], "revenu")
    assert (again.status, again.why, again.version) == ("review", "revenu", 4)
    assert is_consistent(database)


def test_a_release_keeps_what_a_reviewer_said(entries: Entries, published: Entry) -> None:
    doubted = entries.review(published.id, published.version, PAUL, "Le montant est faux.")
    moved = entries.follow(doubted.id, doubted.version, [cited(start=7, end=33)], "déplacé")
    assert (moved.status, moved.why) == ("review", "Le montant est faux.")
    lost = entries.follow(moved.id, moved.version, [cited(state="gone")], "disparu")
    assert lost.why == "disparu"


def test_new_citations_are_looked_for_and_all_are_before_they_are_shown(database: Database) -> None:
    asked: list[list[int]] = []

    def anchor(citations: Sequence[Cited]) -> tuple[Cited, ...]:
        asked.append([one.number for one in citations])
        if any(one.quote == "Faux." for one in citations):
            raise InvalidEdit(["La citation n'est pas dans sa source."])
        return tuple(replace(one, passage="placed") for one in citations)

    entries = Entries(database, Clock(), anchor)
    made = entries.create(edit(), ANA)
    assert [one.passage for one in made.edit.citations] == ["placed"]
    both = replace(made.edit, citations=(*made.edit.citations, cited(2, "Oui.")))
    saved = entries.save(made.id, 1, both, ANA)
    entries.save(made.id, 2, saved.edit, ANA)
    entries.submit(made.id, 3, ANA)
    assert asked == [[1], [2], [1, 2]]
    with pytest.raises(InvalidEdit, match="pas dans sa source"):
        entries.save(made.id, 4, edit(citations=[cited(3, "Faux.")]), ANA)
    assert is_consistent(database)
