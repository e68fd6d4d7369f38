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
# How a question is put. Two that are put in other ways may still ask the same.
WAYS = {
    way: re.compile(rf"\b(?:{pattern})\b")
    for way, pattern in {
        "how": r"comm?ent|cmt|cment|how(?! (?:much|many|long|often))",
        "much": "combien|cb|how (?:much|many)",
        "when": "quand|kan|when",
        "where": "ou (?=est|sont|se|trouv|puis|peut|a |aller|fau|lou|ache)|where",
        "who": "qui|ki|who",
        "why": "pourquoi|pk|pr quoi|why",
        "must": "faut|fo|fau|dois|doit|must|have to|should",
        "may": "peut|peux|peu|puis|pouvons|can|may|droit",
    }.items()
}
_IDLE = "=idle"
_LONGEST = 6  # words of a phrase
_HEARD = 4  # letters of a sound that a word may be told by
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
        ("c$", "s"), ("g$", "j"), ("(?<=[ou]i)t$", ""), ("h", ""), ("y", "i"), ("z", "s"),
        (r"(.)\1+", r"\1"), ("(?<=...)[sxe]+$", ""),
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
    asks, ``subjects`` the rest; ``grams`` are three sounds in a row. ``ways`` are those of
    :data:`WAYS` in which it is put, ``words`` counts its words.
    """

    terms: frozenset[str]
    asks: frozenset[str]
    subjects: frozenset[str]
    grams: frozenset[str]
    numbers: frozenset[str]
    ways: frozenset[str]
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
    words = _WORD.findall(text)
    terms = [_term(word) for word in words]
    concepts, said = _concepts(terms)
    others = {
        term
        for place, (word, term) in enumerate(zip(words, terms, strict=True))
        if place not in said and word not in _GRAMMAR and not word.isdigit()
    }
    asks = frozenset(concepts & _asks())
    subjects = frozenset((concepts - asks) | others)
    sounds = (_sound(stem(word)) for word in words if word not in _GRAMMAR)
    heard = "#".join(["", *sounds, ""])
    return Reading(
        terms=asks | subjects,
        asks=asks,
        subjects=subjects,
        grams=frozenset(heard[at : at + 3] for at in range(len(heard) - 2)),
        numbers=frozenset(_NUMBER.findall(_THOUSANDS.sub("", text))),
        ways=frozenset(way for way, pattern in WAYS.items() if pattern.search(text)),
        is_negated=bool(_NEGATION.search(text)),
        words=len(words),
    )


@lru_cache(maxsize=65_536)
def _term(word: str) -> str:
    """The stem of a word of the phrases, else how the word sounds.

    A word that no phrase has is taken for one that sounds the same, or for one that the article
    was typed with, as in « lisolation ». One of grammar is only itself: « tu » is not « tué ».
    """
    if word in _GRAMMAR:
        return _piece(word)
    known, heard = _known()
    for said in (word, *_ELIDED.findall(word), f"{word}r"):
        found = _piece(said)
        if found in known:
            return found
        if like := heard.get(_sound(found)):
            return like
    return _sound(stem(word))


def _piece(word: str) -> str:
    """What a word of a phrase is known by: its stem, or the whole of it with a mark of its own."""
    return f"{word}." if word in _GRAMMAR else stem(word)


def _sound(word: str) -> str:
    """How a stem sounds; a short one as it is written."""
    if len(word) <= _SHORT:
        return word
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


def _concepts(terms: list[str]) -> tuple[set[str], set[int]]:
    """The concepts of the longest phrases, and the places of the words that say them."""
    phrases, found, said = _phrases(), set[str](), set[int]()
    start = 0
    while start < len(terms):
        ends = range(min(len(terms), start + _LONGEST), start, -1)
        end = next((end for end in ends if tuple(terms[start:end]) in phrases), 0)
        if end:
            found |= phrases[tuple(terms[start:end])]
            said.update(range(start, end))
        start = end or start + 1
    return found - {_IDLE}, said


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    file = Path(__file__).with_name("concepts.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _asks() -> frozenset[str]:
    return frozenset(f"={name}" for name in _tables()["asks"])


@cache
def _phrases() -> Mapping[tuple[str, ...], frozenset[str]]:
    """The concepts that each phrase says, by the pieces of its words."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    for name, phrase in _entries():
        stems = tuple(map(_piece, _WORD.findall(phrase)))
        known[stems] = known.get(stems, frozenset()) | {f"={name}"}
    return known


@cache
def _known() -> tuple[frozenset[str], Mapping[str, str]]:
    """The stems of all phrases; those that are long enough, by their sounds."""
    stems = frozenset(one for phrase in _phrases() for one in phrase)
    heard = {_sound(one.rstrip(".")): one for one in sorted(stems)}
    return stems, {sound: one for sound, one in heard.items() if _length(sound) >= _HEARD}


def _length(sound: str) -> int:
    """The letters of a sound; one through the nose is two."""
    return sum(2 if sign.isdigit() else 1 for sign in sound)


def _entries() -> Iterator[tuple[str, str]]:
    for table in _tables().values():
        for name, phrases in table.items():
            yield from ((name, phrase.strip()) for phrase in phrases.split("|"))
