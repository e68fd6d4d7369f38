"""A fake model that mixes true, altered and invented sentences, and knows which is which.

It reads the passages of the prompt that it is sent, restates some of their sentences by the rules
of ``tests/bench/rules/``, changes one thing in others, invents the rest, and marks each with a
right number, a wrong one, one that was not offered, or none. What it told is in its ledger.

::

    liar = Liar(paragraphs, seed=0)
    ChatServer(liar)
    liar.take()         # what it told since the last time
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from ingest.sentences import split_sentences
from tests.bench.rules import alter, oppose
from tests.bench.rules.names import Names
from tests.bench.rules.place import Place, Rule, tidy
from tests.bench.statements import RESTATED, is_whole
from tests.fakes.reading import Reading, Shown, read

_INVENTIONS = Path(__file__).resolve().parents[1] / "data" / "inventions.txt"
T = TypeVar("T")
Sort = Literal["true", "altered", "invented"]
Marking = Literal["right", "wrong", "not offered", "none"]
NOTHING = "Les sources ne disent pas ce qui est demandé."
NOT_OFFERED = 9

_SORTS: tuple[tuple[Sort, float], ...] = (("true", 0.55), ("altered", 0.3), ("invented", 0.15))
_MARKINGS: tuple[tuple[Marking, float], ...] = (
    ("right", 0.8), ("wrong", 0.12), ("not offered", 0.04), ("none", 0.04),
)  # fmt: skip
_ALWAYS = frozenset({"verbatim", "attributed", "merged", "invented clause"})
_RARE = 0.3
_MOST = 6  # sentences of an answer


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that the liar wrote: what it is, what was done to it, where it comes from.

    ``origins`` are the sentences that it was made of, none of what was invented whole; ``passage``
    is the number of the passage they stand in, and ``marked`` the number it was given.
    """

    text: str
    sort: Sort
    change: str
    origins: tuple[str, ...]
    passage: int
    marking: Marking
    marked: int

    @property
    def written(self) -> str:
        """The sentence as it was written, its marker before its final full stop."""
        if self.marking == "none":
            return self.text
        return f"{self.text[:-1]} [{self.marked}]."


class HasPrompt(Protocol):
    """A request of ``tests/fakes/chat_server.py``."""

    @property
    def prompt(self) -> str:
        """All messages, one after the other."""


class Liar:
    """Answers prompts, and keeps a ledger. Names to lie with come from ``passages``.

    The same seed and the same prompts give the same answers.
    """

    def __init__(self, passages: Sequence[str], seed: int = 0) -> None:
        self._luck = random.Random(seed)
        self._told: list[Told] = []
        self._lock = threading.Lock()
        self._elsewhere = [one for text in passages for one in _sentences(text) if is_whole(one)]
        names = Names(passages)
        self._restating: dict[str, Rule] = dict(RESTATED)
        self._altering: dict[str, Rule] = {
            "number": alter.numbers,
            "date": alter.dates,
            "name": names.replaced,
            "negation": _negated,
            "modality": oppose.modality,
            "quantity": oppose.quantity,
            "number of the passages": alter.borrowed_numbers,
            "name of the passages": names.borrowed,
            "invented clause": alter.invented,
        }

    def __call__(self, asked: HasPrompt) -> str:
        return self.answer(asked.prompt)

    def answer(self, prompt: str) -> str:
        """One to six sentences, or the one that says that the sources do not answer."""
        with self._lock:
            told = self._tell(read(prompt))
            self._told.extend(told)
        return " ".join(one.written for one in told) or NOTHING

    def take(self) -> list[Told]:
        """The ledger since it was last taken."""
        with self._lock:
            told, self._told = self._told, []
        return told

    def _tell(self, reading: Reading) -> list[Told]:
        places = [
            (passage, place) for passage in reading.passages for place in _places(passage, reading)
        ]
        self._luck.shuffle(places)
        told: list[Told] = []
        used: set[str] = set()
        for passage, place in places[: self._luck.randint(1, _MOST)]:
            if used & {place.text, place.after}:
                continue
            one = self._one(passage, place, reading)
            used |= {place.text, *one.origins}
            told.append(one)
        return told

    def _one(self, passage: Shown, place: Place, reading: Reading) -> Told:
        sort = self._drawn(_SORTS)
        marking = self._drawn(_MARKINGS)
        text, change, origins = self._said(sort, place, reading)
        sort = "true" if change in self._restating else sort
        number = self._number(marking, passage.number, reading)
        return Told(
            text, sort, change, origins, passage.number,
            marking if number or marking == "none" else "right", number or passage.number,
        )  # fmt: skip

    def _said(self, sort: Sort, place: Place, reading: Reading) -> tuple[str, str, tuple[str, ...]]:
        """The sentence, what was done, and what it was made of; true where nothing can be done."""
        if sort == "invented":
            return (*self._invention(reading), ())
        rules = self._altering if sort == "altered" else self._restating
        for kind in self._kinds(rules):
            versions = [one for one in rules[kind](place) if one.endswith(".")]
            if versions:
                both = (place.text, place.after) if kind == "merged" else (place.text,)
                return self._luck.choice(versions), kind, both
        return place.text, "verbatim", (place.text,)

    def _kinds(self, rules: dict[str, Rule]) -> list[str]:
        """The kinds in a drawn order; those that always apply mostly last, or all were theirs."""
        kinds = list(rules)
        self._luck.shuffle(kinds)
        rare = self._luck.random() < _RARE
        return kinds if rare else sorted(kinds, key=lambda kind: kind in _ALWAYS)

    def _invention(self, reading: Reading) -> tuple[str, str]:
        """A sentence of nowhere, or of a passage that was not offered."""
        shown = " ".join(tidy(passage.text) for passage in reading.passages)
        others = [one for one in self._luck.sample(self._elsewhere, min(20, len(self._elsewhere)))
                  if one not in shown]  # fmt: skip
        if others and self._luck.random() < 0.5:
            return others[0], "claim of elsewhere"
        return self._luck.choice(inventions()), "invention"

    def _number(self, marking: Marking, right: int, reading: Reading) -> int:
        """The number to mark with, 0 where there is none of that sort."""
        others = [one.number for one in reading.passages if one.number != right]
        match marking:
            case "right":
                return right
            case "wrong":
                return self._luck.choice(others) if others else 0
            case "not offered":
                return max([NOT_OFFERED, *others])
            case "none":
                return 0

    def _drawn(self, table: Sequence[tuple[T, float]]) -> T:
        values, weights = zip(*table, strict=True)
        return self._luck.choices(values, weights)[0]


def inventions() -> list[str]:
    """Sentences about nothing that the sources speak of."""
    lines = _INVENTIONS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _negated(place: Place) -> Iterator[str]:
    yield from oppose.negation(place)
    yield from oppose.affirmation(place)


def _places(passage: Shown, reading: Reading) -> list[Place]:
    """The sentences of a passage that may be told; nothing of any passage is a lie about them."""
    every = " ".join(one.text for one in reading.passages)
    found = _sentences(passage.text)
    return [
        Place(text, every, after if is_whole(after) else "")
        for text, after in zip(found, [*found[1:], ""], strict=True)
        if is_whole(text)
    ]


def _sentences(text: str) -> list[str]:
    return [tidy(text[start:end]) for start, end in split_sentences(text, 0, len(text))]
