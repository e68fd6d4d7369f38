import pytest

from app.conversation import standalone

BEFORE = "Qui peut signer la charte ?"


@pytest.mark.parametrize(
    "question",
    [
        "Et combien ça coûte ?",
        "et une association ?",
        "Mais qui décide alors, parmi toutes les collectivités signataires ?",
        "Pourquoi ?",
        "pourquoi ça",
        "Quand exactement ?",
        "Où donc ?",
        "Lesquelles ?",
        "Combien ?",
        "Précise",
        "Plus de détails",
        "Développe ce point, s’il te plaît, pour quelqu’un qui débute",
        "Est-elle gratuite ?",
        "Qui l’a écrite ?",
        "Que contient-elle ?",
        "À quelles dates c’était ?",
        "Y en a-t-il un en Ardèche ?",
        "Elle est sortie quand la première ?",
        "And who decides?",
        "Is it free?",
        "why?",
    ],
)
def test_a_question_that_leans_on_the_one_before_is_asked_after_it(question: str) -> None:
    assert standalone(question, BEFORE) == f"{BEFORE} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Quels sont les quatre objectifs fixés par la charte d’alliance ?",
        "Où se trouve le siège de l’ALEC07 à Privas ?",
        "Comment une collectivité rejoint-elle la Fabrique des transitions ?",
        "Qui a fondé ALEC07 ?",
        "Où lire la charte en PDF ?",
        "Dates clés de la Fabrique ?",
        "C’est quoi le PCAET ?",
        "Quand ALEC07 est-elle née en Ardèche au juste ?",
        "Ouvrir une agence à Privas ?",
        "Etats généraux à Privas ?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone(question, BEFORE) == question


@pytest.mark.parametrize("previous", [None, ""])
def test_the_first_question_of_a_conversation_has_nothing_to_lean_on(previous: str | None) -> None:
    assert standalone("Et pourquoi ?", previous) == "Et pourquoi ?"
