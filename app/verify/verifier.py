"""A statement against the passages that were offered to who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.verify.checks import Comparison, bare_fault
from app.verify.paraphrase import Paraphrase
from app.verify.reading import Reading, Token, read
from app.verify.verbatim import is_word_for_word
from app.verify.verdicts import Fault, Span, Supported, Unsupported, Verdict, WrongCitation
from ingest.documents import Passage

_MOST_TOKENS = 150  # a longer statement is no sentence, and would take long
_LEAST_SAID = 2  # content words and cues: fewer say nothing
_WINDOW = 3  # sentences in a row that may support one statement
_TRIED = 4  # windows of a passage that are compared in full
_GAIN = 2  # words of a statement that a further sentence of a window must bring
_MARKUP = re.compile(r"</?[a-z!]|\]\(|!\[|\[[^\]\n]+\]:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offered:
    """A passage as it was offered: under a number."""

    number: int
    passage: Passage


class _Index:
    """The content tokens of a text, to be looked up by what says the same."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._keys: set[str] = set()
        self._alike: dict[str, list[Token]] = {}
        self._figures: list[Token] = []
        for token in tokens:
            if token.figure:
                self._figures.append(token)
            elif token.is_content:
                self._keys.add(token.key)
                self._alike.setdefault(token.key[:3], []).append(token)

    def holds(self, token: Token) -> bool:
        """Whether a token of the text says what this one says."""
        if token.figure:
            return any(token.says(other) for other in self._figures)
        if token.key in self._keys:
            return True
        return any(token.says(other) for other in self._alike.get(token.key[:3], ()))


class _Passage:
    """An offered passage, read."""

    def __init__(self, offered: Offered) -> None:
        self.number = offered.number
        self.texts = [sentence.text for sentence in offered.passage.sentences]
        self.readings = [read(text) for text in self.texts]
        self.indices = [_Index(reading.tokens) for reading in self.readings]
        self.context = read(offered.passage.context).tokens


@dataclass(frozen=True, slots=True)
class _Window:
    """Sentences of a passage, and the positions of the statement's content that they hold."""

    passage: _Passage
    first: int
    last: int
    held: frozenset[int]

    @property
    def text(self) -> str:
        return "\n".join(self.passage.texts[self.first : self.last + 1])

    def around(self) -> Iterator[Token]:
        """What a statement may name besides: the title, the headings, names said before."""
        yield from self.passage.context
        for reading in self.passage.readings[: self.first]:
            yield from (token for token in reading.tokens if token.is_name)


@dataclass(frozen=True, slots=True)
class _Miss:
    """The nearest windows that do not support a statement, the gravest fault, the bare words."""

    windows: tuple[_Window, ...]
    fault: Fault
    bare: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """Where a statement is supported, and whether in its very words."""

    spans: tuple[Span, ...]
    verbatim: bool


class Verifier:
    """Checks statements against the passages that were offered to who wrote them.

    Each passage is read once, when it is first needed. Safe to use from one thread.
    """

    def __init__(self, offered: Sequence[Offered]) -> None:
        self._offered = {one.number: one for one in offered}
        self._read: dict[int, _Passage] = {}

    def check(self, statement: str, cited: Sequence[int]) -> Verdict:
        """The verdict on a statement (without its markers) that cites these numbers."""
        if _MARKUP.search(statement):
            return Unsupported(Fault("link"))
        mine = read(statement)
        content = {n for n, token in enumerate(mine.tokens) if token.is_content}
        said = content | {cue.at for cue in mine.cues}
        if not content or len(said) < _LEAST_SAID or statement.rstrip().endswith("?"):
            return Unsupported(Fault("empty"))
        if len(mine.tokens) > _MOST_TOKENS:
            return Unsupported(Fault("words"))
        named = [number for number in dict.fromkeys(cited) if number in self._offered]
        found = self._supported(mine, named)
        if isinstance(found, _Held):
            return Supported(found.spans, found.verbatim)
        misses = [found] if found else []
        fault = found.fault if found else None
        for number in self._offered:
            if number not in named:
                found = self._supported(mine, [number])
                if isinstance(found, _Held):
                    return WrongCitation(found.spans, found.verbatim)
                misses += [found] if found else []
                fault = fault or (found.fault if found and not named else None)
        fault = fault or Fault("marker")
        return Unsupported(fault, _reworded(mine, misses) if fault.kind == "words" else ())

    def _passage(self, number: int) -> _Passage:
        if number not in self._read:
            self._read[number] = _Passage(self._offered[number])
        return self._read[number]

    def _supported(self, mine: Reading, numbers: Sequence[int]) -> _Held | _Miss | None:
        """The spans that support it, word for word if any do; else the nearest ones, if any."""
        held: _Held | None = None
        nearest: _Miss | None = None
        for windows in _trials(mine, [self._passage(number) for number in numbers]):
            around = _around(windows)
            bare = _bare(mine, windows, _Index(around))
            if bare:
                fault = min((bare_fault(mine, n) for n in bare), key=_gravity)
            elif different := next(Comparison(mine, _evidence(windows), around).faults(), None):
                fault = different
            elif _is_verbatim(mine, windows):
                return _Held(_spans(windows), True)
            else:
                held = held or _Held(_spans(windows), False)
                continue
            if nearest is None or len(bare) < len(nearest.bare):
                nearest = _Miss(windows, fault, bare)
        return held or nearest


def _is_verbatim(mine: Reading, windows: Sequence[_Window]) -> bool:
    if len(windows) > 1:
        return False
    [window] = windows
    return is_word_for_word(mine, window.passage.readings[window.first : window.last + 1])


def _bare(mine: Reading, windows: Sequence[_Window], around: _Index) -> tuple[int, ...]:
    """The content tokens that neither the windows nor their surroundings hold."""
    held = frozenset[int]().union(*(window.held for window in windows))
    return tuple(
        n
        for n, token in enumerate(mine.tokens)
        if token.is_content and n not in held and not around.holds(token)
    )


def _gravity(fault: Fault) -> int:
    return ("figure", "name", "words").index(fault.kind)


def _reworded(mine: Reading, misses: Sequence[_Miss]) -> tuple[Span, ...]:
    """The spans of the nearest miss, when nothing but common words is wrong with it.

    None of a farther one: the nearest may say the contrary.
    """
    miss = min(misses, key=lambda one: len(one.bare))
    if miss.fault.kind != "words" or not any(window.held for window in miss.windows):
        return ()
    laid = Paraphrase.of(mine, _evidence(miss.windows), _around(miss.windows), miss.bare)
    return () if any(laid.faults()) else _spans(miss.windows)


def _spans(windows: Sequence[_Window]) -> tuple[Span, ...]:
    return tuple(Span(w.passage.number, w.first, w.last) for w in windows)


def _around(windows: Sequence[_Window]) -> tuple[Token, ...]:
    return tuple(token for window in windows for token in window.around())


def _evidence(windows: Sequence[_Window]) -> Reading:
    return read("\n".join(window.text for window in windows))


def _trials(mine: Reading, passages: Sequence[_Passage]) -> Iterator[tuple[_Window, ...]]:
    """The windows to compare, the likeliest first: of one passage, then of two together."""
    found = [window for passage in passages for window in _windows(mine, passage)]
    best = sorted(found, key=lambda window: (-len(window.held), window.last - window.first))
    yield from ((window,) for window in best[:_TRIED])
    if len(passages) > 1:
        singles = [
            next(w for w in best if w.passage is passage and w.first == w.last)
            for passage in passages if passage.readings
        ]  # fmt: skip
        yield from combinations(singles, 2)


def _windows(mine: Reading, passage: _Passage) -> Iterator[_Window]:
    """The windows of a passage.

    A sentence more is worth it when it brings two more words: one may be there by chance.
    """
    content = [(n, token) for n, token in enumerate(mine.tokens) if token.is_content]
    held = [frozenset(n for n, token in content if index.holds(token)) for index in passage.indices]
    for first, words in enumerate(held):
        yield _Window(passage, first, first, words)
        for last in range(first + 1, min(first + _WINDOW, len(held))):
            wider = words | held[last]
            without_first = frozenset[int]().union(*held[first + 1 : last + 1])
            if len(wider) < len(words) + _GAIN or len(wider) < len(without_first) + _GAIN:
                break
            words = wider
            yield _Window(passage, first, last, words)
