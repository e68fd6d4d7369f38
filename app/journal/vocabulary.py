"""Words that masking knows: given names, and those that are never a part of a name."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

from ingest.french import FUNCTION_WORDS


def any_of(phrases: str) -> str:
    """A pattern for any of some phrases, a line or several of them a line, parted by bars."""
    lines = [line.strip() for line in phrases.splitlines()]
    return f"(?:{'|'.join(line for line in lines if line)})"


def is_common(word: str) -> bool:
    """Whether a word, elided or hyphenated, is one that ends a name."""
    plain = folded(word)
    return plain in _words("common") or re.split(r"['-]", plain)[0] in _words("common")


def is_function(word: str) -> bool:
    """Whether a word belongs to grammar, or to a question's turn."""
    plain = folded(word)
    asked = re.search(r"-(?:je|tu|il|elle|on|ce|nous|vous|ils|elles)$", plain)
    return bool(asked) or plain.partition("'")[0] in FUNCTION_WORDS


def is_given(word: str) -> bool:
    """Whether a word is a given name, a compound one included."""
    parts = [part for part in folded(word).split("-") if part]
    return 0 < len(parts) <= 2 and all(part in _words("given") for part in parts)


def is_bare(word: str) -> bool:
    """Whether a word after the kind of a street makes it something else: « place de parking »."""
    return folded(word) in _words("never_streets")


def folded(word: str) -> str:
    """Lower-case, without accents."""
    normal = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in normal if not unicodedata.combining(sign)).lower()


@cache
def _words(name: str) -> frozenset[str]:
    file = Path(__file__).with_name("masking.toml")
    words = frozenset(tomllib.loads(file.read_text(encoding="utf-8"))[name].split())
    return words | frozenset(FUNCTION_WORDS) if name == "common" else words
