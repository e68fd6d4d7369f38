"""Proper names: where they stand in a sentence, and which others could stand there."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.sentences import split_sentences
from tests.bench.rules.place import VOWEL, Place

_WORD = r"[A-ZÀÂÉÈÊÎÔ][a-zà-ÿ]+(?:-[A-ZÀÂÉÈÊÎÔ]?[a-zà-ÿ]+)*"
_NAME = re.compile(
    rf"(?P<before>(?<![.!?«»\"(] )\b(?:à|en|par|de|du|la|le|et|avec|dans|pour|contre|chez|roi"
    rf"|comte|duc|général|président|pape|acteur|réalisateur) |\b[dl]['’])"
    rf"(?P<name>{_WORD}(?: (?:(?:de|du|von|van) )?{_WORD}){{0,2}})(?![\w'’-])"
    r"(?! (?:de |du |des |d['’]|von |van |ad-|al-|ben |ibn |la |le )?[A-ZÀ-Ý])"
)
_PART = re.compile(r"[A-ZÀ-Ý][\w-]+ (?:de |du |des |d['’]|la |le |de la |de l['’]|l['’])$")
_START = re.compile(rf"^(?P<before>)(?P<name>{_WORD}(?: {_WORD}){{1,2}})(?= (?:est|a|fut|était) )")
_ROMAN = re.compile(r"\b(?P<name>[A-ZÉ][a-zéèï]+(?:-[A-Z][a-z]+)?) (?P<number>[IVX]{1,5})\b(?!e)")
# With a capital and yet no name of anything.
_COMMON = frozenset(
    """
    Il Elle Ils Elles Le La Les Un Une Des Ce Cette Ces Son Sa Ses En Au Aux De Du Dans Par Pour
    État Église Nord Sud Est Ouest Empire Premier Ier Première République Moyen Terre Dieu Sénat
    Assemblée Conseil Parti Cour Université Seconde Grande Guerre Bataille Coupe Révolution Union
    Club Journal Service Prince Ordre Société Institut École Comité Ministère Commission
    Fédération Banque Grand Nouvelle Trône Tour Vélo Brebis Ligue Lutte Come Jeux
    Formule     Confédération Bureau Cadre
    """.split()
)
_OF_PLACES = frozenset({"à", "en", "la", "l'", "l’", "du", "dans"})
_FEW = 6


_EVEN = re.compile(
    r"\b(?:et|ou|avec|contre|entre|comme|que|qu|affronte\w*|épous\w*|rencontr\w*|mari\w*|jumel\w*"
    r"|côtés|ami\w*|frères?|sœurs?|face|rejoint|partage\w*|frontière\w*|identique\w*)\b"
    r"|, [A-ZÀ-Ý]|^,"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name where it stands in a text; names of one key may stand for each other."""

    text: str
    start: int
    end: int
    before: str

    @property
    def key(self) -> tuple[str, int, bool]:
        """The word before it, in how many words it is, and whether it opens with a vowel."""
        return self.before, self.text.count(" "), bool(VOWEL.match(self.text))


def names(text: str) -> list[Name]:
    """The proper names of a sentence of which the word before is known, in order."""
    found = [*_START.finditer(text), *_NAME.finditer(text)]
    return [
        Name(one["name"], one.start("name"), one.end("name"), one["before"].strip().lower())
        for one in sorted(found, key=lambda one: one.start("name"))
        if not _COMMON & set(one["name"].split()) and not _PART.search(text[: one.start("name")])
    ]


class Names:
    """The proper names of many passages, by what may stand before them; places apart."""

    def __init__(self, passages: Iterable[str]) -> None:
        known: dict[tuple[str, int, bool], set[str]] = defaultdict(set)
        self._places: set[str] = set()
        for passage in passages:
            for start, end in split_sentences(passage, 0, len(passage)):
                for name in names(passage[start:end]):
                    known[name.key].add(name.text)
                    if name.before in _OF_PLACES:
                        self._places.add(name.text)
        self._known = {key: sorted(texts) for key, texts in known.items()}

    def like(self, name: Name, passage: str) -> list[str]:
        """Some names that could stand there and share no word with the passage."""
        words = set(re.findall(r"\w+", passage.lower()))
        free = [
            one for one in self._known.get(name.key, ())
            if self._are_alike(name.text, one)
            and not words & {word for word in re.findall(r"\w+", one.lower()) if len(word) > 2}
        ]  # fmt: skip
        return sorted(free, key=lambda one: zlib.crc32(f"{one}{name.text}{passage}".encode()))[
            :_FEW
        ]

    def replaced(self, place: Place) -> Iterator[str]:
        """A proper name of the sentence replaced by one of another passage."""
        for name in names(place.text):
            for other in self.like(name, place.passage):
                yield place.text[: name.start] + other + place.text[name.end :]
        for found in _ROMAN.finditer(place.text):
            for number in ("II", "V", "XIV", "VIII"):
                if number != found["number"] and f"{found['name']} {number}" not in place.passage:
                    yield place.text[: found.start("number")] + number + place.text[found.end() :]

    def borrowed(self, place: Place) -> Iterator[str]:
        """A proper name replaced by one of another sentence of the passage."""
        others = {name.text for name in names(place.elsewhere)}
        for name in names(place.text):
            for other in sorted(others):
                if other not in place.text and self._may_be(name, other):
                    yield place.text[: name.start] + other + place.text[name.end :]

    def exchanged(self, place: Place) -> Iterator[str]:
        """Two proper names of the sentence, one of which acts on the other, exchanged."""
        found = names(place.text)
        for first in found:
            for second in found:
                between = place.text[first.end : second.start]
                if first.end >= second.start or between.count(" ") < 3 or _EVEN.search(between):
                    continue
                if not (self._may_be(first, second.text) and self._may_be(second, first.text)):
                    continue
                yield (
                    place.text[: first.start] + second.text + between + first.text
                    + place.text[second.end :]
                )  # fmt: skip

    def _may_be(self, name: Name, other: str) -> bool:
        """Whether another name, of the same sort, could stand where one stands."""
        apart = not {*re.findall(r"\w+", name.text)} & {*re.findall(r"\w+", other)}
        apart = apart and name.text[:4] != other[:4]
        return apart and self._are_alike(name.text, other) and _fits(name, other)

    def _are_alike(self, one: str, two: str) -> bool:
        """Whether both are names of places, or neither."""
        return (one in self._places) == (two in self._places)


def _fits(name: Name, other: str) -> bool:
    """Whether another name could stand there: as many words, no elision that would be wrong."""
    if name.before in ("la", "le", "en", "l'", "l’", "du"):
        return False
    same = name.text.count(" ") == other.count(" ")
    return same and bool(VOWEL.match(name.text)) == bool(VOWEL.match(other))
