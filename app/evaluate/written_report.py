"""What a language model wrote, in the JSON object and on the page of an evaluation."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.evaluate.written import WrittenCase
from app.evaluate.written_figures import mistakes


def written_as_json(writer: str, written: Sequence[WrittenCase]) -> dict[str, Any]:
    """The ``generated`` object of ``eval --json``: counts, and what the model wrote wrongly."""
    tallies = [case.tally for case in written if case.tally]
    return {
        "model": writer,
        "fates": dict(Counter(case.fate for case in written)),
        "statements": {
            "written": sum(tally.written for tally in tallies),
            "supported": sum(tally.supported for tally in tallies),
            "repaired": sum(tally.repaired for tally in tallies),
            "left_out": dict(Counter(kind for tally in tallies for kind in tally.left_out)),
        },
        "silences": dict(silences(written)),
        "tokens": sum(case.tokens or 0 for case in written),
        "mistakes": [_mistake(case) for case in mistakes(written)],
    }


def silences(written: Sequence[WrittenCase]) -> Counter[str]:
    """How often the model was silent, or not to the end, by reason."""
    return Counter(case.tally.failure for case in written if case.tally and case.tally.failure)


def _mistake(written: WrittenCase) -> dict[str, Any]:
    return {
        "id": written.case.id,
        "question": written.case.question,
        "answerable": written.case.answerable,
        "text": written.text,
    }


def written_as_html(written: Sequence[WrittenCase]) -> str:
    """A table of what the model wrote wrongly; nothing where no model was asked."""
    if not written:
        return ""
    rows = "".join(_row(case) for case in mistakes(written))
    return (
        "<h2>Ce que le modèle de langue a écrit sans y répondre</h2>"
        f"<table><tr><th>question<th>ce qui a été écrit{rows}</table>"
    )


def _row(written: WrittenCase) -> str:
    escape = html.escape
    kind = "la réponse n'y est pas" if written.case.answerable else "sans réponse"
    return (
        f"<tr><td>{escape(written.case.question)}<br><small>{kind}</small>"
        f"<td>{escape(written.text)}"
    )
