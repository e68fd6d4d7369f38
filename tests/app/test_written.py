"""Statements of a text that comes in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.written import Written, statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La charte est signée [1].", [("La charte est signée.", (1,))]),
        ("Elle est signée. [1] Elle lie. [2]", [("Elle est signée.", (1,)), ("Elle lie.", (2,))]),
        ("Un [1][2]. Deux [1, 3] !", [("Un.", (1, 2)), ("Deux !", (1, 3))]),
        ("Un【2†source】. Deux [^3].", [("Un.", (2,)), ("Deux.", (3,))]),
        ("Trois sources [1-3].", [("Trois sources.", (1, 2, 3))]),
        ("Sans marque. Avec [1].", [("Sans marque.", ()), ("Avec.", (1,))]),
        ("Là :\n- **agir** [1] ;\n2. lier [2]", [("Là :", ()), ("agir ;", (1,)), ("lier", (2,))]),
        ("# Titre\n\nTexte [1].", [("Titre", ()), ("Texte.", (1,))]),
        ("<think>Je [9] cherche.</think>La charte [1].", [("La charte.", (1,))]),
        ("<think>sans fin", []),
        ("M. Dupont a signé le 3. mars [1].", [("M. Dupont a signé le 3. mars.", (1,))]),
        ("[1] La charte.", [("La charte.", ())]),
        ("... !\n\n--", []),
        ("", []),
    ],
)  # fmt: skip
def test_each_sentence_comes_with_its_markers(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert [(one.text, one.markers) for one in statements([text])] == expected


def test_a_sentence_comes_out_at_its_full_stop_when_its_marker_is_before() -> None:
    taken: list[str] = []

    def deltas() -> list[str]:
        return ["La charte ", "lie [", "1]", ".", " Elle", " engage. ", "[2]", " Puis"]

    def told():  # type: ignore[no-untyped-def]
        for delta in deltas():
            taken.append(delta)
            yield delta

    found = statements(told())
    assert next(found) == Written("La charte lie.", (1,))
    assert taken[-1] == "."
    assert next(found) == Written("Elle engage.", (2,))
    assert taken[-1] == " Puis"


PARTS = st.sampled_from(
    ["La charte", " les communes", "[1]", " [2]", "[1, 2]", ".", ". ", "\n", " ", "…", "»", "« ",
     "(", ")", "M. ", "12", "<think>", "</think>", "<", "[", "]", "- ", "a", "É", "?", "**", ":"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=30).map("".join), st.lists(st.integers(1, 9), max_size=60))
def test_the_statements_are_the_same_however_the_text_is_cut(text: str, sizes: list[int]) -> None:
    pieces, start = [], 0
    for size in sizes:
        pieces.append(text[start : start + size])
        start += size
    pieces.append(text[start:])
    assert list(statements(pieces)) == list(statements([text]))
