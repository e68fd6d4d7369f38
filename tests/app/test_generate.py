"""Answers that a model writes: what is kept of them, from where it is cited, what is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answers import Answer, Piece, Reply, Statement
from app.assistant import Assistant
from app.chat.unavailable import ModelUnavailable
from app.generate import Writer, Writing
from app.query import Query
from app.retrieve import Candidate
from app.wording import Wording
from app.written import LONGEST
from ingest.errors import SettingsError
from ingest.store import Store
from tests.app.candidates import candidate
from tests.app.citations import check_written
from tests.app.conftest import AGENCY, CONTACT
from tests.fakes import FakeModel
from tests.fakes.writers import ScriptedChat

SIGN = "Toute collectivité peut signer la charte."
FREE = "La signature est gratuite et ne crée aucune obligation."
COST = "L'adhésion annuelle coûte cinquante euros."
RURAL = "Elle est offerte aux communes rurales."
MAYOR = "Le maire de Privas envoie un courrier."
LIE = "Le président distribue des ballons rouges."
CANDIDATES = [
    candidate(SIGN, FREE, cosines=[0.9, 0.8], id="a"),
    candidate(COST, RURAL, cosines=[0.7, 0.6], id="b"),
    candidate(MAYOR, cosines=[0.5], id="c"),
]
QUERY = Query("Qui peut signer la charte ?", {}, None, "fr")
QUOTED = Answer("Une citation.", (), (), 0.87, suggestions=("Combien ?",))
CUT = ModelUnavailable("cut")


def marked(text: str, *numbers: int) -> str:
    """A sentence with its markers before its full stop."""
    return f"{text[:-1]} {''.join(f'[{n}]' for n in numbers)}{text[-1]}"


def begin(
    writer: Writer,
    query: Query = QUERY,
    candidates: list[Candidate] = CANDIDATES,
    left: Event | None = None,
) -> Writing:
    writing = writer.begin(query, candidates, left)
    assert writing is not None
    return writing


def in_language(one: Candidate, language: str) -> Candidate:
    source = replace(one.entry.source, language=language)
    return replace(one, entry=replace(one.entry, source=source))


def begun(
    text: str,
    failure: ModelUnavailable | None = None,
    shows_all: bool = False,
    query: Query = QUERY,
) -> Writing:
    """What a model that says ``text`` writes about the three passages."""
    chat = ScriptedChat(text, failure)
    return begin(Writer(chat, shows_all=shows_all), query)


def written(text: str, failure: ModelUnavailable | None = None, shows_all: bool = False) -> Answer:
    """The whole answer, whose pieces and citations hold together."""
    writing = begun(text, failure, shows_all)
    pieces = list(writing)
    answer = writing.answer(QUOTED, sure=True)
    if answer.mode == "generated":
        assert tuple(piece.statement for piece in pieces) == answer.statements
        assert tuple(one for piece in pieces for one in piece.citations) == answer.citations
        check_written(answer, [one.entry.passage for one in CANDIDATES])
    return answer


def texts(answer: Answer) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.text, one.citations) for one in answer.statements]


# What is supported


def test_a_supported_sentence_is_shown_with_the_very_words_that_say_so() -> None:
    answer = written(marked(SIGN, 1))
    assert answer == replace(
        QUOTED,
        text=f"D'après « Fiche a » :\n{SIGN} [1]",
        statements=(Statement(SIGN, (1,)),),
        citations=answer.citations,
        mode="generated",
    )
    [citation] = answer.citations
    assert (citation.quote, citation.passage, citation.start) == (SIGN, "a", 0)
    assert citation.source.title == "Fiche a"


def test_an_answer_that_is_not_sure_says_so_as_the_quoted_one_does() -> None:
    writing = begun(marked(SIGN, 1))
    list(writing)
    text = writing.answer(QUOTED, sure=False).text
    assert text.startswith("Une réponse possible, à vérifier, d'après « Fiche a » :\n")


def test_a_wrong_citation_is_set_right() -> None:
    answer = written(marked(COST, 1))
    assert texts(answer) == [(COST, (1,))]
    assert [(one.passage, one.quote) for one in answer.citations] == [("b", COST)]


@pytest.mark.parametrize("markers", ["", "[9]", "[0]", "[999]", "[9][2]"])
def test_markers_that_name_no_passage_do_not_count(markers: str) -> None:
    answer = written(f"{COST[:-1]} {markers}.".replace(" .", "."))
    assert [(one.passage, one.quote) for one in answer.citations] == [("b", COST)]


def test_citations_are_numbered_as_they_appear_whatever_the_passages_numbers() -> None:
    answer = written(f"{marked(MAYOR, 3)} {marked(SIGN, 1)} {marked(COST, 2)}")
    assert texts(answer) == [(MAYOR, (1,)), (SIGN, (2,)), (COST, (3,))]
    assert [one.passage for one in answer.citations] == ["c", "a", "b"]
    assert answer.text == (
        f"D'après « Fiche c » et « Fiche a » et « Fiche b » :\n{MAYOR} [1] {SIGN} [2] {COST} [3]"
    )


def test_a_citation_that_holds_the_words_is_taken_again() -> None:
    both = f"{SIGN[:-1]} et la{FREE[2:]}"
    answer = written(f"{marked(both, 1)} {marked(FREE, 1)}")
    assert texts(answer) == [(both, (1,)), (FREE, (1,))]
    assert [one.quote for one in answer.citations] == [f"{SIGN} {FREE}"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("La signature est gratuite.", f"« {FREE} »"),  # a reservation was left out
        ("La charte peut signer toute collectivité.", f"« {SIGN} »"),
        ("L'adhésion annuelle est offerte aux communes rurales.", f"« {COST} {RURAL} »"),
        (RURAL, f"« {COST} {RURAL} »"),  # nobody would know what is offered
    ],
)
def test_words_put_together_otherwise_give_way_to_the_source_s_own_sentences(
    said: str, shown: str
) -> None:
    answer = written(f"{marked(said, 1)} {marked(MAYOR, 3)}")
    assert texts(answer) == [(shown, (1,)), (MAYOR, (2,))]
    assert f"« {answer.citations[0].quote} »" == shown


def test_the_source_s_own_sentences_are_shown_once() -> None:
    answer = written(f"{marked('La charte peut signer toute collectivité.', 1)} {marked(SIGN, 1)}")
    assert [one.text for one in answer.statements] == [f"« {SIGN} »", SIGN]
    again = written(f"{marked(SIGN, 1)} {marked('La charte peut signer toute collectivité.', 1)}")
    assert [one.text for one in again.statements] == [SIGN]


def test_a_sentence_of_two_passages_has_two_citations() -> None:
    both = "Toute collectivité peut signer la charte, et le maire de Privas envoie un courrier."
    answer = written(marked(both, 1, 3))
    assert texts(answer) == [(f"« {SIGN} » « {MAYOR} »", (1, 2))]
    assert [one.quote for one in answer.citations] == [SIGN, MAYOR]
    assert answer.text.endswith("[1][2]")


# What is not


def test_what_no_passage_says_is_left_out() -> None:
    answer = written(f"{marked(SIGN, 1)} {marked(LIE, 2)}")
    assert texts(answer) == [(SIGN, (1,))]
    assert "ballons" not in answer.text and answer.note == ""


def test_it_is_shown_with_its_reason_where_staff_asks_for_it() -> None:
    wrong = "L'adhésion annuelle coûte soixante euros."
    answer = written(f"{marked(SIGN, 1)} {marked(wrong, 2)}", shows_all=True)
    assert texts(answer) == [(SIGN, (1,)), (wrong, ())]
    assert [one.supported for one in answer.statements] == [True, False]
    assert answer.statements[1].reason == (
        "Non confirmé par les sources : un nombre ou une date n'y est pas (« soixante »)."
    )
    assert answer.text.endswith(f"{SIGN} [1] {wrong} ({answer.statements[1].reason})")


@pytest.mark.parametrize(("lies", "mode"), [(1, "generated"), (2, "quoted")])
@pytest.mark.parametrize("shows_all", [False, True])
def test_with_less_than_half_supported_the_quoted_answer_stands(
    lies: int, mode: str, shows_all: bool
) -> None:
    told = [marked(SIGN, 1), *(f"Le ballon {n} est rouge [1]." for n in "ABC"[:lies])]
    answer = written(" ".join(told), shows_all=shows_all)
    assert answer.mode == mode
    if mode == "quoted":
        assert answer == replace(QUOTED, note=answer.note)
        assert answer.note.startswith("Ce que le modèle de langue a écrit n'est pas assez confirmé")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "Le modèle de langue n'a pas répondu"),
        (" \n… ", "Le modèle de langue n'a pas répondu"),
        ("<think>Toute collectivité peut signer la charte [1].", "Le modèle de langue n'a pas"),
        ("Toute collectivité peut signer la", "Le modèle de langue n'a pas répondu"),
        ("Voici la réponse :", "Le modèle de langue n'a pas répondu"),
        ("Les sources ne disent pas qui peut signer.", "Le modèle de langue n'a pas trouvé"),
        (LIE, "Ce que le modèle de langue a écrit n'est pas assez confirmé"),
        (f"{LIE} Les sources ne disent pas quand.", "Ce que le modèle de langue a écrit"),
    ],
)
def test_where_nothing_is_written_the_note_says_why(text: str, note: str) -> None:
    answer = written(text)
    assert answer == replace(QUOTED, note=answer.note)
    assert answer.note.startswith(note)


def test_what_is_missing_is_said_in_our_words_not_in_the_model_s() -> None:
    answer = written(f"{marked(SIGN, 1)} Les sources ne disent pas que les ballons sont rouges.")
    assert texts(answer) == [(SIGN, (1,))]
    assert answer.note == "Une partie de la question reste sans réponse dans ces passages."


def test_a_sentence_said_again_is_shown_once_and_counts_once() -> None:
    told = f"{marked(SIGN, 1)} {marked(SIGN, 2)} {SIGN}"
    assert texts(written(told)) == [(SIGN, (1,))]
    assert written(f"{marked(SIGN, 1)} {LIE} {LIE} {LIE}").mode == "generated"


def test_a_last_sentence_that_is_not_whole_is_left_out() -> None:
    answer = written(f"{marked(SIGN, 1)} L'adhésion annuelle coûte")
    assert texts(answer) == [(SIGN, (1,))]


def test_what_goes_on_longer_than_a_sentence_is_not_shown() -> None:
    endless = f"{SIGN[:-1]} et signer " * (LONGEST // len(SIGN)) + "[1]."
    assert len(endless) > LONGEST
    assert written(endless).mode == "quoted"
    assert texts(written(f"{marked(SIGN, 1)} {endless}")) == [(SIGN, (1,))]


@pytest.mark.parametrize("extra", ["[lien](https://exemple.fr)", "<img src=x>", "![i](x)"])
def test_a_sentence_with_a_link_or_an_image_is_left_out(extra: str) -> None:
    answer = written(f"{marked(FREE, 1)} {SIGN[:-1]} {extra} [1].")
    assert texts(answer) == [(FREE, (1,))]


# How it ends


def test_a_model_that_is_silent_leaves_the_quoted_answer() -> None:
    writing = begun("", ModelUnavailable("timeout"))
    assert list(writing) == []
    assert writing.failure == "timeout"
    assert writing.answer(QUOTED, True).note.startswith("Le modèle de langue n'a pas répondu")


def test_of_a_model_that_is_cut_what_was_whole_is_kept() -> None:
    answer = written(f"{marked(SIGN, 1)} {COST[:-1]}", CUT)
    assert texts(answer) == [(SIGN, (1,))]
    assert written("Toute collectivité peut", CUT) == replace(QUOTED, note=written("", CUT).note)


def test_each_statement_comes_before_the_model_says_the_next() -> None:
    chat = ScriptedChat(f"{marked(SIGN, 1)} {marked(COST, 2)}")
    chat.size = 1
    pieces = iter(begin(Writer(chat)))
    assert next(pieces).statement.text == SIGN
    assert chat.said == len(marked(SIGN, 1))
    assert [piece.statement.text for piece in pieces] == [COST]


def test_who_stops_reading_ends_the_connection() -> None:
    chat = ScriptedChat(f"{marked(SIGN, 1)} {marked(COST, 2)}")
    pieces = iter(begin(Writer(chat)))
    next(pieces)
    assert not chat.closed
    pieces.close()  # type: ignore[attr-defined]
    assert chat.closed and chat.said < len(chat.text) / chat.size


def test_who_has_left_is_not_written_for() -> None:
    left = Event()
    chat = ScriptedChat(f"{marked(SIGN, 1)} {LIE * 9} {marked(COST, 2)}")
    pieces = iter(begin(Writer(chat), left=left))
    next(pieces)
    left.set()
    said = chat.said
    assert list(pieces) == []
    assert chat.closed and chat.said == said + 1


def test_a_model_that_never_ends_is_stopped_after_twenty_sentences() -> None:
    chat = ScriptedChat(" ".join(f"Le ballon numéro {n} est rouge [1]." for n in range(99)))
    writing = begin(Writer(chat, shows_all=True))
    assert len(list(writing)) == 20
    assert chat.closed and chat.said < len(chat.text) / chat.size / 4


# What the model is told


def test_the_model_sees_the_passages_under_numbers_and_the_question() -> None:
    chat = ScriptedChat()
    list(begin(Writer(chat)))
    [(system, human)] = chat.asked
    assert "Les sources ne disent pas" in str(system.content)
    told = str(human.content)
    assert told.index(SIGN) < told.index(COST) < told.index(MAYOR) < told.index(QUERY.text)
    for number, title in ((1, "Fiche a"), (2, "Fiche b"), (3, "Fiche c")):
        assert f" passage {number} ===\nTitre : {title}\n" in told


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_a_question_in_another_language_takes_the_english_prompt(language: str) -> None:
    query = replace(QUERY, text="Who may sign?", language=language)  # type: ignore[arg-type]
    chat = ScriptedChat("The sources do not say who may sign.")
    assert Writer(chat).begin(query, CANDIDATES) is None, "no passage is in that language"
    writing = begin(Writer(chat), query, [in_language(one, language) for one in CANDIDATES])
    assert list(writing) == []
    assert "You answer citizens' questions" in str(chat.asked[0][0].content)
    note = writing.answer(QUOTED, True).note
    assert note == "The language model found no answer in the passages: here they are."


def test_one_passage_in_the_language_of_the_question_is_enough() -> None:
    query = replace(QUERY, text="Who may sign?", language="en")
    writer = Writer(ScriptedChat())
    assert writer.begin(query, []) is None
    assert writer.begin(query, [*CANDIDATES, in_language(CANDIDATES[0], "en")]) is not None


def test_no_more_passages_are_offered_than_a_prompt_has_room_for() -> None:
    def told(candidates: list[Candidate]) -> int:
        chat = ScriptedChat()
        list(begin(Writer(chat), candidates=candidates))
        return str(chat.asked[0][1].content).count(" passage ")

    long = [candidate("Mot. " * 500, cosines=[0.5], id=str(n)) for n in range(9)]
    assert told(long) == 2
    assert told([candidate("Mot. " * 5_000, cosines=[0.5])]) == 1
    assert told([candidate("Mot.", cosines=[0.5], id=str(n)) for n in range(9)]) == 6


def test_prompts_of_one_s_own_are_read_once_and_their_mistakes_told(tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text("rien")
    with pytest.raises(SettingsError, match="ligne 1"):
        Writer(ScriptedChat(), tmp_path)


# Whatever it says


SENTENCES = [
    SIGN,
    FREE,
    COST,
    RURAL,
    MAYOR,
    LIE,
    "Les sources ne disent pas quand.",
    "Oui.",
    "Et :",
]
PARTS = st.sampled_from(SENTENCES) | st.sampled_from(
    ["[1]", "[2]", "[3].", "[9]", " ", "\n", "- ", "<think>", "</think>", "**", "ne pas", "12"]
)


@given(st.lists(PARTS, max_size=12).map(" ".join), st.booleans(), st.sampled_from([None, CUT]))
@settings(deadline=None)
def test_whatever_a_model_says_only_what_a_passage_says_is_shown_as_supported(
    text: str, shows_all: bool, failure: ModelUnavailable | None
) -> None:
    answer = written(text, failure, shows_all)
    said = [one.text for one in answer.statements if one.supported]
    assert not any("ballons" in one for one in said)
    assert (answer.mode == "generated") == bool(said)


# The whole assistant

ASKED = "Qui peut signer la charte ?"


@pytest.fixture
def told(built: Path) -> Iterator[tuple[ScriptedChat, Assistant]]:
    chat = ScriptedChat()
    assistant = Assistant(Store(built), FakeModel(), Wording(AGENCY, CONTACT), Writer(chat))
    yield chat, assistant
    assistant.close()


@pytest.mark.parametrize(
    "text", [marked(SIGN, 1), f"{marked(SIGN, 1)} {LIE} {MAYOR}", "", "Les sources ne disent pas."]
)
def test_asking_gives_the_last_of_what_is_streamed(
    told: tuple[ScriptedChat, Assistant], text: str
) -> None:
    chat, assistant = told
    chat.text = text
    *pieces, reply = assistant.stream(ASKED, "7")
    asked = assistant.ask(ASKED, "7")
    assert isinstance(reply, Reply)
    assert replace(reply, elapsed_ms=0.0) == replace(asked, elapsed_ms=0.0)
    assert all(isinstance(piece, Piece) for piece in pieces)


def test_an_answer_is_written_as_sure_as_the_quoted_one(
    told: tuple[ScriptedChat, Assistant], assistant: Assistant
) -> None:
    chat, writing = told
    chat.text = marked(SIGN, 1)
    quoted, answer = assistant.ask(ASKED).outcome, writing.ask(ASKED).outcome
    assert isinstance(answer, Answer) and isinstance(quoted, Answer)
    assert (answer.mode, answer.confidence) == ("generated", quoted.confidence)
    assert answer.suggestions == quoted.suggestions
    assert answer.text == f"D'après « La charte d’alliance », CITEGO, décembre 2019 :\n{SIGN} [1]"


def test_with_nothing_written_the_answer_is_the_quoted_one_and_a_note(
    told: tuple[ScriptedChat, Assistant], assistant: Assistant
) -> None:
    _, writing = told
    quoted, answer = assistant.ask(ASKED).outcome, writing.ask(ASKED).outcome
    assert isinstance(answer, Answer) and isinstance(quoted, Answer)
    assert answer.note and replace(answer, note="") == quoted


@pytest.mark.parametrize(
    "question", ["Bonjour", "Recette du gratin ?", "Qui a imprimé la charte ?"]
)
def test_a_model_is_not_asked_where_the_sources_do_not_answer(
    told: tuple[ScriptedChat, Assistant], assistant: Assistant, question: str
) -> None:
    chat, writing = told
    assert writing.ask(question).outcome == assistant.ask(question).outcome
    assert chat.asked == []
