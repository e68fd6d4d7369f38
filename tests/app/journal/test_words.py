"""One word for what came of a question, wherever it is read."""

from __future__ import annotations

from typing import get_args

from app.cli import _parser
from app.faq.topics import Result
from app.journal.numbers import OUTCOMES as COUNTED
from app.journal.words import OUTCOMES, RESULTS, keeping, said
from app.web.staff.board import OUTCOME_NAMES


def test_each_result_has_its_words() -> None:
    assert tuple(OUTCOMES) == COUNTED and tuple(RESULTS) == get_args(Result)
    assert said(RESULTS, 1)["faq"] == "répondue par une fiche"
    assert said(RESULTS, 0)["declined"] == "déclinée" != said(RESULTS, 2)["declined"]


def test_whether_the_journal_is_kept_is_said() -> None:
    assert "arrêté" in keeping(0) and "CHARTISTE_JOURNAL_DAYS" in keeping(0)
    assert keeping(1).endswith("gardées 1 jour.") and keeping(30).endswith("gardées 30 jours.")


def test_the_dashboard_and_the_command_say_the_same() -> None:
    assert list(OUTCOME_NAMES.values()) == ["Répondues", "Sans réponse", "Déclinées"]
    [commands] = [one for one in _parser()._actions if isinstance(one.choices, dict)]
    [actions] = [one for one in commands.choices["journal"]._actions if one.choices]
    help = actions.choices["show"].format_help()
    assert all(f"{name}, {text}" in " ".join(help.split()) for name, text in said(OUTCOMES).items())
