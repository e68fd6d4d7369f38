"""Drafts of entries from questions that ask the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.answers import Answer, Citation, Declined, NotFound, Outcome, Reply, Statement
from app.assistant import Assistant
from app.faq.anchors import anchored
from app.faq.drafts import VARIANTS, draft_of
from app.faq.rules import ANSWER_LIMIT, require_complete, require_valid
from ingest.documents import Source

SOURCE = Source("La charte", kind="charte")
QUOTE = "Toute commune peut signer."


def citation(number: int, quote: str = QUOTE) -> Citation:
    return Citation(number, f"p{number}", quote, 0, len(quote), ("Signer",), SOURCE)


ANSWER = Answer(
    "D'après la charte : …",
    (Statement(QUOTE, (1,)), Statement("C'est gratuit.", (1,)), Statement("Et rapide.", (2, 3))),
    tuple(citation(number) for number in (1, 2, 3, 4)),
    0.9,
)


class Answering:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.asked: list[str] = []

    def ask(self, question: str, /) -> Reply:
        self.asked.append(question)
        return Reply(question, self.outcome, "r1", 1.0)


def test_the_answer_has_its_verified_sentences_and_the_citations_that_they_name() -> None:
    answering = Answering(ANSWER)
    draft = draft_of(["Qui signe ?", "Qui peut signer ?"], answering, "Charte")
    assert answering.asked == ["Qui signe ?"]
    assert (draft.question, draft.variants, draft.theme) == (
        "Qui signe ?", ("Qui peut signer ?",), "Charte",
    )  # fmt: skip
    assert draft.answer == "Toute commune peut signer. C'est gratuit. [1]\n\nEt rapide. [2] [3]"
    assert [(one.number, one.release) for one in draft.citations] == [
        (1, "r1"),
        (2, "r1"),
        (3, "r1"),
    ]
    assert "path" not in draft.citations[0].source


def test_a_sentence_that_is_not_supported_is_left_out() -> None:
    statements = (Statement(QUOTE, (1,)), Statement("C'est cher.", (2,), supported=False))
    draft = draft_of(["Qui ?"], Answering(replace(ANSWER, statements=statements)))
    assert draft.answer == f"{QUOTE} [1]" and len(draft.citations) == 1


@pytest.mark.parametrize(
    "outcome",
    [NotFound("Rien.", (citation(1),), 0.1), Declined("Non.", "off_topic")],
)
def test_without_an_answer_the_draft_has_the_questions_alone(outcome: Outcome) -> None:
    draft = draft_of(["Qui signe ?", "Qui donc ?"], Answering(outcome))
    assert (draft.answer, draft.citations, draft.variants) == ("", (), ("Qui donc ?",))


def test_the_first_question_that_reads_well_comes_first() -> None:
    asked = ["ki signe", "Who can sign the charter?", "qui signe ?", "Qui peut signer ?", "Qui ?"]
    draft = draft_of(asked, Answering(ANSWER))
    assert draft.question == "Qui peut signer ?"
    assert draft.variants == ("ki signe", "Who can sign the charter?", "qui signe ?", "Qui ?")


def test_writings_of_one_question_are_one_and_variants_are_few() -> None:
    asked = ["Qui signe ?", "qui signe", "QUI  SIGNÉ !", *(f"Question {n} ?" for n in range(20))]
    draft = draft_of(asked, Answering(ANSWER))
    assert len(draft.variants) == VARIANTS and draft.variants[0] == "Question 0 ?"


def test_a_question_with_masked_data_is_no_variant() -> None:
    draft = draft_of(["Je suis [nom], qui signe ?", "Qui signe ?"], Answering(ANSWER))
    assert (draft.question, draft.variants) == ("Qui signe ?", ())
    alone = draft_of(["Je suis [nom], qui signe ?"], Answering(ANSWER))
    assert alone.question == "Je suis [nom], qui signe ?"


@pytest.mark.parametrize("asked", [["a" * 2_000], ["a"], [""], [], ["\x00 "]])
def test_any_question_makes_a_draft_that_may_be_saved(asked: list[str]) -> None:
    require_valid(draft_of(asked, Answering(replace(ANSWER, citations=ANSWER.citations[:3]))))


def test_an_answer_that_is_too_long_is_cut_between_its_parts() -> None:
    said = tuple(Statement("a" * 900 + ".", (n % 3 + 1,)) for n in range(9))
    draft = draft_of(["Qui ?"], Answering(replace(ANSWER, statements=said)))
    assert 3_000 < len(draft.answer) <= ANSWER_LIMIT and draft.answer.endswith("]")


def test_a_list_in_a_source_stays_a_sentence() -> None:
    said = (Statement("- former\nles élus ;", (1,)), Statement("2) relier.", (1,)))
    draft = draft_of(["Qui ?"], Answering(replace(ANSWER, statements=said)))
    assert draft.answer == "former les élus ; relier. [1]"


def test_what_the_assistant_quotes_can_be_published_as_it_is(assistant: Assistant) -> None:
    draft = draft_of(["Qui peut signer la charte ?", "Qui signe la charte ?"], assistant)
    require_complete(draft)
    assert "Toute collectivité peut signer la charte." in draft.answer
    assert anchored(draft.citations, assistant, assistant.release()) == draft.citations
