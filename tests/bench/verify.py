"""How well statements are verified: corruptions detected, faithful statements kept, as a table.

    python -m tests.bench.verify FILE.json [--each 250] [--seed 0] [--kind KIND ...] [--baseline]
                                 [--wrong 20] [--json]

FILE is SQuAD-like (PIAF). The statements are those of ``tests/bench/statements.py``: each is given
to the verifier with five passages, its own among them, and the number that its marker names. A
corrupted statement is detected when it is not supported; a faithful one is removed when it is not.
``span`` is how often what supports a faithful statement overlaps the sentence that it was made of,
and lies in the right passage. ``ms`` is the time of a verdict without the embedding of the
statement, which has a column of its own. Kinds in brackets have no target of their own.
``--baseline`` judges by the share of common words instead; ``--wrong`` prints mistakes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from app.verify import verifier as check
from app.verify.verdicts import Unsupported
from app.verify.verifier import Offered
from ingest.documents import Passage, Source
from ingest.parse.text import parse_text
from ingest.split import split
from tests.bench.statements import EACH, Pair, build, read_paragraphs, written

# The least share detected of a corruption, the largest share removed of what is faithful.
DETECTED = {
    "number": 0.98, "date": 0.98, "name": 0.98, "negation added": 0.98, "negation removed": 0.98,
    "modality": 0.98, "claim of the article": 0.95, "claim of another": 0.95,
    "invented clause": 0.95,
}  # fmt: skip
REMOVED = 0.05
UNPROMISED = frozenset({"english", "reworded"})  # told in other words, which rules do not do
SLOWEST = 3.0  # ms a statement


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement is supported, by which passage (from 1) and by which words of it."""

    supported: bool
    passage: int = 0
    span: str = ""
    reason: str = ""
    embedding_ms: float = 0.0


class Verifier(Protocol):
    """What is measured."""

    def know(self, passages: Sequence[str]) -> None:
        """Prepare what ingestion knows of the passages, such as vectors; not timed."""

    def verdict(self, statement: str, offered: Sequence[str], marked: Sequence[int]) -> Verdict:
        """The verdict on a statement that cites the passages ``marked``, counted from 1."""


class WordOverlap:
    """The trivial baseline: half of the statement's words stand in a passage that it cites."""

    def know(self, passages: Sequence[str]) -> None:
        """Nothing."""

    def verdict(self, statement: str, offered: Sequence[str], marked: Sequence[int]) -> Verdict:
        """Supported by the first cited passage that has half of the words."""
        words = _words(statement)
        for number in marked:
            if len(words & _words(offered[number - 1])) >= 0.5 * len(words):
                best = max(
                    re.split(r"(?<=\.) ", offered[number - 1]),
                    key=lambda sentence: len(words & _words(sentence)),
                )
                return Verdict(True, number, best)
        return Verdict(False, reason="words")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.lower()))


class OurVerifier:
    """The verifier of ``app.verify``, over passages as ingestion cuts them."""

    def __init__(self) -> None:
        self._split: dict[str, tuple[Passage, ...]] = {}
        self._offered: list[tuple[int, Passage]] = []
        self._verifier = check.Verifier(())

    def know(self, passages: Sequence[str]) -> None:
        """Cut the paragraphs into passages, and read these, which happens once an answer."""
        self._offered = [
            (number, passage)
            for number, text in enumerate(passages, start=1) for passage in self._passages(text)
        ]  # fmt: skip
        given = [Offered(n, passage) for n, (_, passage) in enumerate(self._offered, start=1)]
        self._verifier = check.Verifier(given)
        self._verifier.check("Abracadabra.", ())

    def _passages(self, text: str) -> tuple[Passage, ...]:
        if text not in self._split:
            self._split[text] = tuple(split(parse_text(text, Source("", name="passage"))))
        return self._split[text]

    def verdict(self, statement: str, offered: Sequence[str], marked: Sequence[int]) -> Verdict:
        """The verdict; a paragraph that is cut in several passages is cited by all of them."""
        cited = [n for n, (number, _) in enumerate(self._offered, start=1) if number in marked]
        found = self._verifier.check(statement, cited)
        if isinstance(found, Unsupported):
            return Verdict(False, reason=f"{found.fault.kind}: {found.fault.words}")
        span = found.spans[0]
        number, passage = self._offered[span.number - 1]
        start, end = passage.sentences[span.first].start, passage.sentences[span.last].end
        return Verdict(True, number, passage.text[start - passage.start : end - passage.start])


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair with the verdict on it, and the milliseconds of the verdict without embedding."""

    pair: Pair
    verdict: Verdict
    ms: float

    @property
    def is_right(self) -> bool:
        """Whether a faithful statement is supported, and a corrupted one is not."""
        return self.verdict.supported == self.pair.faithful

    @property
    def has_right_span(self) -> bool:
        """Whether the span is of the right passage and overlaps the sentence restated."""
        verdict, pair = self.verdict, self.pair
        if verdict.passage != pair.place + 1 or not verdict.span:
            return False
        start = _squeezed(pair.passage).find(_squeezed(verdict.span))
        origin = _squeezed(pair.passage).find(_squeezed(pair.origin))
        return (
            start >= 0
            and start < origin + len(_squeezed(pair.origin))
            and origin < start + len(_squeezed(verdict.span))
        )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def judge(verifier: Verifier, pairs: Sequence[Pair]) -> list[Judged]:
    """Every pair with its verdict, in their order."""
    judged = []
    for pair in pairs:
        verifier.know(pair.offered)
        started = time.perf_counter()
        verdict = verifier.verdict(pair.statement, pair.offered, [pair.mark + 1])
        elapsed = (time.perf_counter() - started) * 1000
        judged.append(Judged(pair, verdict, elapsed - verdict.embedding_ms))
    return judged


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one kind; ``rate`` is detected of corrupted, removed of faithful ones."""

    kind: str
    faithful: bool
    count: int
    rate: float
    spans: float | None
    ms: float
    ms95: float
    embedding_ms: float

    @property
    def target(self) -> float | None:
        """What the rate must reach, or may reach at most; None where nothing was promised."""
        if self.faithful:
            return REMOVED if self.kind not in UNPROMISED else None
        return DETECTED.get(self.kind)

    @property
    def is_met(self) -> bool:
        """Whether the target is met; true where there is none."""
        if self.target is None:
            return True
        return self.rate <= self.target if self.faithful else self.rate >= self.target


def rows(judged: Sequence[Judged]) -> list[Row]:
    """One row a kind, the corrupted first, then one of all that is faithful."""
    groups: dict[tuple[bool, str], list[Judged]] = defaultdict(list)
    for one in judged:
        groups[(one.pair.faithful, one.pair.kind)].append(one)
        if one.pair.faithful and one.pair.kind not in UNPROMISED:
            groups[(True, "all that is faithful")].append(one)
    return [_row(kind, faithful, groups[(faithful, kind)]) for faithful, kind in sorted(groups)]


def _row(kind: str, faithful: bool, group: Sequence[Judged]) -> Row:
    kept = [one for one in group if one.verdict.supported and one.pair.origin]
    times = sorted(one.ms for one in group)
    return Row(
        kind=kind,
        faithful=faithful,
        count=len(group),
        rate=sum(not one.verdict.supported for one in group) / len(group),
        spans=sum(one.has_right_span for one in kept) / len(kept) if faithful and kept else None,
        ms=statistics.mean(times),
        ms95=times[int(0.95 * (len(times) - 1))],
        embedding_ms=statistics.mean(one.verdict.embedding_ms for one in group),
    )


def table(found: Sequence[Row]) -> str:
    """The rows as lines of text."""
    head = ("kind", "count", "detected", "removed", "target", "span", "ms", "p95", "embed ms")
    lines = [_line(head)]
    for row in found:
        rate = f"{row.rate:.1%}"
        target = "" if row.target is None else f"{row.target:.0%}"
        lines.append(
            _line(
                (
                    row.kind if row.target is not None else f"({row.kind})",
                    str(row.count),
                    "" if row.faithful else rate,
                    rate if row.faithful else "",
                    target if row.is_met else f"{target} MISSED",
                    "" if row.spans is None else f"{row.spans:.1%}",
                    f"{row.ms:.2f}",
                    f"{row.ms95:.2f}",
                    f"{row.embedding_ms:.1f}",
                )
            )
        )
    return "".join(lines)


def _line(cells: Sequence[str]) -> str:
    widths = (25, 7, 10, 9, 12, 8, 8, 8, 9)
    shown = [f"{cell:>{width}}" for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return f"{cells[0]:{widths[0]}}{''.join(shown)}".rstrip() + "\n"


def _show_wrong(judged: Sequence[Judged], count: int, write: Callable[[str], object]) -> None:
    wrong = [one for one in judged if not one.is_right]
    for one in random.Random(0).sample(wrong, min(count, len(wrong))):
        said = "removed" if one.pair.faithful else "supported"
        write(f"[{one.pair.kind}, {said}: {one.verdict.reason or one.verdict.span}]\n")
        write(f"  {one.pair.origin or one.pair.passage}\n  {one.pair.statement}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", default=[])
    parser.add_argument("--baseline", action="store_true")
    parser.add_argument("--wrong", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    verifier: Verifier = WordOverlap() if options.baseline else OurVerifier()
    pairs = [*build(read_paragraphs(options.file), options.each, options.seed), *written()]
    judged = judge(verifier, [p for p in pairs if not options.kind or p.kind in options.kind])
    found = rows(judged)
    if options.json:
        shown = [{**asdict(row), "target": row.target, "met": row.is_met} for row in found]
        sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(table(found))
    _show_wrong(judged, options.wrong, sys.stderr.write)


if __name__ == "__main__":
    main()
