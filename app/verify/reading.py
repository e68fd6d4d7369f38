"""A text as verification reads it: words and figures in order, with the cues that bear on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.verify.figures import Figure, figures
from app.verify.vocabulary import LIGHT, LIGHT_PHRASES, PHRASES, SPELLINGS, Phrase, Side
from app.verify.words import Word, are_kin, plain, words

_NE = {"ne", "n"}
_NEEDS_NE = {"pas", "point", "personne", "rien"}
_NEGATIONS = {"pas", "plus", "jamais", "aucun", "aucune", "rien", "point", "guere", "personne"}
_STOPS = ".!?…\n"
_REACH = 5  # tokens between « ne » and what it goes with
_SIGHT = 5  # tokens in which a cue finds the word it bears on


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a figure at ``start:end``; ``is_content`` when it says something by itself."""

    key: str
    start: int
    end: int
    word: Word | None
    figure: Figure | None
    is_content: bool

    def says(self, other: Token) -> bool:
        """Whether it stands for what ``other`` says: the same figure, or a word of its family."""
        if self.figure or other.figure:
            return bool(self.figure and other.figure and self.figure.is_said_by(other.figure))
        if self.key == other.key:
            return True
        if self.key[:3] != other.key[:3]:  # most pairs end here
            return False
        if self.is_name and not (other.word and other.word.is_capital):
            return False  # « Péri » is not said by « périr »
        return self.is_content and other.is_content and are_kin(self.key, other.key)

    @property
    def is_name(self) -> bool:
        """Whether it is a proper name for sure."""
        return self.word is not None and self.is_content and self.word.is_name


@dataclass(frozen=True, slots=True)
class Cue:
    """A class of cue at a token, and the content token that it bears on, where there is one."""

    kind: str
    at: int
    governed: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens and the cues of a text; ``sentences`` numbers the sentence of each token.

    ``plain`` is the text in lower case and without accents, character for character.
    """

    text: str
    plain: str
    tokens: tuple[Token, ...]
    cues: tuple[Cue, ...]
    sentences: tuple[int, ...]


def read(text: str) -> Reading:
    """Read a text."""
    bare = plain(text)
    tokens = _tokens(text, bare)
    light = set(_in_light_phrases(tokens))
    tokens = [
        replace(token, is_content=False) if n in light else token for n, token in enumerate(tokens)
    ]
    return Reading(text, bare, tuple(tokens), tuple(_cues(tokens, light)), _numbered(text, tokens))


def _numbered(text: str, tokens: Sequence[Token]) -> tuple[int, ...]:
    """The number of the sentence that each token stands in."""
    numbers: list[int] = []
    last = 0
    for number, token in enumerate(tokens):
        before = text[tokens[number - 1].end : token.start] if number else ""
        last += any(sign in _STOPS for sign in before)
        numbers.append(last)
    return tuple(numbers)


def _tokens(text: str, bare: str) -> list[Token]:
    """Words and figures in order; a word inside a figure is part of it."""
    found = [
        Token(bare[one.start : one.end], one.start, one.end, None, one, True)
        for one in figures(text, bare)
    ]
    inside = [False] * len(bare)
    for token in found:
        inside[token.start : token.end] = [True] * (token.end - token.start)
    found += [_token(word) for word in words(text, bare) if not inside[word.start]]
    found += [
        Token("euro", at, at + 1, None, None, True)
        for at, sign in enumerate(bare) if sign == "€" and not inside[at]
    ]  # fmt: skip
    return sorted(found, key=lambda token: token.start)


def _in_light_phrases(tokens: Sequence[Token]) -> Iterator[int]:
    """The positions of words that are part of a phrase of light words."""
    for at, token in enumerate(tokens):
        for phrase in LIGHT_PHRASES.get(token.key, ()):
            if _stands(phrase, tokens, at):
                yield from range(at, at + len(phrase))
                break


def _token(word: Word) -> Token:
    key = SPELLINGS.get(word.plain, word.plain)
    is_content = key not in LIGHT and (len(key) > 1 or key.isdigit())
    return Token(key, word.start, word.end, word, None, is_content)


def _cues(tokens: Sequence[Token], light: set[int]) -> Iterator[Cue]:
    passed = light | _bounded(tokens)
    for at, token in enumerate(tokens):
        if token.figure or at in passed:
            continue
        longest = 1
        for phrase in PHRASES.get(token.key, ()):
            if len(phrase.words) >= longest and _stands(phrase.words, tokens, at):
                longest = len(phrase.words)
                passed.update(range(at + 1, at + longest))
                yield from _cue(phrase, tokens, at)
        if token.key in ("que", "qu") and _restricts(tokens, at):
            yield Cue("only", at, _governed("right", tokens, at, 1))


def _stands(phrase: tuple[str, ...], tokens: Sequence[Token], at: int) -> bool:
    return all(at + n < len(tokens) and tokens[at + n].key == word for n, word in enumerate(phrase))


def _bounded(tokens: Sequence[Token]) -> set[int]:
    """The positions of words behind a figure that may be its bound (« trente au moins »)."""
    return {
        near
        for at, token in enumerate(tokens) if token.figure and token.figure.bound
        for near in range(at + 1, at + 4)
    }  # fmt: skip


def _cue(phrase: Phrase, tokens: Sequence[Token], at: int) -> Iterator[Cue]:
    """The cue of a phrase that stands there, unless it is a homonym."""
    key, kind = tokens[at].key, phrase.kind
    has_ne = _ne_before(tokens, at) is not None
    if key in _NEEDS_NE and not has_ne and not any(t.key in _NE for t in tokens[at + 1 : at + 3]):
        return
    if key == "plus" and has_ne and not _follows(tokens, at, {"que", "qu"}):
        kind = "not"  # « n'est plus »
    governs: Side = "verb" if kind == "not" else phrase.governs
    yield Cue(kind, at, _governed(governs, tokens, at, len(phrase.words)))


def _ne_before(tokens: Sequence[Token], at: int) -> int | None:
    for back in range(at - 1, max(-1, at - 1 - _REACH), -1):
        if tokens[back].key in _NE:
            return back
    return None


def _follows(tokens: Sequence[Token], at: int, keys: set[str]) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].key in keys


def _restricts(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is the « que » of « ne … que », with no negation between the two."""
    ne = _ne_before(tokens, at)
    return ne is not None and not any(t.key in _NEGATIONS for t in tokens[ne:at])


def _governed(side: Side, tokens: Sequence[Token], at: int, length: int) -> int | None:
    """The content token that a cue of ``length`` tokens bears on."""
    right = range(at + length, min(len(tokens), at + length + _SIGHT))
    left = range(at - 1, max(-1, at - 1 - _SIGHT), -1)
    ne = _ne_before(tokens, at)
    between = range(ne, at) if side == "verb" and ne is not None else range(0)
    order = (left, right) if side == "left" else (between, right, left)
    return next((n for span in order for n in span if tokens[n].is_content), None)
