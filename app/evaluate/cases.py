"""Questions whose answers are known, from a golden CSV file or a SQuAD-like JSON file.

CSV columns: ``question`` and, of ``expected`` (``answered`` or another outcome), ``source`` (file
names, titles or ids, joined by ``|``), ``key_terms`` (joined by ``|``), ``start`` and ``end`` (with
``alt_start`` and ``alt_end``: code-point offsets), ``kind``, ``id``, ``follows`` or ``previous``,
those there are. A row without ``expected`` is answerable.

JSON: ``data`` > ``title``, ``paragraphs`` > ``context``, ``qas`` > ``question``, ``answers`` >
``text``, ``answer_start``. Each article becomes a document whose paragraphs are joined by blank
lines.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.answers import Citation
from app.intent import folded
from app.retrieve import Candidate
from ingest.documents import Document, Source
from ingest.errors import SettingsError, reason
from ingest.parse.text import parse_text

Span = tuple[int, int]
SQUAD = "squad"


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what is right: where the answer stands, or the terms that it holds.

    ``sources`` are file names, titles or ids (empty: any source); ``spans`` are in those sources,
    and ``answers`` the words that stand there, where the file gives them.
    """

    id: str
    question: str
    kind: str
    answerable: bool
    previous: str | None = None
    sources: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    terms: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def is_sayable(self) -> bool:
        """Whether a text can be found right or wrong, wherever it comes from."""
        return self.answerable and bool(self.terms or self.answers)

    @property
    def is_checkable(self) -> bool:
        """Whether a quotation can be found right or wrong."""
        return self.answerable and bool(self.spans or self.terms or self.sources)

    def is_from(self, source: Source) -> bool:
        """Whether a source is one of those named."""
        return not self.sources or bool(self.sources & {source.name, source.title, source.id})

    def is_held_by(self, candidate: Candidate) -> bool:
        """Whether a passage holds the answer."""
        passage = candidate.entry.passage
        return self._holds(candidate.entry.source, passage.start, passage.end, passage.text)

    def is_quoted_by(self, citations: tuple[Citation, ...]) -> bool:
        """Whether citations hold the answer: one of them all of a span, or together the terms."""
        if self.spans:
            return any(self._holds(c.source, c.start, c.end, c.quote) for c in citations)
        right = [c for c in citations if self.is_from(c.source)]
        return bool(right) and _has_terms(" ".join(c.quote for c in right), self.terms)

    def is_said_in(self, text: str) -> bool | None:
        """Whether a text holds one of the answers or all terms; None where neither is known."""
        if not self.is_sayable:
            return None
        if self.answers:
            return any(_has_words(text, answer) for answer in self.answers)
        return _has_terms(text, self.terms)

    def is_overlapped_by(self, citation: Citation) -> bool:
        """Whether a citation touches the answer."""
        return self.is_from(citation.source) and (
            not self.spans or any(citation.start < b and a < citation.end for a, b in self.spans)
        )

    def _holds(self, source: Source, start: int, end: int, text: str) -> bool:
        if not self.is_from(source):
            return False
        if self.spans:
            return any(start <= a and b <= end for a, b in self.spans)
        return _has_terms(text, self.terms)


def _has_terms(text: str, terms: tuple[str, ...]) -> bool:
    shown = folded(text)
    return all(folded(term) in shown for term in terms)


def _has_words(text: str, words: str) -> bool:
    """Whether a text holds these very words: « 12 » is not in « 2012 »."""
    pattern = rf"(?<!\w){re.escape(folded(words))}(?!\w)"
    return re.search(pattern, folded(text)) is not None


def read_cases(file: Path) -> tuple[list[Case], list[Document]]:
    """The cases of a file, and the documents it brings (none for a CSV file).

    Raises:
        SettingsError: the file cannot be read, or is of neither form.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() == ".json":
            return _read_squad(json.loads(text))
        return _read_golden(text), []
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        why = reason(error) if isinstance(error, OSError) else "il n'a pas la forme attendue"
        raise SettingsError(f"Le fichier « {file} » ne peut pas être lu : {why}.") from error


def _read_golden(text: str) -> list[Case]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = [{name: value or "" for name, value in row.items() if name} for row in reader]
    if not rows or "question" not in rows[0]:
        raise ValueError("no question")
    questions = {row["id"]: row["question"] for row in rows if row.get("id")}
    return [_golden(number, row, questions) for number, row in enumerate(rows, start=1)]


def _golden(number: int, row: Mapping[str, str], questions: Mapping[str, str]) -> Case:
    def parts(name: str) -> tuple[str, ...]:
        return tuple(filter(None, map(str.strip, row.get(name, "").split("|"))))

    spans = [
        (int(row[first]), int(row[last]))
        for first, last in (("start", "end"), ("alt_start", "alt_end"))
        if row.get(first) and row.get(last)
    ]
    expected = row.get("expected") or (
        "refused" if row.get("answerable_from", "").strip() == "none" else "answered"
    )
    return Case(
        id=row.get("id") or str(number),
        question=row["question"],
        kind=row.get("kind") or row.get("style") or "",
        answerable=expected == "answered",
        previous=row.get("previous") or questions.get(row.get("follows", "")),
        sources=frozenset(parts("source")),
        spans=tuple(spans),
        terms=() if spans else parts("key_terms"),
    )


def _read_squad(content: Any) -> tuple[list[Case], list[Document]]:
    cases: list[Case] = []
    documents: list[Document] = []
    for number, article in enumerate(content["data"]):
        name = f"{number}-{re.sub(r'[^0-9A-Za-z]+', '-', article['title'])}"
        text = "\n\n".join(paragraph["context"] for paragraph in article["paragraphs"])
        document = parse_text(text, Source(article["title"], name=name))
        documents.append(replace(document, source=replace(document.source, title=article["title"])))
        offset = 0
        for paragraph in article["paragraphs"]:
            for entry in paragraph["qas"]:
                cases.append(_squad(entry, name, offset))
            offset += len(paragraph["context"]) + 2
    if not documents:
        raise ValueError("no article")
    return cases, documents


def _squad(entry: Mapping[str, Any], name: str, offset: int) -> Case:
    starts = [(offset + a["answer_start"], len(a["text"])) for a in entry["answers"]]
    return Case(
        id=str(entry.get("id", "")),
        question=entry["question"],
        kind=SQUAD,
        answerable=bool(starts),
        sources=frozenset({name}),
        spans=tuple((start, start + length) for start, length in starts),
        answers=tuple(a["text"] for a in entry["answers"] if a["text"].strip()),
    )
