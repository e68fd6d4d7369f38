"""``passages.sqlite``: documents, passages and sentences of a release, with their vectors.

It is the truth of a release: every text that is shown, quoted or counted comes from here.
Vectors are half-precision rows beside their text, so that ranking reads both at once.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ingest.documents import Block, Document, Original, Passage, Sentence, Source
from ingest.errors import ReleaseDamaged
from ingest.french import Analysis

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
    start INTEGER NOT NULL, end INTEGER NOT NULL, item INTEGER NOT NULL, terms TEXT NOT NULL,
    vector BLOB NOT NULL, PRIMARY KEY (passage, position)
) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX passages_by_document ON passages (document, position);
"""
_REMEMBERED = 2_000  # entries kept decoded: about 20 kB each

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with what ranking needs of it.

    ``vector`` has shape (dimension,), ``sentence_vectors`` (sentences, dimension);
    ``passage_terms`` are those of its text and of its context.
    """

    passage: Passage
    source: Source
    vector: Vector
    sentence_vectors: Matrix
    context_terms: frozenset[str]
    sentence_terms: tuple[frozenset[str], ...]
    passage_terms: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        # Once an entry, not once a question: there are a hundred candidates to each.
        terms = self.context_terms.union(*self.sentence_terms)
        object.__setattr__(self, "passage_terms", terms)


def write_passages(
    file: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    vectors: Mapping[str, np.ndarray],
) -> None:
    """Write the table; ``vectors`` holds a row per passage id and per ``passage:position``."""
    analysis = Analysis()
    database = sqlite3.connect(file)
    with database:
        database.executescript(_SCHEMA)
        database.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
            [_document_row(n, document) for n, document in enumerate(documents)],
        )
        database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_passage_row(n, p, analysis, vectors[p.id]) for n, p in enumerate(passages)],
        )
        database.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row for p in passages for row in _sentence_rows(p, analysis, vectors)),
        )
        database.executemany("INSERT INTO words VALUES (?, ?)", _words(passages, analysis))
    database.close()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _document_row(position: int, document: Document) -> tuple[Any, ...]:
    blocks = [[b.kind, b.start, b.end, b.level, b.page] for b in document.blocks]
    return document.id, position, _json(asdict(document.source)), document.text, _json(blocks)


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
        terms = " ".join(analysis.terms(sentence.text))
        vector = _half(vectors[f"{passage.id}:{position}"])
        yield passage.id, position, sentence.start, sentence.end, sentence.item, terms, vector


def _words(passages: Sequence[Passage], analysis: Analysis) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for passage in passages:
        counts.update(set(analysis.words(passage.embedded)))
    return sorted(counts.items())


class PassageTable:
    """The table, read-only. Safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        try:
            self._database = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._database.execute("SELECT 1 FROM passages LIMIT 1")
        except sqlite3.Error as error:
            raise ReleaseDamaged(f"Les passages ne peuvent pas être lus ({error}).") from error
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, Entry] = OrderedDict()

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._database.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise ReleaseDamaged(f"Les passages ne peuvent pas être lus ({error}).") from error

    def ids(self) -> set[str]:
        """The ids of all passages."""
        return {id for (id,) in self._rows("SELECT id FROM passages")}

    def sizes(self) -> list[tuple[str, int]]:
        """Each passage with the number of its sentences."""
        query = "SELECT passage, count(*) FROM sentences GROUP BY passage"
        return [(id, count) for id, count in self._rows(query)]

    def entries(self, ids: Iterable[str]) -> dict[str, Entry]:
        """The entries of these ids, those that exist, in the order asked."""
        wanted = list(dict.fromkeys(ids))
        with self._lock:
            found = {id: self._remembered[id] for id in wanted if id in self._remembered}
        missing = [id for id in wanted if id not in found]
        if missing:
            found.update(self._read(missing))
        return {id: found[id] for id in wanted if id in found}

    def _read(self, ids: list[str]) -> dict[str, Entry]:
        marks = ",".join("?" * len(ids))
        sentences: dict[str, list[tuple[Any, ...]]] = {}
        for row in self._rows(
            "SELECT passage, start, end, item, terms, vector FROM sentences"
            f" WHERE passage IN ({marks}) ORDER BY passage, position",
            ids,
        ):
            sentences.setdefault(row[0], []).append(row[1:])
        rows = self._rows(
            "SELECT p.id, p.document, d.source, p.heading, p.start, p.end, p.text, p.context_terms,"
            " p.vector FROM passages p JOIN documents d ON d.id = p.document"
            f" WHERE p.id IN ({marks})",
            ids,
        )
        sources = {text: _source(text) for _, _, text, *_ in rows}
        entries = {
            id: _entry((id, document, sources[text], *others), sentences.get(id, []))
            for id, document, text, *others in rows
        }
        with self._lock:
            self._remembered.update(entries)
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return entries

    def document(self, id: str) -> Document | None:
        """A document by its source's id, or None."""
        rows = self._rows("SELECT source, text, blocks FROM documents WHERE id = ?", [id])
        if not rows:
            return None
        source, text, blocks = rows[0]
        return Document(_source(source), text, tuple(Block(*block) for block in json.loads(blocks)))

    def entries_of(self, document: str) -> list[Entry]:
        """The entries of a document's passages, in reading order."""
        query = "SELECT id FROM passages WHERE document = ? ORDER BY position"
        ids = [id for (id,) in self._rows(query, [document])]
        return list(self.entries(ids).values())

    def passages_of(self, document: str) -> list[Passage]:
        """The passages of a document, in reading order."""
        return [entry.passage for entry in self.entries_of(document)]

    def sources(self) -> list[Source]:
        """All sources, in the order they were ingested."""
        return [_source(s) for (s,) in self._rows("SELECT source FROM documents ORDER BY position")]

    def words(self) -> dict[str, int]:
        """The corpus's words (lower-case, without accents), and in how many passages each is."""
        return {word: count for word, count in self._rows("SELECT word, count FROM words")}

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _source(text: str) -> Source:
    values = json.loads(text)
    originals = tuple(Original(**original) for original in values.pop("originals"))
    return Source(**values, originals=originals)


def _vector(blob: bytes) -> Vector:
    return np.frombuffer(blob, dtype=np.float16).astype(np.float32)


def _entry(row: tuple[Any, ...], sentences: list[tuple[Any, ...]]) -> Entry:
    id, document, source, heading, start, end, text, context_terms, vector = row
    passage = Passage(
        id=id,
        source_id=document,
        title=source.title,
        heading=tuple(json.loads(heading)),
        start=start,
        end=end,
        text=text,
        sentences=tuple(
            Sentence(begin, stop, text[begin - start : stop - start], bool(item))
            for begin, stop, item, _, _ in sentences
        ),
    )
    return Entry(
        passage=passage,
        source=source,
        vector=_vector(vector),
        sentence_vectors=_vector(b"".join(row[-1] for row in sentences)).reshape(
            len(sentences), -1
        ),
        context_terms=frozenset(context_terms.split()),
        sentence_terms=tuple(frozenset(terms.split()) for _, _, _, terms, _ in sentences),
    )
