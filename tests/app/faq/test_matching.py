"""Which published entry answers a question, and why none does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.calibration import Logistic
from app.faq.likeness import Rows
from app.faq.matching import WITHHELD, Candidate, Match, Published
from tests.app.faq.made import BY_VECTORS, BY_WORDS, vectors_of

PRICE = Candidate("prix", ("Combien coûte une pompe à chaleur ?", "prix d'une pompe à chaleur"))
AIDS = Candidate("aides", ("Quelles aides pour une pompe à chaleur ?",))
YEAR = Candidate("2026", ("Quelles aides en 2026 pour le solaire ?",))
PUBLISHED = Published([PRICE, AIDS, YEAR], BY_WORDS)


def match(published: Published, question: str, vector: Rows | None = None) -> Match | None:
    """The entry that answers."""
    return next((one for one in published.ranked(question, vector, 1) if one.answers), None)


def test_a_question_in_other_words_is_answered_by_its_entry() -> None:
    found = match(PUBLISHED, "Quel est le tarif d'une pompe à chaleur ?")
    assert found is not None
    assert (found.entry, found.phrasing) == ("prix", PRICE.questions[0])
    assert found.probability > BY_WORDS.threshold and found.answers


def test_what_is_too_far_says_how_far() -> None:
    [nearest, *_] = PUBLISHED.ranked("Quelle est la capitale du Pérou ?", None)
    assert nearest.why_not == "trop loin : 0,00 sous 0,80"
    assert match(PUBLISHED, "Quelle est la capitale du Pérou ?") is None


def test_what_is_just_too_far_looks_so() -> None:
    question = "prix pompe à chaleur"
    [nearest, *_] = PUBLISHED.ranked(question, None)
    strict = replace(BY_WORDS, threshold=nearest.probability + 1e-4)
    [nearest, *_] = Published([PRICE, AIDS, YEAR], strict).ranked(question, None)
    low, high = nearest.why_not.removeprefix("trop loin : ").split(" sous ")
    assert low < high


def test_among_few_entries_what_is_nearest_may_be_far() -> None:
    question = "Une pompe à chaleur pour le sport"
    [alone] = Published([PRICE], BY_WORDS).ranked(question, None)
    assert alone.features["lead"] == alone.features["best"] + 3 < 8 and not alone.answers
    assert alone.why_not.startswith("trop loin")
    strict = replace(BY_WORDS, threshold=0.99999)
    [alone] = Published([PRICE], strict).ranked("prix d'une pompe à chaleur", None)
    assert alone.why_not.startswith("trop loin")  # and not that there are two
    [alone] = Published([PRICE], BY_WORDS).ranked("Où est la mer ?", None)
    assert alone.features["lead"] < 0 and alone.why_not.startswith("trop loin")


def test_an_entry_to_be_reviewed_keeps_others_from_what_it_is_asked() -> None:
    reviewed = replace(AIDS, withheld=True)
    published = Published([PRICE, reviewed], BY_WORDS)
    [first, second] = published.ranked(AIDS.questions[0], None)
    assert (first.entry, first.why_not) == ("aides", WITHHELD)
    assert not first.may_be_meant
    assert second.why_not == "une autre fiche est plus proche"
    assert match(published, PRICE.questions[0]) is not None


def test_a_word_that_no_phrasing_has_counts_against_an_entry() -> None:
    weighed = Logistic(0.0, {"best": 1.0, "new": -2.0, "put_apart": -3.0})
    [asked] = Published([PRICE], replace(BY_WORDS, entry=weighed)).ranked(
        "Pourquoi une pompe à chaleur en montagne ?", None
    )
    assert asked.features["new"] == pytest.approx(1.0)
    assert asked.features["put_apart"] == 1.0  # « pourquoi » where « combien » is answered
    [same] = Published([PRICE], BY_WORDS).ranked("combien pour une pompe à chaleur", None)
    assert (same.features["new"], same.features["put_apart"]) == (0.0, 0.0)
    assert asked.probability < same.probability


def test_what_an_entry_says_is_not_what_denies_it() -> None:
    sign = Candidate("signer", ("Comment signer la charte ?", "comment adhérer à la charte"))
    lenient = replace(BY_WORDS, threshold=0.3)
    published = Published([sign], lenient)
    assert match(published, "Comment signer la charte, s'il vous plaît ?") is not None
    [denied] = published.ranked("Comment ne pas signer la charte ?", None)
    assert denied.why_not == "une négation diffère"


def test_another_number_is_never_answered() -> None:
    [nearest, *_] = PUBLISHED.ranked("Quelles aides en 2025 pour le solaire ?", None)
    assert (nearest.entry, nearest.why_not) == ("2026", "un nombre diffère")
    assert match(PUBLISHED, "Quelles aides en 2026 pour le solaire ?") is not None
    assert match(PUBLISHED, "Quelles aides pour le solaire ?") is not None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Pourquoi signer la charte ?", "pourquoi"),
        ("Quand signer la charte ?", "quand"),
        ("Combien pour signer la charte ?", "combien"),
    ],
)
def test_an_entry_on_how_answers_no_question_on_why_or_when(question: str, said: str) -> None:
    lenient = replace(BY_WORDS, threshold=0.0)
    how = Candidate("signer", ("Comment signer la charte ?", "signer la charte"))
    [barred] = Published([how], lenient).ranked(question, None)
    assert barred.why_not == f"elle ne dit pas « {said} »"
    assert match(Published([how], lenient), "Où signer la charte ?") is not None
    no_way = replace(how, questions=("signer la charte",))
    assert match(Published([no_way], lenient), question) is not None
    too = replace(how, questions=(*how.questions, question))
    assert match(Published([too], lenient), f"{question} Dites-moi") is not None


def test_another_name_is_never_answered() -> None:
    joining = Candidate("pourquoi", ("Pourquoi l'ALEC07 a rejoint la Fabrique ?",))
    lenient = replace(BY_WORDS, threshold=0.01)
    [barred] = Published([joining], lenient).ranked("Pourquoi FLAME a rejoint la Fabrique ?", None)
    assert barred.why_not == "un nom diffère"


def test_the_opposite_of_what_it_says_is_never_answered() -> None:
    joining = Candidate("pourquoi", ("Pourquoi l'agence a rejoint la Fabrique ?",))
    lenient = replace(BY_WORDS, threshold=0.01)
    question = "Pourquoi l'agence a quitté la Fabrique ?"
    [barred] = Published([joining], lenient).ranked(question, None)
    assert barred.why_not == "elle ne dit pas « quitté »"
    both = replace(joining, questions=(*joining.questions, "quitter la Fabrique"))
    assert match(Published([both], lenient), question) is not None


def test_two_entries_as_near_answer_nothing() -> None:
    published = Published([PRICE, replace(PRICE, entry="double")], BY_WORDS)
    strict = replace(BY_WORDS, entry=Logistic(0.0, {"best": 0.5, "lead": 1.0}), threshold=0.9)
    doubled = Published([PRICE, replace(PRICE, entry="double")], strict)
    [first, second] = doubled.ranked("prix d'une pompe à chaleur", None)
    assert first.features["lead"] == second.features["lead"] == 0.0
    assert first.why_not == "deux fiches aussi proches"
    assert len(published.ranked("prix", None)) == 2


def test_only_the_nearest_entry_answers() -> None:
    [first, second, _] = PUBLISHED.ranked("prix d'une pompe à chaleur", None)
    assert first.answers and not second.answers
    assert second.why_not == "une autre fiche est plus proche"


def test_a_negation_that_alone_is_in_the_way_is_said() -> None:
    strict = replace(BY_WORDS, entry=Logistic(0.0, {"best": 1.0, "denied": -9.0}))
    published = Published([Candidate("recu", ("chèque énergie",)), PRICE], strict)
    [nearest, *_] = published.ranked("pas chèque énergie", None)
    assert nearest.why_not == "une négation diffère"
    assert match(published, "chèque énergie") is not None


def test_vectors_count_where_all_have_them() -> None:
    candidates = [replace(one, vectors=vectors_of(one.questions)) for one in (PRICE, AIDS)]
    question = "prix d'une pompe à chaleur"
    vector = vectors_of([question])[0]
    both = Published(candidates, BY_VECTORS)
    found = match(both, question, vector)
    assert found is not None and found.entry == "prix"
    assert match(both, question) is None
    assert match(Published([candidates[0], AIDS], BY_VECTORS), question, vector) is None


def test_nothing_published_answers_nothing() -> None:
    assert Published([], BY_WORDS).ranked("prix", None) == []
    assert match(Published([Candidate("vide", ())], BY_WORDS), "prix") is None


@pytest.mark.parametrize("question", ["", "???", "a" * 2_000])
def test_any_message_is_judged(question: str) -> None:
    assert match(PUBLISHED, question) is None


def test_no_more_are_ranked_than_asked() -> None:
    assert len(PUBLISHED.ranked("prix", None, 2)) == 2
