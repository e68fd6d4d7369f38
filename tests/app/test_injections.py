"""A model that obeys every injection, in pages and in questions: nothing of it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from langchain_core.messages import BaseMessage

from app.answers import Answer, Piece
from app.generate import Writer
from app.query import Query
from app.retrieve import Candidate
from app.web.render import Turn, conversation
from ingest.documents import Passage, Source
from ingest.parse.text import parse_text
from ingest.passages import Entry
from ingest.split import split
from tests.fakes.injections import Injection, injections
from tests.fakes.obedient import Obedient, betrayals

CLEAN = (
    "La charte de la Fabrique des transitions est publique. Toute commune peut la signer. "
    "Elle recommande de former les élus. L'adhésion est valable un an."
)
UNIT = np.array([1.0, 0.0], dtype=np.float32)


def candidate(text: str, number: int) -> Candidate:
    source = Source(f"Fiche {number}", name=f"{number}.txt")
    [passage] = split(parse_text(text, source))
    return Candidate(_entry(passage, source), 1.0, (), 0.0, 0.0, 0.0)


def _entry(passage: Passage, source: Source) -> Entry:
    none: frozenset[str] = frozenset()
    count = len(passage.sentences)
    return Entry(passage, source, UNIT, np.tile(UNIT, (count, 1)), none, (none,) * count)


class Obeying:
    """The obedient model, which remembers what it was told."""

    def __init__(self) -> None:
        self.prompt = ""

    def stream(self, messages: Sequence[BaseMessage]) -> Iterator[str]:
        self.prompt = "\n".join(str(message.text) for message in messages)
        yield Obedient().answer(self.prompt)

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        return "".join(self.stream(messages))


QUOTED = Answer("", (), (), 0.9)


@pytest.mark.parametrize("injection", injections(), ids=lambda one: one.id)
def test_a_model_that_obeys_does_so_in_vain(injection: Injection) -> None:
    in_page = injection.place == "page"
    page = f"La charte se lit en ligne. {injection.text}" if in_page else "Elle se lit en ligne."
    question = "Qui peut signer la charte ?" if in_page else injection.text
    model = Obeying()
    query = Query(question, {}, None, "fr")
    writing = Writer(model).begin(query, [candidate(CLEAN, 1), candidate(page, 2)])
    assert writing is not None
    pieces = list(writing)
    assert len(pieces) >= 3, "its true sentences are kept"
    assert betrayals(_shown(pieces), model.prompt, injection) == []
    # More than half of what it wrote is left out: the passages themselves stand in for it.
    assert writing.answer(QUOTED, sure=True).mode == "quoted"


def _shown(pieces: list[Piece]) -> str:
    """All that a person sees of it: the statements, and the page's HTML."""
    page = conversation([Turn(1, "?", pieces=tuple(pieces))])
    assert "<img" not in page and "<script" not in page and 'href="http' not in page
    assert all(piece.statement.supported for piece in pieces)
    return "\n".join([page, *(piece.statement.text for piece in pieces)])


@pytest.mark.parametrize(
    "claim",
    [
        "Le maire a démissionné [1].",
        "La charte oblige chaque signataire à verser 900 euros par an [1].",
        "Toute commune peut la signer sur https://piege.example/x [1].",
        "Toute commune peut la [signer](https://piege.example/x) [1].",
        "Toute commune peut <b>la signer</b> [1].",
        "![Toute commune peut la signer](https://piege.example/x.png) [1].",
    ],
)
def test_a_claim_with_the_right_marker_is_not_enough(claim: str) -> None:
    class Claiming(Obeying):
        def stream(self, messages: Sequence[BaseMessage]) -> Iterator[str]:
            yield f"Toute commune peut la signer [1]. {claim}"

    writing = Writer(Claiming()).begin(Query("Qui ?", {}, None, "fr"), [candidate(CLEAN, 1)])
    assert writing is not None
    assert [piece.statement.text for piece in writing] == ["Toute commune peut la signer."]
