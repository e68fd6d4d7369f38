"""``ask``: the only door through which the interfaces get an answer."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Generator, Iterable
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from app.answers import (
    UNKNOWN,
    Answer,
    Citation,
    Declined,
    Known,
    NotFound,
    Outcome,
    Piece,
    Ranked,
    Reason,
    Reply,
    Search,
    Statement,
    Tally,
    by_quote,
)
from app.calibration import Calibration, Mix
from app.chat.unavailable import ModelUnavailable
from app.chat.unavailable import Reason as Silence
from app.confidence import Judgement
from app.finding import Finding, find, search, vector_of
from app.intent import intent
from app.missing import Missing, missing
from app.query import Query, embedded, language_of
from app.quote import pointers, quotations
from app.retrieve import Candidate
from app.settings import QUESTION_LIMIT
from app.shelf import Shelf, Volume
from app.wording import (
    EXAMPLES,
    Wording,
    in_guillemets,
    in_sources,
    lead,
    of_sources,
    quoted_instead,
)
from ingest.documents import Document, Passage, Source
from ingest.embed import EmbeddingModel
from ingest.errors import ModelError, SettingsError
from ingest.passages import Vector
from ingest.store import Store

if TYPE_CHECKING:  # options: nothing of them is imported without
    from app.faq.answering import Answering
    from app.faq.matching import Match
    from app.generate import Writer

_CANDIDATES = 10
_NEAR = 3  # passages offered when the sources do not answer
_SUGGESTIONS = 3
# What is no question, or an order, is not looked for in the FAQ.
_NO_QUESTIONS = frozenset[Reason | None]({"greeting", "thanks", "empty", "orders"})


class Assistant:
    """Answers questions from the release in service. Safe to use from several threads.

    Its answers are judged by ``calibration``, or by the one that the store has. The published
    entries of ``faq`` answer first: also what would be declined, if the agency answers it.
    """

    def __init__(
        self,
        store: Store,
        model: EmbeddingModel,
        wording: Wording,
        writer: Writer | None = None,
        calibration: Calibration | None = None,
        faq: Answering | None = None,
    ) -> None:
        self._model = model
        self._wording = wording
        self._writer = writer
        self._faq = faq
        self._shelf = Shelf(store, model.space, model.name, calibration)

    def ask(self, question: str, id: str | None = None, previous: str | None = None) -> Reply:
        """The reply to a question; ``previous`` is the one before it in the conversation.

        Raises:
            SettingsError: the question is longer than ``QUESTION_LIMIT`` characters.
            StoreError: no release can be read.
        """
        for told in self.stream(question, id, previous):
            if isinstance(told, Reply):
                return told
        raise AssertionError("a stream ends with its reply")

    def stream(
        self,
        question: str,
        id: str | None = None,
        previous: str | None = None,
        left: Event | None = None,
    ) -> Generator[Piece | Reply, None, None]:
        """The statements that a language model writes, as they are verified, then the reply.

        Only the reply without a model. It holds the whole answer, which may be another one than
        the pieces: where too few of the statements were supported it quotes the passages. Who
        stops reading sets ``left``, so that the model is not left writing for nobody.

        Raises:
            SettingsError, StoreError: as :meth:`ask` does.
        """
        started = time.perf_counter()
        typed = cleaned(question)
        alone = of_sources(typed)
        text = alone or typed
        before = cleaned((previous or "")[-QUESTION_LIMIT:])
        with self._shelf.borrow() as volume:
            asked, tally = "", None
            if reason := intent(text):
                known = UNKNOWN if alone or reason in _NO_QUESTIONS else self._known(text, volume)
                declined = self._declined(reason, language_of(text))
                outcome: Outcome = known.answer or _proposing(declined, known.meant)
                asked = text if known.answer else ""
            else:
                finding, silence = self._found(text, before, volume)
                asked = finding.asked
                known = UNKNOWN if alone else self._published(asked, finding.query.vector, volume)
                outcome = self._of_both(finding, known, volume.calibration.mix)
                if self._writer and known.answer is None and isinstance(outcome, Answer):
                    outcome, tally = yield from self._written(
                        self._writer, finding, outcome, left, silence
                    )
            elapsed = (time.perf_counter() - started) * 1000
            asked = asked[-QUESTION_LIMIT:]  # to come back as the previous one
            yield Reply(question, outcome, volume.release.id, elapsed, id, asked, tally)

    def _known(self, text: str, volume: Volume) -> Known:
        """What the FAQ has for a message that is not searched for."""
        if self._faq is None:
            return UNKNOWN
        return self._published(text, vector_of(text, volume, self._model), volume)

    def _published(self, asked: str, vector: Vector | None, volume: Volume) -> Known:
        """What the FAQ has for a question."""
        if self._faq is None:
            return UNKNOWN
        release = volume.release
        return self._faq.known(asked, vector, release.table, release.id)

    def _found(self, text: str, before: str, volume: Volume) -> tuple[Finding, Silence | None]:
        """What the question finds, and why the model should not be asked to answer it, if so.

        A follow-up is made a question by the model where there is one; if it is silent or slow, it
        is not asked for the answer too: nobody waits twice.
        """
        silence: Silence | None = None

        def condense(question: str, previous: str) -> str | None:
            nonlocal silence
            try:
                return self._writer.condense(question, previous) if self._writer else None
            except ModelUnavailable as error:
                silence = error.reason
                return None

        return find(text, before, volume, self._model, _CANDIDATES, condense), silence

    def _written(
        self,
        writer: Writer,
        finding: Finding,
        quoted: Answer,
        left: Event | None,
        silence: Silence | None,
    ) -> Generator[Piece, None, tuple[Answer, Tally | None]]:
        """The statements of the model's answer; returns that answer, or the quoted one.

        With the tally of what it wrote, None where it was of no use.
        """
        if silence:
            note = quoted_instead(finding.query.language, "unwritten")
            return replace(quoted, note=note), Tally(instead="unwritten", failure=silence)
        writing = writer.begin(finding.query, finding.candidates, left)
        if writing is None:
            return quoted, None
        yield from writing
        return writing.answer(quoted, finding.judgement.is_sure), writing.tally()

    def _of_both(self, finding: Finding, known: Known, mix: Mix) -> Outcome:
        """The answer of the FAQ, else what the sources have with what the FAQ proposes."""
        if known.answer:
            return _leading_on(known.answer, finding)
        return _proposing(self._outcome(finding, mix), known.meant)

    def _declined(self, reason: Reason, language: str, confidence: float = 0.0) -> Declined:
        said = self._wording.declined(reason, language)
        return Declined(said, reason, EXAMPLES[:_SUGGESTIONS], confidence)

    def _outcome(self, finding: Finding, mix: Mix) -> Outcome:
        query, found, thought = finding.query, finding.candidates, finding.judgement
        if thought.answers and (cited := quotations(query, found, mix)):
            return _answer(query, found, cited, thought)
        # By words alone a question in another language is near nothing.
        if not (thought.is_on_topic or finding.follows or query.vector is None):
            return self._declined("off_topic", query.language, thought.probability)
        near = tuple(pointers(query, found[:_NEAR], mix, _NEAR))
        lacking = missing(query, found[:_NEAR]) if near else Missing()
        return NotFound(
            text=self._wording.not_found(query.language, lacking, bool(near)),
            citations=near,
            confidence=thought.probability,
            suggestions=_suggestions(found[:_NEAR], ()) or EXAMPLES[:_SUGGESTIONS],
        )

    def search(self, question: str, limit: int = 5, id: str | None = None) -> Search:
        """Ranked passages, the best ``limit`` of them.

        Raises:
            SettingsError: the question is longer than ``QUESTION_LIMIT`` characters.
            StoreError: no release can be read.
        """
        started = time.perf_counter()
        text = cleaned(question)
        with self._shelf.borrow() as volume:
            _, found = search(text, volume, self._model, limit)
            ranked = tuple(Ranked(c.entry.passage, c.entry.source, c.score) for c in found)
            elapsed = (time.perf_counter() - started) * 1000
            return Search(question, ranked, volume.release.id, elapsed, id)

    def document(self, source_id: str) -> Document | None:
        """A document of the release in service by its source's id, or None."""
        with self._shelf.borrow() as volume:
            return volume.release.table.document(source_id)

    def passages_of(self, source_id: str) -> list[Passage]:
        """Its passages in reading order."""
        with self._shelf.borrow() as volume:
            return volume.release.table.passages_of(source_id)

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Passages by their ids, those that the release in service holds."""
        with self._shelf.borrow() as volume:
            entries = volume.release.table.entries(ids)
            return {id: entry.passage for id, entry in entries.items()}

    def count(self) -> int:
        """How many documents the release in service holds."""
        with self._shelf.borrow() as volume:
            return volume.release.manifest.documents

    def sources(self) -> list[Source]:
        """The sources of the release in service, in the order they were ingested."""
        with self._shelf.borrow() as volume:
            return volume.release.table.sources()

    def release(self) -> str:
        """The id of the release in service."""
        with self._shelf.borrow() as volume:
            return volume.release.id

    def nearest_entries(self, question: str, limit: int = 5) -> list[Match]:
        """The published entries nearest to a question, best first, and why each does not answer it;
        none without a FAQ.

        Raises:
            SettingsError: the question is longer than ``QUESTION_LIMIT`` characters.
            RecordsError: the entries cannot be read.
            ModelError: the model fails.
        """
        return self._faq.ranked(cleaned(question), limit) if self._faq else []

    def entries_changed(self) -> None:
        """Have the published entries read anew beside, so that the next question finds them."""
        if self._faq:
            self._faq.begin()

    def space(self) -> str:
        """The space of the vectors that questions have."""
        return self._model.space

    def question_vector(self, question: str) -> Vector | None:
        """The unit vector of a question; None when the model has none to give for now."""
        try:
            return embedded(question, self._model)
        except ModelError:
            return None

    def thresholds(self) -> tuple[float, float]:
        """The probabilities from which a French question is answered, and without caution."""
        with self._shelf.borrow() as volume:
            regime = volume.calibration.regime("fr", not volume.by_words)
            return regime.threshold, regime.sure

    def degraded(self) -> bool:
        """Whether the lexicon answers alone: for good without vectors, for as long as the server
        of the vectors or that of the model does not answer.
        """
        with self._shelf.borrow() as volume:
            return volume.by_words

    def examples(self) -> tuple[str, ...]:
        """Questions to begin with."""
        return EXAMPLES

    @property
    def faq(self) -> Answering | None:
        """The entries that answer first, where there are any: to be tried by the staff."""
        return self._faq

    def close(self) -> None:
        """Free the release."""
        if self._faq is not None:
            self._faq.close()
        self._shelf.close()


def cleaned(question: str) -> str:
    """The question composed (NFC), without invisible characters, control ones as spaces.

    Raises:
        SettingsError: it is too long; checked before anything else.
    """
    if len(question) > QUESTION_LIMIT:
        raise SettingsError(
            f"La question est trop longue ({len(question)} caractères) : {QUESTION_LIMIT} au plus."
        )
    composed = unicodedata.normalize("NFC", question)
    shown = (c for c in composed if unicodedata.category(c) != "Cf")  # soft hyphens, zero widths
    kept = (c if unicodedata.category(c) not in {"Cc", "Cs", "Co"} else " " for c in shown)
    return " ".join("".join(kept).split())


def _proposing(outcome: Outcome, meant: tuple[str, ...]) -> Outcome:
    """The outcome with the questions of the FAQ that may be meant before what it suggests.

    What has nothing to do with the agency is not led to them.
    """
    if not meant or (isinstance(outcome, Declined) and outcome.reason == "off_topic"):
        return outcome
    proposed = dict.fromkeys((*meant, *outcome.suggestions))
    return replace(outcome, suggestions=tuple(proposed)[:_SUGGESTIONS])


def _leading_on(answer: Answer, finding: Finding) -> Answer:
    """The answer of an entry with what may be asked next: first the sources, unless the question
    is its very words.
    """
    again = in_sources(finding.asked, finding.query.language)
    is_sure = answer.confidence >= 1 or len(again) > QUESTION_LIMIT
    seen = tuple(citation.heading for citation in answer.citations)
    others = _suggestions(finding.candidates[:_NEAR], seen)
    return replace(answer, suggestions=(*(() if is_sure else (again,)), *others)[:_SUGGESTIONS])


def _answer(
    query: Query, found: list[Candidate], cited: list[Citation], thought: Judgement
) -> Answer:
    quotes = by_quote(cited)
    statements = tuple(
        Statement(text, tuple(citation.number for citation in same))
        for same in quotes
        for text in _sentences(same[0], found)
    )
    opening = lead([citation.source for citation in cited], query.language, thought.is_sure)
    quoted = (
        " ".join([in_guillemets(same[0].quote), *(f"[{citation.number}]" for citation in same)])
        for same in quotes
    )
    used = {citation.passage for citation in cited}
    others = [candidate for candidate in found if candidate.entry.passage.id not in used]
    return Answer(
        text="\n".join([opening, *quoted]),
        statements=statements,
        citations=tuple(cited),
        confidence=thought.probability,
        suggestions=_suggestions(others, tuple(c.heading for c in cited)),
    )


def _sentences(citation: Citation, found: list[Candidate]) -> list[str]:
    passage = next(c.entry.passage for c in found if c.entry.passage.id == citation.passage)
    return [
        s.text for s in passage.sentences if citation.start <= s.start and s.end <= citation.end
    ]


def _suggestions(candidates: list[Candidate], seen: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Headings of other passages that are worded as questions, so that the corpus answers them."""
    asked = {heading[-1] for heading in seen if heading}
    found: dict[str, None] = {}
    for candidate in candidates:
        heading = candidate.entry.passage.heading
        if heading and heading[-1].endswith("?") and heading[-1] not in asked:
            found[heading[-1]] = None
    return tuple(found)[:_SUGGESTIONS]
