"""From passages to an answer that a language model writes, of which only what they say is shown.

The model sees numbered passages and answers with markers. Each of its sentences is checked as
soon as it is whole (:mod:`app.verify`): one that its passage supports is shown with the very
sentences that say so, one that another passage supports is cited from there. Where its words are
theirs and their order is not, these sentences are shown in its place. One that lacks nothing but
common words is put to a model of inference, where there is one. Any other one is left out. When
less than half is left there is no answer, and the quoted one takes its place.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from threading import Event
from typing import Protocol

from langchain_core.messages import BaseMessage

from app.answers import Answer, Citation, Instead, Piece, Statement, Tally
from app.chat.unavailable import ModelUnavailable
from app.condense import is_condensed
from app.intent import folded
from app.orders import has_orders
from app.prompt_files import LANGUAGES, Prompt, load_prompt
from app.prompts import Extract, answer_messages, condense_messages
from app.query import Query, language_of
from app.quote import citation_of, opens_with_pronoun
from app.retrieve import Candidate
from app.verify.verdicts import Fault, Span, Unsupported, Verdict, WrongCitation
from app.verify.verifier import Offered, Verifier
from app.wording import fault_said, in_guillemets, lead, partly, quoted_instead
from app.written import LONGEST, Written, statements, without_thoughts
from ingest.documents import context_of
from ingest.errors import ModelError

log = logging.getLogger(__name__)

_OFFERED = 6  # passages
_CHARACTERS = 6_000  # of all passages together
_MOST = 20  # statements of one answer
_PATIENCE = 4.0  # seconds for a follow-up to be made a question, before that is answered


class Chat(Protocol):
    """What a language model does here."""

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, int | None]:
        """Its answer, piece by piece; closing it ends the connection.

        Returns the tokens that its server counted, None when they are not known.

        Raises:
            ModelUnavailable: there is none, or no more of it.
        """


class Judge(Protocol):
    """What a model of inference does here."""

    def probability(self, premise: str, hypothesis: str) -> float:
        """The probability that the premise entails the hypothesis.

        Raises:
            ModelError: there is none.
        """


class Writer:
    """Writes answers with a model, told what the prompts of ``folder`` say, or the shipped ones.

    ``shows_all``: sentences that no passage supports are shown too, marked as such.
    ``entailment``: what is asked of a sentence that lacks nothing but common words; it is supported
    when the probability is at least ``threshold``. Safe to use from several threads.

    Raises:
        SettingsError: a prompt cannot be read.
    """

    def __init__(
        self,
        chat: Chat,
        folder: Path | None = None,
        shows_all: bool = False,
        entailment: Judge | None = None,
        threshold: float = 0.9,
    ) -> None:
        self._chat = chat
        self._shows_all = shows_all
        self._entailment = entailment
        self._threshold = threshold
        self._prompts = {
            (name, language): load_prompt(name, language, folder)
            for name in ("answer", "condense") for language in LANGUAGES
        }  # fmt: skip

    def _prompt(self, name: str, language: str) -> Prompt:
        return self._prompts[name, language if language in LANGUAGES else "en"]

    def begin(
        self, query: Query, candidates: Sequence[Candidate], left: Event | None = None
    ) -> Writing | None:
        """An answer to be written from the best of these passages, until its reader has left.

        None where a model is of no use: no passage may be shown to one, or none is in the
        language of the question, so that no sentence in that language can be verified.
        """
        offered = _offered(candidates)
        if all(one.entry.source.language != query.language for one in offered):
            return None
        prompt = self._prompt("answer", query.language)
        messages = answer_messages(prompt, query.text, list(map(_extract, count(1), offered)))
        return Writing(
            lambda: self._chat.stream(messages),
            offered, query.language, prompt.missing, self._shows_all,
            left or Event(), self._entails,
        )  # fmt: skip

    def _entails(self, premise: str, hypothesis: str) -> bool:
        """Whether there is a model of inference, and it says so."""
        if self._entailment is None:
            return False
        try:
            return self._entailment.probability(premise, hypothesis) >= self._threshold
        except ModelError as error:
            log.warning("no judgement from the model of inference: %s", error)
            return False

    def condense(self, question: str, previous: str) -> str | None:
        """One question that says what both ask, or None when the model gives none that is sure.

        It may name nothing and count nothing that neither of the two does.

        Raises:
            ModelUnavailable: the model is silent, or so slow that the answer would come too late.
        """
        prompt = self._prompt("condense", language_of(question))
        text = self._said_soon(condense_messages(prompt, previous, question))
        line = " ".join(without_thoughts(text).split()).strip('«»"“” ')
        return line if is_condensed(line, question, previous) else None

    def _said_soon(self, messages: Sequence[BaseMessage]) -> str:
        end = time.monotonic() + _PATIENCE
        text = ""
        with closing(self._chat.stream(messages)) as deltas:
            for delta in chain(deltas, [""]):  # its end may come late too
                text += delta
                if time.monotonic() > end:
                    raise ModelUnavailable("timeout")
        return text


def _extract(number: int, one: Candidate) -> Extract:
    """A passage as the model sees it, under its headings."""
    passage, source = one.entry.passage, one.entry.source
    return Extract(number, passage.text, context_of(source.title, passage.heading), source.date)


@dataclass(frozen=True, slots=True)
class _Support:
    """Where a statement is supported, and whether it is shown ``in_its_words``.

    Else the sources' own sentences are shown in its place: they hold all that it says, but a model
    may have put their words together into something else.
    """

    spans: tuple[Span, ...]
    in_its_words: bool


class Writing:
    """One answer in the making: iterate over its pieces, then ask for the whole and its tally.

    ``failure`` is why the model wrote nothing, or not to the end; None when it did.
    """

    def __init__(
        self,
        deltas: Callable[[], Generator[str, None, int | None]],
        offered: Sequence[Candidate],
        language: str,
        missing: str,
        shows_all: bool,
        left: Event,
        entails: Callable[[str, str], bool],
    ) -> None:
        self._deltas = deltas
        self._offered = offered
        self._language = language
        self._missing = folded(missing)
        self._shows_all = shows_all
        self._left = left
        self._entails = entails
        self._statements: list[Statement] = []
        self._citations: dict[Span, Citation] = {}
        self._said: set[str] = set()
        self._faults: Counter[str] = Counter()
        self._repaired = 0
        self._lacks = False
        self.failure: str | None = None

    def __iter__(self) -> Iterator[Piece]:
        """The statements to show, each as soon as it is verified."""
        passages = [Offered(n, one.entry.passage) for n, one in enumerate(self._offered, start=1)]
        verifier = Verifier(passages)
        with closing(self._deltas()) as deltas:  # also when nobody reads on
            try:
                for written in statements(self._while_read(deltas)):
                    if piece := self._taken(written, verifier):
                        yield piece
                    if len(self._said) >= _MOST:
                        break
            except ModelUnavailable as error:
                self.failure = error.reason

    def _while_read(self, deltas: Iterator[str]) -> Iterator[str]:
        for delta in deltas:
            if self._left.is_set():
                return
            yield delta

    def _taken(self, written: Written, verifier: Verifier) -> Piece | None:
        """The piece of a statement, unless it is left out."""
        said = folded(written.text).strip(" .!?…;")
        if written.is_opening or not written.is_whole or said in self._said:
            return None
        if folded(written.text).startswith(self._missing):
            self._lacks = True  # said in our own words: what is missing cannot be verified
            return None
        self._said.add(said)
        if len(written.text) > LONGEST:
            return self._refused(written, Fault("words"))
        verdict = verifier.check(written.text, written.markers)
        verdict = verifier.check(written.text, written.markers)
        found = self._support(written.text, verdict)
        if isinstance(found, Fault):
            return self._refused(written, found)
        self._repaired += isinstance(verdict, WrongCitation)
        return self._shown(written.text, found)

    def _shown(self, text: str, found: _Support) -> Piece | None:
        """The piece of a statement that is supported; None where it was shown already."""
        spans = found.spans
        if not found.in_its_words:
            spans = tuple(map(self._in_source_words, spans))
            if all(map(self._holder, spans)):
                return None
        cited = [self._cited(span) for span in spans]
        if not found.in_its_words:
            text = " ".join(in_guillemets(one.quote) for one, _ in cited)
        statement = Statement(text, tuple(one.number for one, _ in cited))
        self._statements.append(statement)
        return Piece(statement, tuple(one for one, is_new in cited if is_new))

    def _holder(self, span: Span) -> Citation | None:
        """The citation of a span that holds this one."""
        known = (citation for one, citation in self._citations.items() if one.holds(span))
        return next(known, None)

    def _support(self, text: str, verdict: Verdict) -> _Support | Fault:
        """What supports a statement, in its own words or in the sources'; else what is wrong."""
        if isinstance(verdict, Unsupported):
            is_entailed = bool(verdict.nearest) and self._is_entailed(text, verdict.nearest)
            return _Support(verdict.nearest, True) if is_entailed else verdict.fault
        if verdict.verbatim and not self._hangs(text, verdict.spans):
            return _Support(verdict.spans, True)
        return _Support(verdict.spans, self._is_entailed(text, verdict.spans))

    def _is_entailed(self, text: str, spans: Sequence[Span]) -> bool:
        return self._entails("\n".join(map(self._premise, spans)), text)

    def _hangs(self, text: str, spans: Sequence[Span]) -> bool:
        """Whether it opens with a pronoun whose sentence before it was not shown."""
        first = spans[0]
        before = replace(first, first=first.first - 1, last=first.first - 1)
        return opens_with_pronoun(text) and self._holder(before) is None

    def _in_source_words(self, span: Span) -> Span:
        """The span with the sentence before it where it opens with a pronoun that needs it."""
        sentences = self._offered[span.number - 1].entry.passage.sentences
        if span.first and opens_with_pronoun(sentences[span.first].text):
            return replace(span, first=span.first - 1)
        return span

    def _premise(self, span: Span) -> str:
        """What a span says, under its title and headings."""
        passage = self._offered[span.number - 1].entry.passage
        sentences = passage.sentences[span.first : span.last + 1]
        return f"{passage.context}\n{' '.join(sentence.text for sentence in sentences)}"

    def _refused(self, written: Written, fault: Fault) -> Piece | None:
        self._faults[fault.kind] += 1
        if not self._shows_all:
            return None
        reason = fault_said(fault.kind, fault.words, self._language)
        statement = Statement(written.text, (), supported=False, reason=reason)
        self._statements.append(statement)
        return Piece(statement)

    def _cited(self, span: Span) -> tuple[Citation, bool]:
        """The citation of a span, and whether it is a new one; one that holds it is taken again."""
        if known := self._holder(span):
            return known, False
        number = len(self._citations) + 1
        new = citation_of(self._offered[span.number - 1], span.first, span.last, number)
        self._citations[span] = new
        return new, True

    def answer(self, quoted: Answer, sure: bool) -> Answer:
        """The whole answer, as sure as the quoted one; that one when too little is supported."""
        if self._faults:
            log.info("statements left out: %s", dict(self._faults))
        if instead := self._instead():
            return replace(quoted, note=quoted_instead(self._language, instead))
        cited = tuple(self._citations.values())
        opening = lead([citation.source for citation in cited], self._language, sure)
        return replace(
            quoted,
            text="\n".join([opening, " ".join(map(_with_markers, self._statements))]),
            statements=tuple(self._statements),
            citations=cited,
            mode="generated",
            note=partly(self._language) if self._lacks else "",
        )

    def tally(self) -> Tally:
        """What came of the model so far."""
        return Tally(
            supported=self._supported(),
            repaired=self._repaired,
            left_out=tuple(self._faults.elements()),
            instead=self._instead(),
            failure=self.failure,
        )

    def _supported(self) -> int:
        return sum(one.supported for one in self._statements)

    def _instead(self) -> Instead | None:
        """Why nothing of the model is shown; None where enough of it is supported."""
        supported = self._supported()
        if supported and supported >= self._faults.total():
            return None
        if self._said:
            return "unconfirmed"
        return "unanswered" if self._lacks else "unwritten"


def _with_markers(statement: Statement) -> str:
    """A statement as plain text, where none that is not supported may pass for one that is."""
    if not statement.supported:
        return f"{statement.text} ({statement.reason})"
    markers = "".join(f"[{number}]" for number in statement.citations)
    return f"{statement.text} {markers}".rstrip()


def _offered(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidates, as many as a prompt has room for; none that gives orders to a model."""
    offered: list[Candidate] = []
    room = _CHARACTERS
    for candidate in candidates:
        passage = candidate.entry.passage
        room -= len(passage.text)
        if len(offered) == _OFFERED or (offered and room < 0):
            break
        if not has_orders(f"{passage.context}\n{passage.text}"):
            offered.append(candidate)
    return offered
