"""How the delays of sentences are counted, and that an answer is the same in both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.answers import Answer, NotFound, Piece, Reply, Statement
from app.assistant import Assistant
from app.wording import Wording
from ingest.store import Store
from tests.app.texts import settled
from tests.bench import writing as bench
from tests.bench.writing import Delays, Repeater, bodies, finished, measured, summary
from tests.fakes import FakeModel
from tests.fakes.chat_server import Asked, ChatServer
from tests.fakes.test_obedient import prompt_of

SENT = [
    (1.0, "Elle est"),
    (2.0, "Elle est à Privas"),
    (3.0, "Elle est à Privas [1]."),
    (4.0, "Elle est à Privas [1]. Le maire"),
    (5.0, "Elle est à Privas [1]. Le maire signe."),
    (6.0, "Elle est à Privas [1]. Le maire signe. [2]"),
]


def test_a_sentence_is_finished_when_its_full_stop_left() -> None:
    assert finished("Elle est à Privas.", SENT) == 3.0
    assert finished("Le maire signe.", SENT) == 5.0
    assert finished("Le maire", SENT) is None
    assert finished("Le préfet signe.", SENT) is None


def test_delays_are_from_there_to_what_is_shown() -> None:
    delays = Delays()
    delays.add([(3.1, "Elle est à Privas."), (5.5, "Le maire signe."), (7.0, "Autre.")], SENT)

    assert delays.first == pytest.approx([100.0])
    assert delays.all == pytest.approx([100.0, 500.0])
    assert (delays.unknown, delays.met) == (1, True)


def test_a_late_first_sentence_or_an_answer_that_differs_is_told() -> None:
    late = Delays()
    late.add([(3.4, "Elle est à Privas.")], SENT)

    assert not late.met and not late.as_json()["met"] and not Delays().met
    assert not Delays(first=[1.0], different=["Qui ?"]).met
    assert "first at most 300 ms: False" in bench.as_text("a form", late)


def test_a_summary_has_the_median_the_95th_percentile_and_the_greatest() -> None:
    assert summary([float(n) for n in range(101)]) == {
        "count": 101, "p50": 50.0, "p95": 95.0, "max": 100.0,
    }  # fmt: skip
    assert summary([]) == {"count": 0}


def test_the_model_says_sentences_of_the_passages_in_its_form() -> None:
    asked = Asked(0.0, "/", {}, {"messages": [{"content": prompt_of()}]})

    before, after = (Repeater(form)(asked) for form in bench.FORMS.values())
    assert before.startswith("Toute collectivité peut signer la charte [1].")
    assert after.startswith("Toute collectivité peut signer la charte. [1]")
    assert Repeater("{body} [{n}].")(Asked(0.0, "/", {}, {"messages": []})).startswith(
        "Les sources"
    )


def test_only_whole_sentences_are_said() -> None:
    text = "Elle a été signée en mai par tous. Court. et la suite n'en est pas une.\nUn titre long"
    assert bodies(text) == ["Elle a été signée en mai par tous"]


def test_replies_are_the_same_whatever_the_time_they_took() -> None:
    reply = Reply("Qui ?", NotFound("Rien.", (), 0.1), "r", 1.0)

    assert bench.is_same(reply, replace(reply, elapsed_ms=2.0))
    assert not bench.is_same(reply, replace(reply, asked="Qui signe ?"))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    pytest.importorskip("langchain_openai")
    with ChatServer(Repeater("{body} [{n}].")) as server:
        yield server


def test_a_question_is_measured_and_asked_again(
    server: ChatServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.bench import liar

    settled(tmp_path / "store")
    monkeypatch.setattr("app.commands.opening.load_model", lambda *settings: FakeModel())
    assistant = liar._assistant(tmp_path / "store", server.url())
    delays = measured(assistant, server, ["Qui peut signer la charte ?"], pause=0.0)
    assistant.close()

    assert (delays.questions, delays.generated, delays.unknown) == (1, 1, 0)
    assert len(delays.first) == 1 and len(delays.all) > 1 and min(delays.all) > 0
    assert (delays.different, len(server.asked)) == ([], 2)


def test_an_answer_that_differs_is_named(server: ChatServer, tmp_path: Path) -> None:
    class Fickle(Assistant):
        def ask(self, question: str, id: str | None = None, previous: str | None = None) -> Reply:
            return replace(super().ask(question), asked="autre")

        def stream(
            self, question: str, id: str | None = None, previous: str | None = None
        ) -> Iterator[Piece | Reply]:
            yield Piece(Statement("Le maire signe.", ()))
            yield from super().stream(question)

    settled(tmp_path / "store")
    assistant = Fickle(Store(tmp_path / "store"), FakeModel(), Wording("l'agence", ""))
    delays = measured(assistant, server, ["Qui peut signer la charte ?"], pause=0.0)
    assistant.close()

    assert delays.different == ["Qui peut signer la charte ?"]
    assert (delays.generated, delays.unknown) == (0, 1)


def test_statements_are_those_of_a_written_answer_alone() -> None:
    quoted = Answer("Le maire.", (Statement("Le maire.", (1,)),), (), 0.9)
    reply = Reply("Qui ?", quoted, "r", 1.0)

    assert bench.statements_of(reply) is None
    written = replace(reply, outcome=replace(quoted, mode="generated"))
    assert bench.statements_of(written) == ["Le maire."]
