"""Texts the tests of ``ingest`` share, and strategies that make others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st

from ingest.documents import Document, Source
from ingest.parse.text import parse_text

CHARTER = """---
title: La charte en bref
publisher: Fabrique des transitions
date: 2019-12
url: https://exemple.fr/charte
kind: charte
---
# La charte en bref

La charte rassemble des territoires. Elle compte cinq engagements.

## Signer la charte

Toute collectivité peut signer la charte. La signature est gratuite.
"""

STATUTES = """Les statuts de l'ALEC07

L'ALEC07 est une association. Son siège est à Privas.

Le conseil d'administration se réunit deux fois par an.
"""

FRAGMENTS = (
    "La charte", "engage", "les signataires", "énergie", "e\u0301te\u0301", "🌱", "👩🏽‍🌾", "ﬁ",
    ".", ". ", "!", " ! ", "? ", "… ", "...", " », ", "« ", "«\u00a0", "\u202f»", "(", ") ",
    "M. ", "art. L. 211-5-1 ", "J.-F. Caron", "etc. ", "5 ", "’", '"', ", ", " ; ",
    "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\n \n", "\n\u00a0\n", "\f", "\u2028", "\x85",
    " ", "\u00a0", "\u202f", "\t", " " * 15, "\n- ", "\n• ", "\n1. ", "\n12) ", "\na) ",
    "\n# ", "\n## ", "\n> ", "\n```\n", "\n---\n", "| ", "* ", "_", "`", "[x](y)", "\\", "&amp;",
    "<br>", "一", "ا", "٣", "x" * 130, "mot " * 60,
)  # fmt: skip

_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join) | _ANY


def text_document(text: str, title: str = "Charte") -> Document:
    """The document of a plain text."""
    return parse_text(text, Source(title=title))


def blocks_of(document: Document) -> list[tuple[str, str]]:
    """The kind and the text of each block."""
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def without_blanks(text: str) -> str:
    """The text without any of its white space."""
    return "".join(text.split())


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder, which is created."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
