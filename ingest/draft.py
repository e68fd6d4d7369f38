"""``passages.sqlite``, written: documents first, then their passages with their vectors.

It is filled piece by piece, so that a corpus of any size passes through a bounded memory. What
was committed stands after a kill: documents once :meth:`Draft.keep` was called, passages once
:meth:`Draft.finish` was.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.documents import Document, Passage, context_of, feed
from ingest.french import Analysis
from ingest.passages import document_of, unit_id

_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, source TEXT NOT NULL,
    text TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE TABLE passages (
    id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents, position INTEGER NOT NULL,
    heading TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    context_terms TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE TABLE sentences (
    passage TEXT NOT NULL REFERENCES passages, position INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, item INTEGER NOT NULL, page INTEGER NOT NULL,
    terms TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (passage, position)
) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX documents_by_position ON documents (position);
CREATE INDEX passages_by_document ON passages (document, position);
"""
_ROWS = 500  # of one fetch

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a draft holds."""

    documents: int
    passages: int
    sentences: int

    @property
    def units(self) -> int:
        """How many vectors: one a passage, one a sentence."""
        return self.passages + self.sentences


class Draft:
    """The table of a release in the making; only one thread writes it."""

    def __init__(self, file: Path, new: bool = False) -> None:
        if new:
            for name in (file, file.with_name(file.name + "-journal")):
                name.unlink(missing_ok=True)
        self.file = file
        self._analysis = Analysis()
        self._words: Counter[str] = Counter()
        self._database = sqlite3.connect(file, isolation_level=None)
        # Whole steps are synced to disk at their end: see ingest.build.
        self._database.execute("PRAGMA synchronous=OFF")
        if new:
            self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")
        there = self.counts()
        self._documents, self._passages = there.documents, there.passages

    def add(self, document: Document) -> None:
        """Write a document after those that are there; its id is not among theirs."""
        values = document.as_json()
        self._database.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
            (
                document.id, self._documents, _json(values["source"]), document.text,
                _json(values["blocks"]),
            ),
        )  # fmt: skip
        self._documents += 1

    def cite_also(self, id: str, address: str) -> None:
        """Say of a document that the same text stands at another address too."""
        found = self._database.execute("SELECT source FROM documents WHERE id = ?", [id])
        values = json.loads(found.fetchone()[0])
        if address != values["url"] and address not in values["copies"]:
            values["copies"].append(address)
            self._database.execute(
                "UPDATE documents SET source = ? WHERE id = ?", [_json(values), id]
            )

    def keep(self) -> None:
        """Commit what was written so far."""
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")

    def digest(self, salt: str) -> str:
        """Thirty-two hexadecimal digits that change with ``salt`` and with any document."""
        digest = hashlib.sha256(salt.encode())
        for row in self._rows("SELECT source, text, blocks FROM documents ORDER BY position"):
            for part in row:
                feed(digest, part)
        return digest.hexdigest()[:32]

    def documents(self) -> Iterator[Document]:
        """The documents, in their order."""
        for source, text, blocks in self._rows(
            "SELECT source, text, blocks FROM documents ORDER BY position"
        ):
            yield document_of(source, text, blocks)

    def clear_passages(self) -> None:
        """Forget the passages of an interrupted build."""
        for table in ("sentences", "passages", "words"):
            self._database.execute(f"DELETE FROM {table}")
        self._words.clear()
        self._passages = 0

    def add_passages(self, passages: Sequence[Passage], vectors: Mapping[str, np.ndarray]) -> None:
        """Write passages; ``vectors`` holds a row per passage id and per :func:`unit_id`."""
        analysis, first = self._analysis, self._passages
        self._database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_passage_row(n, p, analysis, vectors[p.id]) for n, p in enumerate(passages, first)],
        )
        self._passages += len(passages)
        self._database.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row for passage in passages for row in _sentence_rows(passage, analysis, vectors)),
        )
        for passage in passages:
            self._words.update(set(analysis.words(passage.embedded)))

    def finish(self) -> None:
        """Write the words of all passages, and commit."""
        self._database.executemany("INSERT INTO words VALUES (?, ?)", sorted(self._words.items()))
        self.keep()

    def counts(self) -> Counts:
        """How many documents, passages and sentences it holds."""
        return Counts(*(
            self._one(f"SELECT count(*) FROM {table}")
            for table in ("documents", "passages", "sentences")
        ))  # fmt: skip

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """The id, the context and the text of each passage, in reading order.

        Passages are written in that order: their rowid keeps it, and nothing has to be sorted.
        """
        for id, source, heading, text in self._rows(
            "SELECT p.id, d.source, p.heading, p.text FROM passages p"
            " JOIN documents d ON d.id = p.document ORDER BY p.rowid"
        ):
            yield id, context_of(json.loads(source)["title"], json.loads(heading)), text

    def vectors(self, size: int) -> Iterator[tuple[list[str], Matrix, list[str]]]:
        """All vectors by batches of ``size``: their ids, the rows, the texts they stand for."""
        batch: list[tuple[str, bytes, str]] = []
        for row in self._units():
            batch.append(row)
            if len(batch) == size:
                yield _batch(batch)
                batch = []
        if batch:
            yield _batch(batch)

    def _units(self) -> Iterator[tuple[str, bytes, str]]:
        yield from self._rows("SELECT id, vector, text FROM passages ORDER BY rowid")
        for passage, position, vector, text in self._rows(
            "SELECT s.passage, s.position, s.vector,"
            " substr(p.text, s.start - p.start + 1, s.end - s.start)"
            " FROM passages p JOIN sentences s ON s.passage = p.id ORDER BY p.rowid, s.position"
        ):
            yield unit_id(passage, position), vector, text

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._database.execute(query)
        while rows := cursor.fetchmany(_ROWS):
            yield from rows

    def _one(self, query: str) -> int:
        return int(self._database.execute(query).fetchone()[0])

    def close(self) -> None:
        """Close the file; what was not kept is forgotten."""
        self._database.close()


def _batch(rows: Iterable[tuple[str, bytes, str]]) -> tuple[list[str], Matrix, list[str]]:
    ids, blobs, texts = zip(*rows, strict=True)
    halves = np.frombuffer(b"".join(blobs), dtype=np.float16)
    return list(ids), halves.astype(np.float32).reshape(len(ids), -1), list(texts)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _half(vector: np.ndarray) -> bytes:
    return vector.astype(np.float16).tobytes()


def _passage_row(
    position: int, passage: Passage, analysis: Analysis, vector: np.ndarray
) -> tuple[Any, ...]:
    terms = " ".join(analysis.terms(passage.context))
    return (
        passage.id, passage.source_id, position, _json(passage.heading),
        passage.start, passage.end, passage.text, terms, _half(vector),
    )  # fmt: skip


def _sentence_rows(
    passage: Passage, analysis: Analysis, vectors: Mapping[str, np.ndarray]
) -> Iterator[tuple[Any, ...]]:
    for position, sentence in enumerate(passage.sentences):
        yield (
            passage.id, position, sentence.start, sentence.end, sentence.item, sentence.page,
            " ".join(analysis.terms(sentence.text)),
            _half(vectors[unit_id(passage.id, position)]),
        )  # fmt: skip
