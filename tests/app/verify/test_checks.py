"""What differs between a statement and its evidence, word for word at hand."""

from __future__ import annotations

import pytest

from app.verify.checks import Comparison, bare_fault
from app.verify.reading import read
from app.verify.verdicts import Fault


def faults(mine: str, theirs: str) -> list[Fault]:
    return list(Comparison(read(mine), read(theirs), ()).faults())


def kinds(mine: str, theirs: str) -> set[str]:
    return {fault.kind for fault in faults(mine, theirs)}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Le maire signe la charte.", "Le maire signe la charte."),
        ("La charte est signée par le maire.", "Le maire signe la charte."),
        ("Aucune commune n'adhère.", "Les communes n'adhèrent pas."),
        ("Elle ne paie pas.", "Elle ne paie jamais."),
        ("Le maire peut signer.", "Le maire peut signer, s'il le veut."),
        ("Jean lie Paul à Privas.", "À Privas, Jean lie Paul."),
    ],
)
def test_the_same_in_other_words_has_no_fault(mine: str, theirs: str) -> None:
    assert faults(mine, theirs) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "kind"),
    [
        ("Le maire signe.", "Le maire ne signe pas.", "negation"),
        ("Le maire ne signe pas.", "Le maire signe.", "negation"),
        ("Elle vient payer.", "Elle vient sans payer.", "negation"),
        ("Le maire signe.", "Le maire peut signer.", "modality"),
        ("Le maire doit signer.", "Le maire signe.", "modality"),
        ("Le budget augmentera.", "Le budget augmenterait.", "modality"),
        ("Les communes paient.", "Certaines communes paient.", "quantity"),
        ("Toutes les communes paient.", "Les communes paient.", "quantity"),
        ("Elle coûte dix euros.", "Elle ne coûte que dix euros.", "quantity"),
        ("Carthage vainquit Rome.", "Rome vainquit Carthage.", "order"),
        ("12 maires et 15 élus.", "15 maires et 12 élus.", "order"),
    ],
)
def test_what_changes_the_sense_is_a_fault_of_its_kind(mine: str, theirs: str, kind: str) -> None:
    assert kind in kinds(mine, theirs)


def test_a_fault_shows_the_words() -> None:
    assert faults("Le maire doit signer.", "Le maire signe.")[0] == Fault("modality", "doit")
    assert faults("Le maire signe.", "Le maire ne signe pas.")[0] == Fault("negation", "pas")


@pytest.mark.parametrize(
    ("text", "position", "fault"),
    [
        ("Le maire signe.", 1, Fault("words", "maire")),
        ("Il va à Privas.", 3, Fault("name", "Privas")),
        ("Privas est là.", 0, Fault("name", "Privas")),
        ("Sauf le lundi.", 0, Fault("words", "Sauf")),
        ("Actuellement, rien.", 0, Fault("words", "Actuellement")),
        ("Il a 12 ans.", 2, Fault("figure", "12")),
    ],
)
def test_a_bare_token_is_a_figure_a_name_or_a_word(text: str, position: int, fault: Fault) -> None:
    assert bare_fault(read(text), position) == fault
