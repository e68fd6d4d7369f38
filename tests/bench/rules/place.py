"""A sentence where it stands, and the few things of French grammar that rules share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# Words that lose their capital when they no longer open the sentence.
_LOWERED = frozenset(
    """
    le la les l un une des du de d il elle ils elles on ce cet cette ces c son sa ses leur leurs
    notre nos dans sur sous par pour avec sans depuis pendant durant dès après avant selon lors
    au aux à en plusieurs certains certaines chaque tous toutes deux trois quatre cinq six sept
    huit dix quelques beaucoup celui celle ceux celles ainsi cela ceci qui
    """.split()
)
PRONOUNS = frozenset({"il", "elle", "ils", "elles", "on", "ce", "c", "cela", "ceci"})
_FIRST = re.compile(r"[^\W\d_]+")
VOWEL = re.compile(r"[aeiouyhàâäéèêëîïôöùûüœæ]", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a passage, with its full stop; ``after`` is the next sentence, or empty."""

    text: str
    passage: str
    after: str = ""

    @property
    def body(self) -> str:
        """The sentence without its full stop."""
        return self.text[:-1]

    @property
    def elsewhere(self) -> str:
        """The passage without the sentence."""
        return self.passage.replace(self.text, " ")


Rule = Callable[[Place], Iterator[str]]
Swap = tuple[re.Pattern[str], str]


def swaps(*pairs: tuple[str, str]) -> tuple[Swap, ...]:
    """Compiled pairs of pattern and replacement; ``~`` stands for either apostrophe."""
    return tuple((re.compile(one.replace("~", "['’]"), re.IGNORECASE), two) for one, two in pairs)


def swapped(text: str, table: Iterable[Swap]) -> Iterator[str]:
    """The text with one match of one pattern replaced, each in turn; a capital stays one."""
    for pattern, replacement in table:
        for found in pattern.finditer(text):
            new = found.expand(replacement)
            new = capitalised(new) if found.group()[:1].isupper() else new
            yield text[: found.start()] + new + text[found.end() :]


def first_word(text: str) -> str:
    """The first word, lower-case, without what an apostrophe parts from it."""
    found = _FIRST.match(text)
    return found.group().lower() if found else ""


def lowered(text: str) -> str | None:
    """The text as it stands inside a sentence; None where its first word may be a name."""
    return text[0].lower() + text[1:] if first_word(text) in _LOWERED else None


def capitalised(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def that(clause: str) -> str:
    """``que`` in front of a clause."""
    return f"qu'{clause}" if first_word(clause) in PRONOUNS - {"ce", "c", "cela", "ceci"} | {
        "un", "une", "en", "à", "au", "aux", "après", "avant", "ainsi",
    } else f"que {clause}"  # fmt: skip


def tidy(text: str) -> str:
    """The text on one line, each run of spaces as one ordinary space."""
    return _SPACES.sub(" ", text).strip()


def balanced(text: str) -> bool:
    """Whether guillemets, quotation marks and brackets are closed."""
    pairs = (("«", "»"), ("(", ")"), ("[", "]"), ("“", "”"))
    return all(text.count(a) == text.count(b) for a, b in pairs) and text.count('"') % 2 == 0
