"""« Sources manquantes », on their page."""

from __future__ import annotations

import pytest

from app.faq.wanted import TEXT_LIMIT, Wanted
from app.web.staff import missing
from tests.web.staff.desk import ANA, Desk, Shown
from tests.web.staff.people import csrf
from tests.web.test_markup import HOSTILE


@pytest.fixture
def page(desk: Desk) -> Shown:
    """With one note."""
    Wanted(desk.base).add("Les tarifs de 2026", ["Combien coûte l'adhésion ?"], ANA)
    return Shown.at(desk.ana, "/staff/manquantes")


def test_notes_say_who_wants_what_and_which_questions_ask_for_it(page: Shown) -> None:
    (note,) = page.all("article")
    said = note.text_content()
    assert "Les tarifs de 2026" in said and "Ana" in said and "Combien coûte l'adhésion ?" in said
    assert "1 à faire, 0 faite." in page.text


def test_a_note_is_done_and_opened_again(page: Shown) -> None:
    page = page.send("C'est fait")
    assert missing._DONE["faite"] in page.text and "0 à faire, 1 faite." in page.text
    page = page.send("Rouvrir")
    assert "1 à faire" in page.text


def test_its_text_is_bettered(page: Shown) -> None:
    page = page.send("Enregistrer", texte="Les tarifs de 2027")
    assert "Les tarifs de 2027" in page.all("article h3")[0].text_content()


def test_a_note_is_added_without_a_group(desk: Desk) -> None:
    page = Shown.at(desk.ana, "/staff/manquantes")
    assert missing.NOTHING in page.text
    page = page.send("Ajouter", texte=HOSTILE[0])
    assert page.all("article h3")[0].text_content() == HOSTILE[0] and not page.all("main script")


@pytest.mark.parametrize("text", ["", "a" * (TEXT_LIMIT + 1)])
def test_what_breaks_a_rule_is_told(page: Shown, text: str) -> None:
    for button in ("Ajouter", "Enregistrer"):
        refused = page.send(button, texte=text)
        assert refused.response.status_code == 422 and refused.all("[role=alert]")
        assert "Les tarifs de 2026" in refused.text
        shown = [(area.text or "").removeprefix("\n") for area in refused.all("textarea")]
        assert text in shown, "what was written is there to be corrected"


def test_the_second_of_two_is_told_and_keeps_what_they_wrote(desk: Desk, page: Shown) -> None:
    theirs = Shown.at(desk.paul, "/staff/manquantes")
    theirs.send("Enregistrer", texte="Les tarifs de 2027")
    told = page.send("Enregistrer", texte="Les tarifs de 2028")
    assert told.response.status_code == 409 and "« Les tarifs de 2027 ». Rien" in told.text
    (area,) = told.all("details[open] textarea")
    assert area.text.removeprefix("\n") == "Les tarifs de 2028"
    late = page.send("C'est fait")
    assert late.response.status_code == 409 and not late.all("details[open]")
    told = told.send("Enregistrer", texte="Les tarifs de 2028")
    assert told.response.status_code == 200, "having read it, one may"
    assert "Les tarifs de 2028" in told.all("article h3")[0].text_content()


@pytest.mark.parametrize("number", ["", "0", "77", "x", "9" * 40, "²"])
def test_a_note_that_is_not_there_is_told(desk: Desk, number: str) -> None:
    sent = {"csrf": csrf(desk.ana), "note": number, "faire": "faite"}
    answer = desk.ana.post("/staff/manquantes", data=sent)
    assert answer.status_code == 404 and "Cette note n&#x27;existe pas" in answer.text
