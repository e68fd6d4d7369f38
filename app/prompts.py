"""The prompts of ``prompts/``: constant files, rendered to messages for a language model.

Text of pages and questions is data: it stands between two lines that bear a token drawn for each
request, and is rid of that token and of what looks like such a line.

::

    === 5f0c… passage 1 ===
    Titre : La charte
    Date : 2019-12

    Toute collectivité peut signer la charte.
    === 5f0c… fin ===
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.prompt_files import LANGUAGES, NAMES, Prompt, load_prompt
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

__all__ = [
    "Extract", "Prompt", "answer_messages", "check_prompts", "condense_messages", "load_prompt",
]  # fmt: skip

_WORDS = {"fr": ("Titre", "Date", "fin"), "en": ("Title", "Date", "end")}


@dataclass(frozen=True, slots=True)
class Extract:
    """A passage as a model sees it. ``number`` is that of its marker."""

    number: int
    text: str
    title: str
    date: str | None = None


def check_prompts(folder: Path | None = None) -> Iterator[Prompt]:
    """Every prompt, read and rendered with sample values.

    Raises:
        SettingsError: the folder does not exist, or a prompt is none.
    """
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"Le dossier « {folder} » n'existe pas : vérifiez CHARTISTE_PROMPTS.")
    for name in NAMES:
        for language in LANGUAGES:
            prompt = load_prompt(name, language, folder)
            if name == "answer":
                answer_messages(prompt, "Qui ?", [Extract(1, "Elle {peut} signer.", "La charte")])
            else:
                condense_messages(prompt, "Qui ?", "Et quand ?")
            yield prompt


def answer_messages(
    prompt: Prompt, question: str, passages: Sequence[Extract], fence: str | None = None
) -> list[BaseMessage]:
    """What the model is told to answer ``question`` from ``passages``."""
    fence = fence or _drawn()
    title, date, _ = _WORDS[prompt.language]
    blocks = []
    for one in passages:
        head = f"{title} : {_line(one.title)}\n" + (
            f"{date} : {_line(one.date)}\n" if one.date else ""
        )
        blocks.append(
            _fenced(f"passage {one.number}", f"{head}\n{one.text}", fence, prompt.language)
        )
    return prompt.messages(
        fence=fence,
        missing=prompt.missing,
        passages="\n\n".join(blocks),
        question=_fenced("question", question, fence, prompt.language),
    )


def condense_messages(
    prompt: Prompt, previous: str, question: str, fence: str | None = None
) -> list[BaseMessage]:
    """What the model is told to make ``question``, asked after ``previous``, stand alone."""
    fence = fence or _drawn()
    before = "question before" if prompt.language == "en" else "question d'avant"
    return prompt.messages(
        fence=fence,
        previous=_fenced(before, previous, fence, prompt.language),
        question=_fenced("question", question, fence, prompt.language),
    )


def _drawn() -> str:
    return secrets.token_hex(8)


def _line(text: str) -> str:
    return " ".join(text.split())


def _fenced(name: str, text: str, fence: str, language: str) -> str:
    end = _WORDS[language][2]
    return f"=== {fence} {name} ===\n{_data(text, fence)}\n=== {fence} {end} ==="


def _data(text: str, fence: str) -> str:
    """A text that cannot end its own fence, nor hide anything in it."""
    kept = "".join(
        c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    while fence in kept:  # what is left may make it again
        kept = kept.replace(fence, "")
    return re.sub("={2,}", "=", kept).strip()
