"""A message as the rules of masking see it, and the way back to the message as it was written.

Accents and invisible characters are left out, other widths and forms of letters, digits and
signs are the plain ones, and what a mark stands for already is one sign that no rule takes for
a letter or a digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

# Stand in the place of what is masked: what leads to a person by itself, and all else.
CONTACT, OTHER = "\ue000", "\ue001"
# Stands in the place of figures that are no one's, while numbers are looked for.
PUBLIC = "\ue002"

MARKS = {
    "[e-mail]": CONTACT,
    "[téléphone]": CONTACT,
    "[IBAN]": CONTACT,
    "[numéro de sécurité sociale]": CONTACT,
    "[carte bancaire]": CONTACT,
    "[adresse]": CONTACT,
    "[date de naissance]": OTHER,
    "[plaque]": OTHER,
    "[numéro de compteur]": OTHER,
    "[numéro]": OTHER,
    "[lien]": OTHER,
    "[compte]": OTHER,
    "[adresse IP]": OTHER,
    "[mot de passe]": OTHER,
    "[nom]": OTHER,
}
_MARK = re.compile("|".join(map(re.escape, MARKS)))
# A message that speaks of the one who writes: names in it are those of people more often.
FIRST_PERSON = re.compile(
    r"(?i)(?<![\w'-])(?:(?:j|je|moi|mon|ma|mes|me|nous|notre|nos|i|i'm|my|we|our)(?![\w-])|m'(?=\w))"
)
_ESCAPE = re.compile(r"%([2-7][0-9A-Fa-f])(?<!7[Ff])")  # of an address: %40 is « @ »
_SIGNS = str.maketrans("’ʼ`´‘‐‑‒–—−⁄·•", "'''''------/..")
_LEFT_OUT = ("Mn", "Me", "Cf", "Co", "Cc", "Cs")


class Found(NamedTuple):
    """What is to be masked: ``[start, end)`` of the text that a rule looked at, and its mark."""

    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The plain text, and where each of its characters begins and ends in the message."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, found: Found) -> Found:
        """The same in the message as it was written."""
        return Found(self.starts[found.start], self.ends[found.end - 1], found.mark)


def seen(message: str) -> Seen:
    """The message as the rules see it."""
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(message):
        plain, end = _next(message, at)
        signs.extend(plain)
        starts.extend([at] * len(plain))
        ends.extend([end] * len(plain))
        if not plain and ends and unicodedata.category(message[at]) in ("Mn", "Me"):
            ends[-1] = end  # an accent belongs to its letter
        at = end
    return Seen("".join(signs), tuple(starts), tuple(ends))


def _next(message: str, at: int) -> tuple[str, int]:
    """What is seen of the character, the mark or the escape at a place, and where that ends."""
    if message[at] == "[" and (mark := _MARK.match(message, at)):
        return MARKS[mark[0]], mark.end()
    if message[at] == "%" and (escape := _ESCAPE.match(message, at)):
        return chr(int(escape[1], 16)), escape.end()
    return _plain(message[at]), at + 1


def _plain(sign: str) -> str:
    """One character in its plain form: none, one, or several."""
    if sign in "\n\t" or (sign.isascii() and sign.isprintable()):
        return sign if sign != "`" else "'"
    if (digit := unicodedata.decimal(sign, None)) is not None:
        return str(digit)
    normal = unicodedata.normalize("NFKD", sign.translate(_SIGNS))
    kept = (one for one in normal if unicodedata.category(one) not in _LEFT_OUT)
    return "".join(" " if one.isspace() else one for one in kept)


def covered(text: str, found: Iterable[Found]) -> str:
    """The text with what was found out of the sight of other rules, at the same places."""
    pieces, at = [], 0
    for start, end, mark in sorted(found):
        if end > at:
            start = max(start, at)
            pieces += [text[at:start], MARKS[mark] * (end - start)]
            at = end
    return "".join([*pieces, text[at:]])
