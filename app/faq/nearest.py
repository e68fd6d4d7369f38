"""What stands now where a quotation stood: the nearest sentences.

Sentences in a row are compared by their words in order (longest common subsequence over the
longer of both): those of the source first, those of the whole release when it has nothing alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rapidfuzz.distance import LCSseq

from app.faq.anchors import Place
from app.faq.entry import Cited
from app.faq.library import Library
from app.intent import folded
from ingest.documents import Passage, Source
from ingest.sentences import split_sentences

_ALIKE = 0.35  # below, the source's nearest words are others, and the whole release is searched
_SEARCHED = 5  # passages of it
_ASKED = 400  # characters of the quotation that are searched for
_WORD = re.compile(r"\w+")


def nearest(cited: Cited, library: Library) -> dict[str, Any] | None:
    """The nearest sentences to a quotation that is lost, as :func:`proposal` reads them.

    With ``likeness``, the share of words in common. None when the release has no passage.
    """
    words = _words(cited.quote)
    document = library.document(cited.source_id)
    best: tuple[float, Place] | None = None
    if document is not None:
        own = [(document.source, passage) for passage in library.passages_of(document.id)]
        best = _best(cited, words, own)
    if best is None or best[0] < _ALIKE:
        others = library.near(" ".join(cited.quote.split())[:_ASKED], _SEARCHED)
        other = _best(cited, words, others)
        best = max(filter(None, (best, other)), key=lambda one: one[0], default=None)
    if best is None:
        return None
    likeness, place = best
    found = place.cited(cited.number, library.release()).as_json()
    del found["state"], found["found"], found["number"]
    return {**found, "likeness": round(likeness, 3)}


def proposal(cited: Cited) -> Cited | None:
    """The citation that is proposed in place of a lost one, under its number; None without any."""
    if cited.found is None:
        return None
    values = {name: value for name, value in cited.found.items() if name != "likeness"}
    return Cited.from_json({**values, "number": cited.number, "state": "alive", "found": None})


def _best(
    cited: Cited, words: list[str], passages: Iterable[tuple[Source, Passage]]
) -> tuple[float, Place] | None:
    """The likest sentences; of those alike the shortest, of these the nearest to where it was."""
    longest = len(list(split_sentences(cited.quote, 0, len(cited.quote)))) + 1
    scored = (
        (LCSseq.normalized_similarity(words, _words(place.quote)), place)
        for source, passage in passages
        for place in _windows(source, passage, longest)
    )
    return max(
        scored,
        key=lambda one: (one[0], one[1].start - one[1].end, -abs(one[1].start - cited.start)),
        default=None,
    )


def _windows(source: Source, passage: Passage, longest: int) -> Iterator[Place]:
    sentences = passage.sentences
    for first, sentence in enumerate(sentences):
        for last in range(first, min(first + longest, len(sentences))):
            yield Place(source, passage, sentence.start, sentences[last].end)


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))
