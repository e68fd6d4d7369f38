"""How far a name goes in a text: of a person, of a street, of a town."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from app.journal.vocabulary import folded, is_bare, is_common, is_function, is_given

_WORD = re.compile(r"[^\W\d_]{1,40}+(?:['-][^\W\d_]{1,40}+){0,5}+")
_GAP = re.compile(r"[ \t]{0,3}+")
_PARTICLES = frozenset(
    "de du des la le les d l van von der den el al ben bin da di dos do saint sainte st ste".split()
)
_JOINTS = frozenset("de du des d la le les l notre".split())
_LOOSE_JOINTS = frozenset("a au aux en sur sous et".split())
_MONTHS = frozenset(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
)
_DAY = re.compile(r"(\d{1,2})(?:er)? ?([^\W\d_]{3,9})(?: (?:19|20)\d\d)?(?!\w)")
_CEDEX = re.compile(r"(?i) cedex(?: \d{1,2})?(?!\w)")


class Word(NamedTuple):
    """A word and where it stands."""

    text: str
    start: int
    end: int


def words_at(text: str, at: int, most: int = 10) -> list[Word]:
    """The words from a place on, as long as nothing but spaces and initials' dots part them."""
    found: list[Word] = []
    while len(found) < most and (word := _WORD.match(text, at)):
        found.append(Word(word[0], word.start(), word.end()))
        at = word.end() + (len(word[0]) <= 2 and text[word.end() : word.end() + 1] == ".")
        at = _after_gap(text, at)
    return found


def _after_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def person_end(text: str, at: int, lower: int = 2, most: int = 4) -> int:
    """Where the name of a person ends that begins at a place; the place itself when none does.

    ``lower`` is how many words without a capital may belong to it.
    """
    words = words_at(text, at)
    end, taken, small = at, 0, 0
    for place, word in enumerate(words):
        if taken and folded(word.text) in _PARTICLES and _name_follows(words[place + 1 :]):
            continue
        if taken == most or _ends_a_name(text, word):
            break
        if not is_capital(word.text):
            alike = small == taken or is_given(words[0].text)
            if small == lower or not alike:
                break
            small += 1
        end, taken = word.end, taken + 1
    return end


def is_capital(word: str) -> bool:
    """Whether a word is written as a name is: « Dupont », « DUPONT », « d'Arc »."""
    return word[:1].isupper() or bool(re.match(r"[dl]'[A-Z]", word))


def is_full_name(text: str) -> bool:
    """Whether a text is a given name and another name, both with a capital, in either order."""
    words = words_at(text, 0)
    capital = all(is_capital(word.text) or folded(word.text) in _PARTICLES for word in words)
    given = len(words) > 1 and (is_given(words[0].text) or is_given(words[-1].text))
    return capital and given


def _ends_a_name(text: str, word: Word) -> bool:
    if is_given(word.text) or re.match(r"[NDOM]'[A-Z][a-z]", word.text):
        return False
    if len(word.text) == 1:
        return text[word.end : word.end + 1] != "."
    return is_common(word.text)


def _name_follows(words: list[Word]) -> bool:
    """Whether a word with a capital follows, after one more particle at most."""
    for word in islice(words, 2):
        if folded(word.text) not in _PARTICLES:
            return is_capital(word.text) and (is_given(word.text) or not is_common(word.text))
    return False


def street_end(text: str, at: int, capital_only: bool = False) -> int:
    """Where the name of a street ends that begins at a place; the place itself when none does."""
    end, taken, small, place = at, 0, 0, at
    while taken < 5:
        if (day := _DAY.match(text, place)) and folded(day[2]) in _MONTHS:
            return day.end()
        words = words_at(text, place, 4)
        if not words:
            break
        word, following = words[0], words[1:]
        place = _after_gap(text, word.end)
        if _is_joint(word.text, following, text[place : place + 1].isdigit()):
            continue
        if not _is_of_street(word.text, taken, small, capital_only):
            break
        small += not is_capital(word.text)
        end, taken = word.end, taken + 1
        if text[word.end : word.end + 1] == "." and len(word.text) <= 3:
            place = _after_gap(text, word.end + 1)
    return end


def _is_joint(word: str, following: list[Word], figure: bool) -> bool:
    if folded(word) in _JOINTS:
        return figure or bool(following)
    return folded(word) in _LOOSE_JOINTS and bool(following) and is_capital(following[0].text)


def _is_of_street(word: str, taken: int, small: int, capital_only: bool) -> bool:
    if re.match(r"(?i)[dl]'[^\W\d_]{2}", word):
        word = word[2:]
    if is_function(word) or (not taken and is_bare(word)):
        return False
    if is_capital(word):
        return not (taken and is_common(word))
    return not capital_only and (not taken or (small == taken == 1 and not is_common(word)))


def town_end(text: str, at: int) -> int:
    """Where the name of a town ends that begins at a place; the place itself when none does."""
    end, taken = at, 0
    words = words_at(text, at, 6)
    for place, word in enumerate(words):
        joint = folded(word.text) in _PARTICLES | {"sur", "en", "sous"}
        if joint and words[place + 1 :]:
            continue
        before = folded(words[place - 1].text) in _PARTICLES if place else True
        if is_function(word.text) or (not before and is_common(word.text)):
            break
        if not is_capital(word.text) and not before:
            break
        end, taken = word.end, taken + 1
        if taken == 3:
            break
    cedex = _CEDEX.match(text, end)
    return cedex.end() if cedex else end
