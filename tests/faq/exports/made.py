"""Entries as exports meet them: plain ones, and one that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.faq.entry import Entry
from tests.faq.edits import NOON, SOURCE, cited, edit

AGENCY = "l'ALEC07"
FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1", "－1")
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) "
    "# titre\x0b ]]> --> {{7*7}}"
)
RICH = (
    "Toute **commune** peut signer. [1] Voyez [la charte](https://example.org/charte_(1)) :\n\n"
    "- le maire signe ;\n- le conseil délibère.\n\n1. d'abord\n2. ensuite\n\nPuis :\n\n1. enfin"
)


def entry(id: str = "a1", minutes: int = 0, **values: object) -> Entry:
    """A published entry, made some minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    made = Entry(id, edit(), "published", 3, "Ana", "Paul", at, at, at, "")
    return replace(made, **values)  # type: ignore[arg-type]


def hostile() -> Entry:
    """An entry whose every text would do harm where it is not escaped."""
    source = {**SOURCE, "title": HOSTILE, "publisher": "=1+1", "url": "javascript:alert(1)"}
    quoted = cited(quote=HOSTILE, source=source)
    return entry("z9", edit=edit(HOSTILE, f"{HOSTILE} [1] [2]", (HOSTILE,), (quoted,), HOSTILE))


ENTRIES = (
    entry("b2", 2, edit=edit("Combien cela coûte-t-il ?", "Rien. [1]", (), theme="")),
    entry("c3", 1, edit=edit("Où ?", RICH, ("À quel endroit ?", "En quel lieu ?"), theme="Agence")),
    entry("a1"),
)
