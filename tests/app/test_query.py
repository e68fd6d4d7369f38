from collections.abc import Callable

import numpy as np
import pytest

from app.query import Query, Speller, analyse, cosines, embedded, language_of
from ingest.release import Release
from tests.fakes import FakeModel

Analysed = Callable[[str], Query]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qui peut signer la charte ?", "fr"),
        ("charte signature", "fr"),
        ("", "fr"),
        ("Who can sign the charter?", "en"),
        ("What is the alliance", "en"),
        ("Wer kann die Charta unterzeichnen?", "de"),
        ("Wie viele Mitglieder hat der Verein?", "de"),
        ("¿Quién puede firmar el texto?", "es"),
        ("¿Cuándo fue publicada?", "es"),
        ("Que signifie « work in progress » dans la charte ?", "fr"),
    ],
)
def test_the_language_is_told_from_the_small_words(question: str, language: str) -> None:
    assert language_of(question) == language


def test_a_query_keeps_the_words_that_carry_meaning(analysed: Analysed) -> None:
    query = analysed("Qui peut signer la charte ?")

    assert set(query.weights) == {"sign", "chart"}
    assert query.weights["chart"] < query.weights["sign"]  # the rarer word weighs more
    assert query.total == pytest.approx(sum(query.weights.values()))


def test_a_question_of_grammar_alone_has_no_weight_and_covers_nothing(analysed: Analysed) -> None:
    query = analysed("Qui est-ce que c'est ?")

    assert query.weights == {}
    assert query.coverage(frozenset({"chart"})) == 0.0


def test_coverage_is_the_share_of_the_weight_that_was_found() -> None:
    query = Query("", {"chart": 1.0, "sign": 3.0}, None, "fr")

    assert query.coverage(frozenset()) == 0.0
    assert query.coverage(frozenset({"sign", "autre"})) == 0.75
    assert query.coverage(frozenset({"sign", "chart"})) == 1.0


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("colectivite", "collectivite"),  # a letter is missing
        ("prefecturee", "prefecture"),  # one too many
        ("assenblee", "assemblee"),  # one is another
        ("obilgation", "obligation"),  # two are swapped
        ("obligation", "obligation"),
        ("zzzzzzzz", None),
        ("prefextuer", None),  # two letters away
        ("sig", None),  # too short to be told from its neighbours
        ("alec08", None),  # a number is never corrected
    ],
)
def test_a_misspelt_word_is_corrected_by_a_letter(
    release: Release, word: str, known: str | None
) -> None:
    assert Speller(release).correct(word) == known


def test_of_two_neighbours_the_more_frequent_word_is_taken(release: Release) -> None:
    counts = release.table.words()
    assert (counts["agence"], counts["agences"]) == (3, 1)

    assert Speller(release).correct("agencee") == "agence"


def test_a_typo_shares_its_weight_with_the_word_it_may_stand_for(analysed: Analysed) -> None:
    typed, meant = analysed("la colectivité").weights, analysed("la collectivité").weights

    assert typed["collectivit"] == meant["collectivit"] / 2
    assert typed.keys() - meant.keys() == {"colectivit"}


def test_a_word_that_nothing_is_near_to_stays_and_weighs_like_the_rarest(
    release: Release, analysed: Analysed
) -> None:
    weights = analysed("gratin préfecture").weights

    assert weights == {"gratin": release.lexicon.idf("x"), "prefectur": release.lexicon.idf("x")}


def test_without_vectors_a_question_is_not_embedded(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "vectors", None)

    assert analyse("Qui signe ?", release, Speller(release), FakeModel()).vector is None


def test_a_vector_is_of_unit_length_and_the_model_s_dimension() -> None:
    vector = embedded("Qui signe ?", FakeModel())

    assert (vector.shape, vector.dtype) == ((64,), np.float32)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-6)


def test_cosines_come_back_a_row() -> None:
    rows = np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)

    assert cosines(rows, [0.0, 1.0]).tolist() == pytest.approx([0.0, 0.8])
