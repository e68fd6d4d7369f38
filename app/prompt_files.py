"""A file of ``prompts/``: a header that says what each value is, and messages that use them.

::

    ---
    purpose: Réécrire une question.
    values:
      question: la question telle que posée
    ---
    # system
    Tu réécris des questions.
    # human
    {question}
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from langchain_core.messages import BaseMessage
from langchain_core.prompts import ChatPromptTemplate

from ingest.errors import SettingsError, reason
from ingest.settings import shipped

NAMES = ("answer", "condense")
LANGUAGES = ("fr", "en")

_NEEDED = {
    "answer": ("fence", "missing", "passages", "question"),
    "condense": ("fence", "previous", "question"),
}
_HEADER = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
_PART = re.compile(r"# *(system|human|ai) *")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A file of ``prompts/``.

    ``values`` says what each value of the template is; ``missing`` is how a sentence begins that
    says what the passages lack (empty where the prompt knows of none).
    """

    name: str
    language: str
    file: Path
    purpose: str
    values: Mapping[str, str]
    missing: str
    template: ChatPromptTemplate

    def messages(self, **values: str) -> list[BaseMessage]:
        """The template filled with ``values``, each of which must be given."""
        return self.template.format_messages(**values)


def load_prompt(name: str, language: str = "fr", folder: Path | None = None) -> Prompt:
    """The prompt of that name, in French or else in English.

    That of ``folder`` where it has one, else the shipped one.

    Raises:
        SettingsError: the file cannot be read, or is not a prompt; a line for each mistake.
    """
    language = language if language in LANGUAGES else "en"
    file = _file(name, language, folder)
    try:
        text = file.read_text(encoding="utf-8").removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Le prompt « {file} » ne peut pas être lu : {reason(error)}."
        ) from error
    return _Reading(name, language, file, text).prompt()


def _file(name: str, language: str, folder: Path | None) -> Path:
    file = f"{name}.md" if language == "fr" else f"{name}.{language}.md"
    own = folder and folder / file
    return own if own and own.exists() else shipped("prompts", file)


class _Reading:
    """A file being read; its mistakes are told together."""

    def __init__(self, name: str, language: str, file: Path, text: str) -> None:
        self._name, self._language, self._file = name, language, file
        self._mistakes: list[tuple[int, str]] = []
        self._lines = text.split("\n")
        found = _HEADER.match(text)
        self._header = self._read_header(found.group(1) if found else None)
        self._body = found.group(0).count("\n") if found else 0

    def prompt(self) -> Prompt:
        """The prompt.

        Raises:
            SettingsError: it has mistakes.
        """
        values = self._values()
        parts = self._parts()
        body = range(self._body, len(self._lines))
        used = {name for line in body for name in self._used(line, values)}
        for name in values:
            if name not in used and name in _NEEDED[self._name]:
                self._tell(
                    self._line_of(name), f"la valeur « {name} » n'est nulle part dans le texte"
                )
        missing = str(self._header.get("missing") or "").strip()
        if "missing" in values and not missing:
            self._tell(0, "l'en-tête n'a pas de ligne « missing: » (comment dire ce qui manque)")
        if self._mistakes:
            raise SettingsError("\n".join(self._told()))
        template = ChatPromptTemplate.from_messages(parts)
        purpose = str(self._header.get("purpose", ""))
        return Prompt(self._name, self._language, self._file, purpose, values, missing, template)

    def _read_header(self, header: str | None) -> Mapping[str, Any]:
        if header is None:
            self._tell(0, "il manque l'en-tête, entre deux lignes « --- »")
            return {}
        try:
            read = yaml.safe_load(header)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self._tell((mark.line if mark else 0) + 1, "l'en-tête n'est pas du YAML")
            return {}
        return read if isinstance(read, dict) else {}

    def _values(self) -> dict[str, str]:
        """What the header says of each value, those that it forgets told."""
        given = self._header.get("values")
        given = given if isinstance(given, dict) else {}
        values = {str(name): str(what) for name, what in given.items()}
        needed = _NEEDED[self._name]
        for name in needed:
            if name not in values and self._header:
                self._tell(0, f"l'en-tête ne dit pas ce qu'est la valeur « {name} »")
        for name in values:
            if name not in needed:
                known = ", ".join(needed)
                self._tell(self._line_of(name), f"« {name} » n'est pas une valeur connue ({known})")
        return values

    def _parts(self) -> list[tuple[str, str]]:
        parts: list[tuple[str, list[str]]] = []
        for number, line in enumerate(self._lines[self._body :], self._body):
            if found := _PART.fullmatch(line):
                parts.append((found.group(1), []))
            elif parts:
                parts[-1][1].append(line)
            elif line.strip():
                self._tell(number, "ce texte est avant « # system »")
        roles = [role for role, _ in parts]
        if roles[:1] != ["system"] or roles[-1:] != ["human"]:
            self._tell(self._body, "le texte commence par « # system » et finit par « # human »")
        return [(role, "\n".join(lines).strip()) for role, lines in parts]

    def _used(self, number: int, values: Mapping[str, str]) -> Iterator[str]:
        """The values of a line, those that are none told."""
        try:
            fields = list(string.Formatter().parse(self._lines[number]))
        except ValueError:
            self._tell(number, "une accolade est seule : doublez-la, ou fermez la valeur")
            return
        for _, name, form, conversion in fields:
            if name is None:
                continue
            if name in values and not form and not conversion:
                yield name
            else:
                known = ", ".join(f"{{{one}}}" for one in _NEEDED[self._name])
                self._tell(number, f"« {{{name}}} » n'est pas une valeur ({known})")

    def _line_of(self, name: str) -> int:
        for number, line in enumerate(self._lines[: self._body]):
            if line.strip().startswith(f"{name}:") and line.startswith(" "):
                return number
        return 0

    def _tell(self, line: int, mistake: str) -> None:
        self._mistakes.append((line, mistake))

    def _told(self) -> list[str]:
        return [
            f"{self._file}, ligne {line + 1} : {said}." for line, said in sorted(self._mistakes)
        ]
