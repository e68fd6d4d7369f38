"""A question as it is compared with others: what it is about, what it asks, how it sounds.

Citizens write « ponpe a chaleur » and « koi »: words are compared by the sound of their stems.
What they ask of a subject (a price, a date, an aid) is read from the phrases of ``concepts.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from app.intent import folded
from ingest.french import FUNCTION_WORDS, stem

_WORD = re.compile(r"[a-z]+|\d+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"(?<=\d)[ .](?=\d{3}(?!\d))")
_NEGATION = re.compile(
    r"\b(?:pas|jamais|aucune?|sans|rien|plus (?:de|recevoir|etre)|not|never|no|without)\b|n't\b"
)
_ELIDED = re.compile("(?:[cdjlmnst]|qu)([aeiouyh][a-z]{3,})")
_IDLE = "=idle"
_LONGEST = 5  # words of a phrase
_SHORT = 3  # letters of a word that is compared as it is written
_READ = 1_000  # characters of a question, as its vector is made of

# How French sounds, roughly; what is silent at the end of a word goes last.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("qu", "k"), ("ph", "f"), ("sch", "ch"), ("ch", "C"), ("c(?=[eiy])", "s"),
        ("ge(?=[ao])", "j"), ("g(?=[eiy])", "j"), ("gu(?=[eiy])", "g"), ("c", "k"),
        ("eau|au", "o"), ("ain|ein|aim|in(?![aeiouyn])|im(?=[pb])", "1"),
        ("[ae][nm](?![aeiouynm])", "2"), ("o[nm](?![aeiouynm])", "3"), ("ai|ei|ay|ey", "e"),
        ("c$", "s"), ("g$", "j"), ("(?<=[ou]i)t$", ""), ("h", ""), ("y", "i"), ("z", "s"), (r"(.)\1+", r"\1"), ("(?<=...)[sxe]+$", ""),
    )
)  # fmt: skip
# Grammar, which says nothing of what a question is about or asks.
_GRAMMAR = frozenset(FUNCTION_WORDS) | frozenset(
    """n s m sa fau fo cmt coment es met ont veu zetes kon mn ds mes kelkun the of is are am do does
    did i to my an in it its can could how what for your you there be at a me this if""".split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is compared of a question.

    ``terms`` are its concepts and the sounds of its other words, ``asks`` the concepts of what it
    asks, ``subjects`` the rest; ``grams`` are three sounds in a row. ``words`` counts its words.
    """

    terms: frozenset[str]
    asks: frozenset[str]
    subjects: frozenset[str]
    grams: frozenset[str]
    numbers: frozenset[str]
    is_negated: bool
    words: int

    @property
    def named(self) -> frozenset[str]:
        """The subjects that are concepts."""
        return frozenset(subject for subject in self.subjects if subject[0] == "=")


@lru_cache(maxsize=20_000)
def read(question: str) -> Reading:
    """The reading of a question, of any language; one without a word has no terms."""
    text = folded(question[:_READ])
    words = [_whole(word) for word in _WORD.findall(text)]
    sounds = [_sound(word) for word in words]
    concepts, said = _concepts(sounds)
    others = {
        sound
        for place, (word, sound) in enumerate(zip(words, sounds, strict=True))
        if place not in said and word not in _GRAMMAR and not word.isdigit()
    }
    asks = frozenset(concepts & _asks())
    subjects = frozenset((concepts - asks) | others)
    heard = "#".join(["", *(s for w, s in zip(words, sounds, strict=True) if w not in _GRAMMAR), ""])
    return Reading(
        terms=asks | subjects,
        asks=asks,
        subjects=subjects,
        grams=frozenset(heard[at : at + 3] for at in range(len(heard) - 2)),
        numbers=frozenset(_NUMBER.findall(_THOUSANDS.sub("", text))),
        is_negated=bool(_NEGATION.search(text)),
        words=len(words),
    )


def _whole(word: str) -> str:
    """The word without the article that was typed as part of it, as in « lisolation »."""
    elided = _ELIDED.fullmatch(word)
    if elided and _sound(word) not in _known() and _sound(elided[1]) in _known():
        return elided[1]
    return word


@lru_cache(maxsize=65_536)
def _sound(word: str) -> str:
    """How the stem of a word sounds; a short word as it is written."""
    if len(word) <= _SHORT:
        return word
    sound = stem(word)
    for pattern, heard in _SOUNDS:
        sound = pattern.sub(heard, sound)
    return sound


def _concepts(sounds: list[str]) -> tuple[set[str], set[int]]:
    """The concepts of the longest phrases, and the places of the words that say them."""
    phrases, found, said = _phrases(), set[str](), set[int]()
    start = 0
    while start < len(sounds):
        ends = range(min(len(sounds), start + _LONGEST), start, -1)
        end = next((end for end in ends if tuple(sounds[start:end]) in phrases), 0)
        if end:
            found |= phrases[tuple(sounds[start:end])]
            said.update(range(start, end))
        start = end or start + 1
    return found - {_IDLE}, said


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    file = Path(__file__).with_name("concepts.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _known() -> frozenset[str]:
    """The sounds of the words of all phrases."""
    return frozenset(sound for phrase in _phrases() for sound in phrase if len(sound) > _SHORT)


@cache
def _asks() -> frozenset[str]:
    return frozenset(f"={name}" for name in _tables()["asks"])


@cache
def _phrases() -> Mapping[tuple[str, ...], frozenset[str]]:
    """The concepts that each phrase says, by the sounds of its words."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    for name, phrase in _entries():
        sounds = tuple(_sound(word) for word in _WORD.findall(phrase))
        known[sounds] = known.get(sounds, frozenset()) | {f"={name}"}
    return known


def _entries() -> Iterator[tuple[str, str]]:
    for table in _tables().values():
        for name, phrases in table.items():
            yield from ((name, phrase.strip()) for phrase in phrases.split("|"))
