"""What the dashboard says of its numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest

from app.journal.numbers import Day, Numbers
from app.web.staff import board
from app.web.staff.board import Served
from ingest.gather import Skipped
from ingest.report import Kept, Report

DAY = Day(date(2026, 11, 20), {"answered": 6, "not_found": 2, "declined": 2}, 12.3, 1_250.0)
NUMBERS = Numbers(
    (Day(date(2026, 11, 19)), DAY),
    {"quoted": 4, "faq": 2},
    up=3,
    down=1,
    p50=12.3,
    p95=1_250.0,
    sources=(("s1", 5), ("s2", 1)),
)
REPORT = Report(
    "20261120-080000-76ed564c", True, (), (Skipped("https://a.fr/<b>", "La page a disparu."),),
    12, 3_400, 9, 1, 2, (), ("Vieille <fiche>",), {"lecture": 1.2, "calcul": 3.0},
)  # fmt: skip
SERVED = Served(REPORT.release, 12, Kept(datetime(2026, 11, 20, 8, tzinfo=UTC), REPORT))


def facts(html: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", unescape(html))
    return {name: value.replace("\u00a0", " ").replace("\u202f", " ") for name, value in found}


def rows(html: str, caption: str) -> list[list[str]]:
    """The cells of the table of a caption, as text."""
    [table] = [
        one for one in re.findall(r"<table.*?</table>", html) if f">{caption}</caption>" in one
    ]
    return [
        [unescape(re.sub("<[^>]*>", "", cell)).replace("\u00a0", " ") for cell in cells]
        for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]
        if (cells := re.findall(r"<t[hd].*?</t[hd]>", row))
    ]


def test_the_figures_are_counts_with_their_shares() -> None:
    assert facts(board.shown(NUMBERS, {})) == {
        "Questions": "10",
        "Répondues": "6 (60,0 %)",
        "Sans réponse": "2 (20,0 %)",
        "Déclinées": "2 (20,0 %)",
        "Part sans réponse, hors déclinées": "25,0 %",
        "Avis favorables": "3 sur 4 (75,0 %)",
        "Durée médiane": "12 ms",
        "Durée de 95 % des réponses": "≤ 1,2 s",
    }


def test_each_plot_has_its_numbers_in_words_and_in_a_table() -> None:
    html = board.shown(NUMBERS, {})
    alts = [unescape(alt) for alt in re.findall(r'alt="([^"]*)"', html)]
    assert len(alts) == 2
    assert "Le plus : 10 questions le 20/11." in alts[0] and "12\u00a0ms au plus" in alts[1]
    assert rows(html, "Questions par jour : le détail") == [
        ["20/11", "10", "6", "2", "2"], ["19/11", "0", "0", "0", "0"],
    ]  # fmt: skip
    assert rows(html, "Durée des réponses : le détail") == [["20/11", "12 ms", "1,2 s"]]


def test_sources_have_their_titles_or_are_said_to_be_gone() -> None:
    html = board.shown(NUMBERS, {"s1": "La <b>charte</b> [x](y)"})
    assert rows(html, "Sources les plus citées") == [
        ["La <b>charte</b> [x](y)", "5"],
        ["Source qui n'est plus dans la version en service", "1"],
    ]
    assert "<b>" not in html and "[x]" not in html


def test_sorts_of_answers_are_counted_those_of_none_too() -> None:
    counted = dict(map(tuple, rows(board.shown(NUMBERS, {}), "Sortes de réponses")))
    assert counted == {
        "Citées mot pour mot": "4", "Rédigées puis vérifiées": "0", "Fiches de la FAQ": "2",
    }  # fmt: skip
    refused = replace(NUMBERS, modes={}, sources=())
    assert board.shown(refused, {}).count("Aucune réponse.") == 2


def test_without_questions_that_is_said() -> None:
    assert board.NOTHING in board.shown(Numbers((Day(date(2026, 11, 20)),)), {})


def test_what_is_announced_is_the_period_and_how_much() -> None:
    assert board.told(NUMBERS, "7 jours") == "7 jours : 10 questions."
    one = Numbers((Day(date(2026, 11, 20), {"answered": 1}),))
    assert board.told(one, "Aujourd'hui") == "Aujourd'hui : 1 question."


def test_html_is_one_block_that_markdown_leaves_alone() -> None:
    html = board.shown(NUMBERS, {"s1": "Un\ntitre"}) + board.served(SERVED)
    assert "\n" not in html


def test_the_release_is_shown_with_what_its_ingestion_reported() -> None:
    html = board.served(SERVED)
    shown = facts(html)
    assert shown["Version"] == REPORT.release and shown["Documents"] == "12"
    assert shown["Passages"] == "3 400" and shown["Durée de l'ingestion"] == "4,2 s"
    assert shown["Sources en échec"] == "1" and shown["Documents disparus"] == "1"
    assert "https://a.fr/<b> : La page a disparu." in unescape(html)
    assert "<b>" not in html and "<fiche>" not in html


def test_an_ingestion_of_another_release_is_told_apart() -> None:
    other = board.served(replace(SERVED, release="20261101-080000-00000000"))
    assert "avait mis en service" in other and "avait mis" not in board.served(SERVED)


def test_what_is_not_known_is_said() -> None:
    assert board.NOT_KEPT in board.served(replace(SERVED, kept=None))
    assert "Aucune version" in board.served(None)


def test_a_long_list_of_failures_is_cut() -> None:
    many = replace(REPORT, skipped=tuple(Skipped(f"p{n}", "illisible") for n in range(60)))
    assert SERVED.kept is not None
    html = unescape(board.served(replace(SERVED, kept=replace(SERVED.kept, report=many))))
    assert "Sources en échec (60)" in html and "et 10 autres" in html and "p50 :" not in html


@pytest.mark.parametrize(
    ("ms", "said"), [(None, "–"), (0.4, "0 ms"), (999.4, "999 ms"), (1_250, "1,2 s")]
)
def test_durations_read_in_french(ms: float | None, said: str) -> None:
    assert board.duration(ms).replace("\u00a0", " ") == said
