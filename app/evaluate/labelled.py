"""Questions labelled by what they ask: those that travel with the project, and an agency's own.

A file is CSV with the columns ``question`` and ``intent`` (empty when nobody else asks it), and may
have ``kind`` (how it is put, or ``off-topic``: no entry may answer it) and ``half``: what is
``held-out`` is measured and never fitted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.faq.imports.cells import Table
from app.faq.likeness import Rows
from app.intent import folded
from app.settings import QUESTION_LIMIT
from ingest.engines.base import EmbeddingModel
from ingest.errors import SettingsError, SourceError, reason
from ingest.parse.files import decode
from ingest.progress import Step, silent

_HELD_OUT = "held-out"
_KNOWN = {
    "kind": ("", "plain", "close", "short", "long", "misspelt", "english", "near", "off-topic"),
    "half": ("", "dev", _HELD_OUT),
}
_TOGETHER = 16  # questions that are embedded at once
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
    """The lines of a file by the names of its columns, of which ``columns`` must be there.

    Raises:
        SettingsError: it cannot be read, or one of its lines; the sentence names the line.
    """
    table = Table(_text(file))
    names: list[str] = []
    found: list[dict[str, str]] = []
    for line in table:
        wrong = line.wrong
        if not wrong and not names:
            names = [folded(cell).strip() for cell in line.cells]
            wrong = _wrong_names(names, columns)
        elif not wrong:
            cells = dict(zip(names, map(str.strip, line.cells), strict=False))
            wrong = table.too_many(line.cells, len(names)) or _wrong_line(cells, columns)
            found.append({**dict.fromkeys(names, ""), **cells})
        if wrong:
            raise SettingsError(f"Le fichier « {file} », ligne {line.number} : {wrong}")
    if not found:
        raise SettingsError(f"Le fichier « {file} » ne contient aucune question.")
    return found


def _text(file: Path) -> str:
    try:
        return decode(file.read_bytes())
    except OSError as error:
        why = reason(error)
        raise SettingsError(f"Le fichier « {file} » ne peut pas être lu : {why}.") from error
    except SourceError as error:
        raise SettingsError(f"Le fichier « {file} » ne peut pas être lu : {error}") from error


def _wrong_names(names: Sequence[str], columns: Sequence[str]) -> str:
    """What to tell of the names of the columns; empty when they are right."""
    known = [name for name in names if name in (*columns, *_KNOWN)]
    if lacking := [name for name in columns if name not in names]:
        return f"il manque une colonne « {lacking[0]} » (la première ligne nomme les colonnes)."
    return "deux colonnes ont le même nom." if len(set(known)) < len(known) else ""


def _wrong_line(cells: Mapping[str, str], columns: Sequence[str]) -> str:
    """What to tell of the cells of a line; empty when they are right."""
    if lacking := [name for name in columns if name not in cells]:
        return f"il manque « {lacking[0]} »."
    question = cells["question"]
    if not question:
        return "la question est vide."
    if len(question) > QUESTION_LIMIT or question.splitlines() != [question]:
        return f"une question tient sur une ligne, en {QUESTION_LIMIT} caractères au plus."
    for name, values in _KNOWN.items():
        if (value := cells.get(name, "")) not in values:
            allowed = ", ".join(filter(None, values))
            return f"« {value} » n'est pas une valeur de la colonne « {name} » ({allowed})."
    return ""


def read_together(files: Sequence[Path]) -> list[dict[str, str]]:
    """The lines of some files; what two have is as the last one has it, but for its half where
    that says none.

    Raises:
        SettingsError: one of them cannot be read, or gives two intents to one question.
    """
    found: dict[str, dict[str, str]] = {}
    for file in files:
        for question, line in _by_question(file).items():
            half = line.get("half") or found.get(question, line).get("half", "")
            found[question] = {**line, "half": half}
    return list(found.values())


def embedded(
    lines: Sequence[Mapping[str, str]], model: EmbeddingModel, step: Step = silent
) -> list[Labelled]:
    """The questions of lines, each embedded as it is when it is asked.

    Raises:
        ModelError: the model fails.
    """
    return labelled(lines, _vectors([line["question"] for line in lines], model, step))


def _by_question(file: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in read_lines(file):
        first = found.setdefault(line["question"].casefold(), line)
        if first["intent"] != line["intent"]:
            raise SettingsError(
                f"Le fichier « {file} » donne deux intentions à la même question : "
                f"« {line['question']} »."
            )
    return found


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
    vectors = _vectors([line["question"] for line in lines], model, step)
    return [
        NearMiss(Labelled(line["question"], "", "near", line["half"], vector), line["near"])
        for line, vector in zip(lines, vectors, strict=True)
    ]


def _vectors(questions: Sequence[str], model: EmbeddingModel, step: Step) -> list[Rows]:
    vectors: list[Rows] = []
    for start in range(0, len(questions), _TOGETHER):
        found = model.embed_queries(questions[start : start + _TOGETHER])
        vectors.extend(np.asarray(found, dtype=np.float32))
        step(_READ, len(vectors), len(questions))
    return vectors


def vectors_of(rows: Sequence[Labelled]) -> Rows:
    """The vectors of questions, a row each."""
    return np.array([row.vector for row in rows], dtype=np.float32)


def labels_of(rows: Sequence[Labelled]) -> list[str]:
    """The intent of each question; one of its own where it has none."""
    return [row.intent or f"alone: {row.question}" for row in rows]
