from collections.abc import Sequence

import pytest

from app.answers import Citation
from app.query import Query
from app.quote import LENGTH, SENTENCES, pointers, quotations
from app.retrieve import Candidate
from tests.app.calibrations import MIX
from tests.app.candidates import UNIT, candidate

QUERY = Query("", {}, UNIT, "fr")
LEAD = "La charte fixe trois objectifs :"
ITEMS = ("• relier les territoires ;", "• former les élus ;", "• raconter les transitions.")


def quoted(*candidates: Candidate) -> list[str]:
    return [citation.quote for citation in quotations(QUERY, candidates, MIX)]


def long(start: str, length: int) -> str:
    return start + " long" * ((length - len(start)) // 5) + "."


def test_the_best_sentence_is_quoted_alone_when_the_others_are_far_from_it() -> None:
    found = candidate("Le siège est à Privas.", "La charte est libre.", cosines=(0.4, 0.8))

    assert quoted(found) == ["La charte est libre."]


def test_sentences_that_bring_enough_for_their_length_are_quoted_in_reading_order() -> None:
    texts = ("Première phrase utile.", "Deuxième phrase vaine.", "Troisième phrase utile.")

    assert quoted(candidate(*texts, cosines=(0.75, 0.1, 0.8))) == [texts[0], texts[2]]
    assert quoted(candidate(*texts, cosines=(0.60, 0.1, 0.8))) == [texts[2]]


def test_a_longer_sentence_must_bring_more() -> None:
    short, lengthy = "Une phrase utile.", long("Une phrase utile et", 300)
    best = "La meilleure des phrases."

    assert quoted(candidate(best, short, cosines=(0.8, 0.73))) == [f"{best} {short}"]
    assert quoted(candidate(best, lengthy, cosines=(0.8, 0.73))) == [best]


def test_neighbouring_sentences_are_joined_in_one_span() -> None:
    texts = ("Première phrase utile.", "Deuxième phrase utile.")
    [citation] = quotations(QUERY, [candidate(*texts, cosines=(0.8, 0.8))], MIX)

    assert citation.quote == "Première phrase utile. Deuxième phrase utile."
    assert (citation.number, citation.start, citation.end) == (1, 0, len(citation.quote))


def test_citations_are_numbered_and_the_best_passage_comes_first() -> None:
    found = [
        candidate("La phrase de la seconde.", cosines=(0.80,), id="2"),
        candidate("La phrase de la première.", cosines=(0.82,), id="1"),
    ]
    cited = quotations(QUERY, found, MIX)

    assert [(c.number, c.passage) for c in cited] == [(1, "1"), (2, "2")]


def test_at_most_three_sentences_are_quoted() -> None:
    texts = [f"Phrase numéro {n} du texte." for n in range(6)]

    assert len(quotations(QUERY, [candidate(*texts, cosines=[0.8] * 6)], MIX)) == 1
    assert quoted(candidate(*texts, cosines=[0.8] * 6)) == [" ".join(texts[:SENTENCES])]


def test_a_sentence_that_would_make_it_too_long_is_left_out_for_one_that_fits() -> None:
    texts = (long("Un", LENGTH - 100), long("Deux", 200), "Une phrase courte suffit.")
    [first, last] = quoted(candidate(*texts, cosines=(0.84, 0.83, 0.82)))

    assert (first, last) == (texts[0], texts[2])
    assert len(first) + len(last) <= LENGTH


def test_a_single_sentence_is_quoted_however_long_it_is() -> None:
    text = long("Une", 700)

    assert quoted(candidate(text, cosines=(0.8,))) == [text]


@pytest.mark.parametrize("cosines", [(0.8, 0.1, 0.1, 0.1), (0.1, 0.1, 0.8, 0.1)])
def test_a_list_is_quoted_whole_with_the_sentence_that_introduces_it(
    cosines: Sequence[float],
) -> None:
    assert quoted(candidate(LEAD, *ITEMS, cosines=cosines)) == [" ".join((LEAD, *ITEMS))]


def test_a_list_of_its_own_is_quoted_whole_without_the_mark_of_its_first_item() -> None:
    items = [f"• le point numéro {n} de la liste ;" for n in range(5)]
    found = candidate("Une phrase avant la liste.", *items, cosines=(0.1, *[0.8] * 5))

    assert quoted(found) == [" ".join(items).removeprefix("• ")]


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
    assert quotations(QUERY, [], MIX) == []
    assert pointers(QUERY, [], MIX, 3) == []


def test_pointers_are_the_likeliest_sentence_of_each_of_the_best_passages() -> None:
    best = candidate("La phrase la plus proche.", cosines=(0.9,), score=1.5, id="1")
    next_best = candidate("Une phrase.", "Une phrase plus proche.", cosines=(0.1, 0.3), id="2")
    third = candidate("Une dernière phrase ici.", cosines=(0.1,), id="3")
    cited: list[Citation] = pointers(QUERY, [best, next_best, third], MIX, 2)

    assert [(c.number, c.passage, c.quote) for c in cited] == [
        (1, "1", "La phrase la plus proche."),
        (2, "2", "Une phrase plus proche."),
    ]


def test_a_pointer_is_never_a_lone_heading_nor_the_opening_of_a_list() -> None:
    best = candidate("La phrase la plus proche.", cosines=(0.9,), score=1.5, id="1")
    opening = candidate(LEAD, *ITEMS, cosines=(0.9, 0.1, 0.1, 0.1), id="2")
    heading = candidate("Objectifs", cosines=(0.9,), id="3")

    assert [c.quote for c in pointers(QUERY, [best, opening, heading], MIX, 3)] == [
        "La phrase la plus proche.",
        " ".join((LEAD, *ITEMS)),
    ]


def test_a_pointer_is_not_to_what_is_quoted_already() -> None:
    text = "La phrase la plus proche."
    one, window = candidate(text, cosines=(0.9,), id="1"), candidate(text, cosines=(0.9,), id="1")

    assert len(pointers(QUERY, [one, window], MIX, 3)) == 1


def test_the_same_words_in_two_sources_are_cited_together() -> None:
    one = candidate("Avant elle.", "La charte est libre.", cosines=(0.1, 0.8), id="1")
    other = candidate("La charte est libre.", "Après elle.", cosines=(0.8, 0.1), id="2")
    cited = quotations(QUERY, [one, other], MIX)

    assert [(c.number, c.passage, c.quote) for c in cited] == [
        (1, "1", "La charte est libre."), (2, "2", "La charte est libre."),
    ]  # fmt: skip
    assert [c.start for c in cited] == [12, 0]


def test_a_source_that_says_it_twice_is_cited_once() -> None:
    found = candidate("La charte est libre.", "La charte est libre.", cosines=(0.8, 0.8))

    assert quoted(found) == ["La charte est libre."]


def test_a_citation_of_the_same_words_elsewhere_never_overlaps_another_one() -> None:
    said = "Le bureau suit la charte de près."
    one = candidate(said, cosines=(0.84,), score=1.05, id="1")
    other = candidate(said, "Elle engage le bureau.", cosines=(0.8, 0.84), id="2")
    cited = quotations(QUERY, [one, other], MIX)

    assert len(cited) >= 2
    assert [(a, b) for a in cited for b in cited if a is not b and a.overlaps(b)] == []
    assert [citation.number for citation in cited] == list(range(1, len(cited) + 1))


def test_a_pronoun_s_sentence_follows_its_antecedent_when_that_is_quoted_already() -> None:
    found = candidate(
        "Le bureau suit la charte.", "Elle engage tout le bureau.", cosines=(0.82, 0.80)
    )

    assert quoted(found) == ["Le bureau suit la charte. Elle engage tout le bureau."]


def test_pointers_show_the_same_words_once() -> None:
    found = [candidate("La charte est libre.", cosines=(0.8,), id=str(n)) for n in range(3)]

    assert len(pointers(QUERY, found, MIX, 3)) == 1
