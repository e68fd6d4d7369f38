"""From ranked passages to quotations: one to three whole sentences, with exact offsets.

Sentences of the best passages are scored by a linear mix fitted on PIAF (1,000 questions,
cross-validated by article): share of questions whose gold answer is inside the quotation .64 with
one sentence, .81 with three of any length, .73 with the settings below (347 characters on
average, 3,709 questions). The passage's own score weighs more than the sentence's cosine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.answers import Citation
from app.query import Query
from app.retrieve import Candidate
from ingest.documents import Sentence

PASSAGES = 5  # whose sentences may be quoted
SENTENCES = 3
LENGTH = 520  # characters, past the first sentence
GROUP_LENGTH = 600  # a list with the sentence that introduces it may be longer
# Relative to the sentence's cosine.
PASSAGE_WEIGHT, COVERAGE_WEIGHT = 1.23, 0.073
# A further sentence is quoted only when its score is this near to the best one's.
MARGIN = 0.07

_DEPENDENT = re.compile(
    r"(?:il|elle|ils|elles|ce|cet|cette|ces|cela|ceci|celui-ci|celle-ci|ceux-ci|celles-ci|"
    r"son|sa|ses|leur|leurs|c['’]est|c['’]était|y)\b",
    re.IGNORECASE,
)
_LEAST_LETTERS = 12  # fewer are a label, not a sentence


@dataclass(frozen=True, slots=True)
class Quotable:
    """Sentences that are quoted together or not at all: a sentence, or a list with its lead."""

    candidate: Candidate
    first: int
    last: int
    score: float

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.candidate.entry.passage.sentences[self.first : self.last + 1]

    @property
    def length(self) -> int:
        """Characters from the first to the last."""
        return self.sentences[-1].end - self.sentences[0].start


def quotations(query: Query, candidates: Sequence[Candidate]) -> list[Citation]:
    """The quotations that answer best, in reading order within a passage, best passage first."""
    units = [unit for c in candidates[:PASSAGES] for unit in _units(query, c)]
    chosen = _choose(sorted(units, key=lambda unit: -unit.score))
    return [_citation(n, c, first, last) for n, (c, first, last) in enumerate(_spans(chosen), 1)]


def _units(query: Query, candidate: Candidate) -> Iterator[Quotable]:
    sentences = candidate.entry.passage.sentences
    scores = [_score(query, candidate, position) for position in range(len(sentences))]
    position = 0
    while position < len(sentences):
        last = _end_of_list(sentences, position)
        if _is_quotable(sentences[position : last + 1]):
            yield Quotable(candidate, position, last, max(scores[position : last + 1]))
        position = last + 1


def _end_of_list(sentences: Sequence[Sentence], position: int) -> int:
    """The last item of the list that the sentence opens, or the sentence itself."""
    last = position
    if sentences[position].item or sentences[position].text.endswith(":"):
        while last + 1 < len(sentences) and sentences[last + 1].item:
            last += 1
    if sentences[last].end - sentences[position].start > GROUP_LENGTH:
        return position
    return last


def _is_quotable(sentences: Sequence[Sentence]) -> bool:
    text = sentences[0].text
    if len(sentences) == 1 and text.endswith(":"):
        return False
    return sum(map(str.isalpha, text)) >= _LEAST_LETTERS and not text.startswith("(")


def _score(query: Query, candidate: Candidate, position: int) -> float:
    entry = candidate.entry
    terms = entry.sentence_terms[position] | entry.context_terms
    cosine = candidate.sentence_cosines[position] if candidate.sentence_cosines else 0.0
    return cosine + PASSAGE_WEIGHT * candidate.score + COVERAGE_WEIGHT * query.coverage(terms)


def _choose(units: Sequence[Quotable]) -> list[Quotable]:
    chosen: list[Quotable] = []
    length = count = 0
    for unit in map(_with_antecedent, units):
        if chosen and (
            unit.score < chosen[0].score - MARGIN
            or length + unit.length > LENGTH
            or count + len(unit.sentences) > SENTENCES
        ):
            continue
        chosen.append(unit)
        length += unit.length
        count += len(unit.sentences)
    return chosen


def _with_antecedent(unit: Quotable) -> Quotable:
    """The unit with the sentence before it, when it opens with a pronoun that needs it."""
    if unit.first == 0 or not _DEPENDENT.match(unit.sentences[0].text):
        return unit
    before = Quotable(unit.candidate, unit.first - 1, unit.last, unit.score)
    return before if before.length <= LENGTH else unit


def _spans(chosen: Sequence[Quotable]) -> list[tuple[Candidate, int, int]]:
    """Sentence runs by passage, in the order of the passages' best unit; neighbours joined."""
    runs: dict[str, tuple[Candidate, set[int]]] = {}
    for unit in chosen:
        passage = unit.candidate.entry.passage.id
        _, positions = runs.setdefault(passage, (unit.candidate, set()))
        positions.update(range(unit.first, unit.last + 1))
    spans: list[tuple[Candidate, int, int]] = []
    for candidate, positions in runs.values():
        for position in sorted(positions):
            if spans and spans[-1][0] is candidate and spans[-1][2] == position - 1:
                spans[-1] = (candidate, spans[-1][1], position)
            else:
                spans.append((candidate, position, position))
    return spans


def _citation(number: int, candidate: Candidate, first: int, last: int) -> Citation:
    entry = candidate.entry
    passage = entry.passage
    start, end = passage.sentences[first].start, passage.sentences[last].end
    return Citation(
        number=number,
        passage=passage.id,
        quote=passage.text[start - passage.start : end - passage.start],
        start=start,
        end=end,
        heading=passage.heading,
        source=entry.source,
    )


def pointers(query: Query, candidates: Sequence[Candidate], limit: int) -> list[Citation]:
    """Where to look when nothing answers: what would be quoted, then the next best passages.

    At most ``limit`` citations, of whole sentences.
    """
    cited = quotations(query, candidates)
    quoted = {citation.passage for citation in cited}
    for candidate in candidates:
        units = list(_units(query, candidate))
        if units and candidate.entry.passage.id not in quoted:
            best = max(units, key=lambda unit: unit.score)
            cited.append(_citation(len(cited) + 1, candidate, best.first, best.last))
    return cited[:limit]
