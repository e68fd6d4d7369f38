"""``passages.sqlite``, read: documents, passages and sentences of a release, with their vectors.

It is the truth of a release: every text that is shown, quoted or counted comes from here.
Vectors are half-precision rows beside their text, so that ranking reads both at once. It is
written by :mod:`ingest.draft`.
"""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ingest.documents import Document, Passage, Sentence, Source
from ingest.errors import ReleaseDamaged

_REMEMBERED = 2_000  # entries kept decoded: about 20 kB each
_PAGE = 5_000  # ids read at once

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

    def ids(self) -> Iterator[list[str]]:
        """The ids of all passages, some thousands at a time, in their order."""
        last = ""
        while rows := self._rows(
            "SELECT id FROM passages WHERE id > ? ORDER BY id LIMIT ?", [last, _PAGE]
        ):
            yield [id for (id,) in rows]
            [last] = rows[-1]

    def units(self) -> Iterator[list[str]]:
        """The ids of all vectors in the same way: one a passage, then one a sentence."""
        yield from self.ids()
        last: tuple[Any, ...] = ("", 0)
        while rows := self._rows(
            "SELECT passage, position FROM sentences WHERE (passage, position) > (?, ?)"
            " ORDER BY passage, position LIMIT ?",
            [*last, _PAGE],
        ):
            yield [unit_id(*row) for row in rows]
            last = rows[-1]

    def sample(self, count: int) -> list[str]:
        """The ids of so many passages or of all, the same at each call."""
        [(total,)] = self._rows("SELECT count(*) FROM passages")
        places = random.Random(0).sample(range(total), min(count, total))
        query = "SELECT id FROM passages ORDER BY id LIMIT 1 OFFSET ?"
        return [id for place in places for (id,) in self._rows(query, [place])]

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
            "SELECT passage, start, end, item, page, terms, vector FROM sentences"
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
        return document_of(*rows[0])

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


def unit_id(passage: str, position: int) -> str:
    """The id under which a sentence's vector is kept."""
    return f"{passage}:{position}"


def units(passage: Passage) -> Iterator[tuple[str, str]]:
    """The id and the text of each vector of a passage: its own, then one a sentence."""
    yield passage.id, passage.embedded
    for position, sentence in enumerate(passage.sentences):
        yield unit_id(passage.id, position), passage.embedded_sentence(sentence)


def document_of(source: str, text: str, blocks: str) -> Document:
    """The document of a row, whose source and blocks are JSON."""
    values = {"source": json.loads(source), "text": text, "blocks": json.loads(blocks)}
    return Document.from_json(values)


def _source(text: str) -> Source:
    return Source.from_json(json.loads(text))


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
            Sentence(begin, stop, text[begin - start : stop - start], bool(item), page)
            for begin, stop, item, page, _, _ in sentences
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
        sentence_terms=tuple(frozenset(terms.split()) for *_, terms, _ in sentences),
    )
