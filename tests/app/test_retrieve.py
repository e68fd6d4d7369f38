from collections.abc import Callable

import pytest

from app.query import Query, Speller, analyse
from app.retrieve import BEST, WEIGHTS, retrieve
from ingest.release import Release, open_current
from ingest.store import Store
from tests.app.texts import publish
from tests.fakes import FakeModel

Analysed = Callable[[str], Query]


def first_heading(query: Query, release: Release) -> tuple[str, ...]:
    return retrieve(query, release, 1)[0].entry.passage.heading


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("Combien coûte l’adhésion ?", "Combien coûte l’adhésion ?"),  # the heading holds the words
        ("le trésorier encaisse quoi", "Combien coûte l’adhésion ?"),  # only the text does
        ("Qui a voté à l’unanimité ?", "Rejoindre la Fabrique"),
        ("former les techniciens", "Objectifs"),  # an item of a list
        ("réduire le chauffage", "Sobriété"),
    ],
)
def test_the_passage_that_holds_the_words_comes_first(
    release: Release, analysed: Analysed, question: str, heading: str
) -> None:
    assert first_heading(analysed(question), release) == (heading,)


@pytest.mark.parametrize(
    "question",
    [
        "Qui a décidé que l’ALEC07 rejoindrait la Fabrique ?",
        "Qui a décidé que l'ALEC07 rejoindrait la Fabrique ?",
        "Qui a decide que l`ALEC07 rejoindrait la Fabrique ?",
        "qui a décidé que lʼalec07 rejoindrait la fabrique",
        "QUI A DÉCIDÉ QUE L’ALEC07 REJOINDRAIT LA FABRIQUE ?",
        "Qui a décidé que l’ALEC 07 rejoindrait la Fabrique ?",
        "Qui a décidé que l’alec 07 rejoindrait les fabriques ?",
        "Qui a décidés que l’ALEC07 rejoindrait la Fabriqe ?",
        "Qui a décidé que l’ALEC07 rejoindrait la Fabirque ?",
        "Qui a de\u0301cide\u0301 que l’ALEC07 rejoindrait la Fabrique ?",
    ],
)
def test_how_a_question_is_typed_does_not_change_what_is_found(
    release: Release, analysed: Analysed, question: str
) -> None:
    assert first_heading(analysed(question), release) == ("Rejoindre la Fabrique",)


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("les collectivités déclarées", "la collectivité déclarée"),
        ("les assemblées générales", "l’assemblée générale"),
        ("l’assemblee generale", "L’ASSEMBLÉE GÉNÉRALE"),
    ],
)
def test_number_accents_and_capitals_give_the_very_same_score(
    release: Release, analysed: Analysed, question: str, typed: str
) -> None:
    found, other = (retrieve(analysed(text), release, 1)[0] for text in (question, typed))

    assert found.entry.passage.id == other.entry.passage.id
    assert (found.coverage, found.bm25) == (other.coverage, other.bm25)


def test_a_typo_finds_the_same_passage(release: Release, analysed: Analysed) -> None:
    found, other = (
        retrieve(analysed(text), release, 1)[0].entry.passage.id
        for text in ("l’assenblée générale", "l’assemblée générale")
    )

    assert found == other


def test_passages_come_best_first_and_no_more_than_asked(
    release: Release, analysed: Analysed
) -> None:
    found = retrieve(analysed("Qui peut signer la charte d’alliance ?"), release, 4)

    assert len(found) == 4
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert len({c.entry.passage.id for c in found}) == 4
    assert len(retrieve(analysed("la charte"), release, 100)) == release.manifest.passages


def test_the_score_is_the_mix_of_its_features(release: Release, analysed: Analysed) -> None:
    best = retrieve(analysed("Combien coûte l’adhésion ?"), release, 1)[0]

    assert best.coverage == 1.0
    assert best.sentence_cosine == max(best.sentence_cosines) <= 1.001
    assert len(best.sentence_cosines) == len(best.entry.passage.sentences) == 4
    assert best.score == pytest.approx(
        best.sentence_cosine
        + WEIGHTS["passage_cosine"] * best.passage_cosine
        + WEIGHTS["coverage"] * best.coverage
        + WEIGHTS["bm25"] * best.bm25
    )


def test_a_question_of_which_no_word_is_known_is_still_ranked_by_its_vector(
    release: Release, analysed: Analysed
) -> None:
    found = retrieve(analysed("gratin dauphinois"), release, 5)

    assert len(found) == 5
    assert {c.coverage for c in found} == {c.bm25 for c in found} == {0.0}


def test_without_vectors_the_lexicon_ranks_alone(release: Release, analysed: Analysed) -> None:
    query = analysed("Combien coûte l’adhésion ?")
    lexical = Query(query.text, query.weights, None, "fr")
    [best, *others] = retrieve(lexical, release, BEST)

    assert best.entry.passage.heading == ("Combien coûte l’adhésion ?",)
    assert (best.sentence_cosines, best.sentence_cosine, best.passage_cosine) == ((), 0.0, 0.0)
    assert all(other.bm25 > 0 for other in others)
    assert retrieve(Query("?", {}, None, "fr"), release, 5) == []


def test_of_equal_passages_the_order_is_that_of_their_ids_on_every_machine(store: Store) -> None:
    text = "# Avis {0}\n\nLa même phrase est écrite ici.\n\n## Suite {0}\n\nRien de plus {0}.\n"
    publish(store.folder, {f"{name}.md": text.format(name) for name in "abcd"})
    release = open_current(store)
    try:
        query = analyse("la même phrase", release, Speller(release), FakeModel())
        same = [
            c for c in retrieve(Query(query.text, query.weights, None, "fr"), release, 10)
            if c.entry.passage.heading == ()
        ]  # fmt: skip
    finally:
        release.close()

    assert len(same) == 4
    assert [c.entry.passage.id for c in same] == sorted(c.entry.passage.id for c in same)
