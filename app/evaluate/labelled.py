"""Questions labelled by what they ask: those that travel with the project, and an agency's own.

A file is CSV with the columns ``question`` and ``intent`` (empty when nobody else asks it), and may
have ``kind`` (how it is put) and ``half``: what is ``held-out`` is measured and never fitted on.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.faq.likeness import Rows
from ingest.engines.base import EmbeddingModel
from ingest.errors import SettingsError, reason
from ingest.progress import Step, silent

_HELD_OUT = "held-out"
_NO_TABLE = "ce n'est pas un tableau CSV en UTF-8"
_READ = "Questions lues"  # the step of embedding them


@dataclass(frozen=True)
class Labelled:
    """A question with its vector; ``intent`` is empty when nobody else asks it."""

    question: str
    intent: str
    kind: str
    half: str
    vector: Rows

    @property
    def topic(self) -> str:
        """What is before the slash of the intent; the question itself when it is alone."""
        return self.intent.partition("/")[0] or self.question

    @property
    def is_held_out(self) -> bool:
        """Whether it is measured and never fitted on."""
        return self.half == _HELD_OUT


@dataclass(frozen=True)
class NearMiss:
    """A question of no intent, and the intent that it is near: an entry on that must not answer."""

    row: Labelled
    near: str


def read_lines(file: Path, columns: Sequence[str] = ("question", "intent")) -> list[dict[str, str]]:
    """The lines of a file by the names of its columns.

    Raises:
        SettingsError: it cannot be read, lacks one of ``columns``, or a line has no question.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            names = reader.fieldnames or ()
            lines = [
                (reader.line_num, {name: (row[name] or "").strip() for name in names})
                for row in reader
            ]
    except (OSError, ValueError, csv.Error) as error:
        why = reason(error) if isinstance(error, OSError) else _NO_TABLE
        raise SettingsError(f"Le fichier « {file} » ne peut pas être lu : {why}.") from error
    if lacking := [name for name in columns if name not in names]:
        raise SettingsError(f"Le fichier « {file} » n'a pas de colonne « {lacking[0]} ».")
    for number, line in lines:
        if not line["question"]:
            raise SettingsError(f"Le fichier « {file} » n'a pas de question à la ligne {number}.")
    return [line for _, line in lines]


def read_labelled(
    files: Sequence[Path], model: EmbeddingModel, step: Step = silent
) -> list[Labelled]:
    """The questions of some files, each embedded as it is when it is asked.

    What two files have is as the last one has it.

    Raises:
        SettingsError: one of them cannot be read, or is of another form.
        ModelError: the model fails.
    """
    found = {line["question"].casefold(): line for file in files for line in read_lines(file)}
    lines = list(found.values())
    return labelled(lines, _embedded([line["question"] for line in lines], model, step))


def labelled(lines: Sequence[Mapping[str, str]], vectors: Iterable[Rows]) -> list[Labelled]:
    """The lines of a file with the vectors of their questions."""
    return [
        Labelled(
            line["question"], line["intent"], line.get("kind") or "plain",
            line.get("half") or "dev", vector,
        )
        for line, vector in zip(lines, vectors, strict=True)
    ]  # fmt: skip


def read_near_misses(file: Path, model: EmbeddingModel, step: Step = silent) -> list[NearMiss]:
    """The near-misses of a file with the columns ``question``, ``near`` and ``half``.

    Raises:
        SettingsError: it cannot be read, or is of another form.
        ModelError: the model fails.
    """
    lines = read_lines(file, ("question", "near", "half"))
    vectors = _embedded([line["question"] for line in lines], model, step)
    return [
        NearMiss(Labelled(line["question"], "", "near", line["half"], vector), line["near"])
        for line, vector in zip(lines, vectors, strict=True)
    ]


def _embedded(questions: Sequence[str], model: EmbeddingModel, step: Step) -> list[Rows]:
    vectors = []
    for done, question in enumerate(questions, start=1):
        vectors.append(np.array(model.embed_query(question), dtype=np.float32))
        step(_READ, done, len(questions))
    return vectors


def vectors_of(rows: Sequence[Labelled]) -> Rows:
    """The vectors of questions, a row each."""
    return np.array([row.vector for row in rows], dtype=np.float32)


def labels_of(rows: Sequence[Labelled]) -> list[str]:
    """The intent of each question; one of its own where it has none."""
    return [row.intent or f"alone: {row.question}" for row in rows]
