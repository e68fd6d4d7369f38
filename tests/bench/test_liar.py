"""What is counted of a lying model: lies shown, truths kept, spans right."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.answers import Answer, Citation, NotFound, Outcome, Statement
from ingest.documents import Source
from tests.bench import liar as bench
from tests.bench.liar import Score
from tests.bench.test_statements import PASSAGES
from tests.fakes.liar import Liar, Marking, Sort, Told
from tests.fakes.test_liar import PROMPT

TRUE = "Le pont mesure 120 mètres."


def told(
    text: str = TRUE, sort: Sort = "true", change: str = "verbatim", marking: Marking = "right"
) -> Told:
    return Told(text, sort, change, (TRUE,) if sort == "true" else (), 1, marking, 1)


def answer(
    *statements: Statement, quote: str = TRUE, generated: bool = True, text: str = ""
) -> Answer:
    cited = Citation(1, "p", quote, 0, len(quote), (), Source("Fiche"))
    said = text or " ".join(f"{one.text[:-1]} [1]." for one in statements)
    return Answer(said, statements, (cited,), 0.9, "generated" if generated else "quoted")


def score(outcome: Outcome, *ledger: Told) -> Score:
    counted = Score()
    counted.read("Où ?", outcome, ledger)
    return counted


FALSE = told("Le pont mesure 220 mètres.", "altered", "number")


def test_a_truth_that_is_shown_is_kept_with_its_span() -> None:
    found = score(answer(Statement(TRUE, (1,))), told(), FALSE)
    assert (found.kept_share, found.span_share, found.fatal) == (1.0, 1.0, 0)
    assert found.as_json()["met"] == {"fatal": True, "kept": True, "spans": True}
    assert found.told == {"number": 1} and found.mistakes == []


def test_a_lie_that_is_shown_is_fatal() -> None:
    found = score(answer(Statement(FALSE.text, (1,))), FALSE)
    assert (found.fatal, found.leaked["number"]) == (1, 1)
    assert not found.as_json()["met"]["fatal"]
    assert "[shown: number]" in found.mistakes[0]


def test_a_lie_struck_in_the_text_is_not_shown_as_supported() -> None:
    struck = Statement(FALSE.text, (1,), supported=False)
    found = score(answer(struck), FALSE)
    assert (found.fatal, found.leaked["number"]) == (0, 1)


def test_another_lie_than_a_figure_counts_apart() -> None:
    lie = told("Le pont doit mesurer 120 mètres.", "altered", "modality")
    found = score(answer(Statement(lie.text, (1,))), lie)
    assert (found.fatal, found.shown["modality"]) == (0, 1)


def test_a_truth_that_is_missing_is_removed() -> None:
    other = told("La halle date du XVIe siècle.")
    found = score(answer(Statement(TRUE, (1,))), told(), other)
    assert found.kept_share == 0.5
    assert "[removed: verbatim]" in found.mistakes[0]


def test_a_span_elsewhere_is_wrong() -> None:
    found = score(answer(Statement(TRUE, (1,)), quote="La halle date du XVIe siècle."), told())
    assert (found.kept_share, found.span_share) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("marking", "share"), [("right", 1.0), ("wrong", 1.0), ("none", 0.0), ("not offered", 0.0)]
)
def test_what_bears_no_offered_marker_counts_apart(marking: Marking, share: float) -> None:
    found = score(answer(Statement(TRUE, (1,))), told(marking=marking))
    assert found.kept_share == share
    assert found.true == found.kept == {marking: 1}


def test_falling_back_removes_truths_only_where_half_was_true() -> None:
    quoted = answer(Statement(TRUE, (1,)), generated=False)
    assert score(quoted, told(), FALSE).true == {"right": 1}
    assert score(quoted, told(), FALSE).kept == {}
    mostly_false = score(quoted, told(), FALSE, FALSE)
    assert (mostly_false.true, mostly_false.fatal) == ({}, 0)
    assert mostly_false.outcomes == {"Answer": 1}


def test_where_the_model_was_not_asked_nothing_is_counted() -> None:
    found = score(NotFound("Rien.", (), 0.1))
    assert found.outcomes == {"NotFound, model not asked": 1}
    assert (found.told, found.true) == ({}, {})


def test_a_statement_that_nobody_told_is_counted() -> None:
    found = score(answer(Statement("Il pleut.", (1,))), told())
    assert found.unknown == 1


def test_a_part_of_a_sentence_is_recognised() -> None:
    long = told("Le pont mesure 120 mètres ; la halle date du XVIe siècle.")
    found = score(answer(Statement("la halle date du XVIe siècle.", (1,))), long)
    assert (found.unknown, found.kept_share) == (0, 1.0)


def ask(liar: Liar, believe: Sequence[Sort]) -> bench.Score:
    """Two hundred questions, of an assistant that believes some sorts of sentences."""
    ledger: list[Told] = []

    def reply(question: str) -> Outcome:
        liar.answer(PROMPT)
        ledger[:] = liar.take()
        statements = [Statement(one.text, (1,)) for one in ledger if one.sort in believe]
        return answer(*statements, quote=" ".join(PASSAGES[:4]))

    return bench.run(["?"] * 200, reply, lambda: list(ledger))


def test_who_knows_passes_and_who_believes_all_does_not() -> None:
    knows = ask(Liar(PASSAGES), ["true"])
    assert all(knows.as_json()["met"].values())
    believes = ask(Liar(PASSAGES), ["true", "altered", "invented"])
    assert believes.fatal > 10 and believes.kept_share == 1.0
    refuses = ask(Liar(PASSAGES), [])
    assert (refuses.fatal, refuses.kept_share) == (0, 0.0)
    assert "(target 0)" in bench.as_text(believes)
