"""One request to the model, in a thread of its own, so that nobody waits longer than is said."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from app.chat.failure import failure_of
from app.chat.line import Line, TooLong
from app.chat.unavailable import ModelUnavailable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

_BYTES_A_CHARACTER = 200  # of the protocol's own, when each character comes in a message of its own
_BYTES = 64_000  # for what comes before and after the text
_ENDINGS = ("finish_reason", "done_reason", "stop_reason")


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of an answer: why it failed, or None; the tokens that the server counted, or None."""

    failure: ModelUnavailable | None
    tokens: int | None


class Attempt:
    """The model's answer to ``messages``, as it comes, within ``seconds`` and ``characters``."""

    def __init__(
        self,
        chat: BaseChatModel,
        messages: Sequence[BaseMessage],
        seconds: float,
        characters: int,
    ) -> None:
        self._chat, self._messages = chat, list(messages)
        self._left = characters
        self._tokens: int | None = None
        self._line = Line(seconds, _BYTES + characters * _BYTES_A_CHARACTER)
        self._came: SimpleQueue[str | Ended] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="chartiste-model", daemon=True)
        self._thread.start()

    def next(self, seconds: float) -> str | Ended:
        """What comes next: some text, or the end.

        Raises:
            queue.Empty: nothing came in that time.
        """
        return self._came.get(timeout=seconds)

    def stop(self) -> None:
        """End it: the connection is cut, and the thread goes."""
        self._line.cut()

    def _run(self) -> None:
        failure = None
        try:
            with self._line.in_use():
                try:
                    self._read()
                except Exception as error:  # an answer may be wrong in any way
                    failure = failure_of(error, self._line)
        finally:
            self._came.put(Ended(failure, self._tokens))

    def _read(self) -> None:
        said = ended = False
        with closing(self._chat.stream(self._messages)) as chunks:  # type: ignore[type-var]
            for chunk in chunks:
                if self._line.is_cut:
                    raise TimeoutError
                self._note_usage(chunk)
                ended |= any(chunk.response_metadata.get(name) for name in _ENDINGS)
                if text := self._counted(str(chunk.text)):
                    said |= not text.isspace()
                    self._came.put(text)
        if not said:
            raise ValueError("no text")
        if not ended:
            raise ConnectionResetError

    def _counted(self, text: str) -> str:
        """The text without what is no character.

        Raises:
            TooLong: there is more of it than was asked for.
            ValueError: it was not decoded as it was written.
        """
        self._left -= len(text)
        if self._left < 0:
            raise TooLong
        if "\ufffd" in text:
            raise ValueError("wrong encoding")
        return "".join(
            c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
        )

    def _note_usage(self, chunk: Any) -> None:
        counted = (chunk.usage_metadata or {}).get("total_tokens")
        if isinstance(counted, int) and 0 < counted < 10**9:
            self._tokens = max(self._tokens or 0, counted)
