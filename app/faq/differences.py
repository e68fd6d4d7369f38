"""Two texts laid side by side, word by word; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added"]

_WORD = re.compile(r"\s*\S+")
_END = re.compile(r"\s+\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """Some text that both have, that the older alone has, or the newer."""

    kind: Kind
    text: str


def differences(old: str, new: str) -> list[Part]:
    """The parts, in order: those that are not added make ``old``, those not removed ``new``."""
    before, after = _words(old), _words(new)
    parts: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(before[a:b])))
            continue
        if b > a:
            parts.append(Part("removed", "".join(before[a:b])))
        if d > c:
            parts.append(Part("added", "".join(after[c:d])))
    return parts


def _words(text: str) -> list[str]:
    """Words, each with the space before it; what is left at the end is a word too."""
    end = _END.search(text)
    return _WORD.findall(text) + ([end[0]] if end else [])
