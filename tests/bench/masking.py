"""How much of the personal data in messages is masked, and how many ordinary questions are altered.

    python -m tests.bench.masking [--round 6] [--show]

``tests/data/personal.csv`` has messages with the parts that must vanish, ``ordinary.csv`` questions
that hold nothing personal; the golden questions of ``data/golden/`` are taken as such too. Each
round was written after the rules of the rounds before, and before they were bettered by it.
``--show`` prints what is left and what is altered.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.journal.masking import masked
from app.journal.seen import MARKS

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
GOLDEN = ROOT / "data" / "golden"
ROUNDS = ("1", "2", "3", "4", "5", "6")
_ESCAPE = re.compile(r"\\(n|t|u[0-9a-f]{4})")
_MARK = re.compile("|".join(map(re.escape, MARKS)))
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Message:
    """What someone writes, and the parts of it that must not be kept."""

    text: str
    secrets: tuple[str, ...]
    kind: str
    round: str

    def left(self, text: str) -> tuple[str, ...]:
        """The secrets of which a word is left in the masked text."""
        others = _words(self.text) - sum(map(_words, self.secrets), Counter[str]())
        kept = _words(_MARK.sub(" ", text)) - others
        return tuple(one for one in self.secrets if one in text or kept & _words(one))

    def lost(self, text: str) -> tuple[int, int]:
        """How many words that are no secret were masked too, and how many there are."""
        others = _words(self.text) - sum(map(_words, self.secrets), Counter[str]())
        return (others - _words(_MARK.sub(" ", text))).total(), others.total()


def messages(*rounds: str) -> list[Message]:
    """Messages with personal data: of some rounds, or all."""
    return [
        Message(_read(row["message"]), _parts(row["secrets"]), row["kind"], row["round"])
        for row in _rows(DATA / "personal.csv")
        if row["round"] in (rounds or ROUNDS)
    ]


def ordinary(*rounds: str) -> list[str]:
    """Questions without any, written to be taken for some."""
    rows = _rows(DATA / "ordinary.csv")
    return [row["question"] for row in rows if row["round"] in (rounds or ROUNDS)]


def golden() -> list[str]:
    """The golden questions, each once."""
    found = [
        row.get(column) or ""
        for file in sorted(GOLDEN.glob("*.csv"))
        for row in _rows(file)
        for column in ("question", "previous")
    ]
    for file in sorted(GOLDEN.glob("*.txt")):
        found += file.read_text(encoding="utf-8").splitlines()
    return [text for text in dict.fromkeys(found) if text]


def recalls(of: list[Message]) -> dict[str, tuple[int, int]]:
    """How many secrets of each kind have vanished, and how many there are."""
    counts: dict[str, tuple[int, int]] = {}
    for message in of:
        gone, total = counts.get(message.kind, (0, 0))
        left = len(message.left(masked(message.text)))
        counts[message.kind] = (
            gone + len(message.secrets) - left,
            total + len(message.secrets),
        )
    return counts


def altered(questions: list[str]) -> list[str]:
    """The questions that masking changes."""
    return [question for question in questions if masked(question) != question]


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _read(text: str) -> str:
    r"""The text with its ``\n``, ``\t`` and ``\u200b`` as the characters they stand for."""
    plain = {"n": "\n", "t": "\t"}
    return _ESCAPE.sub(lambda one: plain.get(one[1]) or chr(int(one[1][1:], 16)), text)


def _parts(secrets: str) -> tuple[str, ...]:
    return tuple(_read(one) for one in secrets.split("|"))


def _words(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORD.findall(text))


def table(*rounds: str) -> Iterator[str]:
    """The lines of the table: a kind a line, then all; then what was altered."""
    of = messages(*rounds)
    counts = recalls(of)
    gone, total = (sum(one[place] for one in counts.values()) for place in (0, 1))
    for kind, (some, all_of_it) in counts.items():
        yield f"{kind:10}{some:5} of{all_of_it:5}{some / all_of_it:8.1%}"
    yield f"{'all':10}{gone:5} of{total:5}{gone / total:8.1%}"
    lost = [message.lost(masked(message.text)) for message in of]
    yield f"other words masked{sum(a for a, _ in lost) / sum(b for _, b in lost):8.1%}"
    for name, questions in (("ordinary", ordinary(*rounds)), ("golden", golden())):
        changed = len(altered(questions))
        yield f"{name} altered{changed:5} of{len(questions):5}{changed / len(questions):8.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--round", choices=ROUNDS)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    rounds = (options.round,) if options.round else ROUNDS
    if options.show:
        for message in messages(*rounds):
            if left := message.left(masked(message.text)):
                sys.stdout.write(f"left {left}: {masked(message.text)!r}\n")
        for question in altered([*ordinary(*rounds), *golden()]):
            sys.stdout.write(f"altered: {masked(question)!r}\n")
    sys.stdout.writelines(f"{line}\n" for line in table(*rounds))


if __name__ == "__main__":
    main()
