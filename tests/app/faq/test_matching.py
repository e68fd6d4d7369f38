"""Which published entry answers a question, and why none does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.calibration import Logistic
from app.faq.likeness import Rows
from app.faq.matching import Candidate, Match, Published
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
    assert alone.lead == alone.best + 6 < 8 and not alone.answers
    strict = replace(BY_WORDS, threshold=0.99999)
    [alone] = Published([PRICE], strict).ranked("prix d'une pompe à chaleur", None)
    assert alone.why_not.startswith("trop loin")  # and not that there are two


def test_another_number_is_never_answered() -> None:
    [nearest, *_] = PUBLISHED.ranked("Quelles aides en 2025 pour le solaire ?", None)
    assert (nearest.entry, nearest.why_not) == ("2026", "un nombre diffère")
    assert match(PUBLISHED, "Quelles aides en 2026 pour le solaire ?") is not None
    assert match(PUBLISHED, "Quelles aides pour le solaire ?") is not None


def test_two_entries_as_near_answer_nothing() -> None:
    published = Published([PRICE, replace(PRICE, entry="double")], BY_WORDS)
    strict = replace(BY_WORDS, entry=Logistic(0.0, {"best": 0.5, "lead": 1.0}), threshold=0.9)
    doubled = Published([PRICE, replace(PRICE, entry="double")], strict)
    [first, second] = doubled.ranked("prix d'une pompe à chaleur", None)
    assert first.lead == second.lead == 0.0
    assert first.why_not == "deux fiches aussi proches"
    assert len(published.ranked("prix", None)) == 2


def test_only_the_nearest_entry_answers() -> None:
    [first, second, _] = PUBLISHED.ranked("prix d'une pompe à chaleur", None)
    assert first.answers and not second.answers
    assert second.why_not == "une autre fiche est plus proche"


def test_a_negation_that_alone_is_in_the_way_is_said() -> None:
    strict = replace(BY_WORDS, pair=Logistic(-6.0, {"terms": 10.0, "denied": -9.0}))
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
