"""Passages made by hand, whose sentences have the cosines a test gives them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.retrieve import Candidate
from ingest.documents import Passage, Sentence, Source
from ingest.passages import Entry

UNIT = np.array([1.0, 0.0], dtype=np.float32)
ITEM = "• "


def candidate(
    *texts: str, cosines: Sequence[float], score: float = 1.0, id: str = "p"
) -> Candidate:
    """A passage of these sentences, one space apart; those that open with ``•`` are items."""
    sentences: list[Sentence] = []
    start = 0
    for text in texts:
        bare = text.removeprefix(ITEM)
        start += len(text) - len(bare)
        sentences.append(Sentence(start, start + len(bare), bare, text.startswith(ITEM)))
        start += len(bare) + 1
    text = " ".join(texts)
    source = Source(title=f"Fiche {id}")
    passage = Passage(id, source.id, source.title, (), 0, len(text), text, tuple(sentences))
    none: frozenset[str] = frozenset()
    entry = Entry(passage, source, UNIT, np.tile(UNIT, (len(texts), 1)), none, (none,) * len(texts))
    return Candidate(entry, score, tuple(cosines), 0.0, 0.0, 0.0)
