from dataclasses import FrozenInstanceError, replace

import pytest

from app.answers import (
    Answer,
    Citation,
    Declined,
    NotFound,
    Ranked,
    Reply,
    Search,
    Statement,
    Tally,
    as_json,
    search_as_json,
    source_as_json,
)
from ingest.documents import Original, Passage, Sentence, Source

SOURCE = Source(
    title="La charte",
    publisher="CITEGO",
    date="2019-12",
    url="https://exemple.fr",
    kind="charte",
    originals=(Original("Charte d’alliance", "CITEGO", "https://exemple.fr/pdf"),),
    copies=("https://exemple.fr/bis",),
)
CITATION = Citation(1, "p1", "Elle est libre.", 10, 25, ("Signer",), SOURCE, page=3)
ANSWER = Answer(
    text="D'après « La charte » :\n« Elle est libre. » [1]",
    statements=(Statement("Elle est libre.", (1,)),),
    citations=(CITATION,),
    confidence=0.912345,
    suggestions=("Qui signe ?",),
)
SHOWN_SOURCE = {
    "id": SOURCE.id,
    "title": "La charte",
    "publisher": "CITEGO",
    "author": None,
    "date": "2019-12",
    "url": "https://exemple.fr",
    "language": "fr",
    "kind": "charte",
    "originals": [
        {"title": "Charte d’alliance", "publisher": "CITEGO", "url": "https://exemple.fr/pdf"}
    ],
    "copies": ["https://exemple.fr/bis"],
}


def test_an_answer_leaves_the_program_with_its_statements_and_citations() -> None:
    assert as_json(Reply("Est-elle libre ?", ANSWER, "r1", 12.345, id="07")) == {
        "id": "07",
        "question": "Est-elle libre ?",
        "outcome": "answered",
        "mode": "quoted",
        "confidence": 0.9123,
        "text": "D'après « La charte » :\n« Elle est libre. » [1]",
        "statements": [{"text": "Elle est libre.", "citations": (1,), "supported": True}],
        "citations": [
            {
                "number": 1,
                "passage": "p1",
                "quote": "Elle est libre.",
                "start": 10,
                "end": 25,
                "heading": ["Signer"],
                "page": 3,
                "source": SHOWN_SOURCE,
            }
        ],
        "asked": "",
        "suggestions": ["Qui signe ?"],
        "release": "r1",
        "elapsed_ms": 12.3,
    }


def test_passages_that_may_help_support_no_statement() -> None:
    shown = as_json(Reply("?", NotFound("Rien de sûr.", (CITATION,), 0.25), "r1", 1.0))

    assert (shown["outcome"], shown["confidence"], shown["statements"]) == ("not_found", 0.25, [])
    assert [citation["quote"] for citation in shown["citations"]] == ["Elle est libre."]


def test_a_declined_question_has_the_same_keys_as_an_answer_and_cites_nothing() -> None:
    shown = as_json(Reply("Salut", Declined("Bonjour !", "greeting", ("Qui ?",)), "r1", 1.0))

    assert shown.keys() == as_json(Reply("?", ANSWER, "r1", 1.0)).keys()
    assert (shown["outcome"], shown["confidence"], shown["mode"]) == ("declined", 0.0, "quoted")
    assert (shown["citations"], shown["suggestions"]) == ([], ["Qui ?"])


def test_only_a_source_that_was_read_from_disk_shows_a_path() -> None:
    assert source_as_json(SOURCE) == SHOWN_SOURCE
    assert source_as_json(replace(SOURCE, path="/fiches/a.md"))["path"] == "/fiches/a.md"


def test_ranked_passages_leave_the_program_with_their_offsets_and_headings() -> None:
    sentences = (Sentence(10, 25, "Elle est libre.", page=2),)
    passage = Passage(
        "p1", SOURCE.id, "La charte", ("Signer",), 10, 25, "Elle est libre.", sentences
    )

    ranked = (Ranked(passage, SOURCE, 1.23456),)
    assert search_as_json(Search("libre ?", ranked, "r1", 9.06, "3")) == {
        "id": "3",
        "question": "libre ?",
        "passages": [
            {
                "passage": "p1",
                "text": "Elle est libre.",
                "start": 10,
                "end": 25,
                "score": 1.2346,
                "heading": ["Signer"],
                "page": 2,
                "source": SHOWN_SOURCE,
            }
        ],
        "release": "r1",
        "elapsed_ms": 9.1,
    }


def test_an_outcome_cannot_be_changed_once_given() -> None:
    with pytest.raises(FrozenInstanceError):
        ANSWER.text = "autre chose"  # type: ignore[misc]


def test_what_a_model_wrote_in_all_is_shown_at_no_door() -> None:
    tally = Tally(supported=2, repaired=1, left_out=("name", "name", "order"))
    reply = Reply("Qui ?", ANSWER, "r", 1.0)

    assert (tally.written, Tally().written) == (5, 0)
    assert as_json(replace(reply, tally=tally)) == as_json(reply)
