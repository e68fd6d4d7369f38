"""Figures of questions of known intents: how they are grouped, and what entries answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.evaluate.groupings import adjusted_rand, pairwise
from app.evaluate.labelled import Labelled, NearMiss, labels_of, vectors_of
from app.evaluate.publishing import Asked, asked_of, publications, small_publications
from app.faq.grouping import grouped
from app.faq.likeness import Likeness

SEVERAL = (1, 3, 5)  # phrasings of an entry
ORDINARY = ("close", "plain", "short")  # neither misspelt, nor long, nor English


@dataclass(frozen=True, slots=True)
class Grouped:
    """What groups of questions are worth."""

    questions: int
    intents: int
    groups: int
    rand: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Answered:
    """What published entries do with questions: shares, and counts of what must not be.

    ``right`` is of the questions that have an entry, ``ordinary`` of those of them that are neither
    misspelt, nor long, nor English, ``close`` of those of nearly the same words; ``led`` is of all
    that have one, with those that are led to it;
    ``wrong`` of all; ``off_topic`` and ``alone`` count the questions without any entry that one
    answered, and ``led_astray`` the share of those that are led to one.
    """

    phrasings: int
    asked: int
    right: float
    ordinary: float
    close: float
    wrong: float
    off_topic: int
    alone: int
    led: float
    led_astray: float


@dataclass(frozen=True, slots=True)
class Small:
    """What FAQs of ``entries`` entries do: the share of the other questions of an intent that its
    entry answers, and of its near-misses that any does.
    """

    phrasings: int
    entries: int
    asked: int
    right: float
    near_misses: int
    answered: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What something that was fitted is worth on some questions."""

    grouped: Grouped
    answered: tuple[Answered, ...]

    def as_json(self) -> dict[str, Any]:
        """Shares from 0 to 1, and counts."""
        return {"grouping": asdict(self.grouped), "answering": [*map(asdict, self.answered)]}


def worth_of(rows: Sequence[Labelled], likeness: Likeness) -> Worth:
    """The figures of grouping and of answering."""
    return Worth(grouping_of(rows, likeness), tuple(answering_of(rows, likeness)))


def as_text(before: Worth, after: Worth) -> str:
    """A table in French, of what was in use and of what was fitted."""
    of, to = before.grouped, after.grouped
    intents = f"{of.intents} intention{'s' if of.intents > 1 else ''}"
    lines = [
        (f"{of.questions} questions tenues à part, {intents}", "avant", "après"),
        ("groupes : indice de Rand ajusté", _decimal(of.rand), _decimal(to.rand)),
        ("groupes : précision des paires", _decimal(of.precision), _decimal(to.precision)),
    ]
    for was, now in zip(before.answered, after.answered, strict=True):
        plural = "s" if was.phrasings > 1 else ""
        name = f"{was.phrasings} formulation{plural} par fiche : "
        lines += [
            (f"{name}répondues par leur fiche", _percent(was.right), _percent(now.right)),
            (f"{name}répondues par une autre", _percent(was.wrong), _percent(now.wrong)),
            (f"{name}hors sujet répondues", str(was.off_topic), str(now.off_topic)),
        ]
    return "\n".join(f"{name:<58}{was:>9}{now:>9}" for name, was, now in lines)


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def grouping_of(rows: Sequence[Labelled], likeness: Likeness) -> Grouped:
    """The figures of grouping questions."""
    groups = grouped([row.question for row in rows], vectors_of(rows), likeness)
    truth = labels_of(rows)
    precision, recall = pairwise(truth, groups)
    intents = len({row.intent for row in rows if row.intent})
    return Grouped(len(rows), intents, len(groups), adjusted_rand(truth, groups), precision, recall)


def answering_of(rows: Sequence[Labelled], likeness: Likeness) -> list[Answered]:
    """The figures of publishing some of the questions and asking the others."""
    found: dict[int, list[Asked]] = {phrasings: [] for phrasings in SEVERAL}
    for publication in publications(rows, several=SEVERAL):
        found[publication.phrasings].extend(asked_of(publication, likeness))
    return [_answered(phrasings, asked) for phrasings, asked in found.items()]


def _answered(phrasings: int, asked: Sequence[Asked]) -> Answered:
    own = [one for one in asked if one.has_entry]
    answered = [one for one in asked if one.answers]
    return Answered(
        phrasings,
        len(asked),
        _share(one.answers and one.is_right for one in own),
        _share(one.answers and one.is_right for one in own if one.row.kind in ORDINARY),
        _share(one.answers and one.is_right for one in own if one.row.kind == "close"),
        _share(one.answers and not one.is_right for one in asked),
        sum(one.is_off_topic for one in answered),
        sum(one.row.kind == "near" for one in answered),
        _share(one.leads for one in own),
        _share(bool(one.proposed) for one in asked if not one.has_entry),
    )


def small_of(
    rows: Sequence[Labelled], misses: Sequence[NearMiss], likeness: Likeness
) -> list[Small]:
    """The figures of publishing few of the questions and asking those that are nearest."""
    found: dict[tuple[int, int], list[Asked]] = {}
    for publication in small_publications(rows, misses):
        kind = publication.phrasings, len(publication.entries)
        found.setdefault(kind, []).extend(asked_of(publication, likeness))
    return [_small(*kind, asked) for kind, asked in sorted(found.items())]


def _small(phrasings: int, entries: int, asked: Sequence[Asked]) -> Small:
    own = [one for one in asked if one.has_entry]
    near = [one for one in asked if not one.has_entry]
    right = _share(one.answers and one.is_right for one in own)
    answered = _share(one.answers for one in near)
    return Small(phrasings, entries, len(own), right, len(near), answered)


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
