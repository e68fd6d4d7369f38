"""Articles, cases and measured cases made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.answers import Citation
from app.evaluate.cases import Case
from app.evaluate.measure import ASKED, Measured
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
