"""What is asked, counted for a period and the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.faq.grouping import Group
from app.faq.topics import Window, counted, line_of, phrasings, topics_of
from tests.app.journal.replies import NOON
from tests.faq.asked import journal_line, line, topic

WEEK = Window(NOON, 7, 30)


@pytest.mark.parametrize(
    ("outcome", "mode", "result"),
    [
        ("answered", "quoted", "answered"),
        ("answered", "generated", "answered"),
        ("answered", "faq", "faq"),
        ("not_found", None, "not_found"),
        ("declined", None, "declined"),
    ],
)
def test_a_line_of_the_journal_has_one_result(outcome: str, mode: str | None, result: str) -> None:
    assert line_of(journal_line(1, "Qui ?", outcome=outcome, mode=mode)).result == result


@pytest.mark.parametrize("before", ["Chercher dans les sources : ", "Search the sources: "])
def test_what_an_entry_s_answer_was_not_enough_for_is_told(before: str) -> None:
    found = line_of(journal_line(1, f"{before}Qui ?"))
    assert (found.question, found.is_beyond) == ("Qui ?", True)
    plain = line_of(journal_line(2, "Qui ?", mode="faq"))
    assert (plain.question, plain.is_beyond) == ("Qui ?", False)
    (count,) = counted([topic(line("a", "Qui ?"), replace(found, at=NOON))], WEEK)
    assert (count.size, count.beyond) == (2, 1)
    (count,) = counted([topic(line("a", "Qui ?"), replace(found, at=NOON - timedelta(8)))], WEEK)
    assert (count.size, count.beyond) == (1, 0)


def test_a_topic_holds_its_lines_the_newest_first_under_the_key_of_the_typical_one() -> None:
    lines = [line("a", "Qui ?", 3), line("b", "Quand ?", 1), line("c", "Qui donc ?", 2)]
    found = topics_of(lines, [Group((0, 2), 2), Group((1,), 1)])
    assert [(one.key, one.typical) for one in found] == [("c", "Qui donc ?"), ("b", "Quand ?")]
    assert [one.id for one in found[0].lines] == ["c", "a"]


def test_a_period_is_counted_with_the_one_before() -> None:
    asked = topic(line("a", "Qui ?", 1), line("b", "Qui ?", 6.9), line("c", "Qui ?", 7.1),
                  line("d", "Qui ?", 13.9), line("e", "Qui ?", 14.1))  # fmt: skip
    (count,) = counted([asked], WEEK)
    assert (count.size, count.before, count.results) == (2, 2, {"answered": 2})


def test_a_journal_that_is_too_short_compares_with_nothing() -> None:
    assert not Window(NOON, 30, 30).compares and Window(NOON, 15, 30).compares
    (count,) = counted([topic(line("a", "Qui ?", 1))], Window(NOON, 30, 30))
    assert count.before is None


def test_a_journal_that_has_just_begun_compares_with_nothing() -> None:
    asked = topic(line("a", "Qui ?", 1), line("b", "Qui ?", 8))
    for days, before in ((8, None), (12.9, None), (13, 1)):
        window = Window(NOON, 7, 30, NOON - timedelta(days=days))
        (count,) = counted([asked], window)
        assert (count.before, window.may_compare) == (before, True)


def test_a_journal_that_keeps_two_periods_compares_them() -> None:
    """Its oldest line is always a little younger: what is older is gone."""
    window = Window(NOON, 7, 14, NOON - timedelta(days=13.9))
    (count,) = counted([topic(line("a", "Qui ?", 1), line("b", "Qui ?", 8))], window)
    assert count.before == 1


def test_one_result_alone_says_nothing_of_the_others() -> None:
    lines = [line(f"a{n}", "Qui ?") for n in range(3)]
    asked = topic(*lines, line("b", "Qui ?", result="declined"))
    (count,) = counted([asked], Window(NOON, 7, 30), "declined")
    assert (count.size, count.results) == (1, {"declined": 1})
    assert count.all == {"answered": 3, "declined": 1} and not count.is_declined
    few = topic(*lines, line("c", "Qui ?", result="not_found"))
    (count,) = counted([few], Window(NOON, 7, 30), "not_found")
    assert count.size == 1 and not count.is_unanswered


def test_of_one_result_the_most_asked_come_first() -> None:
    lacking = topic(
        *(line(f"n{n}", "Où ?", result="not_found") for n in range(3)), line("o", "Où ?")
    )
    often = topic(*(line(f"a{n}", "Qui ?") for n in range(2)))
    found = counted([lacking, often], Window(NOON, 7, 30), "answered")
    assert [count.topic for count in found] == [often, lacking]
    first, _ = counted([often, lacking], Window(NOON, 7, 30))
    assert first.topic is lacking


def test_those_without_answer_come_first_then_the_most_asked() -> None:
    answered = topic(*(line(f"a{n}", "Qui ?") for n in range(5)))
    few = topic(line("b0", "Où ?", result="not_found"))
    many = topic(*(line(f"c{n}", "Quand ?", result="not_found") for n in range(2)), line("c9", "Q"))
    old = topic(line("d", "Jadis ?", 20))
    keys = [count.topic.key for count in counted([answered, few, many, old], WEEK)]
    assert keys == ["c0", "b0", "a0"]


def test_what_was_declined_says_nothing_of_the_sources() -> None:
    declined = [line(f"a{n}", "Bonjour", result="declined") for n in range(9)]
    (count,) = counted([topic(*declined)], WEEK)
    assert count.is_declined and not count.is_unanswered
    (count,) = counted([topic(*declined, line("b", "Qui ?", result="not_found"))], WEEK)
    assert count.is_declined and not count.is_unanswered, "one in ten makes it no question"
    others = [line(f"b{n}", "Qui ?", result="not_found") for n in range(9)]
    (count,) = counted([topic(*declined, *others)], WEEK)
    assert not count.is_declined and count.is_unanswered


def test_what_is_declined_comes_last() -> None:
    declined = topic(*(line(f"a{n}", "Bonjour", result="declined") for n in range(9)))
    counts = counted([declined, topic(line("b", "Qui ?"))], WEEK)
    assert [count.topic.key for count in counts] == ["b", "a0"]


def test_one_result_alone_is_counted_when_it_is_asked_for() -> None:
    asked = topic(line("a", "Qui ?"), line("b", "Qui ?", result="faq"),
                  line("c", "Qui ?", 8, result="faq"))  # fmt: skip
    (count,) = counted([asked], WEEK, "faq")
    assert (count.size, count.before) == (1, 1)
    assert counted([asked], WEEK, "declined") == []


def test_phrasings_begin_with_the_typical_one_then_the_most_asked() -> None:
    asked = topic(line("a", "Typique ?"), line("b", "Rare ?", 20), line("c", "Fréquent ?"),
                  line("d", "Fréquent ?", 2))  # fmt: skip
    assert phrasings(asked) == [("Typique ?", 1), ("Fréquent ?", 2), ("Rare ?", 1)]
    assert phrasings(asked, WEEK.since) == [("Typique ?", 1), ("Fréquent ?", 2)]
