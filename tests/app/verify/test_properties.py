"""What must hold of the verdict on any statement, on any text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verify.verdicts import Supported, Unsupported, WrongCitation
from app.verify.verifier import Offered, Verifier
from ingest.documents import Passage, Sentence

# French-looking: grammar, cues, names, figures and content, in any order.
WORDS = st.sampled_from(
    "la le les de d'un une et ou qui que ne n'a pas plus aucun aucune sans jamais toutes certains "
    "peut peuvent doit pourrait recommande impose interdit seulement sauf souvent avant après par "
    "charte commune communes maire élus signer signature forme forment énergie climat air budget "
    "transition territoires former créer poste ancien nouvelle Privas Ardèche ALEC07 Jean Dupont "
    "CITEGO l'État France trente une-trentaine 12 25 % 2020 3,5 millions euros € km 1er deuxième "
    "XXIe siècle 04.75.00.00.00 mars février à l'unanimité c'est-à-dire « oui » (non) : ; ,".split()
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=22).map(
    lambda words: " ".join(words).capitalize() + "."
)
TEXTS = st.lists(SENTENCES, min_size=1, max_size=6)


def passage(texts: Sequence[str], id: str = "p") -> Passage:
    """A passage of these sentences, a space apart."""
    sentences: list[Sentence] = []
    start = 0
    for text in texts:
        sentences.append(Sentence(start, start + len(text), text))
        start += len(text) + 1
    whole = " ".join(texts)
    return Passage(id, "s", "Titre", (), 0, len(whole), whole, tuple(sentences))


def verifier(*passages: Sequence[str]) -> Verifier:
    return Verifier(
        [Offered(n, passage(texts, f"p{n}")) for n, texts in enumerate(passages, start=1)]
    )


@given(TEXTS, st.data())
@settings(deadline=None)
def test_a_sentence_of_a_passage_word_for_word_is_supported_by_it(
    texts: list[str], data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(texts) - 1))
    found = verifier(texts).check(texts[position], [1])
    if isinstance(found, Unsupported):
        assert found.fault.kind == "empty", found
    else:
        assert isinstance(found, Supported)
        [span] = found.spans
        said = texts[span.first : span.last + 1]
        assert texts[position] in said or span.first == span.last


@given(TEXTS, TEXTS, SENTENCES)
@settings(deadline=None)
def test_what_else_was_offered_changes_nothing_for_what_is_supported(
    texts: list[str], others: list[str], statement: str
) -> None:
    alone = verifier(texts).check(statement, [1])
    together = verifier(texts, others).check(statement, [1])
    if isinstance(alone, Supported):
        assert together == alone
    else:
        assert not isinstance(together, Supported)


@given(TEXTS, TEXTS, st.data())
@settings(deadline=None)
def test_a_wrong_citation_points_to_where_it_is_said(
    texts: list[str], others: list[str], data: st.DataObject
) -> None:
    statement = data.draw(st.sampled_from(texts))
    found = verifier(others, texts).check(statement, [1])
    if isinstance(found, WrongCitation):
        assert {span.number for span in found.spans} == {2}
    elif isinstance(found, Unsupported):
        assert found.fault.kind == "empty"


@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.integers(-2, 5), max_size=4))
@settings(deadline=None)
def test_any_text_has_a_verdict(statement: str, text: str, cited: list[int]) -> None:
    found = verifier([text], ["La charte engage."]).check(statement, cited)
    assert isinstance(found, Supported | WrongCitation | Unsupported)


@given(st.text(min_size=1, max_size=60), st.sampled_from(["[1]", "<b>", "](x", "![i]", "</p"]))
@settings(deadline=None)
def test_markup_is_never_supported(text: str, markup: str) -> None:
    said = f"{text} {markup}(x) charte"
    found = verifier([said]).check(said, [1])
    if markup != "[1]":
        assert isinstance(found, Unsupported) and found.fault.kind == "link"


@pytest.mark.parametrize(
    "long",
    [
        "charte " * 142, "a" * 1_000, "12 " * 333, "1," * 500, "ne pas " * 142, "Jean " * 200,
        "1 000 " * 166, "vingt-" * 166, "a@" * 500, "0475000000 " * 90, "IVXLC " * 166, "«" * 1_000,
        " ".join(f"mot{n}" for n in range(150)), "non seulement " * 71, "\u0301e" * 500,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_the_longest_statements_have_a_verdict(long: str) -> None:
    texts = [long[start : start + 200] for start in range(0, 800, 200)]
    verifier(texts, [long], ["La charte engage."]).check(long, [1, 2])


def test_a_passage_without_sentences_supports_nothing() -> None:
    empty = Passage("p", "s", "La charte", (), 0, 0, "", ())
    found = Verifier([Offered(1, empty), Offered(2, empty)]).check("La charte engage.", [1, 2])
    assert isinstance(found, Unsupported)
    assert isinstance(Verifier([]).check("La charte engage.", [1]), Unsupported)
