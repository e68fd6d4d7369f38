"""« Essayer »: which entry would answer, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.answers import Answer
from app.assistant import Assistant
from app.faq.answering import Answering
from app.faq.bulk import make_draft
from app.faq.entries import Entries
from app.faq.likeness import own_file, save_likeness
from app.records.database import Database
from app.settings import Settings
from app.web.staff import trying
from app.wording import Wording
from ingest.store import Store
from tests.app.faq.made import BY_VECTORS
from tests.fakes import FakeModel
from tests.faq.asked import line, topic
from tests.faq.edits import edit
from tests.web.staff.desk import ANA, PAUL, Desk, Shown


@pytest.fixture
def desk(base: Database, sheets_store: Path, desk_settings: Settings) -> Iterator[Desk]:
    """A desk whose assistant has its published entries answer first."""
    store = desk_settings.ingest.store
    faq = Answering(Entries(base), FakeModel(), "l'ALEC07", store)
    assistant = Assistant(Store(sheets_store), FakeModel(), Wording("l'ALEC07", ""), faq=faq)
    desk = Desk.over(base, assistant, desk_settings)
    yield desk
    desk.app.state.end_work()
    assistant.close()


def published(desk: Desk, question: str, *variants: str) -> str:
    desk.entries._anchor = None
    entry = desk.entries.create(edit(question, variants=variants), ANA)
    return desk.entries.publish(entry.id, 1, PAUL).id


def test_the_entry_that_would_answer_is_named_with_how_sure_it_is(desk: Desk) -> None:
    id = published(desk, "Qui peut signer la charte ?", "Une commune signe-t-elle la charte ?")
    published(desk, "Combien coûte une adhésion ?")
    page = Shown.at(desk.ana, "/staff/essayer")
    assert not page.all("#resultat")
    page = page.send("Essayer", q="une commune signe-t-elle  la charte")
    (told,) = page.all("[role=status]")
    assert "« Qui peut signer la charte ? » répondrait, sûre à " in told.text
    first, second = page.all("ol.ch-list li")
    assert first.cssselect("a")[0].get("href") == f"fiches/{id}"
    assert "par sa formulation « Une commune signe-t-elle la charte ? »" in first.text_content()
    assert "ne répondrait pas : " in second.text_content()


@pytest.mark.parametrize("is_fitted", [False, True])
def test_a_model_for_which_nothing_is_fitted_is_told(
    base: Database, sheets_store: Path, desk_settings: Settings, tmp_path: Path, is_fitted: bool
) -> None:
    if is_fitted:
        save_likeness(BY_VECTORS, own_file(tmp_path, "fake-space").parent)
    settings = replace(desk_settings, ingest=replace(desk_settings.ingest, store=tmp_path))
    assistant = Assistant(Store(sheets_store), FakeModel(), Wording("l'ALEC07", ""))
    desk = Desk.over(base, assistant, settings)
    shown = Shown.at(desk.ana, "/staff/essayer").text
    assert (trying.BY_WORDS in shown) is not is_fitted
    desk.app.state.end_work()
    assistant.close()


def test_a_question_that_no_entry_answers_says_why(desk: Desk) -> None:
    published(desk, "Combien coûte une adhésion ?")
    page = Shown.at(desk.ana, "/staff/essayer?q=O%C3%B9+se+gare-t-on+%3F")
    (told,) = page.all("[role=status]")
    assert trying.NO_ENTRY in told.text and "trop loin" in told.text


def test_the_nearest_entry_is_named_with_why_it_does_not_answer(desk: Desk) -> None:
    published(desk, "Combien coûte une adhésion ?")
    page = Shown.at(desk.ana, "/staff/essayer?q=O%C3%B9+se+gare-t-on+%3F")
    (told,) = page.all("[role=status]")
    nearest = "La fiche la plus proche, « Combien coûte une adhésion ? », n'y répond pas (trop loin"
    assert nearest in told.text and told.text.endswith(".")


def test_an_entry_that_would_be_proposed_is_told(desk: Desk) -> None:
    published(desk, "Qui donne les aides pour isoler une maison ancienne ?")
    published(desk, "Combien coûte une adhésion ?")
    page = Shown.at(desk.ana, "/staff/essayer")
    page = page.send("Essayer", q="Qui aide pour isoler une grange ancienne ?")
    near, far = page.all("ol.ch-list li")
    assert trying.WOULD_BE_PROPOSED in near.text_content()
    assert trying.WOULD_BE_PROPOSED not in far.text_content()


def test_what_no_entry_answers_is_added_to_one(desk: Desk) -> None:
    published(desk, "Combien coûte une adhésion ?")
    address = "/staff/essayer?q=O%C3%B9+se+gare-t-on+%3F"
    assert trying.ADD not in Shown.at(desk.ana, address).text  # it is published: Paul's to change
    (link,) = Shown.at(desk.paul, address).all("ol.ch-list a[href*=formulation]")
    assert link.text_content() == f"{trying.ADD} à la fiche « Combien coûte une adhésion ? »"
    page = Shown.at(desk.paul, f"/staff/{link.get('href')}".partition("#")[0])
    assert page.all("#variantes")[0].text.strip().splitlines()[-1] == "Où se gare-t-on ?"


def test_what_an_entry_has_or_may_not_hold_is_not_added(desk: Desk) -> None:
    id = published(desk, "Combien coûte une adhésion ?", "Une commune signe-t-elle ?")
    for said in ("Combien coûte une adhésion", "%3F", ""):
        page = Shown.at(desk.paul, f"/staff/fiches/{id}?formulation={said}")
        assert page.all("#variantes")[0].text.strip() == "Une commune signe-t-elle ?"
    assert trying.ADD not in Shown.at(desk.paul, "/staff/essayer?q=%3F%3F").text


def test_what_an_entry_in_review_has_is_not_offered_to_it_again(desk: Desk) -> None:
    id = published(desk, "Combien coûte une adhésion ?")
    desk.entries.review(id, 2, PAUL, "À relire.")
    page = Shown.at(desk.ana, "/staff/essayer?q=combien+co%C3%BBte+une+adh%C3%A9sion")
    assert "ne répondrait pas" in page.text and trying.ADD not in page.text
    assert trying.ADD in Shown.at(desk.ana, "/staff/essayer?q=O%C3%B9+se+gare-t-on+%3F").text


def test_without_a_published_entry_there_is_nothing_to_try(desk: Desk) -> None:
    assert trying.NONE in Shown.at(desk.ana, "/staff/essayer?q=Qui").text


def test_what_is_tried_is_not_written_in_the_journal(desk: Desk) -> None:
    published(desk, "Qui peut signer ?")
    Shown.at(desk.ana, "/staff/essayer?q=Qui+peut+signer")
    assert desk.journal.count() == 0


def test_any_text_may_be_tried(desk: Desk) -> None:
    published(desk, "Qui peut signer ?")
    page = Shown.at(desk.ana, "/staff/essayer?q=%3Cscript%3Ealert(1)%3C/script%3E" + "a" * 3_000)
    assert page.response.status_code == 200 and not page.all("main script")
    assert not Shown.at(desk.ana, "/staff/essayer?q=++").all("#resultat")


def test_a_share_is_never_shown_above_what_it_is() -> None:
    assert trying.percent(0.9599) == "95\u00a0%" and trying.percent(1.0) == "100\u00a0%"


def test_what_is_published_answers_the_next_question(desk: Desk) -> None:
    """Its vectors are made as soon as it is published, not when somebody asks."""
    desk.assistant.ask("Qui peut signer la charte ?")  # the FAQ was read, and is empty
    entry = make_draft(topic(line("a", "Qui peut signer la charte ?")), ANA, desk.entries,
                       desk.assistant)  # fmt: skip
    page = Shown.at(desk.paul, f"/staff/fiches/{entry.id}").send("Enregistrer et publier")
    assert page.response.status_code == 200
    faq = desk.assistant._faq
    assert faq is not None
    for beside in ("_looking", "_embedding"):
        thread = getattr(faq, beside)
        assert thread is not None, "nothing was begun"
        thread.join(10)
    answer = desk.assistant.ask("Qui peut signer la charte ?").outcome
    assert isinstance(answer, Answer) and answer.mode == "faq"
