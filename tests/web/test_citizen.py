"""What the page does when a visitor asks, without a browser."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import gradio as gr
import pytest

from app.answers import Declined
from app.settings import Settings
from app.web.citizen import Page, Turns
from app.web.render import Turn
from ingest.errors import StoreError
from tests.web.conftest import ANSWER, PIECES, QUOTE, WHOLE, WRITTEN, FakeAssistant

TURNS, TALK, PANEL, NOTE, LABEL, FIRST = 0, 1, 2, 3, 4, 5
RESTART, BOX = -2, -1
RELEASE = "20261123-202502-76ed564c"


@pytest.fixture
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def page(fake: FakeAssistant, configured: Settings) -> Page:
    return Page(fake, configured)  # type: ignore[arg-type]


def asked(page: Page, question: str, turns: Turns = ()) -> list[Any]:
    """The last state of the page after a question."""
    return list(page.answer(question, turns))[-1]


def test_the_question_shows_at_once_and_then_its_answer(page: Page) -> None:
    waiting, answered = page.answer("  Quand ? ", ())
    assert waiting[TURNS] == (Turn(1, "Quand ?"),) and waiting[BOX] == ""
    assert "ch-waiting" in waiting[TALK]
    assert answered[TURNS][0].outcome == ANSWER
    assert 'href="#s1-1"' in answered[TALK] and 'id="s1-1"' in answered[PANEL]


def test_statements_show_one_by_one_and_then_the_whole_answer(
    page: Page, fake: FakeAssistant
) -> None:
    fake.outcome, fake.pieces = WRITTEN, PIECES
    waiting, first, second, answered = page.answer("Quand ?", ())
    assert waiting[TURNS][0].pieces == ()
    assert first[TURNS] == (Turn(1, "Quand ?", pieces=PIECES[:1], passages=(WHOLE,)),)
    assert QUOTE in unescape(first[TALK]) and "On peut signer." not in unescape(first[TALK])
    assert "On peut signer." in unescape(second[TALK]) and 'id="s1-2"' in second[PANEL]
    assert not first[FIRST]["visible"] and answered[FIRST]["value"] == "Qui a signé ?"
    assert answered[TURNS] == (
        Turn(1, "Quand ?", WRITTEN, (WHOLE,), asked="Quand ?", release=RELEASE),
    )
    assert "ch-waiting" in second[TALK] and "ch-waiting" not in answered[TALK]


def test_a_quoted_answer_takes_the_place_of_what_was_written(
    page: Page, fake: FakeAssistant
) -> None:
    fake.outcome, fake.pieces = replace(ANSWER, note="Pas assez confirmé."), PIECES
    shown = asked(page, "Quand ?")
    assert "On peut signer." not in unescape(shown[TALK]) and "<blockquote" in shown[TALK]
    assert "Pas assez confirmé." in unescape(shown[TALK]) and 'id="s1-2"' not in shown[PANEL]


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (StoreError("Le dossier /chemin/secret"), "Les sources ne peuvent pas être consultées"),
        (ZeroDivisionError("secret"), "Une erreur inattendue"),
    ],
)
def test_a_failure_while_an_answer_is_written_leaves_none_of_it(
    page: Page, fake: FakeAssistant, late: Exception, said: str
) -> None:
    fake.pieces, fake.late = PIECES, late
    shown = asked(page, "Quand ?")
    assert said in unescape(shown[TALK]) and QUOTE not in unescape(shown[TALK])
    assert shown[TURNS][0].pieces == () and "secret" not in shown[TALK] + shown[PANEL]


def test_suggestions_take_the_place_of_the_examples(page: Page) -> None:
    shown = page.restart()
    assert [button["value"] for button in shown[FIRST : FIRST + 2]] == [
        "Qui peut signer ?", "Quand ?",
    ]  # fmt: skip
    assert not shown[FIRST + 2]["visible"] and not shown[RESTART]["visible"]
    after = asked(page, "Quand ?")
    assert after[FIRST]["value"] == "Qui a signé ?" and not after[FIRST + 1]["visible"]
    assert after[RESTART]["visible"] and "Pour continuer" in after[LABEL]["value"]


def test_the_question_before_goes_with_a_follow_up(page: Page, fake: FakeAssistant) -> None:
    turns = asked(page, "Quand ?")[TURNS]
    turns = asked(page, "Et où ?", turns)[TURNS]
    assert fake.asked == [("Quand ?", None), ("Et où ?", "Quand ?")]
    assert [turn.number for turn in turns] == [1, 2]


def test_what_was_searched_goes_with_a_follow_up_past_what_searched_nothing(
    page: Page, fake: FakeAssistant
) -> None:
    fake.searched = "Quand la charte date-t-elle ?"
    turns = asked(page, "Et elle ?")[TURNS]
    fake.searched = ""
    turns = asked(page, "bonjour", turns)[TURNS]
    fake.error = StoreError("Une panne.")
    turns = asked(page, "Et qui ?", turns)[TURNS]
    turns = asked(page, "a" * 2_001, turns)[TURNS]
    asked(page, "Et où ?", turns)
    assert fake.asked[-1] == ("Et où ?", "Quand la charte date-t-elle ?")


def test_only_the_cited_passages_are_read(page: Page, fake: FakeAssistant) -> None:
    assert asked(page, "Quand ?")[TURNS][0].passages == (WHOLE,)
    assert fake.read == [("p1",)]


@pytest.mark.parametrize("given", [{"a": 1}, [" "], 5, None])
def test_what_is_not_a_text_is_no_question(page: Page, fake: FakeAssistant, given: object) -> None:
    (shown,) = page.answer(given, ())
    assert not fake.asked and len(shown) == len(page.restart())


def test_only_the_last_turns_are_kept_and_numbers_go_on(page: Page) -> None:
    turns: Turns = ()
    for _ in range(25):
        turns = asked(page, "Quand ?", turns)[TURNS]
    assert [turn.number for turn in turns] == list(range(6, 26))


def test_nothing_happens_without_a_question(page: Page, fake: FakeAssistant) -> None:
    (shown,) = page.answer(" \n", ())
    assert not fake.asked and len(shown) == len(page.restart())


def test_a_question_that_is_too_long_stays_in_the_box(page: Page, fake: FakeAssistant) -> None:
    question = "a" * 2_001
    shown = asked(page, question)
    assert not fake.asked and shown[BOX] == question
    assert "dépasse 2000 caractères" in unescape(shown[TALK])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreError("Le dossier /chemin/secret"), "Les sources ne peuvent pas être consultées"),
        (ZeroDivisionError("secret"), "Une erreur inattendue"),
    ],
)
def test_a_failure_is_one_sentence_and_is_logged_whole(
    page: Page, fake: FakeAssistant, caplog: pytest.LogCaptureFixture, error: Exception, said: str
) -> None:
    fake.error = error
    with caplog.at_level(logging.ERROR):
        shown = asked(page, "Quand ?")
    assert said in unescape(shown[TALK])
    assert "secret" not in shown[TALK] + shown[PANEL]
    assert "secret" in caplog.text and "Traceback" in caplog.text


def test_an_outcome_without_citation_reads_no_passage(page: Page, fake: FakeAssistant) -> None:
    fake.outcome = Declined("Bonjour !", "greeting", ("Qui ?",))
    shown = asked(page, "bonjour")
    assert shown[TURNS][0].passages == () and "Bonjour !" in unescape(shown[TALK])


def test_the_welcome_says_that_search_by_meaning_is_missing(
    page: Page, fake: FakeAssistant
) -> None:
    assert "indisponible" not in page.restart()[TALK]
    fake.is_degraded = True
    assert "indisponible" in page.restart()[TALK]
    assert "indisponible" in asked(page, "Quand ?")[NOTE]


def test_the_panel_tells_how_many_sources_of_which_day(page: Page) -> None:
    assert "2 sources, dans leur version du 23 novembre 2026." in page.restart()[NOTE]


def test_nothing_of_a_visitor_is_kept_in_the_page(page: Page) -> None:
    before = dict(vars(page))
    asked(page, "Un secret ?")
    assert vars(page) == before and not len(page._readers)


def visit(**query: str) -> gr.Request:
    """What Gradio hands over of an address with that query."""
    return gr.Request(query_params=query)


def test_a_question_in_the_address_is_asked_as_the_page_opens(
    page: Page, fake: FakeAssistant
) -> None:
    waiting, answered = page.opened(visit(q=" Quand ? "))
    assert fake.asked == [("Quand ?", None)]
    assert "ch-waiting" in waiting[TALK] and answered[TURNS][0].outcome == ANSWER


@pytest.mark.parametrize(
    "query", [{}, {"q": " "}, {"utm_source": "x"}, {"lang": "de"}, {"lang": "en"}]
)
def test_without_one_nothing_but_the_note_changes(
    page: Page, fake: FakeAssistant, query: dict[str, str]
) -> None:
    (parts,) = page.opened(visit(**query))
    changed = [n for n, part in enumerate(parts) if part != gr.skip()]
    assert changed == [NOTE] and not fake.asked


def test_english_is_a_choice_for_the_page_and_its_answers(page: Page) -> None:
    (parts,) = page.opened(visit(lang="en"))
    assert "2 sources, as of 23 November 2026." in parts[NOTE]
    anew = page.restart(visit(lang="en"))
    assert "Hello, what would" in anew[TALK] and "Sources of the answer" in anew[PANEL]
    *_, answered = page.answer("When does it date from?", (), visit(lang="en"))
    shown = unescape(answered[TALK])
    assert "Found in the sources" in shown and '<blockquote class="ch-quote" lang="fr">' in shown
    assert "lang=en#passage" in unescape(answered[PANEL])


@pytest.mark.parametrize("gone", [Page.left, Page.restart])
def test_what_writes_is_told_that_its_visitor_has_left_and_no_other(
    page: Page, fake: FakeAssistant, gone: Callable[[Page, gr.Request], object]
) -> None:
    fake.pieces = PIECES
    one, other = (gr.Request(session_hash=name, query_params={}) for name in "ab")
    answers = [page.answer("Quand ?", (), request) for request in (one, other)]
    for answer in answers:
        next(answer), next(answer)
    gone(page, one)
    assert [left.is_set() for left in fake.readers] == [True, False]
    assert list(answers[0]) == [] and next(answers[1])
    for answer in answers:
        answer.close()
    gone(page, other)
    assert not fake.readers[1].is_set() and not len(page._readers)


def test_a_question_that_is_too_long_is_told_in_the_page_s_language(page: Page) -> None:
    (shown,) = page.answer("a" * 2_001, (), visit(lang="en"))
    assert "over 2000 characters" in unescape(shown[TALK])


def test_the_first_screen_says_what_writes_the_answers(
    page: Page, fake: FakeAssistant, configured: Settings
) -> None:
    assert "cités mot pour mot" in unescape(page.restart()[TALK])
    writing = replace(configured, model=replace(configured.model, model="ollama:petit"))
    shown = unescape(Page(fake, writing).restart()[TALK])  # type: ignore[arg-type]
    assert "Un modèle de langue rédige" in shown and "avec des extraits" not in shown
