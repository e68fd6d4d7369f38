"""Where the sources say what an imported answer says: citations proposed for it, by retrieval.

Each sentence is looked for by the assistant's own search, and held against what is found by the
verifier that holds the sentences of a language model. What nothing supports stays without a
number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.answers import Ranked, Search
from app.faq.anchors import Place
from app.faq.entry import Cited
from app.faq.markdown import blocks_of
from app.faq.rules import CITATIONS_LIMIT
from app.verify.verdicts import Fault, Span, Unsupported
from app.verify.verifier import Offered, Verifier
from app.wording import fault_said
from ingest.sentences import split_sentences

Searching = Callable[[str, int], Search]  # a question, and how many passages at most

_OF_QUESTION, _OF_SENTENCE = 6, 4  # passages
_MOST = 60  # passages that sentences are held against
_ASKED = 500  # characters of a sentence that are searched for
_MARKER = re.compile(r"[ \t]*\[\d{1,3}\](?!\()")
_LIST = re.compile(r"\s{0,3}(?:[-*•]|\d{1,3}[.)])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Supported:
    """An answer with the numbers of the citations that support it.

    ``lacking`` says of each sentence that nothing supports why, in French.
    """

    answer: str
    citations: tuple[Cited, ...]
    lacking: tuple[str, ...]


def without_markers(answer: str) -> str:
    """The answer without the numbers of citations, which are those of another file."""
    return _MARKER.sub("", answer).strip()


def supported(question: str, answer: str, search: Searching) -> Supported:
    """The answer with its proposed citations; numbers that it had are taken out.

    Raises:
        StoreError: no release can be read.
    """
    bare = without_markers(answer)
    sentences = list(_sentences(bare))
    found = _Found(search)
    found.add(question, _OF_QUESTION)
    for start, end in sentences:
        found.add(said(bare[start:end]), _OF_SENTENCE)
    verifier = Verifier(found.offered())
    citations = _Citations(found)
    lacking: list[str] = []
    written, position = [], 0
    for start, end in sentences:
        numbers = _numbers(said(bare[start:end]), verifier, citations, lacking)
        written += [bare[position:end], *(f" [{number}]" for number in numbers)]
        position = end
    written.append(bare[position:])
    return Supported("".join(written), citations.made(), tuple(lacking))


def said(sentence: str) -> str:
    """What a sentence of Markdown says, on one line, without its marks."""
    runs = (run for block in blocks_of(sentence) for line in block.lines for run in line)
    return " ".join("".join(run.text for run in runs).replace("**", "").split())


def _sentences(answer: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of an answer stands: never over two lines, never with a list's mark."""
    for line in re.finditer(r"[^\n]+", answer):
        mark = _LIST.match(line[0])
        start = line.start() + (mark.end() if mark else 0)
        yield from split_sentences(answer, start, line.end())


def _numbers(
    sentence: str, verifier: Verifier, citations: _Citations, lacking: list[str]
) -> list[int]:
    """The numbers of the citations that support a sentence; when none does it is ``lacking``."""
    verdict = verifier.check(sentence, citations.offered)
    fault = Fault("marker")
    if isinstance(verdict, Unsupported):
        fault = verdict.fault
        if fault.kind in ("empty", "words") and sentence.endswith(":"):
            return []  # « Voici comment : » has nothing to support
    elif numbers := citations.of(verdict.spans):
        return numbers
    lacking.append(f"« {sentence} » : {fault_said(fault.kind, fault.words, 'fr')}")
    return []


class _Found:
    """The passages that searches give, each once, numbered from 1."""

    def __init__(self, search: Searching) -> None:
        self._search = search
        self._ranked: dict[str, Ranked] = {}
        self.release = ""

    def add(self, text: str, limit: int) -> None:
        """Search for a text."""
        if not text:
            return
        result = self._search(text[:_ASKED], limit)
        self.release = result.release
        for one in result.found:
            if len(self._ranked) < _MOST:
                self._ranked.setdefault(one.passage.id, one)

    def offered(self) -> list[Offered]:
        """The passages, as a verifier takes them."""
        ranked = enumerate(self._ranked.values(), start=1)
        return [Offered(number, one.passage) for number, one in ranked]

    def cited(self, span: Span, number: int) -> Cited:
        """The citation of some sentences, under a number."""
        one = list(self._ranked.values())[span.number - 1]
        sentences = one.passage.sentences
        start, end = sentences[span.first].start, sentences[span.last].end
        return Place(one.source, one.passage, start, end).cited(number, self.release)


class _Citations:
    """The citations of an answer: the same sentences have one number."""

    def __init__(self, found: _Found) -> None:
        self._found = found
        self._numbers: dict[Span, int] = {}
        self.offered = [one.number for one in found.offered()]

    def of(self, spans: Sequence[Span]) -> list[int]:
        """The numbers of these sentences; none when an entry can hold no more of them."""
        new = [span for span in dict.fromkeys(spans) if span not in self._numbers]
        if len(self._numbers) + len(new) > CITATIONS_LIMIT:
            return []
        for span in new:
            self._numbers[span] = len(self._numbers) + 1
        return sorted({self._numbers[span] for span in spans})

    def made(self) -> tuple[Cited, ...]:
        """All of them."""
        return tuple(self._found.cited(span, number) for span, number in self._numbers.items())
