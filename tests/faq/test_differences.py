"""Two texts word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from app.faq.differences import Part, differences


def test_words_that_one_alone_has_are_told_apart() -> None:
    assert differences("Toute commune peut signer.", "Toute ville peut signer ici.") == [
        Part("same", "Toute"),
        Part("removed", " commune"),
        Part("added", " ville"),
        Part("same", " peut"),
        Part("removed", " signer."),
        Part("added", " signer ici."),
    ]


def test_the_same_text_is_one_part_and_nothing_is_none() -> None:
    assert differences("Le maire\nsigne. ", "Le maire\nsigne. ") == [
        Part("same", "Le maire\nsigne. ")
    ]
    assert differences("", "") == []
    assert differences("", "Un") == [Part("added", "Un")]


@given(some.text(" \nab\u00a0", max_size=30), some.text(" \nab\u00a0", max_size=30))
def test_the_parts_make_both_texts(old: str, new: str) -> None:
    parts = differences(old, new)
    assert "".join(one.text for one in parts if one.kind != "added") == old
    assert "".join(one.text for one in parts if one.kind != "removed") == new
