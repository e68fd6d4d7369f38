"""What is done to many entries at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.assistant import Assistant
from app.faq import bulk
from app.faq.bulk import Drafting, Verifying, entry_for, faults_of, make_draft
from app.faq.entries import Entries
from app.faq.phrasings import by_words
from app.faq.survey import Surveyor
from app.faq.topics import Window
from app.journal.journal import Journal
from app.records.database import Database
from app.staff.tasks import Finding
from app.staff.worker import Items
from tests.app.journal.replies import NOON
from tests.app.journal.replies import Clock as StillClock
from tests.faq.asked import QUESTIONS, journal_line, line, topic
from tests.faq.edits import ANA, PAUL, Clock, cited, edit
from tests.faq.likeness import ALIKE


@pytest.fixture
def entries(database: Database) -> Entries:
    return Entries(database, Clock())


@pytest.fixture
def surveyor(database: Database, assistant: Assistant) -> Iterator[Surveyor]:
    """Surveys of a journal of six questions, and a declined one."""
    journal = Journal(database, 30, StillClock(NOON))
    journal.keep([journal_line(n, text) for n, text in enumerate(QUESTIONS)])
    journal.keep([journal_line(50, "Bonjour", outcome="declined", mode=None)])
    surveyor = Surveyor(journal, assistant, lambda: ALIKE, StillClock(NOON))
    yield surveyor
    surveyor.close()


@pytest.fixture
def drafting(surveyor: Surveyor, entries: Entries, assistant: Assistant) -> Drafting:
    return Drafting(surveyor, entries, assistant, lambda: Window(NOON, 30, 30))


def done(items: Items) -> list[Finding]:
    return [item.do() for item in items(ANA)]


def test_a_draft_tells_how_many_questions_it_comes_from(
    entries: Entries, assistant: Assistant
) -> None:
    asked = topic(line("a", "Qui peut signer la charte ?"), line("b", "qui signe ?"))
    made = make_draft(asked, ANA, entries, assistant)
    assert (made.status, made.author) == ("draft", "Ana")
    assert made.edit.variants == ("qui signe ?",) and made.edit.citations
    assert entries.history(made.id)[0].why == "D'après 2 questions du journal"


def test_each_large_topic_that_is_for_the_assistant_gets_one_draft(
    drafting: Drafting, entries: Entries
) -> None:
    found = done(drafting)
    assert [one.label for one in found] == [
        "Qui peut signer cette charte ?",
        "Combien coûte l’adhésion ?",
        "La gare a-t-elle un parking ?",
    ]
    assert [one.is_fine for one in found] == [True, True, False]
    assert found[2].said == bulk.EMPTY
    assert {one.entry for one in found} == {entry.id for entry in entries.find()}
    assert done(drafting) == [], "what has an entry gets no other"
    assert len(entries.find()) == 3


def test_the_largest_come_first_and_no_more_than_asked_for(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "DRAFTS", 2)
    assert len(list(drafting(ANA))) == 2


def test_a_topic_has_the_entry_of_any_of_its_questions(entries: Entries) -> None:
    made = entries.create(edit("Qui signe ?", variants=[]), ANA)
    known = by_words(entries.find())
    assert (
        entry_for(topic(line("a", "Je suis [nom], qui signe ?"), line("b", "qui signe")), known)
        == made
    )
    assert entry_for(topic(line("c", "Quand ?")), known) is None


@pytest.fixture
def drafted(entries: Entries, assistant: Assistant) -> Callable[[], str]:
    """Makes a draft that its citations confirm."""
    asked = topic(line("a", "Qui peut signer la charte ?"))
    return lambda: make_draft(asked, ANA, entries, assistant).id


def test_verification_says_of_each_entry_what_is_wrong(
    entries: Entries, assistant: Assistant, drafted: Callable[[], str]
) -> None:
    right = drafted()
    empty = entries.create(edit("Où se garer ?", "", (), ()), ANA).id
    lost = entries.create(edit("Qui part ?", "Le maire part. [1]", (), [cited(1)]), ANA).id
    put_aside = entries.create(edit("Quand ?"), ANA)
    entries.archive(put_aside.id, 1, PAUL)
    found = {one.key: one for one in done(Verifying(entries, assistant))}
    assert set(found) == {right, empty, lost}
    assert found[right].is_fine and not found[empty].is_fine and not found[lost].is_fine
    assert "réponse est vide" in found[empty].said
    assert "n'est plus dans sa source" in found[lost].said
    assert "« Le maire part. »" in found[lost].said
    assert [one.status for one in entries.find({"draft"})] == ["draft"] * 3, "nothing is changed"


def test_an_entry_that_was_changed_meanwhile_is_verified_as_it_is(
    entries: Entries, assistant: Assistant, drafted: Callable[[], str]
) -> None:
    id = drafted()
    items = list(Verifying(entries, assistant)(ANA))
    entry = entries.get(id)
    assert entry is not None
    entries.save(id, 1, edit(entry.edit.question, "", (), ()), ANA)
    assert not items[0].do().is_fine


def test_of_many_unsupported_sentences_three_are_told(
    entries: Entries, assistant: Assistant, drafted: Callable[[], str]
) -> None:
    entry = entries.get(drafted())
    assert entry is not None
    said = " ".join(
        f"Le maire {word} en 1492. [1]" for word in ("part", "vole", "nage", "dort", "lit")
    )
    wrong = entries.save(entry.id, 1, edit("Q ?!", said, (), entry.edit.citations), ANA)
    told = list(faults_of(wrong, assistant))
    assert len(told) == 4 and told[-1] == "Et 2 autres phrases non confirmées."
