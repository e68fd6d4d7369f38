"""What a fake model reads of the messages it is sent: the passages, the question, the rules.

The form is that of ``app/prompts.py``: each passage and the question between two lines that bear
one token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCED = re.compile(
    r"^=== (?P<fence>\w+) (?P<name>[^\n=]+?) ===\n(?P<text>.*?)\n=== (?P=fence) (?:fin|end) ===$",
    re.MULTILINE | re.DOTALL,
)
_HEAD = re.compile(r"\A(?:(?:Titre|Title) : (?P<title>[^\n]*)\n)?(?:Date : [^\n]*\n)?\n?")


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as a model is shown it."""

    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a prompt; ``rules`` is what stands in front of the first fence."""

    rules: str
    fence: str
    passages: tuple[Shown, ...]
    question: str


def read(prompt: str) -> Reading:
    """The parts of all messages of a request, one after the other.

    A prompt without passages, such as one that condenses, has none.
    """
    blocks = list(_FENCED.finditer(prompt))
    passages = tuple(
        _passage(block) for block in blocks if block["name"].split()[0] == "passage"
    )  # fmt: skip
    questions = [block["text"] for block in blocks if block["name"] == "question"]
    return Reading(
        rules=prompt[: blocks[0].start()] if blocks else prompt,
        fence=blocks[0]["fence"] if blocks else "",
        passages=passages,
        question=questions[-1] if questions else "",
    )


def _passage(block: re.Match[str]) -> Shown:
    head = _HEAD.match(block["text"])
    assert head is not None
    number = int(block["name"].split()[1])
    return Shown(number, head["title"] or "", block["text"][head.end() :])
