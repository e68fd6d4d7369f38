"""A language model that fails, in every way there is: the citizen gets a cited answer, and why."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app import model as door
from app.answers import Answer, Reply, as_json
from app.assistant import Assistant
from app.chat.breaker import FAILURES
from app.console import say_json
from app.generate import Writer
from app.server import create_app
from app.settings import settings
from app.wording import Wording
from ingest.store import Store
from tests.app.citations import check
from tests.app.conftest import AGENCY, CONTACT
from tests.fakes import FakeModel
from tests.fakes.chat_server import FAULTS, ChatServer
from tests.fakes.writers import HASTE, writer_at
from tests.web.conftest import serving

pytest.importorskip("langchain_openai")

QUESTION = "Qui peut signer la charte ?"
SILENT = "Le modèle de langue n'a pas répondu : voici les passages eux-mêmes."
LONGEST = 20_000  # milliseconds that a citizen waits at most

Asking = Callable[[Writer], Assistant]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture
def asking(built: Path) -> Iterator[Asking]:
    """Assistants over the four sheets with writers of the test's own, closed when it ends."""
    opened: list[Assistant] = []

    def asking(writer: Writer) -> Assistant:
        wording = Wording(AGENCY, CONTACT)
        opened.append(Assistant(Store(built), FakeModel(), wording, writer))
        return opened[-1]

    yield asking
    for assistant in opened:
        assistant.close()


def quoted(reply: Reply, assistant: Assistant) -> Answer:
    """The answer without its note, which must say that the model is silent."""
    check(reply, assistant)
    answer = reply.outcome
    assert isinstance(answer, Answer)
    assert (answer.mode, answer.note) == ("quoted", SILENT)
    assert answer.citations and reply.elapsed_ms < LONGEST
    return replace(answer, note="")


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_leaves_the_quoted_answer_and_the_breaker_spares_the_next(
    server: ChatServer,
    asking: Asking,
    assistant: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    monkeypatch.setattr(door, "_BACK_OFF", 0.02)
    failing = asking(writer_at(server.url(fault), tmp_path, **HASTE))
    expected = assistant.ask(QUESTION).outcome
    for _ in range(FAILURES):
        told = list(failing.stream(QUESTION))
        assert len(told) == 1  # nothing was shown that had to be taken back
        assert isinstance(told[0], Reply) and quoted(told[0], assistant) == expected
    asked = len(server.asked)
    for _ in range(5):
        assert quoted(failing.ask(QUESTION), assistant) == expected
    assert len(server.asked) == asked
    assert server.wait_until_left()


def test_a_model_that_comes_back_writes_again(
    server: ChatServer, asking: Asking, tmp_path: Path
) -> None:
    server.enqueue("401", "null")
    server.answer = "Toute collectivité peut signer la charte [1]."
    assistant = asking(writer_at(server.url(), tmp_path))
    modes = [getattr(assistant.ask(QUESTION).outcome, "mode", None) for _ in range(3)]
    assert modes == ["quoted", "quoted", "generated"]


def test_of_a_model_that_is_cut_what_it_had_said_stands(
    server: ChatServer, asking: Asking, tmp_path: Path
) -> None:
    server.answer = "Toute collectivité peut signer la charte [1]. " + "Encore un mot " * 900
    answer = asking(writer_at(server.url(), tmp_path)).ask(QUESTION).outcome
    assert isinstance(answer, Answer) and answer.mode == "generated"
    assert [one.text for one in answer.statements] == ["Toute collectivité peut signer la charte."]


def test_a_budget_that_is_spent_leaves_the_quoted_answer(
    server: ChatServer, asking: Asking, assistant: Assistant, tmp_path: Path
) -> None:
    failing = asking(writer_at(server.url(), tmp_path, MODEL_DAILY_TOKENS="10"))
    quoted(failing.ask(QUESTION), assistant)
    assert server.asked == []


@pytest.mark.parametrize("fault", ["hang", "html"])
def test_a_visitor_of_the_server_gets_the_quoted_answer(
    server: ChatServer, asking: Asking, tmp_path: Path, fault: str
) -> None:
    failing = asking(writer_at(server.url(fault), tmp_path, **HASTE))
    with serving(create_app(failing, settings({}, tmp_path))) as address:
        asked = httpx.post(f"{address}/api/v1/ask", json={"question": QUESTION}, timeout=20)
        streamed = httpx.post(
            f"{address}/api/v1/ask/stream", json={"question": QUESTION}, timeout=20
        )
        assert httpx.get(f"{address}/readyz").status_code == 200
    assert (asked.status_code, streamed.status_code) == (200, 200)
    reply = asked.json()
    assert (reply["mode"], reply["note"], len(reply["citations"])) == ("quoted", SILENT, 1)
    names = re.findall(r"^event: (\w+)$", streamed.text, re.MULTILINE)
    assert names == ["citation", "statement", "done"]


# Without a model

_ASK = """
import sys
from app.commands import opening
from app.cli import main
from tests.fakes import FakeModel

opening.load_model = lambda *settings: FakeModel()
code = main(["ask", sys.argv[1], "--json", "--store", sys.argv[2]])
heavy = ("app.generate", "app.verify", "app.condense", "app.written", "app.prompt", "app.chat.",
         "langchain.", "langchain_core.language_models.chat", "langchain_core.prompts",
         "langchain_openai", "langchain_mistralai", "langchain_ollama", "openai")
light = ("app.chat.choice", "app.chat.unavailable", "app.chat.breaker", "app.chat.budget",
         "app.chat.attempt", "app.chat.failure", "app.chat.line")
names = [name for name in sys.modules if name.startswith(heavy) and name not in light]
print(names, file=sys.stderr)
sys.exit(code)
"""
_TOOK = re.compile(r'"elapsed_ms": [\d.]+')


def test_without_a_model_answers_are_the_same_to_the_byte_and_nothing_of_it_is_imported(
    built: Path, assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [sys.executable, "-c", _ASK, QUESTION, str(built)]
    done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    say_json(as_json(assistant.ask(QUESTION)))
    assert _TOOK.sub("", done.stdout) == _TOOK.sub("", capsys.readouterr().out)
    assert "note" not in json.loads(done.stdout)
