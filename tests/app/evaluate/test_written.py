"""What becomes of a case that a language model in memory answers, through the assistant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.answers import Tally
from app.assistant import Assistant
from app.chat.unavailable import ModelUnavailable
from app.evaluate.author import Meter
from app.evaluate.cases import Case
from app.evaluate.written import WrittenCase, write
from app.generate import Writer
from app.wording import Wording
from ingest.store import Store
from tests.app.evaluate.made import Scripted
from tests.fakes import FakeModel

SIGN = Case("1", "Qui peut signer la charte ?", "who", answerable=True,
            sources=frozenset({"charte.md"}), terms=("collectivité",))  # fmt: skip
TRUE = "Toute collectivité peut signer la charte [1]."
FALSE = "Le maire de Lyon a signé en 1999 [1]."
MISSING = "Les sources ne disent pas qui peut signer."

Ask = Callable[..., WrittenCase]


@pytest.fixture
def ask(built: Path) -> Iterator[Ask]:
    """What becomes of a case when the model gives these answers, one a request."""
    opened: list[Assistant] = []

    def ask(*answers: str | ModelUnavailable, case: Case = SIGN, all: bool = False) -> WrittenCase:
        meter = Meter(Scripted(*answers))
        writer = Writer(meter, shows_all=all)
        assistant = Assistant(Store(built), FakeModel(), Wording("l'ALEC07", ""), writer)
        opened.append(assistant)
        [found] = write([case], assistant, meter, lambda *step: None)
        assert found.case is case
        return found

    yield ask
    for assistant in opened:
        assistant.close()


def test_what_passages_say_is_an_answer_that_is_written(ask: Ask) -> None:
    found = ask(TRUE)

    assert (found.fate, found.tally) == ("generated", Tally(supported=1))
    assert found.text == "Toute collectivité peut signer la charte."
    assert (found.said, found.cited, found.tokens) == (True, True, len(TRUE.split()))
    assert found.first is not None and 0.0 < found.first <= found.milliseconds


def test_what_is_left_out_is_counted_by_its_reason_and_is_no_part_of_the_text(ask: Ask) -> None:
    for found in (ask(f"{TRUE} {FALSE}"), ask(f"{TRUE} {FALSE}", all=True)):
        assert found.tally is not None
        assert (found.fate, found.tally.supported, found.tally.written) == ("generated", 1, 2)
        assert len(found.tally.left_out) == 1 and found.tally.left_out[0] in ("figure", "name")
        assert "Lyon" not in found.text


def test_a_marker_that_was_wrong_is_counted_as_repaired(ask: Ask) -> None:
    found = ask(f"{TRUE} L’adhésion annuelle coûte cinquante euros [1].")

    assert found.tally == Tally(supported=2, repaired=1)
    assert found.cited


@pytest.mark.parametrize(
    ("answer", "fate", "tally"),
    [
        (FALSE, "unconfirmed", None),
        (MISSING, "unanswered", Tally(instead="unanswered")),
        ("!", "unwritten", Tally(instead="unwritten")),
        (ModelUnavailable("timeout"), "unwritten",
         Tally(instead="unwritten", failure="timeout")),
    ],
)  # fmt: skip
def test_passages_are_quoted_instead_for_a_reason(
    ask: Ask, answer: str | ModelUnavailable, fate: str, tally: Tally | None
) -> None:
    found = ask(answer)

    assert (found.fate, found.first) == (fate, None)
    assert tally is None or found.tally == tally
    assert found.text.startswith("Toute collectivité peut signer la charte.")
    assert (found.said, found.cited) == (True, True)  # the quotation is right


def test_an_answer_without_what_it_should_hold_is_wrong(ask: Ask) -> None:
    found = ask("La signature est gratuite et ne crée aucune obligation [1].")

    assert (found.fate, found.said, found.cited) == ("generated", False, False)


def test_the_model_is_not_asked_where_nothing_is_found_or_a_question_is_declined(ask: Ask) -> None:
    none = ask(case=Case("2", "Combien de chèques reçoit Marseille ?", "", answerable=False))
    thanks = ask(case=Case("3", "Merci", "", answerable=False))

    for found, fate in ((none, "not_found"), (thanks, "declined")):
        assert (found.fate, found.tally, found.first, found.text) == (fate, None, None, "")
        assert (found.said, found.cited, found.tokens) == (None, None, None)


def test_passages_that_a_model_may_not_see_are_quoted_without_it(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Writer, "begin", lambda *_: None)
    found = ask()

    assert (found.fate, found.tally, found.tokens) == ("unasked", None, None)
    assert found.said and found.cited


def test_a_follow_up_follows_its_question_and_its_tokens_count_too(ask: Ask) -> None:
    case = Case("5", "Et elle coûte combien ?", "", answerable=True, terms=("cinquante euros",),
                previous="L’adhésion est-elle gratuite ?")  # fmt: skip
    condensed, answer = (
        "Combien coûte l’adhésion ?",
        "L’adhésion annuelle coûte cinquante euros [1].",
    )
    found = ask(condensed, answer, case=case)

    assert (found.fate, found.said) == ("generated", True)
    assert found.tokens == len(condensed.split(" ")) + len(answer.split(" "))


def test_a_model_that_is_silent_on_a_follow_up_is_told_as_silent_on_its_answer(ask: Ask) -> None:
    case = Case("5", "Et elle coûte combien ?", "", answerable=True, terms=("cinquante euros",),
                previous="L’adhésion est-elle gratuite ?")  # fmt: skip
    found = ask(ModelUnavailable("rate"), case=case)

    assert found.fate == "unwritten"
    assert found.tally == Tally(instead="unwritten", failure="rate")
    assert (found.said, found.tokens) == (True, None)


def test_a_question_past_the_limit_is_cut_as_it_is_elsewhere(ask: Ask) -> None:
    case = Case("6", SIGN.question + " s" * 3_000, "", answerable=True)

    assert ask(TRUE, case=case).fate == "generated"


def test_progress_counts_questions(built: Path) -> None:
    told: list[tuple[str, int, int]] = []
    meter = Meter(Scripted(TRUE, TRUE))
    assistant = Assistant(Store(built), FakeModel(), Wording("l'ALEC07", ""), Writer(meter))
    write([SIGN, SIGN], assistant, meter, lambda *step: told.append(step))
    assistant.close()

    step = "Réponses du modèle de langue"
    assert told == [(step, 1, 2), (step, 2, 2)]
