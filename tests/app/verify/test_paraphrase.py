"""Statements in other words: where they may be held against a passage, and where not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.verify.verdicts import Fault, Span, Unsupported
from app.verify.verifier import Offered, Verifier
from ingest.documents import Source
from ingest.parse.text import parse_text
from ingest.split import split

CHARTER = (
    "La région paie le transport des élèves depuis 2019. La charte ne réclame pas de créer un "
    "poste. Le conseil instruit chaque dossier. Rome vainquit Carthage."
)
GRANTS = (
    "La ville prête 300 vélos aux familles. Elle financerait volontiers un abri. "
    "Les élus peuvent solliciter la région. Il faut au moins 12 mois pour toutes les réparer."
)


def unsupported(
    statement: str, cited: Sequence[int] = (1,), texts: Sequence[str] = (CHARTER, GRANTS)
) -> Unsupported:
    passages = [split(parse_text(text, Source("Fiche", name=text[:9])))[0] for text in texts]
    offered = [Offered(number, passage) for number, passage in enumerate(passages, start=1)]
    found = Verifier(offered).check(statement, cited)
    assert isinstance(found, Unsupported), found
    return found


@pytest.mark.parametrize(
    ("statement", "word", "span"),
    [
        ("La région finance le transport des élèves.", "finance", Span(1, 0, 0)),
        ("Depuis 2019, la région finance le transport des élèves.", "finance", Span(1, 0, 0)),
        ("Depuis 2019, elle finance le transport des élèves.", "finance", Span(1, 0, 0)),
        ("La charte ne demande pas de créer un poste.", "demande", Span(1, 1, 1)),
        ("Le conseil examine chaque dossier.", "examine", Span(1, 2, 2)),
        ("Chaque dossier est examiné par le conseil.", "examiné", Span(1, 2, 2)),
        ("La ville fournit 300 vélos aux familles.", "fournit", Span(2, 0, 0)),
        ("Elle paierait volontiers un abri.", "paierait", Span(2, 1, 1)),
    ],
)  # fmt: skip
def test_a_statement_that_lacks_common_words_alone_has_a_nearest_span(
    statement: str, word: str, span: Span
) -> None:
    assert unsupported(statement, [span.number]) == Unsupported(Fault("words", word), (span,))


def test_the_nearest_span_may_be_of_a_passage_that_is_not_cited() -> None:
    for cited in ([2], [], [9]):
        found = unsupported("La région finance le transport des élèves.", cited)
        assert found.nearest == (Span(1, 0, 0),)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("La région finance le transport des élèves depuis 2018.", "figure"),
        ("La région finance le transport des élèves de Lyon.", "name"),
        ("La région ne paie pas le transport des élèves.", "negation"),
        ("Les élus doivent solliciter la région.", "words"),
        ("Carthage vainquit Rome.", "order"),
        ("La région [finance](https://x.example) le transport des élèves.", "link"),
        ("La région finance-t-elle le transport des élèves ?", "empty"),
    ],
)
def test_a_statement_with_any_other_fault_has_none(statement: str, kind: str) -> None:
    found = unsupported(statement, [1, 2])
    assert (found.fault.kind, found.nearest) == (kind, ())


@pytest.mark.parametrize(
    "statement",
    [
        "La région ne finance pas le transport des élèves.",  # a negation of its own
        "La charte demande de créer un poste.",  # one that it has lost, with the word it bears on
        "La région peut financer le transport des élèves.",
        "La région réglerait le transport des élèves.",  # a conditional that the passage has not
        "Elle règle volontiers un abri.",  # one that it has
        "Le conseil examine certains dossiers.",
        "Les élus doivent interroger la région.",
        "La ville prête 300 trottinettes aux familles.",  # the figure counts something else
        "Il faut au moins 12 mois pour certaines réparer.",  # a cue behind a figure
        "Carthage défit Rome.",
        "Le conseil est examiné par chaque dossier.",
        "Les abeilles produisent du miel.",
    ],
)
def test_other_words_do_not_hide_another_fault(statement: str) -> None:
    assert unsupported(statement, [1, 2]).nearest == ()


def test_a_farther_passage_is_no_help_where_the_nearest_says_the_contrary() -> None:
    contrary = "La région ne paie pas le transport."
    statement = "La région paie le transport."
    found = unsupported(statement, [1], [contrary, "La région finance le transport."])
    assert (found.fault.kind, found.nearest) == ("negation", ())


@pytest.mark.parametrize(
    ("statement", "texts", "kind"),
    [
        (
            "La région finance le transport en 2019.",
            ["La région paie le transport.", "La région paie le transport en 2019."],
            "figure",
        ),
        (
            "Lyon finance gratuitement le transport.",
            ["Lyon paie le transport.", "La région finance gratuitement le transport."],
            "words",
        ),
    ],
)
def test_neither_the_passage_that_is_cited_nor_the_nearest_may_lack_more(
    statement: str, texts: list[str], kind: str
) -> None:
    found = unsupported(statement, [1], texts)
    assert (found.fault.kind, found.nearest) == (kind, ())


def test_the_figure_or_the_name_that_a_window_lacks_is_told_before_the_word() -> None:
    found = unsupported("La région finance le transport de Lyon.", [1])
    assert found == Unsupported(Fault("name", "Lyon"))
