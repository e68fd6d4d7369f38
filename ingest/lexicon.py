"""The door to tantivy: a BM25 index over passages, with titles and headings as their own field."""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from ingest.errors import ReleaseDamaged
from ingest.french import Analysis, analyzer, prepared

_ANALYZER = "french"
_HEAP = 50_000_000  # bytes; tantivy's least per thread is 15 MB
TITLE, TEXT = "title", "text"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(TITLE, stored=False, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field(TEXT, stored=False, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def build_lexicon(folder: Path, passages: Iterable[tuple[str, str, str]]) -> None:
    """Write the index of passages into ``folder``, which is created.

    Each comes as its id, its context (title and headings) and its text.
    """
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer(_ANALYZER, analyzer())
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for id, context, text in passages:
        document = tantivy.Document()
        document.add_text("id", id)
        document.add_text(TITLE, prepared(context))
        document.add_text(TEXT, prepared(text))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    for file in folder.iterdir():  # tantivy keeps some to its own user; others may serve them
        file.chmod(0o644)


class Lexicon:
    """A read-only index. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        try:
            self._index = self._open(folder)
            self._index.register_tokenizer(_ANALYZER, analyzer())
            self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            self.close()
            raise ReleaseDamaged("L'index lexical de la version ne peut pas être lu.") from error
        self._schema = self._index.schema
        self.analysis = Analysis()
        self._idf: dict[str, float] = {}

    def _open(self, folder: Path) -> tantivy.Index:
        """The index; a copy of it where its folder is read-only, since tantivy wants to lock it."""
        if os.access(folder, os.W_OK) or not folder.is_dir():
            return tantivy.Index.open(str(folder))
        self._copy = tempfile.TemporaryDirectory(prefix="chartiste-", ignore_cleanup_errors=True)
        shutil.copytree(folder, self._copy.name, dirs_exist_ok=True, copy_function=shutil.copyfile)
        return tantivy.Index.open(self._copy.name)

    def close(self) -> None:
        """Delete the copy, where there is one."""
        if self._copy is not None:
            self._copy.cleanup()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def holds(self, pages: Iterable[Sequence[str]]) -> bool:
        """Whether its passages are those of ``pages``, which name each of them once."""
        count = 0
        for page in pages:
            count += len(page)
            if not all(self._searcher.doc_freq("id", id) for id in page):
                return False
        return count == len(self)

    def search(
        self, terms: Sequence[str], limit: int, boosts: dict[str, float]
    ) -> list[tuple[str, float]]:
        """Passage ids and BM25 scores, best first; ``boosts`` weighs each field to search."""
        if not terms or not len(self):
            return []
        clauses = [
            (tantivy.Occur.Should, self._weighed(field, term, boost))
            for field, boost in boosts.items()
            for term in dict.fromkeys(terms)
        ]
        result = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False)
        return [
            (str(self._searcher.doc(address).get_first("id")), float(score))
            for score, address in result.hits
        ]

    def _weighed(self, field: str, term: str, boost: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, term, "freq")
        return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)

    def frequency(self, term: str) -> int:
        """In how many passages the term stands, title or text."""
        return max(
            self._searcher.doc_freq(TEXT, term),
            self._searcher.doc_freq(TITLE, term),
        )

    def idf(self, term: str) -> float:
        """The :func:`idf` of a term among all passages."""
        known = self._idf.get(term)
        if known is not None:
            return known
        count = self.frequency(term)
        weight = idf(len(self), count)
        if count:  # the corpus's own terms only: questions must not fill the memory
            self._idf[term] = weight
        return weight


def idf(passages: int, holding: int) -> float:
    """BM25's inverse document frequency, ``ln(1 + (N - n + 0.5) / (n + 0.5))``.

    A word that no passage holds counts like one that a single passage holds: in a corpus of a few
    passages it would otherwise outweigh all the others.
    """
    n = max(1, holding)
    return math.log1p((passages - n + 0.5) / (n + 0.5))
