"""Figures of questions of known intents: what is counted, and how it is shown."""

from __future__ import annotations

from app.evaluate.intent_figures import answering_of, as_text, grouping_of, worth_of
from tests.app.evaluate.alike import NINE as ROWS
from tests.app.faq.made import BY_VECTORS, BY_WORDS


def test_figures_of_groups_are_of_all_questions() -> None:
    found = grouping_of(ROWS, BY_WORDS)
    assert (found.questions, found.intents, found.groups) == (9, 2, 3)
    assert (found.rand, found.precision, found.recall) == (1.0, 1.0, 1.0)


def test_figures_of_answers_are_of_what_is_asked() -> None:
    one, three, five = answering_of(ROWS, BY_WORDS)
    assert (one.phrasings, three.phrasings, five.phrasings) == (1, 3, 5)
    assert one.right == three.right == 1.0
    assert one.wrong == 0.0 and one.off_topic == one.alone == 0


def test_what_was_and_what_is_are_shown_side_by_side() -> None:
    before, after = worth_of(ROWS, BY_WORDS), worth_of(ROWS, BY_VECTORS)
    lines = as_text(before, after).splitlines()
    assert lines[0].split() == "9 questions tenues à part, 2 intentions avant après".split()
    assert lines[1].startswith("groupes : indice de Rand ajusté") and " 1,00 " in lines[1]
    assert len(lines) == 3 + 3 * 3
    assert lines[3].startswith("1 formulation par fiche : répondues par leur fiche")
    assert "100,0 %" in lines[3] and lines[6].startswith("3 formulations par fiche : ")
    assert {len(line) for line in lines} == {len(lines[0])}


def test_figures_are_told_as_json() -> None:
    told = worth_of(ROWS, BY_WORDS).as_json()
    assert told["grouping"]["rand"] == 1.0
    assert [one["phrasings"] for one in told["answering"]] == [1, 3, 5]
    assert told["answering"][0].keys() > {"right", "wrong", "off_topic"}
