"""What is asked, on its page: groups, and what is made of each in one click."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.assistant import Assistant
from app.faq.topics import Count, Window
from app.journal.entry import JournalEntry, entry_of
from app.settings import Settings, settings
from app.web.staff import editor_doors, editor_page, missing, questions
from ingest.errors import ModelError
from tests.faq.asked import QUESTIONS, journal_line, line, topic
from tests.faq.edits import edit
from tests.web.staff.desk import ANA, PAUL, Desk, Shown
from tests.web.staff.people import csrf
from tests.web.test_markup import HOSTILE


def fill(desk: Desk, *lines: JournalEntry) -> None:
    desk.journal.keep(list(lines))


def asked(number: int, question: str, days: float = 1, **others: object) -> JournalEntry:
    """A line of the journal, of some days ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    return journal_line(number, question, **{"at": at, **others})  # type: ignore[arg-type]


def usual(desk: Desk) -> None:
    """Three questions on signing, two on the price without answer, one that is declined."""
    for number, text in enumerate(QUESTIONS[:3]):
        fill(desk, asked(number, text))
    for number, text in enumerate(QUESTIONS[3:5], start=10):
        fill(desk, asked(number, text, outcome="not_found", mode=None))
    fill(desk, asked(20, QUESTIONS[5], outcome="declined", mode=None))


def grouped(desk: Desk, query: str = "") -> Shown:
    """The page once the groups are made."""
    for _ in range(400):
        page = Shown.at(desk.ana, f"/staff/questions{query}")
        assert page.response.status_code == 200
        if not page.all("#avancement"):
            return page
        threading.Event().wait(0.02)
    raise AssertionError(page.text)


def titles(page: Shown) -> list[str]:
    return [one.text_content() for one in page.all("article h2")]


def test_groups_without_answer_come_first(desk: Desk) -> None:
    usual(desk)
    page = grouped(desk)
    assert titles(page)[0].startswith("Combien coûte") and len(titles(page)) == 3
    first, second, _ = page.all("article")
    assert "Sans réponse" in first.text_content() and "2 sans réponse" in first.text_content()
    assert "3 questions" in second.text_content()
    assert "3 répondues par les sources" in second.text_content()
    assert "6 questions en 3 groupes, dont 2 dans des groupes sans réponse." in page.text


def test_a_group_shows_its_questions_of_the_period(desk: Desk) -> None:
    fill(desk, asked(1, "Qui peut signer la charte ?"), asked(2, "Qui peut signer la charte ?"),
         asked(3, "Qui peut signer cette charte ?", 20))  # fmt: skip
    (article,) = grouped(desk).all("article")
    said = " ".join(article.cssselect("details")[0].text_content().split())
    assert said == "Sa questionQui peut signer la charte ? (2 répondues par les sources)"
    (article,) = grouped(desk, "?periode=30").all("article")
    assert "Ses 2 formulations" in article.text_content()


def test_filters_keep_a_period_and_a_result(desk: Desk) -> None:
    usual(desk)
    fill(desk, asked(30, "Une vieille question ?", 20))
    assert len(titles(grouped(desk, "?resultat=not_found"))) == 1
    assert len(titles(grouped(desk, "?periode=30"))) == 4
    page = grouped(desk, "?resultat=faq")
    assert titles(page) == [] and questions.NOTHING in page.text
    page = grouped(desk).send("Filtrer", periode="30", resultat="declined")
    assert len(titles(page)) == 1
    assert page.all("#periode option[selected]")[0].get("value") == "30"
    assert len(titles(grouped(desk, "?periode=x&resultat=y&page=z"))) == 3, "as if not given"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, ""),
        (0, "nouveau : personne ne l'avait demandé la période d'avant"),
        (1, "en hausse : 2 contre 1 la période d'avant"),
        (2, "stable : 2 contre 2 la période d'avant"),
        (3, "en baisse : 2 contre 3 la période d'avant"),
    ],
)
def test_a_trend_is_said_in_words(before: int | None, said: str) -> None:
    count = Count(topic(line("a", "Qui ?")), 2, before, {"answered": 2}, {"answered": 2})
    assert questions.trend(count, Window(datetime.now(UTC), 14, 30)) == said
    never = "pas de comparaison : le journal garde 30 jours"
    assert questions.trend(count, Window(datetime.now(UTC), 30, 30)) == never


def test_nothing_is_said_of_a_trend_while_the_journal_is_too_young(desk: Desk) -> None:
    usual(desk)
    for query in ("?periode=7", "?periode=14"):
        assert "Évolution" not in grouped(desk, query).text
    fill(desk, asked(40, "Une vieille question ?", 15))
    grouped(desk).send("Refaire les groupes")
    assert "nouveau : personne" in grouped(desk, "?periode=7").text
    assert "Évolution" not in grouped(desk, "?periode=14").text


def test_an_empty_journal_says_so(desk: Desk) -> None:
    assert questions.EMPTY in grouped(desk).text


def test_a_journal_that_is_off_says_how_to_open_it(
    base: object, sheets: Assistant, desk_settings: Settings
) -> None:
    off = settings({}, desk_settings.ingest.store)
    desk = Desk.over(base, sheets, off)  # type: ignore[arg-type]
    assert "CHARTISTE_JOURNAL_DAYS" in grouped(desk).text


def test_many_groups_are_on_several_pages(desk: Desk) -> None:
    words = (
        "renard chat loup ours cerf daim lynx âne coq paon cygne oie merle geai pic cane".split()
    )
    fill(desk, *(asked(n, f"{word} {word}elle ?") for n, word in enumerate([*words, *(
        f"{word}otte" for word in words)])))  # fmt: skip
    page = grouped(desk)
    count = int(page.all(".ch-count")[0].text.split(" en ")[1].split()[0])
    assert count > 20 and len(titles(page)) == 20
    assert [one.text for one in page.all(".ch-pager a")] == ["Page suivante"]
    after = grouped(desk, "?periode=14&resultat=&page=2")
    assert len(titles(after)) == count - 20
    assert titles(grouped(desk, "?page=99999")) == titles(after)


def test_one_click_makes_a_draft_that_the_assistant_has_answered(desk: Desk) -> None:
    usual(desk)
    page = grouped(desk, "?resultat=answered").send("Préparer une fiche")
    assert editor_doors._DONE["prete"] in page.text
    entry = desk.entry(page.entry_id)
    assert entry.status == "draft" and entry.author == "Ana"
    assert "Toute collectivité peut signer la charte." in entry.edit.answer
    assert len(entry.edit.variants) == 1 and entry.edit.citations
    again = grouped(desk, "?resultat=answered")
    (link,) = again.all("article .ch-button")
    assert link.get("href") == f"fiches/{entry.id}" and "Ouvrir sa fiche" in link.text_content()


def test_the_entry_of_another_question_of_a_group_is_named_and_another_may_be_made(
    desk: Desk,
) -> None:
    fill(desk, *(asked(n, "Qui peut signer la charte ?") for n in (1, 2)),
         asked(3, "Qui peut signer cette charte ?", mode="faq"))  # fmt: skip
    other = desk.entries.create(edit("Qui peut signer cette charte ?", "", (), ()), ANA)
    page = grouped(desk)
    link, _ = page.all("article a.ch-button")
    assert link.get("href") == f"fiches/{other.id}"
    assert "Ouvrir la fiche « Qui peut signer cette charte ? »" in link.text_content()
    (article,) = page.all("article")
    assert "cette charte ? (1 répondue par une fiche)" in " ".join(article.text_content().split())
    assert page.send("Préparer une autre fiche").entry_id != other.id


def test_an_entry_takes_what_its_group_asks_in_other_words(desk: Desk) -> None:
    fill(desk, *(asked(n, text) for n, text in enumerate(QUESTIONS[:3])))
    entry = desk.entries.create(edit(QUESTIONS[0], "", (), ()), ANA)
    (link,) = grouped(desk).all("article a.ch-quiet")
    assert " ".join(link.text_content().split()).startswith("Y ajouter 1 formulation : ")
    page = Shown.at(desk.ana, f"/staff/{link.get('href')}".partition("#")[0])
    assert page.all("#variantes")[0].text.strip() == QUESTIONS[2]
    assert hint(page).startswith("1 formulation ajoutée à la fin, et pas encore enregistrée :")
    assert desk.entries.get(entry.id) == entry  # until somebody saves
    page.send("Enregistrer")
    saved = desk.entries.get(entry.id)
    assert saved and saved.edit.variants == (QUESTIONS[2],)
    assert not grouped(desk).all("article a.ch-quiet")


def test_that_an_entry_s_answer_was_not_enough_is_told(desk: Desk) -> None:
    again = desk.assistant.ask(f"Chercher dans les sources : {QUESTIONS[0]}")
    at = datetime.now(UTC) - timedelta(days=1)
    fill(desk, asked(1, QUESTIONS[0], mode="faq"), entry_of(again, "n2", at))
    (article,) = grouped(desk).all("article")
    said = " ".join(article.text_content().split())
    assert f"{questions.BEYOND}1 fois" in said
    assert f"{QUESTIONS[0]} (1 répondue par les sources, 1 répondue par une fiche)" in said


def test_nothing_is_added_to_what_one_may_not_change(desk: Desk) -> None:
    desk.entries._anchor = None
    fill(desk, *(asked(n, text) for n, text in enumerate(QUESTIONS[:3])))
    made = desk.entries.create(edit(QUESTIONS[0], variants=()), ANA)
    desk.entries.publish(made.id, 1, PAUL)
    assert not grouped(desk).all("article a.ch-quiet")
    (link,) = Shown.at(desk.paul, "/staff/questions").all("article a.ch-quiet")
    at = f"/staff/{link.get('href')}".partition("#")[0]
    assert QUESTIONS[2] in Shown.at(desk.paul, at).all("#variantes")[0].text
    page = Shown.at(desk.ana, at)
    assert not page.all("#variantes") and editor_page.READ_ONLY["published"] in page.text


def test_a_group_that_is_gone_adds_nothing_and_says_so(desk: Desk) -> None:
    made = desk.entries.create(edit("Quoi ?", "", (), ()), ANA)
    fill(desk, asked(1, QUESTIONS[0]))
    grouped(desk)
    page = Shown.at(desk.ana, f"/staff/fiches/{made.id}?groupe=parti")
    assert page.response.status_code == 200 and not page.all("#variantes")[0].text.strip()
    assert editor_doors.NOTHING_ADDED in page.all(".ch-done")[0].text_content()


def test_no_draft_is_the_first_thing_offered_of_what_is_declined(desk: Desk) -> None:
    fill(desk, asked(1, QUESTIONS[0]), *(asked(n, "Merci bien", outcome="declined", mode=None)
                                         for n in range(10, 13)))  # fmt: skip
    page = grouped(desk)
    first, last = page.all("article")
    assert "Merci" in last.text_content() and not first.cssselect("details form")
    (folded,) = last.cssselect("details:has(form)")
    assert len(last.cssselect("form")) == 1 and questions.NOT_FOR_US in folded.text_content()
    assert [one.get("class") for one in folded.cssselect("button")] == ["ch-quiet", "ch-quiet"]


def hint(page: Shown) -> str:
    """What is said of the other phrasings, to those who hear the field too."""
    (area,) = page.all("textarea#variantes")
    (told,) = page.all(f"#{area.get('aria-describedby')}")
    return str(told.text_content())


def test_a_draft_says_that_its_phrasings_are_the_group_s_until_it_is_published(
    desk: Desk,
) -> None:
    usual(desk)
    listed = grouped(desk)
    assert questions.PROPOSED in listed.text
    page = listed.send("Préparer une fiche")
    assert hint(page) == f"{editor_page.FROM_GROUP} {editor_page.ONE_A_LINE}"
    assert editor_page.FROM_GROUP not in page.send("Vérifier", variantes="").text, "there are none"
    entry = desk.entry(page.entry_id)
    assert "\n".join(entry.edit.variants) == page.all("#variantes")[0].text.strip("\n")
    entry = desk.entries.submit(entry.id, entry.version, ANA)
    at = page.path.partition("?")[0]
    assert editor_page.FROM_GROUP in hint(Shown.at(desk.paul, at)), "who validates is told too"
    desk.entries.publish(entry.id, entry.version, PAUL)
    assert hint(Shown.at(desk.paul, at)) == editor_page.ONE_A_LINE


def test_a_group_is_never_given_a_second_entry(desk: Desk) -> None:
    usual(desk)
    before = grouped(desk, "?resultat=answered")
    before.send("Préparer une fiche")
    page = before.send("Préparer une fiche")
    assert editor_doors._DONE["existe"] in page.text and len(desk.entries.find()) == 1


def test_one_without_answer_becomes_a_draft_to_write(desk: Desk) -> None:
    fill(desk, asked(1, "Les associations impriment-elles la charte au dos ?", mode=None,
                     outcome="not_found"))  # fmt: skip
    page = grouped(desk).send("Préparer une fiche")
    assert editor_doors._DONE["vide"] in page.text
    assert desk.entry(page.entry_id).edit.answer == ""
    assert page.all(".ch-results li"), "passages that may help are there"


def test_one_click_writes_a_note_for_who_ingests(desk: Desk) -> None:
    usual(desk)
    page = grouped(desk, "?resultat=not_found").send("Source manquante")
    assert page.path.startswith("/staff/manquantes") and missing._DONE["ajoutee"] in page.text
    assert "Aucune source ne répond à : Combien coûte" in page.text
    assert "Combien coûte une adhésion ?" in page.text


def test_groups_are_made_anew_when_it_is_asked_for(desk: Desk) -> None:
    usual(desk)
    grouped(desk)
    fill(desk, asked(40, "La piscine est-elle chauffée ?"))
    assert len(titles(grouped(desk))) == 3
    grouped(desk).send("Refaire les groupes")
    assert len(titles(grouped(desk))) == 4


def test_a_group_that_is_gone_is_told(desk: Desk) -> None:
    usual(desk)
    grouped(desk)
    for what in ("fiche", "source"):
        sent = {"csrf": csrf(desk.ana), "faire": what, "groupe": "inconnu"}
        answer = desk.ana.post("/staff/questions", data=sent)
        assert answer.status_code == 404 and "Groupe introuvable" in answer.text
    assert desk.entries.find() == []


def test_while_groups_are_made_the_page_says_how_far_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual(desk)
    gate = threading.Event()

    def slow(*_: object) -> None:
        assert gate.wait(10)

    monkeypatch.setattr(Assistant, "question_vector", slow)
    page = Shown.at(desk.ana, "/staff/questions")
    (told,) = page.all("#avancement[role=status]")
    assert told.text_content() and page.all("progress[aria-label]")
    assert page.all("noscript meta[http-equiv=refresh]") and page.all("script[src$='staff.js']")
    assert page.all(".ch-progress a")[0].text == "Actualiser"
    gate.set()
    still = grouped(desk)
    assert not still.all("script") and not still.all("meta[http-equiv]")


def test_what_fails_is_told_in_french(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    usual(desk)

    def failing(*_: object) -> None:
        raise ModelError("Le modèle se tait.")

    monkeypatch.setattr(Assistant, "question_vector", failing)
    page = grouped(desk)
    assert "Le modèle se tait." in page.all("[role=alert]")[0].text_content()
    monkeypatch.undo()
    page.send("Refaire les groupes")
    assert len(titles(grouped(desk))) == 3


def test_hostile_questions_are_shown_as_they_were_asked(desk: Desk) -> None:
    fill(desk, *(asked(n, text) for n, text in enumerate(HOSTILE)))
    page = grouped(desk)
    assert not page.all("main script, main img, main iframe")
    for text in HOSTILE:
        assert " ".join(text.split()) in page.text
    key = 'x"><script>alert(1)</script>'
    fill(desk, asked(99, "Une clé étrange ?", id=key))
    grouped(desk).send("Refaire les groupes")
    assert not grouped(desk).all("main script")
