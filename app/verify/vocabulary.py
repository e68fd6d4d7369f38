"""Words that carry no content, and cues: negation, modality, quantity. From ``cues.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.french import FUNCTION_WORDS

Side = Literal["left", "right", "verb"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a cue, its class, and where the word stands that it bears on."""

    words: tuple[str, ...]
    kind: str
    governs: Side


def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("cues.toml").read_text(encoding="utf-8"))


def _phrases(cues: list[dict[str, Any]]) -> dict[str, tuple[Phrase, ...]]:
    """The phrases by their first words, the longest first."""
    found: dict[str, list[Phrase]] = {}
    for cue in cues:
        for phrase in cue["phrases"]:
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append(Phrase(words, cue["class"], cue["governs"]))
    return {
        first: tuple(sorted(ones, key=lambda p: -len(p.words))) for first, ones in found.items()
    }


def _light_phrases(text: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases of light words by their first words, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in text.split(","):
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(ones, key=len, reverse=True)) for first, ones in found.items()}


def _equivalents(text: str) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Phrases by their first words, the longest first, with the first of those they stand for."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for line in text.strip().splitlines():
        phrases = [tuple(phrase.split()) for phrase in line.split("|")]
        for words in phrases:
            found.setdefault(words[0], []).append((words, " ".join(phrases[0])))
    return {
        first: tuple(sorted(ones, key=lambda one: -len(one[0]))) for first, ones in found.items()
    }


_TABLES = _tables()
PHRASES: Mapping[str, tuple[Phrase, ...]] = _phrases(_TABLES["cue"])
LIGHT = frozenset(FUNCTION_WORDS) | frozenset(_TABLES["light"]["words"].split())
LIGHT_PHRASES = _light_phrases(_TABLES["light"]["phrases"])
EQUIVALENTS = _equivalents(_TABLES["same"]["phrases"])
# Units and their signs, under one spelling.
SPELLINGS = {
    "km": "kilometre", "kilometres": "kilometre", "m": "metre", "metres": "metre",
    "cm": "centimetre", "centimetres": "centimetre", "mm": "millimetre", "kg": "kilogramme",
    "kilogrammes": "kilogramme", "kilos": "kilogramme", "kilo": "kilogramme", "g": "gramme",
    "grammes": "gramme", "ha": "hectare", "hectares": "hectare", "euros": "euro", "eur": "euro",
    "h": "heure", "heures": "heure", "min": "minute", "minutes": "minute", "hab": "habitant",
    "habitants": "habitant", "st": "saint", "ste": "sainte",
}  # fmt: skip
