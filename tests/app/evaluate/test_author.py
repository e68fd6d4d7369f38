"""The tokens of a language model, counted."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import pytest
from langchain_core.messages import BaseMessage, HumanMessage

from app.chat.unavailable import ModelUnavailable
from app.evaluate.author import Meter
from tests.app.evaluate.made import Scripted

ASKED = [HumanMessage("Qui signe ?")]


def test_an_answer_comes_as_it_was_written_and_its_tokens_are_counted_once() -> None:
    meter = Meter(Scripted("Le maire signe [1]."))

    assert list(meter.stream(ASKED)) == ["Le", " maire", " signe", " [1]."]
    assert (meter.take(), meter.take()) == (4, None)


def test_all_requests_of_a_question_are_counted_together() -> None:
    meter = Meter(Scripted("Qui signe la charte ?", "Le maire [1]."))

    assert "".join(meter.stream(ASKED)) == "Qui signe la charte ?"
    list(meter.stream(ASKED))
    assert meter.take() == 8


def test_what_is_not_known_of_one_request_is_not_known_of_all() -> None:
    model = Scripted("Le maire [1].", ModelUnavailable("timeout"), "Le préfet [1].")
    meter = Meter(model)
    list(meter.stream(ASKED))
    with pytest.raises(ModelUnavailable):
        "".join(meter.stream(ASKED))
    assert meter.take() is None

    list(meter.stream(ASKED))
    assert meter.take() == 3


def test_a_server_that_counts_nothing_leaves_the_tokens_unknown() -> None:
    class Silent(Scripted):
        def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, int | None]:
            yield from super().stream(messages)
            return None

    meter = Meter(Silent("Le maire [1]."))
    assert ("".join(meter.stream(ASKED)), meter.take()) == ("Le maire [1].", None)


def test_who_reads_no_further_ends_the_model_too() -> None:
    model = Scripted("Le maire signe [1].")
    meter = Meter(model)
    pieces = meter.stream(ASKED)
    next(pieces)
    pieces.close()

    assert (model.closed, meter.take()) == (1, None)
