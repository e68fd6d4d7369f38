"""Asking each case of one release, and keeping what the figures are made of."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.answers import Citation
from app.assistant import cleaned
from app.evaluate.cases import SQUAD, Case
from app.finding import Finding, find, judged
from app.intent import intent
from app.query import Speller
from app.quote import quotations
from app.retrieve import Candidate
from app.settings import QUESTION_LIMIT
from app.shelf import Volume
from ingest.embed import EmbeddingModel
from ingest.release import Release

DEPTH = 60  # passages kept, so that some are left when an article is removed
SHOWN = 5
ASKED, REMOVED, OFF_TOPIC = "asked", "article removed", "off-topic"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of a case. ``None`` where a figure does not apply to it."""

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
    citations: tuple[Citation, ...] = ()


class Examiner:
    """Asks questions of one release, below the assistant so that what is refused is seen too."""

    def __init__(self, release: Release, model: EmbeddingModel) -> None:
        self._volume = Volume(release, Speller(release))
        self._model = model

    def examine(self, case: Case, group: str = ASKED) -> list[Measured]:
        """A case as it is; an article's question once more with that article taken away."""
        started = time.perf_counter()
        text = cleaned(case.question[:QUESTION_LIMIT])
        previous = cleaned((case.previous or "")[:QUESTION_LIMIT])
        finding = find(text, previous, self._volume, self._model, DEPTH)
        measured = [self._measured(case, group, finding, started)]
        if case.kind == SQUAD and case.answerable:
            others = [c for c in finding.candidates if not case.is_from(c.entry.source)]
            left = judged(finding.asked, finding.query, others, self._volume, self._model)
            measured.append(self._measured(replace(case, answerable=False), REMOVED, left, started))
        return measured

    def _measured(self, case: Case, group: str, finding: Finding, started: float) -> Measured:
        found = finding.candidates
        citations = tuple(quotations(finding.query, found))
        elapsed = (time.perf_counter() - started) * 1000
        declined = intent(cleaned(case.question[:QUESTION_LIMIT])) is not None
        checked = case.is_checkable
        return Measured(
            case=case,
            group=group,
            answerable=case.answerable,
            declined=declined,
            answered=not declined and finding.answers and bool(citations),
            probability=0.0 if declined else finding.probability,
            first=_held(case, found[:1]) if checked else None,
            five=_held(case, found[:SHOWN]) if checked else None,
            quoted=case.is_quoted_by(citations) if checked else None,
            precise=tuple(case.is_overlapped_by(c) for c in citations) if checked else (),
            length=sum(len(citation.quote) for citation in citations),
            milliseconds=elapsed,
            language=finding.query.language,
            citations=citations,
        )


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
