"""Whether a question that a model made of two may stand for them."""

from __future__ import annotations

from app.verify.reading import Token, read

_LONGEST = 3  # times the length of the two questions
_BARE = 0.5  # share of its content words that neither of them has
_MARKUP = ("http", "www.", "](", "<", "[")


def is_condensed(text: str, question: str, previous: str) -> bool:
    """Whether the text is one question, of what the two say: no name and no figure is new.

    At least half of its other content words are theirs, and at least one is the question's own,
    unless that has none.
    """
    if not text or len(text) > _LONGEST * (len(question) + len(previous)):
        return False
    if any(sign in text.lower() for sign in _MARKUP):
        return False
    own, before = read(question).tokens, read(previous).tokens
    content = [token for token in read(text).tokens if token.is_content]
    new = [token for token in content if not _says(token, (*own, *before))]
    if any(token.figure or _may_be_name(token) for token in new):
        return False
    words = [token for token in own if token.is_content]
    kept = not words or any(_says(token, content) for token in words)
    return kept and len(new) <= _BARE * len(content)


def _may_be_name(token: Token) -> bool:
    """Whether it has a capital, be it the first word: « Lyon peut-elle signer ? »."""
    return token.word is not None and token.word.is_capital


def _says(token: Token, others: tuple[Token, ...] | list[Token]) -> bool:
    return any(token.says(other) for other in others)
