"""With LangChain's real clients, against a server that misbehaves on order."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from app import model as door
from app.chat.breaker import FAILURES, REST
from app.chat.budget import Budget
from app.chat.unavailable import Reason
from app.model import ChatModel, ModelUnavailable, load_chat_model
from app.settings import settings
from ingest.errors import ModelError
from tests.fakes.chat_server import FAULTS, RARER, ChatServer
from tests.fakes.writers import HASTE, KEY, model_at

pytest.importorskip("langchain_openai")

MESSAGES = (SystemMessage("Réponds."), HumanMessage("Qui peut signer ?"))
TEXT = "Toute collectivité peut signer la charte [1]."

Opened = Callable[..., ChatModel]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(TEXT) as server:
        yield server


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A model at an address, patient; other settings by their names."""

    def opened(url: str, provider: str = "openai", **others: str) -> ChatModel:
        if provider != "openai":
            pytest.importorskip(f"langchain_{provider}")
        return model_at(url, tmp_path, provider, **others)

    return opened


def failure(model: ChatModel, messages: Sequence[BaseMessage] = MESSAGES) -> ModelUnavailable:
    with pytest.raises(ModelUnavailable) as error:
        model.complete(messages)
    return error.value


def no_thread_left(seconds: float = 3.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(one.name == "chartiste-model" for one in threading.enumerate()):
            return True
        time.sleep(0.01)
    return False


# A text


@pytest.mark.parametrize("provider", ["openai", "mistralai", "ollama"])
def test_a_text_comes_piece_by_piece(server: ChatServer, opened: Opened, provider: str) -> None:
    model = opened(server.url(), provider)
    pieces = list(model.stream(MESSAGES))
    assert "".join(pieces) == TEXT
    assert len(pieces) > 5
    [asked] = server.asked
    assert asked.prompt == "Réponds.\nQui peut signer ?"
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    options = asked.body.get("options", asked.body)
    assert options["temperature"] == 0
    assert options.get("max_tokens", options.get("num_predict")) == 700


def test_a_piece_is_given_before_the_next_one_is_made(server: ChatServer, opened: Opened) -> None:
    server.pause = 0.3
    server.piece = 30
    pieces = opened(server.url()).stream(MESSAGES)
    next(pieces)
    started = time.monotonic()
    next(pieces)
    assert time.monotonic() - started > 0.2
    pieces.close()  # type: ignore[attr-defined]


def test_the_server_takes_note_of_the_words_that_it_sends(
    server: ChatServer, opened: Opened
) -> None:
    server.piece, server.pause = 0, 0.01
    words = list(opened(server.url()).stream(MESSAGES))
    assert words == ["Toute", " collectivité", " peut", " signer", " la", " charte", " [1]."]
    assert [text for _, text in server.sent] == ["".join(words[: n + 1]) for n in range(len(words))]
    assert [at for at, _ in server.sent] == sorted(at for at, _ in server.sent)


def test_openai_s_own_service_is_told_the_limit_by_its_new_name(opened: Opened) -> None:
    chat = opened("", MODEL_URL="")._chat
    payload = chat._get_request_payload(list(MESSAGES))  # type: ignore[attr-defined]
    assert payload["max_completion_tokens"] == 700
    assert str(chat.openai_api_base) == "https://api.openai.com/v1"  # type: ignore[attr-defined]


def test_a_probe_tells_what_it_took(server: ChatServer, opened: Opened) -> None:
    server.delay = 0.2
    probe = opened(server.url()).probe(MESSAGES)
    assert probe.text == TEXT
    assert 0.2 <= probe.first_seconds <= probe.seconds < 30
    assert probe.tokens == 10 + len(range(0, len(TEXT), server.piece))


@pytest.mark.parametrize("provider", ["openai", "mistralai", "ollama"])
def test_a_text_ends_with_the_tokens_that_the_server_counted(
    server: ChatServer, opened: Opened, provider: str
) -> None:
    def told() -> Iterator[int | None]:
        yield (yield from opened(server.url(), provider).stream(MESSAGES))  # type: ignore[misc]

    *pieces, tokens = told()
    assert tokens == 15 if provider == "ollama" else tokens == 10 + len(pieces)


def test_what_is_no_character_is_left_out(server: ChatServer, opened: Opened) -> None:
    assert opened(server.url("surrogate")).complete(MESSAGES) == "Bonjour [1]."


# What goes wrong

REASON: dict[str, Reason] = {
    "refused": "refused", "dns": "dns", "tls": "tls", "hang": "timeout", "401": "auth",
    "404": "missing", "429": "rate", "429-later": "rate", "500": "server", "503": "server",
    "html": "nonsense", "malformed": "nonsense", "no-choices": "nonsense", "cut": "cut",
    "slow": "timeout", "endless": "endless", "token": "endless", "encoding": "nonsense",
    "null": "nonsense", "unfinished": "cut", "redirect": "rejected", "gzip": "nonsense",
    "headers": "timeout", "error-event": "server", "empty-json": "nonsense",
}  # fmt: skip


def test_there_are_eighteen_faults_and_a_reason_for_each() -> None:
    # The two kinds of 429, with and without Retry-After, are one.
    assert len(FAULTS) == len(set(FAULTS)) == 19
    assert {*FAULTS, *RARER} == {*REASON, "surrogate"}


@pytest.mark.parametrize("provider", ["openai", "mistralai", "ollama"])
@pytest.mark.parametrize("fault", REASON)
def test_each_fault_ends_in_time_and_leaves_nothing_behind(
    server: ChatServer, opened: Opened, caplog: pytest.LogCaptureFixture, fault: str, provider: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server.elsewhere = server.url()
    in_haste = REASON[fault] in ("timeout", "endless")  # others end by themselves
    model = opened(server.url(fault), provider, **(HASTE if in_haste else {}))
    started = time.monotonic()
    error = failure(model)
    assert time.monotonic() - started < 30
    in_its_own_protocol = provider == "openai" or fault not in ("cut", "unfinished", "endless")
    if in_its_own_protocol and fault != "error-event":
        assert error.reason == REASON[fault]
    assert server.wait_until_left()
    assert no_thread_left()
    told = "".join(traceback.format_exception(error))
    for shown in (told, repr(error), repr(model), str(vars(model)), caplog.text):
        assert KEY not in shown


@pytest.mark.parametrize("fault", ["cut", "unfinished", "endless"])
def test_what_came_before_a_fault_is_given(server: ChatServer, opened: Opened, fault: str) -> None:
    got: list[str] = []
    with pytest.raises(ModelUnavailable):
        got.extend(opened(server.url(fault)).stream(MESSAGES))  # extend keeps what came
    assert len(server.asked) == 1
    text = "".join(got)
    assert text.startswith("Elle a deux" if fault != "endless" else "encore encore")
    assert len(text) <= 700 * 8


def test_a_model_that_never_ends_is_stopped_though_it_is_not_silent(
    server: ChatServer, opened: Opened
) -> None:
    server.answer = "a " * 5_000
    server.pause, server.piece = 0.1, 2
    started = time.monotonic()
    assert failure(opened(server.url(), **HASTE)).reason == "timeout"
    assert 1.9 < time.monotonic() - started < 20
    assert server.wait_until_left() and no_thread_left()


def test_who_stops_listening_ends_the_connection(server: ChatServer, opened: Opened) -> None:
    server.answer = "a " * 5_000
    server.pause = 0.05
    model = opened(server.url())
    pieces = model.stream(MESSAGES)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert server.wait_until_left(0.5) and no_thread_left(0.5)


def test_who_listens_slowly_gets_what_came_in_time(server: ChatServer, opened: Opened) -> None:
    pieces = opened(server.url(), MODEL_FIRST_TOKEN_SECONDS="3", MODEL_SECONDS="3").stream(MESSAGES)
    got = [next(pieces)]
    time.sleep(3.1)
    assert "".join([*got, *pieces]) == TEXT


def test_a_redirect_is_not_followed(server: ChatServer, opened: Opened) -> None:
    with ChatServer() as elsewhere:
        server.elsewhere = elsewhere.url()
        failure(opened(server.url("redirect")))
        assert elsewhere.asked == []


def test_variables_of_the_providers_are_not_read(
    server: ChatServer, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API_KEY", "ORG_ID", "PROJECT_ID", "ADMIN_KEY"):
        monkeypatch.setenv(f"OPENAI_{name}", "canari-autre")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Autre: canari-autre")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_PROXY", "HTTP_PROXY", "ALL_PROXY",
                 "MISTRAL_BASE_URL", "OLLAMA_HOST"):  # fmt: skip
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    monkeypatch.setenv("MISTRAL_API_KEY", "canari-autre")
    monkeypatch.setenv("OLLAMA_API_KEY", "canari-autre")
    for provider in ("openai", "mistralai", "ollama"):
        assert opened(server.url(), provider, MODEL_KEY="").complete(MESSAGES) == TEXT
    for asked in server.asked:
        assert "canari" not in str(asked)
        assert "Authorization" not in asked.headers


# Retries and the breaker


def test_a_failure_that_passes_is_not_seen(server: ChatServer, opened: Opened) -> None:
    server.enqueue("503", "429")
    assert opened(server.url()).complete(MESSAGES) == TEXT
    assert len(server.asked) == 3


def test_a_failure_that_lasts_is_asked_about_twice_more(
    server: ChatServer, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_BACK_OFF", 0.05)
    assert failure(opened(server.url("500"))).reason == "server"
    assert len(server.asked) == 3


@pytest.mark.parametrize("fault", ["401", "404", "html", "null", "hang"])
def test_a_failure_that_would_come_again_is_not_asked_about_again(
    server: ChatServer, opened: Opened, fault: str
) -> None:
    failure(opened(server.url(fault), **HASTE))
    assert len(server.asked) == 1


def test_a_short_wait_that_the_server_asks_for_is_waited(
    server: ChatServer, opened: Opened
) -> None:
    server.retry_after = "1"
    server.enqueue("429-later")
    model = opened(server.url())
    assert model.complete(MESSAGES) == TEXT
    first, second = server.asked
    assert second.at - first.at >= 1


def test_a_long_wait_is_left_to_the_next_visitors(server: ChatServer, opened: Opened) -> None:
    server.enqueue("429-later")
    model = opened(server.url())
    started = time.monotonic()
    assert failure(model).wait == 60
    assert failure(model).reason == "open"
    assert time.monotonic() - started < 20
    assert len(server.asked) == 1


def test_the_breaker_spares_the_next_visitors_and_tries_again(
    server: ChatServer, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = opened(server.url("null"))
    for _ in range(FAILURES):
        assert failure(model).reason == "nonsense"
    for _ in range(100):
        assert failure(model).reason == "open"
    assert len(server.asked) == FAILURES
    server.answer = TEXT
    now = time.monotonic() + REST
    monkeypatch.setattr(model._breaker, "_clock", lambda: now)
    assert model.complete(MESSAGES) == TEXT
    assert model.complete(MESSAGES) == TEXT


def test_a_visitor_cannot_open_the_breaker(server: ChatServer, opened: Opened) -> None:
    model = opened(server.url("400"))
    for _ in range(FAILURES):
        assert failure(model).reason == "rejected"
    server.answer = TEXT
    server.pause = 0.05
    for _ in range(FAILURES):
        pieces = model.stream(MESSAGES)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
    assert model.complete(MESSAGES) == TEXT


def test_a_crowd_before_a_silent_server_is_few_threads(server: ChatServer, opened: Opened) -> None:
    model = opened(server.url("hang"), **HASTE)
    reasons: list[Reason] = []
    asking = [
        threading.Thread(target=lambda: reasons.append(failure(model).reason)) for _ in range(40)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (reasons.count("timeout"), reasons.count("busy")) == (16, 24)
    assert no_thread_left()


# The budget


def test_what_the_server_counts_is_what_is_spent(
    server: ChatServer, opened: Opened, tmp_path: Path
) -> None:
    opened(server.url()).complete(MESSAGES)
    assert Budget(tmp_path, 1).spent() == 10 + len(range(0, len(TEXT), server.piece))


def test_when_it_is_spent_the_server_is_not_asked(
    server: ChatServer, opened: Opened, tmp_path: Path
) -> None:
    model = opened(server.url(), MODEL_DAILY_TOKENS="800")
    assert model.complete(MESSAGES) == TEXT
    Budget(tmp_path, 800).reserve(700)
    assert failure(model).reason == "budget"
    # Another model, as after a restart.
    assert failure(opened(server.url(), MODEL_DAILY_TOKENS="800")).reason == "budget"
    assert len(server.asked) == 1


def test_many_questions_never_spend_more_than_a_day_s_budget(
    server: ChatServer, opened: Opened, tmp_path: Path
) -> None:
    model = opened(server.url(), MODEL_DAILY_TOKENS="900")
    for _ in range(60):
        try:
            model.complete(MESSAGES)
        except ModelUnavailable as error:
            assert error.reason == "budget"
    assert 150 < Budget(tmp_path, 1).spent() <= 900


@pytest.mark.parametrize(("fault", "spent"), [("401", 0), ("refused", 0), ("cut", 725)])
def test_a_question_that_brought_no_text_is_free(
    server: ChatServer, opened: Opened, tmp_path: Path, fault: str, spent: int
) -> None:
    failure(opened(server.url(fault)))
    assert (Budget(tmp_path, 1).spent() > 700) == bool(spent)


def test_a_budget_that_cannot_be_kept_lets_nothing_be_spent(
    server: ChatServer, opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "model-budget.sqlite").mkdir()
    assert failure(opened(server.url())).reason == "budget"
    assert opened(server.url(), MODEL_DAILY_TOKENS="0").complete(MESSAGES) == TEXT
    assert len(server.asked) == 1


# Starting

_NOTHING = """
import sys
from app import cli
from app.commands import opening
from app.model import load_chat_model
from app.settings import settings
assert load_chat_model(settings({})) is None
heavy = ("langchain.", "langchain_openai", "langchain_mistralai", "langchain_ollama", "openai",
         "langgraph", "app.chat.providers", "app.prompts", "langchain_core.prompts")
print([name for name in sys.modules if name.startswith(heavy)])
"""


def test_without_a_model_nothing_of_models_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", _NOTHING], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_a_provider_that_is_not_installed_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain.chat_models import base

    base._get_chat_model_creator.cache_clear()  # it may have been found by another test
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)
    with pytest.raises(ModelError) as error:
        load_chat_model(settings({"CHARTISTE_MODEL": "ollama:gemma3:4b"}, tmp_path))
    assert str(error.value) == (
        "Ce qu'il faut pour « ollama: » n'est pas installé : pip install 'chartiste[ollama]'."
    )
