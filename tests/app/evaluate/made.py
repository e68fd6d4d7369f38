"""Articles, cases and measured cases made by hand."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage

from app.answers import Citation, Tally
from app.chat.unavailable import ModelUnavailable
from app.evaluate.cases import Case
from app.evaluate.measure import ASKED, Measured
from app.evaluate.written import Fate, WrittenCase
from ingest.documents import Source

STAR = "L’étoile polaire 🌟 indique le nord. Elle guide les marins."
MOON = "La Lune tourne autour de la Terre en vingt-sept jours. Elle n’a pas d’air."
BREAD = "Le boulanger pétrit la pâte à pain avant l’aube. Le four chauffe au bois."


def asked(id: str, question: str, context: str, *answers: str) -> dict[str, Any]:
    """A question of an article, answered by these words of its paragraph."""
    found = [{"text": answer, "answer_start": context.index(answer)} for answer in answers]
    return {"id": id, "question": question, "answers": found}


SKY = {
    "title": "Le ciel & ses lumières",
    "paragraphs": [
        {
            "context": STAR,
            "qas": [asked("nord", "Qu’indique l’étoile polaire ?", STAR, "le nord")],
        },
        {
            "context": MOON,
            "qas": [
                asked("lune", "En combien de jours la Lune tourne autour de la Terre ?", MOON,
                      "vingt-sept jours", "vingt-sept"),
                asked("pas", "Qui a marché sur la Lune ?", MOON),
            ],
        },
    ],
}  # fmt: skip
BAKERY = {
    "title": "Pain",
    "paragraphs": [
        {
            "context": BREAD,
            "qas": [asked("pain", "Qui pétrit la pâte à pain ?", BREAD, "boulanger")],
        }
    ],
}
ARTICLES = {"data": [SKY, BAKERY]}


def saved(folder: Path, content: Any = ARTICLES) -> Path:
    """A JSON file of this content."""
    file = folder / "articles.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def citation(quote: str, start: int = 0, title: str = "Fiche", name: str = "fiche.md") -> Citation:
    """A quotation that stands at ``start`` of a source of that title and file name."""
    source = Source(title, url="https://exemple.fr/fiche", name=name)
    return Citation(1, "p", quote, start, start + len(quote), (), source)


def measured(
    probability: float,
    *,
    answerable: bool = True,
    answered: bool | None = None,
    quoted: bool | None = None,
    group: str = ASKED,
    question: str = "Qui ?",
    **others: Any,
) -> Measured:
    """A measured case: right when answerable and wrong otherwise, unless told."""
    checked = answerable and group == ASKED
    quoted = quoted if quoted is not None or not checked else True
    values: dict[str, Any] = {
        "case": Case("7", question, "", answerable),
        "group": group,
        "answerable": answerable,
        "declined": False,
        "answered": probability >= 0.5 if answered is None else answered,
        "probability": probability,
        "first": quoted,
        "five": quoted,
        "quoted": quoted,
        "precise": (bool(quoted),) if checked else (),
        "length": 100,
        "milliseconds": 10.0,
        "language": "fr",
    }
    return Measured(**(values | others))


class Scripted:
    """A language model in memory: each request takes the next of its answers, word by word.

    An answer counts as many tokens as words, and one that is a failure is raised; ``prompts`` is
    what it was asked.
    """

    def __init__(self, *answers: str | ModelUnavailable) -> None:
        self.answers = list(answers)
        self.prompts: list[str] = []
        self.closed = 0

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, int | None]:
        self.prompts.append("\n".join(str(message.text) for message in messages))
        answer = self.answers.pop(0)
        if isinstance(answer, ModelUnavailable):
            raise answer
        words = answer.split(" ")
        try:
            for number, word in enumerate(words):
                yield f" {word}" if number else word
        finally:
            self.closed += 1
        return len(words)


def written(
    fate: Fate = "generated",
    *,
    supported: int = 1,
    repaired: int = 0,
    left_out: tuple[str, ...] = (),
    failure: str | None = None,
    case: Case | None = None,
    **others: Any,
) -> WrittenCase:
    """A case that a model answered, rightly unless told; without a tally where none was asked."""
    asked = fate not in ("unasked", "not_found", "declined")
    instead: Any = None if fate == "generated" else fate
    values: dict[str, Any] = {
        "case": case or Case("7", "Qui ?", "", answerable=True, terms=("maire",)),
        "fate": fate,
        "text": "Le maire signe.",
        "said": True,
        "cited": True,
        "tally": Tally(supported, repaired, left_out, instead, failure) if asked else None,
        "first": 100.0,
        "milliseconds": 900.0,
        "tokens": 50,
    }
    return WrittenCase(**(values | others))
