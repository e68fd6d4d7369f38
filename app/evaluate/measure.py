"""Asking each case of one release, and keeping what the figures are made of."""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.answers import Citation
from app.assistant import cleaned
from app.calibration import Calibration, Mix
from app.confidence import judge
from app.evaluate.cases import SQUAD, Case
from app.finding import Finding, find, judged
from app.intent import intent
from app.query import Query, Speller
from app.quotable import quotables
from app.quote import quotations
from app.retrieve import Candidate, ranked
from app.settings import QUESTION_LIMIT
from app.shelf import Volume
from ingest.documents import Source
from ingest.embed import EmbeddingModel
from ingest.lexicon import idf
from ingest.release import Release

DEPTH = 60  # passages kept, so that some are left when an article is removed
SHOWN = 5
ASKED, REMOVED, OFF_TOPIC = "asked", "article removed", "off-topic"
ALONE, OTHER = "article alone", "another article alone"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What may be quoted of a case: its features, its length, whether the answer is in it."""

    features: dict[str, float]
    length: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of a case. ``None`` where a figure does not apply to it.

    ``features`` are those of :mod:`app.confidence` (empty when nothing was found), ``parts`` what
    may be quoted where the answer is a span: a calibration is fitted on both.
    """

    case: Case
    group: str
    answerable: bool
    declined: bool
    answered: bool
    probability: float
    first: bool | None
    five: bool | None
    quoted: bool | None
    precise: tuple[bool, ...]
    length: int
    milliseconds: float
    language: str
    topic: float = 0.0
    citations: tuple[Citation, ...] = ()
    features: dict[str, float] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()


class Examiner:
    """Asks questions of one release, below the assistant so that what is refused is seen too.

    ``thorough``: an article's question is also asked of that article as the whole corpus, and of
    another one, as a calibration that holds for small corpora needs.
    """

    def __init__(
        self,
        release: Release,
        model: EmbeddingModel,
        calibration: Calibration,
        thorough: bool = False,
    ) -> None:
        self._volume = Volume(release, Speller(release), calibration)
        self._model = model
        self._sources = release.table.sources() if thorough else []

    def examine(self, case: Case, group: str = ASKED) -> list[Measured]:
        """A case as it is; an article's question once more with that article taken away.

        Raises:
            ChartisteError: the vectors or the model fail; figures by words alone would mislead.
        """
        started = time.perf_counter()
        text = cleaned(case.question[:QUESTION_LIMIT])
        previous = cleaned((case.previous or "")[:QUESTION_LIMIT])
        finding = find(text, previous, self._volume, self._model, DEPTH)
        if self._volume.failure:
            raise self._volume.failure
        measured = [self._measured(case, group, finding, started)]
        if case.kind == SQUAD and case.answerable:
            others = [c for c in finding.candidates if not case.is_from(c.entry.source)]
            left = judged(finding.asked, finding.query, others, self._volume)
            measured.append(self._measured(_unanswerable(case), REMOVED, left, started))
            measured += self._alone(case, finding.query, started)
        return measured

    def _alone(self, case: Case, query: Query, started: float) -> Iterator[Measured]:
        own = [source for source in self._sources if case.is_from(source)]
        others = [source for source in self._sources if not case.is_from(source)]
        for asked, group, sources in ((case, ALONE, own), (_unanswerable(case), OTHER, others)):
            if sources:
                source = sources[zlib.crc32(case.question.encode()) % len(sources)]
                finding = self._in_one(source, query)
                yield self._measured(asked, group, finding, started)

    def _in_one(self, source: Source, query: Query) -> Finding:
        """What a query finds where one document is the whole corpus."""
        entries = self._volume.release.table.entries_of(source.id)
        counts = Counter(term for entry in entries for term in entry.passage_terms)
        weights = {term: idf(len(entries), counts[term]) for term in query.weights}
        query = replace(query, weights=weights)
        found = ranked(query, entries, {})
        thought = judge(query, found, len(entries), self._volume.calibration)
        return Finding(query.text, query, found, thought)

    def _measured(self, case: Case, group: str, finding: Finding, started: float) -> Measured:
        query, found = finding.query, finding.candidates
        mix = self._volume.calibration.mix
        citations = tuple(quotations(query, found, mix))
        elapsed = (time.perf_counter() - started) * 1000
        declined = intent(cleaned(case.question[:QUESTION_LIMIT])) is not None
        checked = case.is_checkable
        spans = group == ASKED and bool(case.spans)
        return Measured(
            case=case,
            group=group,
            answerable=case.answerable,
            declined=declined,
            answered=not declined and finding.judgement.answers and bool(citations),
            probability=0.0 if declined else finding.judgement.probability,
            first=_held(case, found[:1]) if checked else None,
            five=_held(case, found[:SHOWN]) if checked else None,
            quoted=case.is_quoted_by(citations) if checked else None,
            precise=tuple(case.is_overlapped_by(c) for c in citations) if checked else (),
            length=sum(len(citation.quote) for citation in citations),
            milliseconds=elapsed,
            language=query.language,
            topic=0.0 if declined else finding.judgement.topic,
            citations=citations,
            features=finding.judgement.features,
            parts=tuple(_parts(case, query, found, mix)) if spans else (),
        )


def _unanswerable(case: Case) -> Case:
    return replace(case, answerable=False)


def _parts(case: Case, query: Query, found: Sequence[Candidate], mix: Mix) -> Iterator[Part]:
    for part in quotables(query, found, mix):
        first, last = part.sentences[0], part.sentences[-1]
        holds = case.is_from(part.candidate.entry.source) and any(
            first.start <= start and end <= last.end for start, end in case.spans
        )
        yield Part(part.features, part.length, holds)


def _held(case: Case, found: Sequence[Candidate]) -> bool:
    return any(case.is_held_by(candidate) for candidate in found)


def measure(
    cases: Sequence[Case], off_topic: Sequence[str], examiner: Examiner, progress: Progress
) -> list[Measured]:
    """All cases, those of articles twice, then the off-topic questions."""
    others = [
        Case(f"off-topic {number}", question, OFF_TOPIC, answerable=False)
        for number, question in enumerate(off_topic, start=1)
    ]
    work = [*((case, ASKED) for case in cases), *((case, OFF_TOPIC) for case in others)]
    measured: list[Measured] = []
    for done, (case, group) in enumerate(work, start=1):
        measured += examiner.examine(case, group)
        progress("Évaluation", done, len(work))
    return measured
