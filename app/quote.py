"""From ranked passages to quotations: one to three whole sentences, with exact offsets.

The likeliest part comes first; a further one is quoted while it brings enough of the answer for
its length (:class:`app.calibration.Mix`), so that a sure answer is short and an unsure one longer.
On PIAF (3,709 questions, the mix cross-validated by article), at the same mean length of 350
characters the gold answer is inside the quotation for 76.9 % of the questions, where a fixed
margin under the best score and a mix of cosine, passage and coverage give 73.1 %.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.answers import Citation
from app.calibration import Mix
from app.query import Query
from app.quotable import Quotable, parts_of, quotables
from app.retrieve import Candidate

SENTENCES = 3  # a list counts as one; the sentences that pronouns need come on top
LENGTH = 700  # characters, past the first part

_DEPENDENT = re.compile(
    r"(?:il|elle|ils|elles|ce|cet|cette|ces|cela|ceci|celui-ci|celle-ci|ceux-ci|celles-ci|"
    r"son|sa|ses|leur|leurs|c['’]est|c['’]était|y)\b",
    re.IGNORECASE,
)
Span = tuple[Candidate, int, int]


def quotations(query: Query, candidates: Sequence[Candidate], mix: Mix) -> list[Citation]:
    """The quotations that answer best, in reading order within a passage, best passage first.

    A quotation that another source holds too, word for word, is followed by a citation of it.
    """
    spans = _spans(_choose(quotables(query, candidates, mix), mix))
    cited = [one for span in spans for one in (span, *_twins(span, candidates))]
    return [_citation(number, *one) for number, one in enumerate(cited, 1)]


def _choose(parts: Sequence[Quotable], mix: Mix) -> list[Quotable]:
    if not parts:
        return []
    first, *others = (_with_antecedent(part, parts) for part in parts)
    chosen, length, count = [first], first.length, len(parts[0].sentences)
    for part in sorted(others, key=lambda part: -part.gain):
        if part.gain < mix.gain or count >= SENTENCES:
            break
        if length + part.length <= LENGTH and not any(map(part.overlaps, chosen)):
            chosen.append(part)
            length, count = length + part.length, count + 1
    return sorted(chosen, key=lambda part: -part.share)


def _with_antecedent(part: Quotable, parts: Sequence[Quotable]) -> Quotable:
    """The part with the sentence before it, when it opens with a pronoun that needs it.

    It has the share of both.
    """
    if part.first == 0 or not _DEPENDENT.match(part.sentences[0].text):
        return part
    share = part.share + sum(
        one.share for one in parts if one.candidate is part.candidate and one.last == part.first - 1
    )
    before = replace(part, first=part.first - 1, share=share)
    return before if before.length <= LENGTH else part


def _spans(chosen: Sequence[Quotable]) -> list[Span]:
    """Sentence runs by passage, in the order of the passages' best part; neighbours joined."""
    runs: dict[str, tuple[Candidate, set[int]]] = {}
    for part in chosen:
        passage = part.candidate.entry.passage.id
        _, positions = runs.setdefault(passage, (part.candidate, set()))
        positions.update(range(part.first, part.last + 1))
    spans: list[Span] = []
    for candidate, positions in runs.values():
        for position in sorted(positions):
            if spans and spans[-1][0] is candidate and spans[-1][2] == position - 1:
                spans[-1] = (candidate, spans[-1][1], position)
            else:
                spans.append((candidate, position, position))
    return spans


def _twins(span: Span, candidates: Sequence[Candidate]) -> Iterator[Span]:
    """The same sentences in passages of other sources, one a source."""
    said = _texts(span)
    seen = {span[0].entry.source.id}
    for candidate in candidates:
        texts = [sentence.text for sentence in candidate.entry.passage.sentences]
        for first in range(len(texts) - len(said) + 1):
            if texts[first : first + len(said)] == said and candidate.entry.source.id not in seen:
                seen.add(candidate.entry.source.id)
                yield candidate, first, first + len(said) - 1


def _texts(span: Span) -> list[str]:
    candidate, first, last = span
    return [sentence.text for sentence in candidate.entry.passage.sentences[first : last + 1]]


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


def pointers(query: Query, candidates: Sequence[Candidate], mix: Mix, limit: int) -> list[Citation]:
    """Where to look when nothing answers: what would be quoted, then the next best passages.

    At most ``limit`` citations, of whole sentences.
    """
    cited = quotations(query, candidates, mix)
    quoted = {citation.passage for citation in cited}
    for candidate in candidates:
        parts = list(parts_of(query, candidate, mix))
        if parts and candidate.entry.passage.id not in quoted:
            best = max(parts, key=lambda part: part.features["cosine"])
            pointer = _citation(len(cited) + 1, candidate, best.first, best.last)
            if not any(map(pointer.overlaps, cited)):
                cited.append(pointer)
    return cited[:limit]
