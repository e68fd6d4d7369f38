"""How long a sentence that a language model has finished waits to be shown, as a table.

    python -m tests.bench.writing [--store STORE] [--questions 60] [--pause 20] [--json]

Questions of the golden set are asked of the starter release (built in a temporary folder without
``--store``) with the model of ``tests/fakes/chat_server.py``: it says sentences of the passages
that it is shown, word by word with ``--pause`` milliseconds between two of them, and knows when
each word left. The delay of a sentence is from its full stop to its event in
``Assistant.stream``: it holds the way over loopback, the libraries, the cutting into sentences and
their verification.

A sentence whose markers stand before its full stop is known to be whole at once. One whose markers
follow it, or that has none, is only when the next sentence has begun or the text has ended: its
delay holds the pauses until then. Both forms are measured.

Each question is asked once more without streaming, the model's text cut otherwise: both answers
must be the same, and the sentences shown on the way those of the answer.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.answers import Answer, Piece, Reply
from ingest.sentences import split_sentences
from tests.fakes.reading import read

if TYPE_CHECKING:
    from app.assistant import Assistant
    from tests.fakes.chat_server import Asked, ChatServer

FORMS = {"markers before the full stop": "{body} [{n}].", "markers after it": "{body}. [{n}]"}
TARGET = 300.0  # milliseconds, of the first sentence
_SENTENCES = 6
_A_WORD, _LETTERS = 0, 3  # how the server cuts
_LENGTHS = range(30, 300)  # characters


@dataclass
class Delays:
    """The delays of the sentences of one form, in milliseconds, and what went wrong."""

    first: list[float] = field(default_factory=list)
    all: list[float] = field(default_factory=list)
    questions: int = 0
    generated: int = 0
    unknown: int = 0  # pieces that the model did not say
    different: list[str] = field(default_factory=list)  # questions answered otherwise by `ask`

    def add(self, shown: Iterable[tuple[float, str]], sent: Sequence[tuple[float, str]]) -> None:
        """The delays of what was shown, each with its time, of what was sent."""
        for number, (at, text) in enumerate(shown):
            end = finished(text, sent)
            if end is None:
                self.unknown += 1
                continue
            delay = (at - end) * 1000
            self.all.append(delay)
            if not number:
                self.first.append(delay)

    @property
    def met(self) -> bool:
        """Whether each first sentence was in time, and no answer differs."""
        return bool(self.first) and max(self.first) <= TARGET and not self.different

    def as_json(self) -> dict[str, Any]:
        """All figures."""
        return {
            "questions": self.questions,
            "generated": self.generated,
            "first": summary(self.first),
            "all": summary(self.all),
            "unknown": self.unknown,
            "different": self.different,
            "met": self.met,
        }


def summary(delays: Sequence[float]) -> dict[str, float]:
    """How many, and the median, the 95th percentile and the greatest of them."""
    if not delays:
        return {"count": 0}
    p50, p95 = np.percentile(delays, [50, 95])
    values = {"p50": p50, "p95": p95, "max": max(delays)}
    return {"count": len(delays), **{name: round(float(v), 2) for name, v in values.items()}}


def finished(statement: str, sent: Sequence[tuple[float, str]]) -> float | None:
    """When the full stop of a statement left; None if it never did."""
    body = _plain(statement).rstrip(".")
    for at, text in sent:
        _, found, after = _plain(text).rpartition(body)
        if found and (after.startswith(".") or _closes(after)):
            return at
    return None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _closes(rest: str) -> bool:
    """Whether what follows a sentence's words is its markers and then its full stop."""
    return rest.lstrip().startswith("[") and "." in rest


class Repeater:
    """A model that says sentences of the passages it is shown, in a form, the same for the same."""

    def __init__(self, form: str) -> None:
        self._form = form

    def __call__(self, asked: Asked) -> str:
        said = list(self._said(asked.prompt))
        return " ".join(said) or "Les sources ne disent pas cela."

    def _said(self, prompt: str) -> Iterator[str]:
        left = _SENTENCES
        for passage in read(prompt).passages:
            for body in bodies(passage.text)[: left // 2 or left]:
                left -= 1
                yield self._form.format(body=body, n=passage.number)


def bodies(text: str) -> list[str]:
    """The sentences of a text that can be said as they are, without their full stops."""
    spans = split_sentences(text, 0, len(text))
    found = [_plain(text[start:end]) for start, end in spans]
    return [
        one[:-1] for one in found
        if len(one) in _LENGTHS and one.endswith(".") and one[0].isupper() and "." not in one[:-1]
    ]  # fmt: skip


def measured(
    assistant: Assistant, server: ChatServer, questions: Sequence[str], pause: float
) -> Delays:
    """The delays over these questions, with ``pause`` seconds between two words."""
    delays = Delays(questions=len(questions))
    for question in questions:
        server.pause, server.piece, server.sent = pause, _A_WORD, []
        shown, streamed = streamed_reply(assistant.stream(question))
        delays.add(shown, server.sent)
        server.pause, server.piece = 0.0, _LETTERS
        asked = assistant.ask(question)
        written = statements_of(streamed)
        delays.generated += written is not None
        as_shown = written is None or written == [text for _, text in shown]
        if not (as_shown and is_same(streamed, asked)):
            delays.different.append(question)
    return delays


def statements_of(reply: Reply) -> list[str] | None:
    """The statements that a model wrote of an answer; None of another one."""
    outcome = reply.outcome
    if not (isinstance(outcome, Answer) and outcome.mode == "generated"):
        return None
    return [one.text for one in outcome.statements]


def streamed_reply(stream: Iterable[Piece | Reply]) -> tuple[list[tuple[float, str]], Reply]:
    """What was shown as supported, each with its time (monotonic seconds), and the reply."""
    shown = []
    for told in stream:
        if isinstance(told, Reply):
            return shown, told
        if told.statement.supported:
            shown.append((time.monotonic(), told.statement.text))
    raise AssertionError("a stream ends with its reply")


def is_same(one: Reply, other: Reply) -> bool:
    """Whether two replies say the same, however long they took."""
    return replace(one, elapsed_ms=0.0) == replace(other, elapsed_ms=0.0)


def as_text(name: str, delays: Delays) -> str:
    """The figures of a form as lines."""
    lines = [f"{name} ({delays.generated} answers written, of {delays.questions} questions)\n"]
    for label, values in (("first sentence", delays.first), ("every sentence", delays.all)):
        found = summary(values)
        shown = "".join(f"{key} {found[key]:8.1f} ms   " for key in ("p50", "p95", "max") if values)
        lines.append(f"  {label:16}{found['count']:6}   {shown}\n")
    lines.append(
        f"  sentences that nobody said: {delays.unknown}; answers that differ without streaming: "
        f"{len(delays.different)}; first at most {TARGET:.0f} ms: {delays.met}\n"
    )
    return "".join(lines)


def _with_store(folder: Path | None, run: Callable[[Path], int]) -> int:
    """Run over a store, the starter release's in a temporary folder when there is none."""
    if folder is not None:
        return run(folder)
    from tests.bench.performance import build

    with tempfile.TemporaryDirectory() as made:
        build(Path(made) / "store")
        return run(Path(made) / "store")


def _run(store: Path, options: argparse.Namespace) -> int:
    from tests.bench.liar import _assistant
    from tests.bench.performance import questions
    from tests.fakes.chat_server import ChatServer

    asked = questions(options.questions)
    found: dict[str, Delays] = {}
    for name, form in FORMS.items():
        with ChatServer(Repeater(form)) as server:
            assistant = _assistant(store, server.url())
            assistant.ask(asked[0])  # what is loaded at first use
            found[name] = measured(assistant, server, asked, options.pause / 1000)
            assistant.close()
    if options.json:
        shown = {name: delays.as_json() for name, delays in found.items()}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(as_text(name, delays) for name, delays in found.items()))
    return 0 if all(delays.met for delays in found.values()) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--pause", type=float, default=20.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    return _with_store(options.store, lambda store: _run(store, options))


if __name__ == "__main__":
    sys.exit(main())
