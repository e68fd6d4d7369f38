"""Two texts laid over each other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.verify.alignment import align
from app.verify.reading import read


def laid(mine: str, theirs: str) -> list[tuple[str, int | None]]:
    """The content words of the first, with the position of each in the second."""
    one, other = read(mine), read(theirs)
    found = align(one.tokens, other.tokens)
    return [(t.key, at) for t, at in zip(one.tokens, found, strict=True) if t.is_content]


def test_the_same_text_lies_over_itself() -> None:
    assert laid("Le maire signe la charte.", "Le maire signe la charte.") == [
        ("maire", 1), ("signe", 2), ("charte", 4),
    ]  # fmt: skip


def test_a_clause_that_moved_stays_whole() -> None:
    found = laid("En mars, le maire signe la charte.", "Le maire signe la charte en mars.")
    assert found == [("mars", 6), ("maire", 1), ("signe", 2), ("charte", 4)]


def test_a_word_that_was_changed_or_added_stays_bare() -> None:
    assert laid("Le maire déchire la charte rouge.", "Le maire signe la charte.") == [
        ("maire", 1), ("dechire", None), ("charte", 4), ("rouge", None),
    ]  # fmt: skip
    assert laid("Le vélo", "") == [("velo", None)] and laid("", "Le vélo") == []


def test_a_word_said_twice_may_stand_for_one() -> None:
    assert laid("Le maire et le maire", "Le maire") == [("maire", 1), ("maire", 1)]


def test_the_longest_run_is_laid_first() -> None:
    mine, theirs = "La charte de Privas", "La charte de Lyon, puis la charte de Privas"
    assert laid(mine, theirs) == [("charte", 6), ("privas", 8)]


WORDS = st.lists(
    st.sampled_from("maire signe charte la de Privas 12 douze ne pas , .".split()), max_size=14
).map(" ".join)


@given(WORDS, WORDS)
@settings(deadline=None)
def test_each_token_stands_for_one_that_says_the_same(mine: str, theirs: str) -> None:
    one, other = read(mine).tokens, read(theirs).tokens
    found = align(one, other)
    assert len(found) == len(one)
    for token, at in zip(one, found, strict=True):
        if at is not None:
            assert token.says(other[at])
        elif token.is_content:
            assert not any(token.says(each) for each in other)
