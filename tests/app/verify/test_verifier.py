"""Statements against passages: what is said, what is not, and why."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.verify.verdicts import Supported, Unsupported, Verdict
from app.verify.verifier import Offered, Verifier
from ingest.documents import Source
from ingest.parse.text import parse_text
from ingest.split import split

SOURCE = (
    "L'ALEC07 a rejoint la Fabrique des transitions le 8 mars 2024. Elle conseille une trentaine "
    "de communes d'Ardèche, et 25 % des habitants la connaissent. La charte n'impose pas de créer "
    "un poste, mais elle recommande de former les élus. Certaines communes peuvent adhérer sans "
    "payer de cotisation."
)
OTHER = (
    "L'alliance a été lancée par Jean Dupont à Loos-en-Gohelle en 2017. Le conseil municipal a "
    "ensuite adopté la charte à l'unanimité. Rome vainquit Carthage. Le budget pourrait augmenter "
    "de plus de 3 millions d'euros en 2030, sauf si l'État réduit son aide."
)


def offered(*texts: str, title: str = "Article") -> list[Offered]:
    passages = [split(parse_text(text, Source(title, name=text[:9])))[0] for text in texts]
    return [Offered(number, passage) for number, passage in enumerate(passages, start=1)]


def verdict(
    statement: str, cited: Sequence[int] = (1,), texts: Sequence[str] = (SOURCE, OTHER)
) -> Verdict:
    return Verifier(offered(*texts)).check(statement, cited)


@pytest.mark.parametrize(
    ("statement", "cited"),
    [
        ("L'ALEC07 a rejoint la Fabrique des transitions le 8 mars 2024.", 1),
        ("Le 8 mars 2024, l'ALEC07 a rejoint la Fabrique des transitions.", 1),
        ("En mars 2024, l'ALEC07 a rejoint la Fabrique des transitions.", 1),
        ("L'ALEC07 a rejoint la Fabrique des transitions le 08/03/2024.", 1),
        ("Elle conseille une trentaine de communes d'Ardèche.", 1),
        ("Elle conseille environ trente communes d'Ardèche.", 1),
        ("L'ALEC07 conseille une trentaine de communes d'Ardèche.", 1),
        ("Vingt-cinq pour cent des habitants la connaissent.", 1),
        ("Selon le texte, la charte n'impose pas de créer un poste.", 1),
        ("La charte recommande de former les élus.", 1),
        ("La charte recommande la formation des élus.", 1),
        ("Certaines communes peuvent adhérer sans payer de cotisation.", 1),
        ("Jean Dupont a lancé l'alliance à Loos-en-Gohelle en 2017.", 2),
        ("La charte a ensuite été adoptée à l'unanimité par le conseil municipal.", 2),
        ("Le budget pourrait augmenter de plus de 3 000 000 euros en 2030, sauf si l'État réduit "
         "son aide.", 2),
        ("L'alliance a été lancée en 2017, et le conseil municipal a adopté la charte.", 2),
    ],
)  # fmt: skip
def test_what_a_passage_says_in_other_words_is_supported(statement: str, cited: int) -> None:
    found = verdict(statement, [cited])
    assert isinstance(found, Supported), found
    assert {span.number for span in found.spans} == {cited}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("L'ALEC07 a rejoint la Fabrique des transitions le 9 mars 2024.", "figure"),
        ("L'ALEC07 a rejoint la Fabrique des transitions le 8 mars 2023.", "figure"),
        ("Elle conseille trente communes d'Ardèche.", "figure"),
        ("Elle conseille plus d'une trentaine de communes d'Ardèche.", "figure"),
        ("25 habitants la connaissent.", "figure"),
        ("L'ALEC26 a rejoint la Fabrique des transitions.", "name"),
        ("L'ALEC07 a rejoint la Fabrique de Marseille.", "name"),
        ("Lyon a rejoint la Fabrique des transitions.", "name"),
        ("La charte impose de créer un poste.", "negation"),
        ("La charte ne recommande pas de former les élus.", "negation"),
        ("Certaines communes peuvent adhérer en payant une cotisation.", "negation"),
        ("La charte oblige à former les élus.", "words"),
        ("Certaines communes doivent adhérer sans payer de cotisation.", "words"),
        ("Certaines communes adhèrent sans payer de cotisation.", "modality"),
        ("Le budget augmentera de plus de 3 millions d'euros en 2030, sauf si l'État réduit "
         "son aide.", "modality"),
        ("Toutes les communes peuvent adhérer sans payer de cotisation.", "quantity"),
        ("Les communes peuvent adhérer sans payer de cotisation.", "quantity"),
        ("Le budget pourrait baisser de plus de 3 millions d'euros en 2030.", "words"),
        ("Le budget pourrait augmenter de moins de 3 millions d'euros en 2030.", "figure"),
        ("Carthage vainquit Rome.", "order"),
        ("L'alliance a été lancée par Loos-en-Gohelle à Jean Dupont en 2017.", "order"),
        ("L'ALEC07 a rejoint la Fabrique des transitions, ce qui a réjoui les habitants.", "words"),
        ("La charte recommande de former les élus grâce au soutien de la région.", "words"),
        ("Les abeilles produisent du miel.", "words"),
        ("Oui.", "empty"),
    ],
)  # fmt: skip
def test_what_no_passage_says_is_not_and_why(statement: str, kind: str) -> None:
    found = verdict(statement, [1, 2])
    assert isinstance(found, Unsupported), found
    assert found.fault.kind == kind, found
