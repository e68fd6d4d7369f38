"""What a question expects of its answer (a date, a number, a name, a reason); is it met?

« Quand … ? » is not answered by a sentence without a date, nor « en 2025 » by one about 2023. Only
what the question does not say itself counts: its own year is no answer to « quand ».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.intent import folded

Kind = Literal["date", "number", "name", "reason"]

_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_NUMERALS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|"
    "trente|quarante|cinquante|soixante|cents?|mille|millions?|milliards?|dizaines?|douzaines?|"
    "quinzaines?|vingtaines?|trentaines?|centaines?|milliers?|moitie|tiers|quart|double|triple"
)
_OF = r"(?:est|etait|sont|etaient|fut|a ete) (?:le |la |les |l')?"
_QUEL = rf"\bquel(?:le)?s? (?:{_OF})?"
_MEASURED = (
    "nombre|pourcentage|part|age|montant|prix|taux|superficie|surface|hauteur|taille|longueur|"
    "largeur|poids|distance|vitesse|duree|population|altitude|budget|cout|chiffre|temperature|"
    "profondeur|proportion|quantite|salaire|capacite|diametre|volume|densite|frequence|score|somme"
)
_PERSONS = (
    "personnes?|hommes?|femmes?|auteure?s?|president\\w*|rois?|reines?|artistes?|ecrivain\\w*|"
    "joueu\\w+|ministres?|acteurs?|actrices?|chefs?|scientifiques?|realisat\\w+|maires?"
)
_PLACES = (
    "pays|villes?|lieux?|regions?|continents?|endroits?|departements?|villages?|iles?|etats?|"
    "provinces?|quartiers?|communes?"
)

# How a question shows what it expects: French first, then English.
_ASKS: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"\bquand\b|{_QUEL}(?:annee|date|siecle|jour|mois|epoque|periode|heure)s?\b|\bdate de\b|"
        r"\bdepuis combien de temps\b|\bwhen\b|\bwhat (?:year|date)\b"
    ),
    "number": re.compile(
        rf"\bcombien\b|\bcb\b|{_QUEL}(?:{_MEASURED})s?\b|\bhow (?:many|much|old|long)\b"
    ),
    "name": re.compile(
        rf"\bqui\b|\bki\b|{_QUEL}(?:\w+ ){{0,2}}?(?:{_PERSONS}|{_PLACES}|noms?|surnom)\b|^ou\b|"
        r"\bou (?:est|se|sont|a|ont|s'|etait|furent|fut|y)\b|\bcomment (?:s'appel\w+|se nomm\w+)|"
        r"\bwho\b|\bwhere\b|\bwhich (?:town|country|city)\w*"
    ),
    "reason": re.compile(
        rf"\bpourquoi\b|\bpk\b|\bpour ?quelles? raisons?\b|{_QUEL}(?:cause|raison)s?\b|\bwhy\b"
    ),
}
# How a sentence meets it, on its text without case and accents (names: on the text as it is).
_MEETS: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:1\d{{3}}|20\d{{2}})\b|\bsiecles?\b|\b(?:{_MONTHS})\b|\b\d\d?/\d\d?/\d{{2,4}}\b|"
        r"\b\d+ ?h\b|\bannees \d+|\b(?:aujourd'hui|lendemain|veille|depuis)\b"
    ),
    # A year or a day of a month is no count of anything.
    "number": re.compile(
        rf"\b(?!(?:1[5-9]|20)\d\d\b)\d+(?!\d)(?! (?:{_MONTHS})\b)|\b(?:{_NUMERALS})\b"
    ),
    "name": re.compile(r"(?<=[^\W\d_] )[^\W\d_a-zà-öø-ÿ][\w’'-]+"),
    "reason": re.compile(
        r"\b(?:car|parce qu\w*|puisqu\w*|afin|en raison|grace|causes?|raisons?|dues?|pour|buts?|"
        r"consequences?|suite a|ainsi|fait de|en effet|motifs?|s'expliqu\w+|permet\w*|entrain\w+)\b"
    ),
}
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Expectation:
    """``kinds`` is what the question asks for; ``known`` its words, ``years`` those it names."""

    kinds: frozenset[Kind]
    known: frozenset[str]
    years: frozenset[str]

    def met(self, text: str) -> frozenset[Kind]:
        """The kinds of which the text holds one that the question does not say itself."""
        if not self.kinds:
            return frozenset()
        plain = folded(text)
        return frozenset(kind for kind in self.kinds if self._is_met(kind, text, plain))

    def _is_met(self, kind: Kind, text: str, plain: str) -> bool:
        if kind == "reason":
            return bool(_MEETS[kind].search(plain))
        found = _MEETS[kind].finditer(text if kind == "name" else plain)
        return any(not self.known.issuperset(_words(match.group())) for match in found)

    def lacks_year(self, text: str) -> bool:
        """Whether a year of the question does not stand in the text."""
        return not self.years <= set(_YEAR.findall(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))


@lru_cache(maxsize=256)
def expectation(question: str) -> Expectation:
    """What a question expects of its answer."""
    plain = folded(question)
    kinds = {kind for kind, pattern in _ASKS.items() if pattern.search(plain)}
    if "date" in kinds:  # « depuis combien de temps »
        kinds.discard("number")
    return Expectation(
        frozenset(kinds), frozenset(_words(question)), frozenset(_YEAR.findall(plain))
    )


NOTHING = Expectation(frozenset(), frozenset(), frozenset())
