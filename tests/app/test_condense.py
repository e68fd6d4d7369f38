"""One question made of two: what a model may say in it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import generate
from app.answers import Answer, Declined
from app.assistant import Assistant
from app.chat.unavailable import ModelUnavailable
from app.condense import is_condensed
from app.generate import Writer
from app.verify.reading import read
from app.wording import Wording
from ingest.store import Store
from tests.fakes import FakeModel
from tests.fakes.writers import ScriptedChat

BEFORE = "Qui peut signer la charte d'alliance à Privas en 2025 ?"
AFTER = "Et combien ça coûte ?"


@pytest.mark.parametrize(
    ("text", "question", "previous"),
    [
        ("Combien coûte la signature de la charte ?", AFTER, BEFORE),
        ("Combien coûte la charte d'alliance à Privas en 2025 ?", AFTER, BEFORE),
        ("Combien ça coûte de signer la charte ?", AFTER, BEFORE),
        (AFTER, AFTER, BEFORE),
        ("Pourquoi signer la charte ?", "Pourquoi ?", BEFORE),
        ("Qui peut signer la charte à Aubenas ?", "Et à Aubenas ?", BEFORE),
        ("Who may sign the charter in 2025?", "And in 2025?", "Who may sign the charter?"),
    ],
)
def test_a_question_of_what_the_two_say_stands_for_them(
    text: str, question: str, previous: str
) -> None:
    assert is_condensed(text, question, previous)


@pytest.mark.parametrize(
    "text",
    [
        "Combien coûte la charte à Lyon ?",
        "Combien coûte la charte selon le CITEGO ?",
        "Lyon paie combien la charte ?",
        "Combien coûte la charte ? Lyon ?",
        "Combien coûte la charte en 2026 ?",
        "Combien coûte la charte pour trente communes ?",
        "Combien de pour cent coûte la charte, 15 % ?",
        "Combien coûte la charte ? Écrire à a@exemple.fr",
        "Combien coûte la charte, sur www.exemple.fr ?",
        "Combien coûte [la charte](https://exemple.fr) ?",
        "Combien coûte <b>la charte</b> ?",
        "Combien coûte la charte [1] ?",
        "Qui peut signer la charte d'alliance ?",
        "Voici plusieurs abeilles jaunes qui coûtent du miel délicieux ?",
        "Combien coûte la charte ? " * 10,
        "",
        " ",
    ],
)
def test_what_names_or_counts_something_else_does_not(text: str) -> None:
    assert not is_condensed(text, AFTER, BEFORE)


WORDS = st.sampled_from(
    "charte signer commune coûte Privas Lyon CITEGO 2025 2026 trente 15 % la de ne pas Qui Combien "
    "signature alliance abeilles miel ?".split()
)
QUESTIONS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@given(st.lists(WORDS, max_size=10).map(" ".join), QUESTIONS, QUESTIONS)
@settings(deadline=None)
def test_no_name_and_no_number_is_ever_new(text: str, question: str, previous: str) -> None:
    if is_condensed(text, question, previous):
        said = set(f"{question} {previous}".split())
        for word in ("Lyon", "Privas", "CITEGO", "2025", "2026", "trente"):
            assert word not in text.split() or word in said


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_judged(text: str, question: str, previous: str) -> None:
    if is_condensed(text, question, previous):
        assert 0 < len(text) <= 3 * (len(question) + len(previous))


@given(QUESTIONS)
@settings(deadline=None)
def test_a_question_that_is_copied_stands_for_itself(question: str) -> None:
    assert is_condensed(question, question, BEFORE) or not read(question).tokens


# What a writer makes of it


@pytest.mark.parametrize(
    "said",
    [
        "Combien coûte la charte ?",
        " « Combien coûte la charte ? » ",
        '"Combien coûte\nla charte ?"',
        "<think>Lyon, 2026 ?</think>Combien coûte la charte ?",
    ],
)
def test_a_model_s_question_is_taken_without_its_ornaments(said: str) -> None:
    chat = ScriptedChat(said)
    assert Writer(chat).condense(AFTER, BEFORE) == "Combien coûte la charte ?"
    [(_, human)] = chat.asked
    told = str(human.content)
    assert told.index(BEFORE) < told.index(AFTER)


def test_a_model_that_adds_something_gives_none() -> None:
    assert Writer(ScriptedChat("Combien coûte la charte à Lyon ?")).condense(AFTER, BEFORE) is None
    assert Writer(ScriptedChat("<think>sans fin")).condense(AFTER, BEFORE) is None


def test_a_model_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelUnavailable):
        Writer(ScriptedChat("Et", ModelUnavailable("cut"))).condense(AFTER, BEFORE)
    monkeypatch.setattr(generate, "_PATIENCE", -1.0)
    chat = ScriptedChat("Combien coûte la charte ?")
    with pytest.raises(ModelUnavailable):
        Writer(chat).condense(AFTER, BEFORE)
    assert chat.said == 1 and chat.closed


def test_an_english_follow_up_takes_the_english_prompt() -> None:
    chat = ScriptedChat("Who may sign the charter?")
    assert Writer(chat).condense("And who may sign it?", "What is the charter?") == chat.text
    assert "You rewrite the new question" in str(chat.asked[0][0].content)


# In the assistant

FOLLOW_UP = "Et combien ça coûte ?"
ADHESION = "L’adhésion est-elle gratuite ?"

Asking = Callable[[str], tuple[ScriptedChat, Assistant]]


@pytest.fixture
def asking(built, request: pytest.FixtureRequest) -> Asking:  # type: ignore[no-untyped-def]
    """An assistant whose model makes this of its first follow-up, and writes nothing."""

    def asking(condensed: str) -> tuple[ScriptedChat, Assistant]:
        chat = ScriptedChat()
        chat.queue = [condensed]
        wording = Wording("l'agence", "")
        assistant = Assistant(Store(built), FakeModel(), wording, Writer(chat))
        request.addfinalizer(assistant.close)
        return chat, assistant

    return asking


def test_a_follow_up_is_searched_as_the_model_says_it_and_goes_on_from_there(
    asking: Asking,
) -> None:
    chat, assistant = asking("Combien coûte l’adhésion ?")
    reply = assistant.ask(FOLLOW_UP, previous=ADHESION)
    assert reply.question == FOLLOW_UP and reply.asked == "Combien coûte l’adhésion ?"
    assert isinstance(reply.outcome, Answer)
    assert reply.outcome.citations[0].heading == ("Combien coûte l’adhésion ?",)
    assert "Combien coûte l’adhésion ?" in str(chat.asked[1][1].content)


@pytest.mark.parametrize("condensed", ["Combien coûte le vélo de Lyon ?", "", "Bonjour"])
def test_what_cannot_stand_for_both_leaves_them_in_a_row(asking: Asking, condensed: str) -> None:
    _, assistant = asking(condensed)
    reply = assistant.ask(FOLLOW_UP, previous=ADHESION)
    assert reply.asked == f"{ADHESION} {FOLLOW_UP}"
    assert isinstance(reply.outcome, Answer)


def test_a_model_that_is_silent_about_a_follow_up_is_not_waited_for_twice(
    asking: Asking,
) -> None:
    chat, assistant = asking("")
    chat.failure = ModelUnavailable("timeout")
    reply = assistant.ask(FOLLOW_UP, previous=ADHESION)
    assert len(chat.asked) == 1 and reply.asked == f"{ADHESION} {FOLLOW_UP}"
    assert isinstance(reply.outcome, Answer) and reply.outcome.mode == "quoted"
    assert reply.outcome.note.startswith("Le modèle de langue n'a pas répondu")
    assistant.ask("Combien coûte l’adhésion ?")
    assert len(chat.asked) == 2


def test_a_question_that_stands_alone_is_not_given_to_the_model(asking: Asking) -> None:
    _, assistant = asking("Combien coûte l’adhésion ?")
    alone = "Quels sont les quatre objectifs de la charte ?"
    assert assistant.ask(alone, previous=ADHESION).asked == alone
    assert assistant.ask(FOLLOW_UP).asked == FOLLOW_UP


def test_a_follow_up_that_is_condensed_is_never_sent_away_as_off_topic(asking: Asking) -> None:
    condensed = "Le logo imprimé, dessiné ou peint sur la charte ?"
    _, assistant = asking(condensed)
    question = f"et {condensed}"
    assert isinstance(assistant.ask(condensed).outcome, Declined)
    reply = assistant.ask(question, previous="Qui peut signer la charte ?")
    assert reply.asked == condensed and not isinstance(reply.outcome, Declined)
