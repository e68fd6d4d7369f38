import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.expectation import expectation


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Quand a été créée l’ALEC07 ?", {"date"}),
        ("en quelle année la charte", {"date"}),
        ("depuis combien de temps ?", {"date"}),
        ("Combien de communes ?", {"number"}),
        ("Quelle est la superficie du toit ?", {"number"}),
        ("cb de signataires", {"number"}),
        ("Qui a signé ?", {"name"}),
        ("Dans quelle ville ?", {"name"}),
        ("Où est le siège ?", {"name"}),
        ("Pourquoi la charte ?", {"reason"}),
        ("Qui a signé, et quand ?", {"name", "date"}),
        ("Why was it signed?", {"reason"}),
        ("how many towns", {"number"}),
        ("Qu’est-ce qu’un PCAET ?", set()),
        ("Le nombre ou la part", set()),
    ],
)
def test_a_question_shows_what_it_expects(question: str, kinds: set[str]) -> None:
    assert expectation(question).kinds == kinds


@pytest.mark.parametrize(
    ("question", "text", "met"),
    [
        ("Quand ?", "L’agence est créée le 6 octobre 2017.", True),
        ("Quand ?", "Au dix-neuvième siècle.", True),
        ("Quand ?", "L’agence compte 12 membres.", False),
        ("Combien ?", "L’agence compte 12 membres.", True),
        ("Combien ?", "L’agence compte douze ou vingt membres.", True),
        ("Combien ?", "L’évaluation date du 20 avril 2016.", False),
        ("Combien en 2016 ?", "En 2016, la charte existe.", False),
        ("Qui préside ?", "La fédération est présidée par Maryse Combres.", True),
        ("Qui préside ?", "La fédération est présidée.", False),
        ("Qui est Maryse Combres ?", "L’élue est Maryse Combres.", False),
        ("Où ?", "À Privas.", True),
        ("Pourquoi ?", "Elle y est entrée car elle y croit.", True),
        ("Pourquoi ?", "Elle y est entrée.", False),
    ],
)
def test_only_what_the_question_does_not_say_itself_meets_it(
    question: str, text: str, met: bool
) -> None:
    expected = expectation(question)

    assert (expected.met(text) == expected.kinds) is met


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("Le bilan de 2025 ?", "Le bilan de 2023.", True),
        ("Le bilan de 2025 ?", "Le bilan, en 2025.", False),
        ("Les 4 formes ?", "Les quatre formes.", False),
        ("Le bilan ?", "Le bilan de 2023.", False),
    ],
)
def test_a_year_of_the_question_is_looked_for(question: str, text: str, lacks: bool) -> None:
    assert expectation(question).lacks_year(text) is lacks


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_question_and_text_are_understood(question: str, text: str) -> None:
    expected = expectation(question)

    assert expected.met(text) <= expected.kinds
    assert expected.lacks_year(text) in (True, False)
    assert expectation(question) == expected
