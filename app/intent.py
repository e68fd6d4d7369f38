"""What kind of message this is, before anything is searched: most are questions.

Greetings, thanks, questions about the assistant itself, orders to it, requests for personal
advice or for judgements on people are told apart by how they are worded, in French and English:
the patterns are in ``intents.toml`` beside this file.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.answers import Reason

_STRAIGHT = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'"})
_TRIMMED = " !?.,;:…()[]\"'«»*_~-"
_LETTERS_OR_DIGITS = re.compile(r"[^\W_]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class _Intent:
    reason: Reason
    whole: tuple[re.Pattern[str], ...]
    part: tuple[re.Pattern[str], ...]

    def matches(self, text: str) -> bool:
        bare = text.strip(_TRIMMED)
        return any(p.fullmatch(bare) for p in self.whole) or any(p.search(text) for p in self.part)


def intent(question: str) -> Reason | None:
    """Why the message is not to be searched for, or None when it is a question."""
    text = "".join(char for char in folded(question) if unicodedata.category(char) != "So").strip()
    if not _LETTERS_OR_DIGITS.search(text):
        return "empty"
    return next((known.reason for known in _intents() if known.matches(text)), None)


def folded(text: str) -> str:
    """Lower-case, without accents, with straight apostrophes and single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_STRAIGHT))
    bare = _BEYOND_ASCII.sub(lambda char: _unless_mark(char[0]), decomposed)
    return " ".join(bare.lower().split())


def _unless_mark(char: str) -> str:
    return "" if unicodedata.combining(char) else char


@cache
def _intents() -> tuple[_Intent, ...]:
    tables = tomllib.loads(Path(__file__).with_name("intents.toml").read_text(encoding="utf-8"))[
        "intent"
    ]
    return tuple(
        _Intent(
            table["reason"],
            tuple(map(re.compile, table.get("whole", ()))),
            tuple(map(re.compile, table.get("part", ()))),
        )
        for table in tables
    )
