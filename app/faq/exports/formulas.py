"""Texts as cells that no spreadsheet takes for a formula, and back."""

from __future__ import annotations

import re

# What opens a formula in Excel or LibreOffice, and the wide forms that they take for the same
# (OWASP, « CSV Injection »).
_OPENS = tuple("=+-@\t\r＝＋－＠")
_QUOTED = re.compile(rf"'(?=['{re.escape(''.join(_OPENS))}])")


def neutral(text: str) -> str:
    """The text as a cell that is shown and never computed: ``'`` before what opens a formula.

    A text that begins so by itself gets one more, so that :func:`natural` gives it back.
    """
    return f"'{text}" if text.startswith(_OPENS) or _QUOTED.match(text) else text


def natural(cell: str) -> str:
    """The text whose :func:`neutral` this is; any other text as it is."""
    return cell[1:] if _QUOTED.match(cell) else cell
