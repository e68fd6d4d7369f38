"""The page of an entry: nothing that is written is lost, nothing is saved but by its button."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

import lxml.html
import pytest

from app.faq.entries import Entries
from app.faq.entry import Cited, Edit, Entry
from app.faq.faults import EntryChanged
from app.staff.person import Person
from app.web.staff import acts, editor_doors, editor_page, words
from app.web.staff import cited as cited_page
from tests.web.staff.desk import ANA, PAUL, Desk, Shown
from tests.web.staff.people import csrf, logged_in
from tests.web.test_markup import HOSTILE

QUESTION = "Qui peut signer la charte ?"
SIGN = "Toute collectivité peut signer la charte."
FREE = "La signature est gratuite et ne crée aucune obligation."


def cited(desk: Desk, number: int = 1) -> Cited:
    """A citation of both sentences of the passage on signing."""
    from app.faq.anchors import Place

    ranked = desk.assistant.search(QUESTION, 1).found[0]
    passage = ranked.passage
    place = Place(ranked.source, passage, passage.sentences[0].start, passage.sentences[-1].end)
    return place.cited(number, desk.assistant.release())


def written(desk: Desk, answer: str = f"{SIGN} [1]", question: str = QUESTION) -> Entry:
    """A draft of Ana's that could be published."""
    return desk.entries.create(Edit(question, (), answer, "Charte", (cited(desk),)), ANA)


def opened(desk: Desk, entry: Entry, who: str = "ana") -> Shown:
    return Shown.at(getattr(desk, who), f"/staff/fiches/{entry.id}")


def value(page: Shown, id: str) -> str:
    """What stands in a field."""
    (found,) = page.all(f"#{id}")
    text = found.text if found.tag == "textarea" else found.get("value")
    return (text or "").removeprefix("\n")


# Writing


def test_an_entry_is_written_from_nothing(desk: Desk) -> None:
    page = Shown.at(desk.ana, "/staff/fiches/nouvelle")
    assert page.response.status_code == 200 and not page.all("#verification")
    page = page.send("Chercher", question=QUESTION, chercher="signer la charte")
    assert SIGN in page.all(".ch-results")[0].text_content()
    page = page.send("Citer ce passage")
    assert (
        len(page.all(".ch-citations > li")) == 1 and value(page, "chercher") == "signer la charte"
    )
    page = page.send("Vérifier", reponse=f"{SIGN} [1]")
    assert "La phrase est confirmée." in page.text
    assert desk.entries.find() == [], "nothing is saved until it is asked for"
    page = page.send("Enregistrer", variantes="Qui signe ?\r\n\r\nQui donc ?", theme="Charte")
    assert editor_doors._DONE["enregistree"] in page.text
    entry = desk.entry(page.entry_id)
    assert entry.edit.variants == ("Qui signe ?", "Qui donc ?")
    assert (entry.edit.answer, entry.edit.theme, entry.author) == (f"{SIGN} [1]", "Charte", "Ana")
    assert entry.edit.citations == (cited(desk),)


def test_each_unsupported_sentence_is_shown_with_its_reason(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Vérifier", reponse=f"{SIGN} Elle coûte 900 euros. [1]")
    assert "1 phrase n'est pas confirmée par les citations, sur 2." in page.text
    (wrong,) = page.all(".ch-verified .ch-no")
    said = wrong.text_content()
    assert "Non confirmée" in said and "Elle coûte 900 euros." in said and "900" in said
    (reason,) = wrong.cssselect(".ch-reason")
    assert len(reason.text_content()) > 10
    saved = page.send("Enregistrer")
    assert desk.entry(entry.id).version == 2
    assert len(saved.all(".ch-verified .ch-no")) == 1, "it is told after saving too"


def test_a_number_without_a_citation_and_a_citation_without_a_number_are_told(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry)
    assert not page.all("#verification .ch-reason-why")
    page = page.send("Chercher", chercher="Combien coûte l'adhésion ?").send("Citer ce passage")
    page = page.send("Vérifier", reponse=f"{SIGN} [1] [9]")
    for shown in (page, page.send("Enregistrer")):
        told = [one.text for one in shown.all("#verification .ch-reason-why")]
        assert len(told) == 2, told
        assert "renvoie à [9]" in told[0] and "La citation [2] ne sert à aucune phrase" in told[1]
    assert desk.entry(entry.id).version == 2, "it is told, and not forbidden"


@pytest.mark.parametrize("button", ["Enregistrer", "Enregistrer et soumettre"])
def test_a_form_that_is_sent_twice_makes_one_entry(desk: Desk, button: str) -> None:
    page = Shown.at(desk.ana, "/staff/fiches/nouvelle").send("Chercher", chercher=QUESTION)
    page = page.send("Citer ce passage")
    one, two = (page.send(button, question=QUESTION, reponse=f"{SIGN} [1]") for _ in range(2))
    assert one.entry_id == two.entry_id and two.response.status_code == 200
    [entry] = desk.entries.find()
    assert entry.version == (2 if "soumettre" in button else 1)


def test_a_change_that_is_sent_twice_is_saved_once_and_is_no_conflict(desk: Desk) -> None:
    page = opened(desk, written(desk), "paul")
    for _ in range(2):
        told = page.send("Enregistrer et publier", theme="Signer")
        assert editor_doors._DONE["publiee"] in told.text and told.response.status_code == 200
    assert desk.entry(page.path.rpartition("/")[2]).version == 3


def test_two_clicks_at_once_publish_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    entry, publish = written(desk), Entries.publish

    def second(self: Entries, id: str, version: int, who: Person, why: str = "") -> Entry:
        """The first click publishes while the second is about to."""
        monkeypatch.setattr(Entries, "publish", publish)
        publish(self, id, version, who, why)
        return publish(self, id, version, who, why)

    page = opened(desk, entry, "paul")
    monkeypatch.setattr(Entries, "publish", second)
    assert editor_doors._DONE["publiee"] in page.send("Enregistrer et publier").text
    assert desk.entry(entry.id).version == 2


def test_another_entry_on_the_same_question_is_told_and_is_not_published_beside_it(
    desk: Desk,
) -> None:
    first = written(desk)
    desk.entries.publish(first.id, 1, PAUL)
    other = written(desk, f"{FREE} [1]", "« qui peut signer la charte »")
    page = opened(desk, other, "paul")
    (link,) = page.all(".ch-alert a")
    assert editor_page.TWINS in page.text
    assert link.text == QUESTION and link.get("href").endswith(f"staff/fiches/{first.id}")
    assert Shown.at(desk.paul, urljoin(page.path, link.get("href"))).entry_id == first.id
    page = page.send("Enregistrer et publier")
    assert page.response.status_code == 422
    assert f"La fiche publiée « {QUESTION} » répond déjà à" in page.text
    assert desk.entry(other.id).status == "draft"
    page = page.send("Enregistrer et publier", question="Est-ce gratuit ?")
    assert editor_page.TWINS not in page.text and desk.entry(other.id).status == "published"


def test_the_enter_key_in_a_field_saves_nothing(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry)
    (first, *_) = page.all("form.ch-editor button")
    assert (first.get("value"), first.get("hidden")) == ("entree", "")
    page = page.send("", inside="form.ch-editor", question="Autre question ?")
    assert value(page, "question") == "Autre question ?"
    assert desk.entry(entry.id).version == 1


def test_the_sentences_of_a_passage_are_chosen(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry)
    assert [mark.text for mark in page.all(".ch-citations mark")] == [SIGN, FREE]
    page = page.send("Vérifier", ("de-1", "1"), ("a-1", "1"), **{"de-1": "1", "a-1": "1"})
    assert [mark.text for mark in page.all(".ch-citations mark")] == [SIGN]
    page.send("Enregistrer")
    (kept,) = desk.entry(entry.id).edit.citations
    assert kept.quote == SIGN


def test_citations_are_removed_and_renumbered(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Chercher", chercher="Combien coûte l'adhésion ?")
    page = page.send("Citer ce passage")
    page = page.send("Renuméroter", reponse="L'adhésion coûte cinquante euros. [2] Et [1].")
    assert value(page, "reponse") == "L'adhésion coûte cinquante euros. [1] Et [2]."
    titles = [one.text_content() for one in page.all(".ch-citations h4")]
    assert [title[:3] for title in titles] == ["[1]", "[2]"]
    page = page.send("Retirer la citation 2")
    assert len(page.all(".ch-citations > li")) == 1
    page.send("Enregistrer", reponse="L'adhésion annuelle coûte cinquante euros. [1]")
    (kept,) = desk.entry(entry.id).edit.citations
    assert kept.number == 1 and "cinquante euros" in kept.quote


def test_what_breaks_a_rule_is_told_and_the_text_stays(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Enregistrer", question="Q", reponse="a" * 4_001)
    assert page.response.status_code == 422
    (alert,) = page.all(".ch-alert[role=alert]")
    assert "La question a de 3 à 300" in alert.text_content()
    assert "La réponse a 4\u202f000" in alert.text_content()
    assert value(page, "reponse") == "a" * 4_001
    assert desk.entry(entry.id).version == 1


def test_a_text_that_is_too_long_is_typed_whole_and_told_before_it_is_saved(desk: Desk) -> None:
    entry, long = written(desk), "a" * 4_120
    page = opened(desk, entry)
    (area,) = page.all("textarea#reponse")
    assert "4\u202f000 caractères au plus" in page.all(f"#{area.get('aria-describedby')}")[0].text
    assert not page.all("form.ch-editor :is(textarea, #question, #theme)[maxlength]")
    page = page.send("Vérifier", reponse=long)
    assert "(4\u202f120 ici) : 120 de trop." in page.all("[role=alert]")[0].text_content()
    assert not page.all("#verification"), "nobody waits for its verification"
    assert value(page, "reponse") == long and desk.entry(entry.id).version == 1


def test_a_passage_that_is_not_served_any_more_is_told_before_anything_is_saved(
    desk: Desk,
) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Enregistrer", ("citation", "2|new|inconnu"))
    assert page.response.status_code == 422 and "citation [2]" in page.text
    assert desk.entry(entry.id).version == 1


def test_saving_what_is_saved_already_changes_nothing(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Enregistrer")
    assert page.response.status_code == 200 and desk.entry(entry.id) == entry


def test_a_draft_without_citation_opens_with_the_passages_that_are_near(desk: Desk) -> None:
    entry = desk.entries.create(Edit(QUESTION, (), "", "", ()), ANA)
    page = opened(desk, entry)
    assert value(page, "chercher") == QUESTION and SIGN in page.all(".ch-results")[0].text_content()


def test_hostile_texts_are_shown_as_they_are_written(desk: Desk) -> None:
    hostile = "\n".join(HOSTILE)
    entry = desk.entries.create(
        Edit(HOSTILE[0], tuple(HOSTILE[1:6]), f"{hostile} [1]", HOSTILE[1], (cited(desk),)), ANA
    )
    desk.entries.comment(entry.id, ANA, hostile)
    for page in (
        opened(desk, entry),
        opened(desk, entry, "paul").send("Vérifier"),
        Shown.at(desk.ana, f"/staff/fiches/{entry.id}/historique"),
        Shown.at(desk.ana, "/staff/fiches"),
    ):
        assert not page.all("main script, main img, main iframe, main table")
        assert not [one for one in page.all("main a") if "javascript" in one.get("href", "")]
        assert HOSTILE[0] in page.tree.text_content()
    assert value(opened(desk, entry), "reponse") == f"{hostile} [1]"


# What is not saved


def test_what_was_written_in_a_session_that_ended_has_the_names_of_its_page(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry)
    fields = {field.get("for"): field.text_content() for field in page.all("main label")}
    desk.ana.cookies.clear()
    late = page.send("Vérifier", reponse="Mon texte.", pourquoi="parce que", variantes="Qui ?")
    assert late.response.status_code == 403 and words.ENDED in late.text
    told = {field.get("for"): field.text_content() for field in late.all("main label")}
    assert set(told) == {"question", "variantes", "theme", "reponse", "pourquoi"}
    assert all(fields[name].startswith(label) for name, label in told.items())
    assert value(late, "reponse") == "Mon texte."
    assert all(area.get("readonly") is not None for area in late.all("main textarea"))


def test_a_text_that_is_not_saved_has_an_address_of_its_own(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Vérifier", reponse="Mon texte.")
    again = Shown.at(desk.ana, page.path)
    assert "ecrit=" in page.path and value(again, "reponse") == "Mon texte."
    second = again.send("Vérifier", reponse="Le suivant.")
    assert second.path == page.path, "one text, one address"
    assert desk.entry(entry.id).version == 1


def test_who_comes_back_is_told_of_a_text_that_is_not_saved(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Vérifier", reponse="Mon texte.")
    back = opened(desk, entry)
    assert value(back, "reponse") == f"{SIGN} [1]" and editor_page.WAITING in back.text
    (link,) = [one for one in back.all("main a") if one.text == editor_page.TAKE_UP]
    taken = Shown.at(desk.ana, urljoin("/staff/fiches/x", link.get("href").partition("#")[0]))
    assert value(taken, "reponse") == "Mon texte."
    assert editor_page.WAITING not in opened(desk, entry, "paul").text, "it is Ana's alone"
    assert value(Shown.at(desk.paul, page.path), "reponse") == f"{SIGN} [1]"
    taken.send("Enregistrer")
    assert editor_page.WAITING not in opened(desk, entry).text
    gone = Shown.at(desk.ana, page.path)
    assert editor_doors.NOT_KEPT in gone.text and value(gone, "reponse") == "Mon texte."


def test_while_a_text_waits_the_rest_of_the_page_does_what_it_says(desk: Desk) -> None:
    entry = written(desk)
    opened(desk, entry, "paul").send("Vérifier", reponse="Mon texte.")
    page = opened(desk, entry, "paul")
    assert editor_page.WAITING in page.text
    (history,) = [one for one in page.all("main a") if one.text == "Voir les changements"]
    changes = Shown.at(desk.paul, urljoin(page.path, history.get("href")))
    assert changes.path.endswith(f"/{entry.id}/historique")
    page.send("Commenter", commentaire="À relire.")
    assert [one.text for one in desk.entries.comments(entry.id)] == ["À relire."]
    page.send("Archiver")
    assert desk.entry(entry.id).status == "archived"


def test_a_text_that_waits_may_be_forgotten(desk: Desk) -> None:
    entry = written(desk)
    opened(desk, entry).send("Vérifier", reponse="Mon texte.")
    page = opened(desk, entry).send(editor_page.FORGET)
    assert editor_page.WAITING not in page.text and value(page, "reponse") == f"{SIGN} [1]"


def test_an_overtaken_form_does_not_publish_what_somebody_sent_back(desk: Desk) -> None:
    entry = written(desk)
    desk.entries.submit(entry.id, 1, ANA)
    page = opened(desk, entry, "paul")
    desk.entries.send_back(entry.id, 2, PAUL, "Le montant est faux.")
    assert page.send("Enregistrer et publier").response.status_code == 409
    assert desk.entry(entry.id).status == "draft"


def test_a_text_that_says_what_is_saved_is_not_told(desk: Desk) -> None:
    entry = written(desk)
    opened(desk, entry).send("Chercher", chercher="prix")
    assert editor_page.WAITING not in opened(desk, entry).text
    Shown.at(desk.ana, "/staff/fiches/nouvelle").send("Chercher", chercher="prix")
    assert editor_page.WAITING not in Shown.at(desk.ana, "/staff/fiches/nouvelle").text


def test_what_was_refused_is_kept_and_saved_by_no_address(desk: Desk) -> None:
    entry = written(desk)
    opened(desk, entry).send("Enregistrer", question="Q", reponse="Mon texte.")
    (link,) = [one for one in opened(desk, entry).all("main a") if one.text == editor_page.TAKE_UP]
    at = urljoin("/staff/fiches/x", link.get("href").partition("#")[0])
    page = Shown.at(desk.ana, at)
    assert value(page, "reponse") == "Mon texte." and "La question a de 3" in page.text
    assert desk.entry(entry.id).version == 1


# Statuses


def test_ana_submits_and_paul_publishes(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Enregistrer et soumettre", pourquoi="prête")
    assert editor_doors._DONE["soumise"] in page.text
    assert desk.entry(entry.id).status == "submitted"
    assert "Enregistrer et publier" not in page.text, "Ana may not"
    page = opened(desk, entry, "paul").send("Enregistrer et publier")
    assert editor_doors._DONE["publiee"] in page.text
    assert (desk.entry(entry.id).status, desk.entry(entry.id).validator) == ("published", "Paul")
    read_only = opened(desk, entry)
    assert not read_only.all("form.ch-editor textarea#reponse")
    assert editor_page.READ_ONLY["published"] in read_only.text
    changed = opened(desk, entry, "paul").send("Enregistrer", theme="Signer")
    assert "Signer" in changed.response.text and desk.entry(entry.id).status == "published"


def test_a_redactor_who_sends_a_publication_all_the_same_is_refused_before_anything_is_saved(
    desk: Desk,
) -> None:
    entry = written(desk)
    page = opened(desk, entry)
    answer = desk.ana.post(
        f"/staff/fiches/{entry.id}",
        data={"csrf": csrf(desk.ana), "version": "1", "question": "Changée ?", "faire": "publier"},
    )
    assert answer.status_code == 403 and words.NOT_ALLOWED in answer.text
    assert desk.entry(entry.id) == entry and page.response.status_code == 200


@pytest.mark.parametrize("what", ["renvoyer", "revoir", "archiver", "retablir"])
def test_a_redactor_changes_no_status_that_is_for_validation(desk: Desk, what: str) -> None:
    entry = written(desk)
    assert not opened(desk, entry).all("#statut")
    sent = {"csrf": csrf(desk.ana), "version": "1", "faire": what, "pourquoi": "parce que"}
    answer = desk.ana.post(f"/staff/fiches/{entry.id}/statut", data=sent)
    assert answer.status_code == 403 and desk.entry(entry.id) == entry


def test_unconfirmed_sentences_are_published_only_by_who_says_to_have_read_them(
    desk: Desk,
) -> None:
    entry = written(desk, "Elle coûte 900 euros. [1]")
    page = opened(desk, entry, "paul").send("Enregistrer et publier", theme="Prix")
    assert page.response.status_code == 422 and acts.UNCONFIRMED in page.text
    assert (desk.entry(entry.id).status, desk.entry(entry.id).edit.theme) == ("draft", "Prix")
    page = page.send("Enregistrer et publier", malgre="oui")
    assert desk.entry(entry.id).status == "published"


def test_what_citizens_read_is_changed_to_unconfirmed_text_only_by_who_says_to_have_read_it(
    desk: Desk,
) -> None:
    entry = written(desk)
    desk.entries.publish(entry.id, 1, PAUL)
    page = opened(desk, entry, "paul").send("Enregistrer", reponse="Elle coûte 900 euros. [1]")
    assert page.response.status_code == 422 and acts.UNCONFIRMED_LIVE in page.text
    assert "900" not in desk.entry(entry.id).edit.answer
    page.send("Enregistrer", malgre="oui")
    saved = desk.entry(entry.id)
    assert (saved.status, saved.edit.answer) == ("published", "Elle coûte 900 euros. [1]")


def test_an_incomplete_new_entry_is_saved_once_and_told_what_lacks(desk: Desk) -> None:
    page = Shown.at(desk.ana, "/staff/fiches/nouvelle")
    page = page.send("Enregistrer et soumettre", question=QUESTION, reponse="Oui.")
    assert page.response.status_code == 422 and acts.NOT_YET["soumettre"][0] in page.text
    assert "ne cite aucune source" in page.text
    (entry,) = desk.entries.find()
    page = page.send("Chercher", chercher=QUESTION)
    assert page.entry_id == entry.id, "it is that entry's page from now on"
    page = page.send("Citer ce passage").send("Enregistrer et soumettre", reponse=f"{SIGN} [1]")
    (entry,) = desk.entries.find()
    assert (entry.status, entry.version) == ("submitted", 3)


def alerts(page: Shown) -> list[str]:
    """The sentences of what went wrong."""
    return [" ".join(one.text_content().split()) for one in page.all("main [role=alert] li")]


def test_all_that_hinders_a_publication_is_told_at_once_and_the_box_is_offered_when_it_works(
    desk: Desk,
) -> None:
    desk.entries.publish(written(desk).id, 1, PAUL)
    made = desk.entries.create(Edit(f"{QUESTION} ?", (), "Elle coûte 900 euros. [9]", "", ()), ANA)
    page = opened(desk, made, "paul")
    assert not page.all("#malgre"), "it would not work"
    page = page.send("Enregistrer et publier", malgre="")
    told = alerts(page)
    assert told[0] == acts.NOT_YET["publier"][1] and told[-1] == acts.UNCONFIRMED_TOO
    for part in ("ne cite aucune source", "renvoie à [9]", "répond déjà à"):
        assert any(part in one for one in told), told
    assert len(told) == 5 and not page.all("#malgre")
    page = page.send("Chercher", chercher=QUESTION).send("Citer ce passage")
    page = page.send(
        "Enregistrer et publier", question="Est-ce cher ?", reponse="Elle coûte 900 euros. [1]"
    )
    assert alerts(page) == [acts.NOT_YET["publier"][0], acts.UNCONFIRMED]
    assert page.all("#malgre") and desk.entry(made.id).status == "draft"
    page.send("Enregistrer et publier", malgre="oui")
    assert desk.entry(made.id).status == "published"


def test_all_that_hinders_a_published_text_is_told_before_anything_is_saved(desk: Desk) -> None:
    entry = desk.entries.publish(written(desk).id, 1, PAUL)
    page = opened(desk, entry, "paul").send("Enregistrer", reponse="Elle coûte 900 euros. [9]")
    told = alerts(page)
    assert told[0] == acts.LIVE and "[9]" in told[1] and told[2] == acts.UNCONFIRMED_TOO
    assert not page.all("#malgre") and desk.entry(entry.id) == entry


def test_nothing_is_said_to_be_saved_that_was_saved_before(desk: Desk) -> None:
    made = desk.entries.create(Edit(QUESTION, (), "Oui.", "", ()), ANA)
    page = opened(desk, made).send("Enregistrer et soumettre")
    assert alerts(page)[0] == acts.NOT_YET["soumettre"][1] and "enregistrée" not in alerts(page)[0]
    assert desk.entry(made.id).version == 1
    page = page.send("Enregistrer et soumettre", theme="Charte")
    assert alerts(page)[0] == acts.NOT_YET["soumettre"][0] and desk.entry(made.id).version == 2


def test_paul_sends_back_and_says_why(desk: Desk) -> None:
    entry = desk.entries.submit(written(desk).id, 1, ANA)
    page = opened(desk, entry, "paul").send("Renvoyer en brouillon", pourquoi="")
    assert page.response.status_code == 403 and "Dites pourquoi" in page.text
    page = opened(desk, entry, "paul").send("Renvoyer en brouillon", pourquoi="Citez le prix.")
    assert editor_doors._DONE["renvoyee"] in page.text
    assert "Citez le prix." in opened(desk, entry).text
    assert desk.entry(entry.id).status == "draft"


def test_paul_reviews_archives_and_restores(desk: Desk) -> None:
    entry = desk.entries.publish(written(desk).id, 1, PAUL)
    page = opened(desk, entry, "paul").send("Mettre à revoir", pourquoi="Le prix a changé.")
    assert desk.entry(entry.id).status == "review"
    page = page.send("Archiver")
    assert editor_page.READ_ONLY["archived"] in page.text
    assert not page.all("#reponse")
    page = page.send("Rétablir en brouillon", pourquoi="Elle sert.")
    assert desk.entry(entry.id).status == "draft" and page.all("#reponse")


def test_a_change_of_status_that_comes_late_changes_nothing(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry, "paul")
    desk.entries.save(entry.id, 1, entry.edit, ANA)
    page = page.send("Archiver")
    assert page.response.status_code == 409 and "a été modifiée" in page.text
    assert desk.entry(entry.id).status == "draft"
    for button in ("Enregistrer", "Vérifier", "Archiver"):
        assert page.send(button).response.status_code == 200, "its buttons lead where they say"
    assert desk.entry(entry.id).status == "archived"


def test_a_change_of_status_that_does_not_exist_is_refused(desk: Desk) -> None:
    entry = written(desk)
    sent = {"csrf": csrf(desk.paul), "version": "1", "faire": "effacer"}
    assert desk.paul.post(f"/staff/fiches/{entry.id}/statut", data=sent).status_code == 400


# Two people


def test_the_second_of_two_gets_both_texts_and_loses_nothing(desk: Desk) -> None:
    entry = written(desk)
    mine, theirs = opened(desk, entry), opened(desk, entry, "paul")
    theirs.send("Enregistrer", reponse=f"{FREE} [1]", question="Est-ce gratuit de signer ?")
    page = mine.send("Enregistrer", reponse=f"{SIGN} Bien sûr. [1]", variantes="Qui signe ?")
    assert page.response.status_code == 409 and editor_page.CONFLICT in page.text
    assert value(page, "reponse") == f"{SIGN} Bien sûr. [1]"
    assert value(page, "variantes") == "Qui signe ?"
    (other,) = page.all("#enregistre")
    assert FREE in other.text_content() and "Est-ce gratuit de signer ?" in other.text_content()
    assert other.cssselect("ins") and other.cssselect("del")
    assert desk.entry(entry.id).edit.answer == f"{FREE} [1]", "nothing is written over it"
    page = page.send("Enregistrer", reponse=f"{SIGN} {FREE} [1]")
    kept = desk.entry(entry.id)
    assert (kept.version, kept.edit.answer) == (3, f"{SIGN} {FREE} [1]")
    assert kept.edit.citations == entry.edit.citations


def test_citations_of_both_sides_survive(desk: Desk) -> None:
    entry = written(desk)
    mine = opened(desk, entry).send("Chercher", chercher="Combien coûte l'adhésion ?")
    mine = mine.send("Citer ce passage")
    opened(desk, entry, "paul").send("Retirer la citation 1").send("Enregistrer", reponse="")
    page = mine.send("Enregistrer")
    assert page.response.status_code == 409 and len(page.all(".ch-citations > li")) == 2
    page.send("Enregistrer")
    quotes = [one.quote for one in desk.entry(entry.id).edit.citations]
    assert quotes[0] == f"{SIGN} {FREE}" and "cinquante euros" in quotes[1]


def test_what_was_published_meanwhile_does_not_swallow_a_redactor_s_text(desk: Desk) -> None:
    entry = written(desk)
    mine = opened(desk, entry)
    desk.entries.publish(entry.id, 1, PAUL)
    page = mine.send("Enregistrer", reponse="Mon texte, long à écrire. [1]")
    assert page.response.status_code == 409
    assert "Mon texte, long à écrire." in page.text
    assert desk.entry(entry.id).status == "published"


def test_what_is_only_shown_again_keeps_its_version(desk: Desk) -> None:
    entry = written(desk)
    mine = opened(desk, entry).send("Vérifier", reponse="Mon texte. [1]")
    desk.entries.save(entry.id, 1, entry.edit, PAUL)
    mine = mine.send("Chercher", chercher="signer")
    assert mine.response.status_code == 200
    assert mine.send("Enregistrer").response.status_code == 409


# À revoir


@pytest.fixture
def lost(desk: Desk) -> Entry:
    """A published entry whose citation an ingest found changed."""
    found = cited(desk)
    near = {name: part for name, part in found.as_json().items()
            if name not in ("state", "found", "number")}  # fmt: skip
    old = "Toute commune peut signer la charte. La signature est gratuite."
    entry = written(desk)
    entry = desk.entries.publish(entry.id, 1, PAUL)
    with desk.base.begin() as session:
        from app.records.tables import CitationRow

        row = session.get(CitationRow, (entry.id, 1))
        assert row is not None
        row.quote, row.start, row.end = old, 0, len(old)
    entry = desk.entry(entry.id)
    changed = [Cited.from_json({**entry.edit.citations[0].as_json(), "state": "changed",
                                "found": {**near, "likeness": 0.7}})]  # fmt: skip
    return desk.entries.follow(entry.id, entry.version, changed, "Le texte a changé.")


def test_both_texts_stand_side_by_side_and_one_click_takes_the_new_one(
    desk: Desk, lost: Entry
) -> None:
    page = opened(desk, lost, "paul")
    assert lost.status == "review" and "Le texte a changé." in page.text
    assert page.all("a[href='#citation-1']") and page.all("#citation-1 .ch-both")
    assert len(page.all(".ch-both > div")) == 2
    assert "commune" in page.all(".ch-both del")[0].text_content()
    assert "collectivité" in page.all(".ch-both ins")[0].text_content()
    assert "[retiré :" in page.text and "Barré : retiré." in page.text
    assert "n'est plus dans sa source" in page.all("#verification")[0].text_content()
    page = page.send("Prendre ce passage comme citation [1]")
    assert not page.all(".ch-both") and "La phrase est confirmée." in page.text
    assert desk.entry(lost.id).status == "review", "it is not saved yet"
    page = page.send("Enregistrer et publier")
    mended = desk.entry(lost.id)
    assert mended.status == "published" and mended.edit.citations[0].state == "alive"
    assert mended.edit.citations[0].quote == cited(desk).quote


def test_a_lost_citation_cannot_be_published_as_it_is(desk: Desk, lost: Entry) -> None:
    page = opened(desk, lost, "paul").send("Enregistrer et publier", malgre="oui")
    assert page.response.status_code == 422
    assert "La citation [1] n'est plus dans sa source : remplacez-la." in page.text


def test_one_that_nothing_stands_near_to_is_shown_alone(desk: Desk) -> None:
    entry = written(desk)
    gone = Cited.from_json({**entry.edit.citations[0].as_json(), "quote": "Zzz.", "end": 4,
                            "start": 0, "state": "gone"})  # fmt: skip
    desk.entries.follow(entry.id, 1, [gone], "")
    page = opened(desk, entry)
    assert "Sa source n'est plus en service." in page.text
    sent = page.send("Vérifier", ("faire", "prendre:9"))
    assert sent.response.status_code == 200


# Comments, history, what is not there


def test_people_talk_about_an_entry(desk: Desk) -> None:
    entry = written(desk)
    page = opened(desk, entry).send("Commenter", commentaire="Est-ce bien\nexact ?")
    page = opened(desk, entry, "paul").send("Commenter", commentaire="Oui.")
    said = [one.text for one in desk.entries.comments(entry.id)]
    assert said == ["Est-ce bien\nexact ?", "Oui."] and "exact ?" in page.text
    refused = page.send("Commenter", commentaire="  ")
    assert refused.response.status_code == 422 and len(desk.entries.comments(entry.id)) == 2
    refused = page.send("Commenter", commentaire="c" * 2_001)
    assert refused.response.status_code == 422 and "de 1 à 2 000" in refused.text
    assert value(refused, "commentaire") == "c" * 2_001, "it is there to be cut"
    assert value(refused, "reponse") == f"{SIGN} [1]"


def test_the_history_says_who_when_why_and_what(desk: Desk) -> None:
    entry = written(desk)
    opened(desk, entry).send(
        "Enregistrer", question="Qui a le droit de signer ?", pourquoi="plus clair"
    )
    desk.entries.publish(entry.id, 2, PAUL, "relu")
    page = Shown.at(desk.ana, f"/staff/fiches/{entry.id}/historique")
    titles = [one.text_content() for one in page.all("h2")]
    assert titles == ["Version 3 : publiée", "Version 2 : modifiée", "Version 1 : créée"]
    second = page.all("article")[1]
    assert "Ana" in second.text_content() and "plus clair" in second.text_content()
    assert [one.text_content() for one in second.cssselect("h4")] == ["Question"]
    assert "peut" in second.cssselect("del")[0].text_content()
    assert "a le droit de" in second.cssselect("ins")[0].text_content()


@pytest.mark.parametrize("path", ["inconnue", "0123456789abcdef", "inconnue/historique"])
def test_an_entry_that_is_not_there_is_told_in_french(desk: Desk, path: str) -> None:
    page = Shown.at(desk.ana, f"/staff/fiches/{path}")
    assert page.response.status_code == 404 and "n'existe pas" in page.text
    token = csrf(desk.ana)
    for suffix in ("", "/statut", "/commentaire"):
        sent = {"csrf": token, "version": "1", "faire": "archiver", "commentaire": "a"}
        answer = desk.paul.post("/staff/fiches/inconnue" + suffix,
                                data={**sent, "csrf": csrf(desk.paul)})  # fmt: skip
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"version": "x", "citation": "n'importe quoi", "faire": "enregistrer"},
        {"version": "9" * 50, "faire": "retirer:²"},
        {"version": "1", "faire": "prendre:99999", "citation": "1|kept|1"},
        {"version": "1", "faire": "citer:\x00", "question": "\ud800".encode("utf-8", "replace")},
        {"version": "-1", "faire": "citer:"},
        {"faire": ""},
        {},
    ],
)
def test_what_no_page_of_ours_sends_does_no_harm(desk: Desk, sent: dict[str, str]) -> None:
    entry = written(desk)
    data = {"csrf": csrf(desk.ana), **sent}
    answer = desk.ana.post(f"/staff/fiches/{entry.id}", data=data, follow_redirects=True)
    assert answer.status_code in (200, 409, 422) and "Traceback" not in answer.text
    assert desk.entry(entry.id) == entry


def test_the_store_refuses_what_comes_between_the_reading_and_the_writing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = written(desk)
    page = opened(desk, entry, "paul")

    def late(*_: object) -> Entry:
        raise EntryChanged(desk.entry(entry.id))

    monkeypatch.setattr("app.faq.entries.Entries.publish", late)
    page = page.send("Enregistrer et publier", reponse=f"{FREE} [1]")
    assert page.response.status_code == 409 and value(page, "reponse") == f"{FREE} [1]"


def test_three_people_are_told_apart(desk: Desk) -> None:
    vera = logged_in(desk.app, desk.base, "Véra <v>", "validator")
    entry = written(desk)
    page = Shown.at(vera, f"/staff/fiches/{entry.id}").send("Commenter", commentaire="Vu.")
    assert "Véra <v>" in page.text and "<v>" not in page.response.text


def test_the_label_of_a_passage_ends_with_its_last_word(desk: Desk) -> None:
    (ranked,) = desk.assistant.search(QUESTION, 1).found
    bare = replace(ranked, passage=replace(ranked.passage, heading=()))
    for one, title in ((ranked, f", {ranked.passage.heading[-1]}"), (bare, "d’alliance")):
        (label,) = lxml.html.fromstring(cited_page.search("x", [one], "at")).cssselect(
            ".ch-results .ch-invisible"
        )
        assert label.text.endswith(title)
    assert "<p" not in cited_page.search("", [bare], "at").partition("<li")[2]
