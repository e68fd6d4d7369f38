"""Words that carry no content, and cues: negation, modality, quantity. From ``cues.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from ingest.french import FUNCTION_WORDS

Side = Literal["left", "right", "verb"]
Words = tuple[str, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a cue, its class, and where the word stands that it bears on."""

    words: tuple[str, ...]
    kind: str
    governs: Side


def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("cues.toml").read_text(encoding="utf-8"))


def _by_first(entries: Iterable[T], words: Callable[[T], Words]) -> dict[str, tuple[T, ...]]:
    """The entries by the first of their words, those of the most words first."""
    found: dict[str, list[T]] = {}
    for entry in sorted(entries, key=lambda one: -len(words(one))):
        found.setdefault(words(entry)[0], []).append(entry)
    return {first: tuple(ones) for first, ones in found.items()}


def _phrases(cues: list[dict[str, Any]]) -> Iterator[Phrase]:
    for cue in cues:
        for phrase in cue["phrases"]:
            yield Phrase(tuple(phrase.split()), cue["class"], cue["governs"])


def _equivalents(text: str) -> Iterator[tuple[Words, str]]:
    """Each phrase, with the first of those that it may stand for."""
    for line in text.strip().splitlines():
        phrases = [tuple(phrase.split()) for phrase in line.split("|")]
        yield from ((words, " ".join(phrases[0])) for words in phrases)


_TABLES = _tables()
PHRASES = _by_first(_phrases(_TABLES["cue"]), lambda phrase: phrase.words)
LIGHT = frozenset(FUNCTION_WORDS) | frozenset(_TABLES["light"]["words"].split())
LIGHT_PHRASES = _by_first(
    (tuple(phrase.split()) for phrase in _TABLES["light"]["phrases"].split(",")),
    lambda words: words,
)
EQUIVALENTS = _by_first(_equivalents(_TABLES["same"]["phrases"]), lambda one: one[0])
# Units and their signs, under one spelling.
SPELLINGS = {
    "km": "kilometre", "kilometres": "kilometre", "m": "metre", "metres": "metre",
    "cm": "centimetre", "centimetres": "centimetre", "mm": "millimetre", "kg": "kilogramme",
    "kilogrammes": "kilogramme", "kilos": "kilogramme", "kilo": "kilogramme", "g": "gramme",
    "grammes": "gramme", "ha": "hectare", "hectares": "hectare", "euros": "euro", "eur": "euro",
    "h": "heure", "heures": "heure", "min": "minute", "minutes": "minute", "hab": "habitant",
    "habitants": "habitant", "st": "saint", "ste": "sainte",
}  # fmt: skip
