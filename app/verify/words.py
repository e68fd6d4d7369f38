"""Words of a text: where they stand, what they stem from, whether they carry its content."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from app.verify.vocabulary import LIGHT
from ingest.french import stem

_WORD = re.compile(r"[^\W_]+(?:[.](?=[^\W\d_]\b)[^\W\d_])*")
_STRAIGHT = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'", "‑": "-", "–": "-", "—": "-"})
_SAME = 3  # letters that they have in common at least, for most pairs to be told apart at once
_SHORTEST_ROOT = 4  # letters that two words of one family share
# What may follow the root of words of one family: inflections, and the commonest derivations.
_ENDINGS = frozenset(
    """a ai aient ais ait al ale ales ant ante antes ants aux e ee ees ement ements ent er era erent
    eront es nt eur eurs euse euses ez i ie ies if ifs ion ions ir is it ite ites ive ives ons ont
    ra rice rices s sion sions t te tes teur teurs tion tions trice trices u ue ues us ut x
    ation ations ateur ateurs atrice age ages ing ed d""".split()
) | {""}


@dataclass(frozen=True, slots=True)
class Word:
    """A word at ``start:end`` of its text; ``plain`` is it in lower case and without accents.

    ``is_light``: it carries no content of its own (grammar, or talk about the text itself).
    ``is_capital``: it opens with a capital; ``opens``: it is the first of its sentence.
    """

    text: str
    plain: str
    start: int
    end: int
    is_light: bool
    is_capital: bool
    opens: bool

    @property
    def is_name(self) -> bool:
        """Whether it is a proper name or an acronym for sure."""
        return self.is_capital and (not self.opens or self.text.isupper()) and len(self.text) > 1


def plain(text: str) -> str:
    """The text in lower case, without accents, of the very same length."""
    if text.isascii():
        return text.lower()
    return "".join(map(_plain, text.translate(_STRAIGHT)))


@lru_cache(maxsize=4_096)
def _plain(sign: str) -> str:
    if sign.isspace():
        return " "
    return unicodedata.normalize("NFKD", sign)[0].lower()[0]


def words(text: str, bare: str | None = None) -> list[Word]:
    """The words of a text, in order; ``bare`` is its :func:`plain` form where it is known."""
    bare = plain(text) if bare is None else bare
    found: list[Word] = []
    for match in _WORD.finditer(bare):
        start, end = match.span()
        said = text[start:end]
        opens = not found or text[found[-1].end : start].rstrip(" \u00a0«“\"'(").endswith(
            (".", "!", "?", ":", "\n")
        )
        word = match.group()
        found.append(Word(said, word, start, end, word in LIGHT, said[0].isupper(), opens))
    return found


@lru_cache(maxsize=65_536)
def are_kin(one: str, other: str) -> bool:
    """Whether two plain words are one word inflected, or of one family."""
    if one == other:
        return True
    if one[:_SAME] != other[:_SAME] or one.isdigit() or other.isdigit():
        return False
    if stem(one) == stem(other):
        return True
    pairs = enumerate(zip(one, other, strict=False))
    root = next((n for n, (left, right) in pairs if left != right), min(len(one), len(other)))
    return any(
        one[length:] in _ENDINGS and other[length:] in _ENDINGS
        for length in range(root, max(_SHORTEST_ROOT, root - 2) - 1, -1)
    )
