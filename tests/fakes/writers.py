"""What writes answers in tests: a model behind a server, or one whose words are said before."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from langchain_core.messages import BaseMessage

from app.chat.unavailable import ModelUnavailable
from app.generate import Writer
from app.model import ChatModel, load_chat_model
from app.settings import settings

KEY = "sk-canari"

# For what must be cut off: a busy machine may need more than that for any other answer.
HASTE = {"MODEL_FIRST_TOKEN_SECONDS": "1", "MODEL_SECONDS": "2"}


def model_at(url: str, folder: Path, provider: str = "openai", **others: str) -> ChatModel:
    """A model that answers at ``url``, patient; other settings by their names."""
    values = {
        "MODEL": f"{provider}:faux",
        "MODEL_URL": url.removesuffix("/v1") if provider == "ollama" else url,
        "MODEL_KEY": KEY,
        "MODEL_FIRST_TOKEN_SECONDS": "20",
        "MODEL_SECONDS": "30",
    } | others
    model = load_chat_model(settings({f"CHARTISTE_{k}": v for k, v in values.items()}, folder))
    assert model is not None
    return model


def writer_at(url: str, folder: Path, **others: str) -> Writer:
    """A writer whose model is that of ``model_at``."""
    return Writer(model_at(url, folder, **others))


class ScriptedChat:
    """Says what is in ``queue``, then ``text`` again and again, by pieces of a few characters.

    Each answer ends with ``failure`` if there is one. ``asked`` is what it was asked; ``said`` how
    many pieces it gave; ``closed`` whether its last answer was ended, by itself or by who read it.
    """

    def __init__(self, text: str = "", failure: ModelUnavailable | None = None) -> None:
        self.text = text
        self.failure = failure
        self.queue: list[str] = []
        self.size = 7
        self.asked: list[Sequence[BaseMessage]] = []
        self.said = 0
        self.closed = False

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, None]:
        self._answer = self._pieces(messages)  # kept: it does not end by being forgotten
        return self._answer

    def _pieces(self, messages: Sequence[BaseMessage]) -> Generator[str, None, None]:
        self.asked.append(messages)
        self.closed = False
        text = self.queue.pop(0) if self.queue else self.text
        try:
            for start in range(0, len(text), self.size):
                self.said += 1
                yield text[start : start + self.size]
            if self.failure:
                raise self.failure
        finally:
            self.closed = True
