"""Statements about passages, faithful ones and corrupted ones, built from a SQuAD-like file.

    python -m tests.bench.statements FILE.json [--each 250] [--seed 0] [--show 60] [--csv]

FILE is SQuAD-like (PIAF, FQuAD). The sentence that holds the gold answer of a question is restated
by rules that keep what it says, or changed in one thing. Sentences that answer no question serve
where a rule found too few. The same seed builds the same pairs. ``--show`` prints some of them
drawn at random, to be read; ``--csv`` all of them.

The rules are in ``tests/bench/rules/``; statements about the starter sheets, written by hand in
French and English, in ``tests/data/written.csv``.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.documents import Source
from ingest.parse.markdown import parse_markdown
from ingest.sentences import split_sentences
from tests.bench.rules import alter, forms, oppose, restate, voice
from tests.bench.rules.names import Names
from tests.bench.rules.place import Place, Rule, balanced, tidy

ROOT = Path(__file__).resolve().parents[2]
SHEETS = ROOT / "data" / "corpus"
WRITTEN = ROOT / "tests" / "data" / "written.csv"
OTHERS = 4
EACH = 250
_SENTENCE = re.compile(r"[A-ZÀÂÉÈÊÎÔÇŒ].{38,318}[^.…,]\.")
_DAMAGED = re.compile(r"\[|[,.][,.] |[a-z]\.[A-Z]|[^\W\d][.)][A-Z]|\s[.,]|\d[A-Z][a-z]")

RESTATED: dict[str, Rule] = {
    "verbatim": restate.verbatim,
    "clause order": restate.clause_order,
    "function words": restate.function_words,
    "voice": voice.voice,
    "merged": restate.merged,
    "shortened": restate.shortened,
    "attributed": restate.attributed,
    "date form": forms.dates,
    "amount form": forms.amounts,
    "percent form": forms.percents,
    "century form": forms.centuries,
    "ordinal form": forms.ordinals,
}
ALTERED: dict[str, Rule] = {
    "number": alter.numbers,
    "date": alter.dates,
    "negation added": oppose.negation,
    "negation removed": oppose.affirmation,
    "modality": oppose.modality,
    "quantity": oppose.quantity,
    "opposite": oppose.opposite,
    "number of the passage": alter.borrowed_numbers,
    "figures exchanged": alter.exchanged_numbers,
    "invented clause": alter.invented,
}
# Rules of which two may be put on one sentence.
_COMBINED = ("function words", "date form", "amount form", "ordinal form", "attributed")


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement, the passage it is about, and the others that are offered with it.

    ``origin`` is the sentence that the statement was made of, or the two. ``place`` is where the
    passage stands among those offered, ``mark`` the place that the statement's marker names: the
    same one but in the kind "wrong marker". Both count from 0.
    """

    statement: str
    passage: str
    others: tuple[str, ...]
    kind: str
    faithful: bool
    origin: str = ""
    place: int = 0
    mark: int = 0

    @property
    def offered(self) -> tuple[str, ...]:
        """The passages, in the order they are offered."""
        return (*self.others[: self.place], self.passage, *self.others[self.place :])


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article, its sentences, and those of them that answer a question."""

    article: int
    text: str
    sentences: tuple[str, ...]
    gold: frozenset[str]

    def place(self, index: int) -> Place:
        """One of its sentences, where it stands."""
        after = self.sentences[index + 1] if index + 1 < len(self.sentences) else ""
        return Place(self.sentences[index], self.text, after if is_whole(after) else "")


@dataclass
class _Builder:
    """Draws pairs from paragraphs; ``each`` at most of a kind."""

    paragraphs: Sequence[Paragraph]
    each: int
    luck: random.Random
    pairs: list[Pair] = field(default_factory=list)

    def places(self) -> list[tuple[Paragraph, Place]]:
        """Every sentence that may be restated, those that answer a question first, shuffled."""
        found = [
            (paragraph, paragraph.place(index))
            for paragraph in self.paragraphs
            for index, text in enumerate(paragraph.sentences)
            if is_whole(text)
        ]
        self.luck.shuffle(found)
        return sorted(found, key=lambda one: one[1].text not in one[0].gold)

    def by_rule(self, kind: str, rule: Rule, faithful: bool) -> None:
        """Add the pairs of one kind: a version of each sentence, drawn among those of its rule."""
        count = 0
        for paragraph, place in self.places():
            if count == self.each:
                return
            same = rule is restate.verbatim
            if versions := [one for one in rule(place) if same or one != place.text]:
                count += 1
                origin = f"{place.text} {place.after}" if kind == "merged" else place.text
                self.add(self.luck.choice(versions), paragraph, kind, faithful, origin)

    def add(
        self,
        statement: str,
        paragraph: Paragraph,
        kind: str,
        faithful: bool,
        origin: str,
        barred: str | None = None,
    ) -> None:
        """Add a pair; no passage that holds the text ``barred`` is offered with it."""
        others = self._others(paragraph, barred or origin[:40])
        place = self.luck.randrange(OTHERS + 1)
        mark = place if kind != "wrong marker" else (place + 1 + self.luck.randrange(OTHERS)) % 5
        self.pairs.append(
            Pair(statement, paragraph.text, others, kind, faithful, origin, place, mark)
        )

    def claims(self, kind: str, same_article: bool) -> None:
        """Add statements that another passage says: of the same article, or of another one."""
        count = 0
        for paragraph, place in self.places():
            target = self.luck.choice(self._elsewhere(paragraph, same_article) or [paragraph])
            if count == self.each:
                return
            if target is not paragraph and not _repeats(place, target.text):
                count += 1
                self.add(place.text, target, kind, False, "", place.text)

    def _elsewhere(self, paragraph: Paragraph, same_article: bool) -> list[Paragraph]:
        return [
            one for one in self.paragraphs
            if one is not paragraph and (one.article == paragraph.article) == same_article
        ]  # fmt: skip

    def _others(self, paragraph: Paragraph, barred: str) -> tuple[str, ...]:
        near = [one.text for one in self._elsewhere(paragraph, True) if barred not in one.text]
        near = self.luck.sample(near, min(2, len(near)))
        far = [one.text for one in self._elsewhere(paragraph, False) if barred not in one.text]
        others = [*near, *self.luck.sample(far, OTHERS - len(near))]
        self.luck.shuffle(others)
        return tuple(others)


def is_whole(text: str) -> bool:
    """Whether a sentence is one, and none of those that were damaged when they were collected."""
    return bool(_SENTENCE.fullmatch(text) and balanced(text) and not _DAMAGED.search(text))


def _repeats(place: Place, passage: str) -> bool:
    """Whether a passage has most of the words of a sentence, and so might say it too."""
    words = {word for word in re.findall(r"\w{4,}", place.text.lower())}
    return sum(word in passage.lower() for word in words) > 0.6 * len(words)


def read_paragraphs(file: Path) -> list[Paragraph]:
    """The paragraphs of a SQuAD-like file, each text once."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return [
        _paragraph(number, paragraph)
        for number, article in enumerate(content["data"])
        for paragraph in article["paragraphs"]
    ]


def _paragraph(article: int, content: Any) -> Paragraph:
    text = content["context"]
    spans = list(split_sentences(text, 0, len(text)))
    answers = [answer["answer_start"] for qa in content["qas"] for answer in qa["answers"]]
    gold = [(start, end) for start, end in spans if any(start <= at < end for at in answers)]
    return Paragraph(
        article,
        text,
        tuple(tidy(text[start:end]) for start, end in spans),
        frozenset(tidy(text[start:end]) for start, end in gold),
    )


def build(paragraphs: Sequence[Paragraph], each: int = EACH, seed: int = 0) -> list[Pair]:
    """The pairs of all kinds that are made by rules, ``each`` at most of a kind."""
    builder = _Builder(paragraphs, each, random.Random(seed))
    names = Names(paragraph.text for paragraph in paragraphs)
    for kind, rule in {**RESTATED, "combined": combined, "wrong marker": restate.verbatim}.items():
        builder.by_rule(kind, rule, faithful=True)
    of_names = {
        "name": names.replaced,
        "name of the passage": names.borrowed,
        "entities exchanged": names.exchanged,
    }
    for kind, rule in {**ALTERED, **of_names}.items():
        builder.by_rule(kind, rule, faithful=False)
    builder.claims("claim of the article", same_article=True)
    builder.claims("claim of another", same_article=False)
    return builder.pairs


def combined(place: Place) -> Iterator[str]:
    """Two rules one after the other."""
    for first in _COMBINED:
        for once in RESTATED[first](place):
            for second in _COMBINED[_COMBINED.index(first) + 1 :]:
                yield from RESTATED[second](Place(once, place.passage))


def written(seed: int = 0) -> list[Pair]:
    """The statements about the starter sheets, faithful and corrupted, in French and English."""
    luck = random.Random(seed)
    paragraphs = {file.stem: _sections(file) for file in sorted(SHEETS.glob("*.md"))}
    every = [text for texts in paragraphs.values() for text in texts]
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pairs = []
    for row in rows:
        [passage] = [text for text in paragraphs[row["sheet"]] if row["needle"] in text]
        others = luck.sample([text for text in every if text != passage], OTHERS)
        place, faithful = luck.randrange(OTHERS + 1), row["faithful"] == "yes"
        pairs.append(
            Pair(row["statement"], passage, tuple(others), row["kind"], faithful, "", place, place)
        )
    return pairs


def _sections(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    document = parse_markdown(text, Source(file.stem, name=file.name))
    return [
        document.text[block.start : block.end]
        for block in document.blocks
        if block.kind == "paragraph"
    ]


def counts(pairs: Sequence[Pair]) -> Counter[tuple[bool, str]]:
    """How many pairs there are, by whether they are faithful and by kind."""
    return Counter((pair.faithful, pair.kind) for pair in pairs)


def _show(pairs: Sequence[Pair], write: Callable[[str], object]) -> None:
    for pair in pairs:
        said = "faithful" if pair.faithful else "corrupted"
        write(f"[{said}: {pair.kind}]\n  {pair.origin or pair.passage}\n  {pair.statement}\n\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--kind")
    parser.add_argument("--csv", action="store_true")
    options = parser.parse_args()
    pairs = [*build(read_paragraphs(options.file), options.each, options.seed), *written()]
    if options.csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(["kind", "faithful", "statement", "origin", "passage"])
        writer.writerows([p.kind, p.faithful, p.statement, p.origin, p.passage] for p in pairs)
        return
    if options.show:
        of_kind = [pair for pair in pairs if options.kind in (None, pair.kind)]
        luck = random.Random(options.seed)
        _show(luck.sample(of_kind, min(options.show, len(of_kind))), sys.stdout.write)
    for (faithful, kind), count in sorted(counts(pairs).items(), reverse=True):
        sys.stdout.write(f"{'faithful' if faithful else 'corrupted':10} {kind:24}{count:6}\n")
    sys.stdout.write(f"{'':10} {'all':24}{len(pairs):6}\n")


if __name__ == "__main__":
    main()
