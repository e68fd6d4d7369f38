"""Who writes the answers that are measured, and the tokens it takes."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from app.generate import Chat, Writer


class Meter:
    """A language model whose tokens are counted. For questions that are asked one by one."""

    def __init__(self, model: Chat) -> None:
        self._model = model
        self._counts: list[int | None] = []

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, int | None]:
        """The model's answer, piece by piece; returns its tokens.

        Raises:
            ModelUnavailable: there is none, or no more of it.
        """
        count = None
        try:
            count = yield from self._model.stream(messages)
        finally:
            self._counts.append(count)
        return count

    def take(self) -> int | None:
        """The tokens since the last time, all requests together.

        None when there was no request, or one whose tokens are not known.
        """
        counts, self._counts = self._counts, []
        known = [count for count in counts if count is not None]
        return sum(known) if known and len(known) == len(counts) else None


@dataclass(frozen=True, slots=True)
class Author:
    """What writes answers with the model of that name, of which ``meter`` counts the tokens."""

    name: str
    writer: Writer
    meter: Meter
