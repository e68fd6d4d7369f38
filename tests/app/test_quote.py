from collections.abc import Sequence

import pytest

from app.answers import Citation
from app.query import Query
from app.quote import GROUP_LENGTH, LENGTH, MARGIN, PASSAGES, SENTENCES, pointers, quotations
from app.retrieve import Candidate
from tests.app.candidates import UNIT, candidate

QUERY = Query("", {}, UNIT, "fr")
LEAD = "La charte fixe trois objectifs :"
ITEMS = ("• relier les territoires ;", "• former les élus ;", "• raconter les transitions.")


def quoted(*candidates: Candidate) -> list[str]:
    return [citation.quote for citation in quotations(QUERY, candidates)]


def long(start: str, length: int) -> str:
    return start + " long" * ((length - len(start)) // 5) + "."


def test_the_best_sentence_is_quoted_alone_when_the_others_are_far_from_it() -> None:
    found = candidate("Le siège est à Privas.", "La charte est libre.", cosines=(0.4, 0.8))

    assert quoted(found) == ["La charte est libre."]


def test_sentences_within_the_margin_are_quoted_in_reading_order() -> None:
    texts = ("Première phrase utile.", "Deuxième phrase vaine.", "Troisième phrase utile.")
    near = 0.8 - MARGIN + 0.01

    assert quoted(candidate(*texts, cosines=(near, 0.1, 0.8))) == [texts[0], texts[2]]
    assert quoted(candidate(*texts, cosines=(0.8 - MARGIN - 0.01, 0.1, 0.8))) == [texts[2]]


def test_neighbouring_sentences_are_joined_in_one_span() -> None:
    texts = ("Première phrase utile.", "Deuxième phrase utile.")
    [citation] = quotations(QUERY, [candidate(*texts, cosines=(0.8, 0.8))])

    assert citation.quote == "Première phrase utile. Deuxième phrase utile."
    assert (citation.number, citation.start, citation.end) == (1, 0, len(citation.quote))


def test_the_passage_weighs_more_than_its_sentence() -> None:
    better = candidate("La phrase du bon passage.", cosines=(0.7,), score=1.2, id="b")
    other = candidate("La phrase du moins bon.", cosines=(0.8,), score=1.0, id="o")

    assert quoted(better, other) == ["La phrase du bon passage."]


def test_citations_are_numbered_and_the_best_passage_comes_first() -> None:
    found = [
        candidate("La phrase de la seconde.", cosines=(0.80,), id="2"),
        candidate("La phrase de la première.", cosines=(0.82,), id="1"),
    ]
    cited = quotations(QUERY, found)

    assert [(c.number, c.passage) for c in cited] == [(1, "1"), (2, "2")]


def test_at_most_three_sentences_are_quoted() -> None:
    texts = [f"Phrase numéro {n} du texte." for n in range(6)]

    assert len(quotations(QUERY, [candidate(*texts, cosines=[0.8] * 6)])) == 1
    assert quoted(candidate(*texts, cosines=[0.8] * 6)) == [" ".join(texts[:SENTENCES])]


def test_a_sentence_that_would_make_it_too_long_is_left_out_for_one_that_fits() -> None:
    texts = (long("Un", LENGTH - 100), long("Deux", 200), "Une phrase courte suffit.")
    [first, last] = quoted(candidate(*texts, cosines=(0.84, 0.83, 0.82)))

    assert (first, last) == (texts[0], texts[2])
    assert len(first) + len(last) <= LENGTH


def test_a_single_sentence_is_quoted_however_long_it_is() -> None:
    text = long("Une", 700)

    assert quoted(candidate(text, cosines=(0.8,))) == [text]


def test_only_the_first_passages_are_quoted_from() -> None:
    found = [
        candidate("Une phrase de passage.", cosines=(0.1,), id=str(n)) for n in range(PASSAGES)
    ]
    late = candidate("La meilleure phrase, trop tard.", cosines=(0.9,), id="late")

    assert "La meilleure phrase, trop tard." not in quoted(*found, late)


@pytest.mark.parametrize("cosines", [(0.8, 0.1, 0.1, 0.1), (0.1, 0.1, 0.8, 0.1)])
def test_a_list_is_quoted_whole_with_the_sentence_that_introduces_it(
    cosines: Sequence[float],
) -> None:
    assert quoted(candidate(LEAD, *ITEMS, cosines=cosines)) == [" ".join((LEAD, *ITEMS))]


def test_what_follows_a_list_is_not_part_of_it() -> None:
    found = candidate(LEAD, *ITEMS, "Ensuite vient le bilan.", cosines=(0.8, 0.1, 0.1, 0.1, 0.1))

    assert quoted(found) == [" ".join((LEAD, *ITEMS))]


def test_a_list_of_its_own_is_quoted_whole_without_the_mark_of_its_first_item() -> None:
    items = [f"• le point numéro {n} de la liste ;" for n in range(5)]
    found = candidate("Une phrase avant la liste.", *items, cosines=(0.1, *[0.8] * 5))

    assert quoted(found) == [" ".join(items).removeprefix("• ")]


def test_a_list_may_be_longer_than_sentences_but_not_without_end() -> None:
    items = [long("• point", 100) for _ in range(5)]
    whole = " ".join((LEAD, *items))
    assert LENGTH < len(whole) <= GROUP_LENGTH
    assert quoted(candidate(LEAD, *items, cosines=[0.8] * 6)) == [whole]

    longer = [long("• point", 100) for _ in range(7)]
    cited = quoted(candidate(LEAD, *longer, cosines=[0.8] * 8))
    assert LEAD not in " ".join(cited)
    assert sum(map(len, cited)) <= LENGTH


@pytest.mark.parametrize(
    "unfit",
    ["La charte fixe trois objectifs :", "Objectifs", "12/2019", "(voir la page 12 du texte)"],
)
def test_what_says_nothing_by_itself_is_never_quoted(unfit: str) -> None:
    assert quoted(candidate(unfit, cosines=(0.9,))) == []
    assert quoted(candidate(unfit, "La charte est libre.", cosines=(0.9, 0.2))) == [
        "La charte est libre."
    ]


@pytest.mark.parametrize(
    "dependent",
    [
        "Elle a été publiée en 2019.",
        "Il a voté à l’unanimité.",
        "Ces engagements sont libres.",
        "C’est un texte court et clair.",
        "Leur siège est à Privas.",
        "Celle-ci compte neuf membres.",
    ],
)
def test_a_sentence_that_opens_with_a_pronoun_brings_the_one_before_it(dependent: str) -> None:
    found = candidate("Le bureau suit la charte.", dependent, cosines=(0.2, 0.8))

    assert quoted(found) == [f"Le bureau suit la charte. {dependent}"]


@pytest.mark.parametrize(
    "independent",
    ["Illustrer la charte est permis.", "Certains élus l’ont signée.", "Yves Le Goff signe."],
)
def test_a_word_that_begins_like_a_pronoun_brings_nothing(independent: str) -> None:
    assert quoted(candidate("Le bureau suit la charte.", independent, cosines=(0.2, 0.8))) == [
        independent
    ]


def test_a_pronoun_without_a_sentence_before_it_or_after_a_long_one_stands_alone() -> None:
    assert quoted(candidate("Elle a été publiée en 2019.", cosines=(0.8,))) == [
        "Elle a été publiée en 2019."
    ]
    found = candidate(long("Le bureau", LENGTH), "Elle a été publiée.", cosines=(0.2, 0.8))
    assert quoted(found) == ["Elle a été publiée."]


def test_nothing_is_quoted_when_nothing_was_found() -> None:
    assert quotations(QUERY, []) == []
    assert pointers(QUERY, [], 3) == []


def test_pointers_are_what_would_be_quoted_then_the_next_passages_nearest_sentence() -> None:
    best = candidate("La phrase la plus proche.", cosines=(0.9,), score=1.5, id="1")
    next_best = candidate("Une phrase.", "Une phrase plus proche.", cosines=(0.1, 0.3), id="2")
    third = candidate("Une dernière phrase ici.", cosines=(0.1,), id="3")
    cited: list[Citation] = pointers(QUERY, [best, next_best, third], 2)

    assert [(c.number, c.passage, c.quote) for c in cited] == [
        (1, "1", "La phrase la plus proche."),
        (2, "2", "Une phrase plus proche."),
    ]


def test_a_pointer_is_never_a_lone_heading_nor_the_opening_of_a_list() -> None:
    best = candidate("La phrase la plus proche.", cosines=(0.9,), score=1.5, id="1")
    opening = candidate(LEAD, *ITEMS, cosines=(0.9, 0.1, 0.1, 0.1), id="2")
    heading = candidate("Objectifs", cosines=(0.9,), id="3")

    assert [c.quote for c in pointers(QUERY, [best, opening, heading], 3)] == [
        "La phrase la plus proche.",
        " ".join((LEAD, *ITEMS)),
    ]
