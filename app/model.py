"""The door to the language model that writes answers, where one is configured.

Whatever its server does, a question ends: with text, or with :class:`ModelUnavailable` before the
deadlines of the settings. Without ``CHARTISTE_MODEL`` nothing of a model's libraries is imported.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty
from typing import TYPE_CHECKING

from app.chat.attempt import Attempt
from app.chat.breaker import Breaker
from app.chat.budget import Budget, BudgetError, estimated
from app.chat.unavailable import OURS, PASSING, ModelUnavailable, Reason
from app.settings import Settings
from ingest.deadline import Deadline

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from app.chat.choice import ModelSettings

__all__ = ["ChatModel", "ModelUnavailable", "Probe", "Reason", "load_chat_model"]

log = logging.getLogger(__name__)
log.addHandler(logging.NullHandler())  # a command tells failures its own way; the server logs

_RETRIES = 2
_BACK_OFF = 0.3  # seconds before the first retry, doubled for the second, more or less a half
_AT_ONCE = 16  # questions under way; one more gets its quotation
_CHARACTERS_A_TOKEN = 8
_MESSAGE_TOKENS = 8  # what a protocol adds to each message
# No text was made, so none is paid for.
_FREE: frozenset[Reason] = frozenset(
    {"busy", "refused", "dns", "tls", "auth", "missing", "rejected", "rate", "server"}
)


@dataclass(frozen=True, slots=True)
class Probe:
    """What one question got: text, seconds to its first words and to its end, tokens.

    ``tokens`` is None when the server does not count them.
    """

    text: str
    first_seconds: float
    seconds: float
    tokens: int | None


class _Bill:
    """What a question costs: estimated before, and known after."""

    def __init__(self, messages: Sequence[BaseMessage], output_tokens: int) -> None:
        self._asked = sum(estimated(str(one.text)) + _MESSAGE_TOKENS for one in messages)
        self.reserved = self._asked + output_tokens
        self.written: list[str] = []
        self.tokens: int | None = None
        self.spent = self.reserved  # unless it ends in a known way

    def end(self, failure: ModelUnavailable | None) -> None:
        """Work out what was spent; all that was reserved when the server may go on writing."""
        if self.tokens is not None:
            self.spent = self.tokens
        elif failure is None:
            self.spent = self._asked + estimated("".join(self.written))
        elif failure.reason in _FREE and not self.written:
            self.spent = 0


class ChatModel:
    """A language model with its deadlines, retries, breaker and budget.

    Safe to use from several threads.
    """

    def __init__(self, chat: BaseChatModel, chosen: ModelSettings, budget: Budget) -> None:
        self.name = chosen.model
        self._chat = chat
        self._chosen = chosen
        self._budget = budget
        self._breaker = Breaker()
        self._slots = threading.BoundedSemaphore(_AT_ONCE)

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, None]:
        """The answer, piece by piece as it comes; closing the iterator ends the connection.

        Raises:
            ModelUnavailable: there is no answer, or no more of it.
        """
        yield from self._answer(messages, _Bill(messages, self._chosen.model_output_tokens))

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        """The whole answer.

        Raises:
            ModelUnavailable: there is none, or not to its end.
        """
        return "".join(self.stream(messages))

    def probe(self, messages: Sequence[BaseMessage]) -> Probe:
        """The whole answer, and what it took.

        Raises:
            ModelUnavailable: there is none, or not to its end.
        """
        bill = _Bill(messages, self._chosen.model_output_tokens)
        started = time.monotonic()
        first = 0.0
        for _ in self._answer(messages, bill):
            first = first or time.monotonic() - started
        return Probe("".join(bill.written), first, time.monotonic() - started, bill.tokens)

    def _answer(self, messages: Sequence[BaseMessage], bill: _Bill) -> Iterator[str]:
        """The answer, when few enough are under way."""
        if not self._slots.acquire(blocking=False):
            raise ModelUnavailable("busy")
        try:
            yield from self._admitted(messages, bill)
        finally:
            self._slots.release()

    def _admitted(self, messages: Sequence[BaseMessage], bill: _Bill) -> Iterator[str]:
        """The answer, of which the breaker and the budget learn the end."""
        if not self._breaker.admits():
            raise ModelUnavailable("open")
        failure: ModelUnavailable | None = None
        day: str | None = None
        ended = False
        try:
            day = self._reserved(bill)
            yield from self._tried(messages, bill)
            ended = True
        except ModelUnavailable as error:
            failure, ended = error, True
            log.warning(
                "no answer from the language model: %s %s", error.reason, error.status or ""
            )
            raise
        finally:
            self._told(failure, ended or bool(bill.written))
            if ended:
                bill.end(failure)
            self._settle(day, bill)

    def _told(self, failure: ModelUnavailable | None, answered: bool) -> None:
        if failure is not None and failure.reason not in OURS:
            self._breaker.failed(failure.wait)
        elif failure is None and answered:
            self._breaker.succeeded()
        else:
            self._breaker.abandoned()

    def _reserved(self, bill: _Bill) -> str:
        try:
            day = self._budget.reserve(bill.reserved)
        except BudgetError as error:
            log.error("the budget cannot be kept: %s", error)
            raise ModelUnavailable("budget") from None
        if day is None:
            raise ModelUnavailable("budget")
        return day

    def _settle(self, day: str | None, bill: _Bill) -> None:
        if day is None:
            return
        try:
            self._budget.settle(day, bill.reserved, bill.spent)
        except BudgetError as error:
            log.error("the budget cannot be corrected: %s", error)

    def _tried(self, messages: Sequence[BaseMessage], bill: _Bill) -> Iterator[str]:
        """The answer of the first request that gives one; no other once some text came."""
        whole = Deadline(self._chosen.model_seconds)
        first = Deadline(self._chosen.model_first_token_seconds)
        for retry in range(_RETRIES + 1):
            try:
                yield from self._read(messages, bill, first, whole)
                return
            except ModelUnavailable as failure:
                pause = _pause(failure, retry, first)
                if bill.written or pause is None:
                    raise
            time.sleep(pause)

    def _read(
        self, messages: Sequence[BaseMessage], bill: _Bill, first: Deadline, whole: Deadline
    ) -> Iterator[str]:
        most = self._chosen.model_output_tokens * _CHARACTERS_A_TOKEN
        attempt = Attempt(self._chat, messages, whole.left, most)
        try:
            while True:
                came = attempt.next(whole.left if bill.written else min(first.left, whole.left))
                if isinstance(came, str):
                    bill.written.append(came)
                    yield came
                    continue
                bill.tokens = came.tokens
                if came.failure is not None:
                    raise came.failure
                return
        except Empty:
            raise ModelUnavailable("timeout") from None
        finally:
            attempt.stop()


def load_chat_model(settings: Settings) -> ChatModel | None:
    """The language model of the settings, of which nothing is asked yet; None when none is set.

    Raises:
        ModelError: its provider's package is missing, or does not take these settings.
    """
    chosen = settings.model
    if not chosen.model:
        return None
    from app.chat.providers import chat_model

    budget = Budget(settings.ingest.store, chosen.model_daily_tokens)
    return ChatModel(chat_model(chosen), chosen, budget)


def _pause(failure: ModelUnavailable, retry: int, first: Deadline) -> float | None:
    """The seconds before asking again, or None when it is of no use or there is no time."""
    if failure.reason not in PASSING or retry >= _RETRIES:
        return None
    pause = failure.wait
    if pause is None:
        pause = _BACK_OFF * 2**retry * random.uniform(0.5, 1.5)
    return pause if pause < first.left else None
