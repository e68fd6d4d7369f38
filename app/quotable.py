"""What may be quoted of ranked passages, and the share of the answer each part is likely to hold.

A part is a whole sentence, or a list with the sentence that introduces it. The features of a
sentence are summed by the calibration's mix, and the softmax of the sums shares one among the
parts of the best passages: a share is the probability that the answer stands there, if anywhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.calibration import Mix
from app.intent import folded
from app.query import Query
from app.retrieve import Candidate
from ingest.documents import Sentence

PASSAGES = 5  # whose sentences may be quoted
GROUP_LENGTH = 800  # a list with the sentence that introduces it: that of a passage

_LEAST_LETTERS = 12  # fewer are a label, not a sentence
_FIRST_BEFORE = 0.02  # the cosine before a passage's first sentence is taken to be this much less
# Dot leaders of a table of contents; a menu or a path of links.
_NOT_PROSE = re.compile(r"\.{4,}|(?:\. ){4,}|…\s?…|(?: [|›•·] .*){3,}")


@dataclass(frozen=True, slots=True)
class Quotable:
    """Sentences that are quoted together or not at all; ``features`` are those of the best one."""

    candidate: Candidate
    first: int
    last: int
    features: dict[str, float]
    share: float = 0.0

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences, in reading order."""
        return self.candidate.entry.passage.sentences[self.first : self.last + 1]

    @property
    def length(self) -> int:
        """Characters from the first to the last."""
        return self.sentences[-1].end - self.sentences[0].start

    def overlaps(self, other: Quotable) -> bool:
        """Whether both hold a character of the same text: passages may overlap."""
        here, there = self.sentences, other.sentences
        return (
            self.candidate.entry.source.id == other.candidate.entry.source.id
            and here[0].start < there[-1].end
            and there[0].start < here[-1].end
        )

    @property
    def gain(self) -> float:
        """The share of the answer that a character of it brings."""
        return self.share / self.length


def quotables(query: Query, candidates: Sequence[Candidate], mix: Mix) -> list[Quotable]:
    """The parts of the best passages, the likeliest first; what is said twice is there once."""
    parts: dict[str, Quotable] = {}
    for candidate in candidates[:PASSAGES]:
        for part in parts_of(query, candidate, mix):
            said = " ".join(folded(sentence.text) for sentence in part.sentences)
            parts.setdefault(said, part)
    found = list(parts.values())
    shares = _shares([weighed(part.features, mix) for part in found])
    shared = [replace(part, share=share) for part, share in zip(found, shares, strict=True)]
    return sorted(shared, key=lambda part: -part.share)


def parts_of(query: Query, candidate: Candidate, mix: Mix) -> Iterator[Quotable]:
    """The parts of one passage that may be quoted, in reading order, without their shares."""
    sentences = candidate.entry.passage.sentences
    features = [_features(query, candidate, position) for position in range(len(sentences))]
    position = 0
    while position < len(sentences):
        last = _end_of_list(sentences, position)
        if _is_evidence(sentences, position, last):
            best = max(features[position : last + 1], key=lambda one: weighed(one, mix))
            yield Quotable(candidate, position, last, best)
        position = last + 1


def _features(query: Query, candidate: Candidate, position: int) -> dict[str, float]:
    entry, cosines = candidate.entry, candidate.sentence_cosines or (0.0,) * (position + 1)
    text = entry.passage.sentences[position].text
    met = len(query.expectation.met(text))
    return {
        "cosine": cosines[position],
        "passage": candidate.score,
        "coverage": query.coverage(entry.sentence_terms[position] | entry.context_terms),
        "log_length": math.log1p(len(text)),
        "cosine_before": (cosines[position - 1] if position else cosines[position] - _FIRST_BEFORE),
        "met": float(met),
        "unmet": float(len(query.expectation.kinds) - met),
    }


def weighed(features: dict[str, float], mix: Mix) -> float:
    """The features of a part, summed by the mix."""
    return sum(weight * features[name] for name, weight in mix.weights.items())


def _shares(scores: Sequence[float]) -> list[float]:
    """The softmax of the scores."""
    highest = max(scores, default=0.0)
    powers = [math.exp(score - highest) for score in scores]
    return [power / sum(powers) for power in powers]


def _end_of_list(sentences: Sequence[Sentence], position: int) -> int:
    """The last item of the list that the sentence opens, or the sentence itself."""
    last = position
    if sentences[position].item or sentences[position].text.endswith(":"):
        while last + 1 < len(sentences) and sentences[last + 1].item:
            last += 1
    if sentences[last].end - sentences[position].start > GROUP_LENGTH:
        return position
    return last


def _is_evidence(sentences: Sequence[Sentence], first: int, last: int) -> bool:
    """Whether they say something by themselves: no label, menu, contents or half of a sentence."""
    text = sentences[first].text
    if first == last and text.endswith(":"):
        return False
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS or text.startswith("("):
        return False
    return not _NOT_PROSE.search(text) and not _is_half(sentences, first)


def _is_half(sentences: Sequence[Sentence], position: int) -> bool:
    """Whether it goes on where another one was cut: it opens with a small letter, others do not."""
    if sentences[position].item or not sentences[position].text[0].islower():
        return False
    return any(one.text[0].isupper() for one in sentences)
